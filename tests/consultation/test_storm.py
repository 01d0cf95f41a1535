"""A storm of votes through HTTP on a real server, on both databases: what was acknowledged is there, once."""

import http.client
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from antigone.core.opinion import Opinion, draw_picture
from antigone.core.opinion.documents import describe_picture
from tests.consultation.storm import PREPARE, Held, House, Voter, find_port
from tests.postgresql_server import HOW_TO_INSTALL, find_binaries, serve_postgresql

STATEMENTS = range(1, 9)
VALUES = (1, 0, -1, 2)
VOTERS = 24
ROUNDS = 3
# Fifty votes of one participant on one statement at the same instant, without HTTP.
TOGETHER = """
import threading
import django; django.setup()
from django.db import connection
from django.utils import timezone
from antigone.consultation.actions import NewVote, cast_vote
from antigone.consultation.models import Consultation
consultation = Consultation.objects.get().pk
participant = cast_vote(NewVote(consultation, None, 1, 1), now=timezone.now()).participant_id
start = threading.Barrier(50)
def vote(value):
    start.wait()
    cast_vote(NewVote(consultation, participant, 2, value), now=timezone.now())
    connection.close()
threads = [threading.Thread(target=vote, args=[number % 3 - 1]) for number in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(participant)
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The consultation of eight statements, in a database of its own."""
    with ExitStack() as stack:
        address = ""
        if request.param == "postgresql":
            binaries = find_binaries()
            if binaries is None:
                pytest.skip(HOW_TO_INSTALL)
            address = stack.enter_context(serve_postgresql(binaries))
        house = House(tmp_path_factory.mktemp("house"), address)
        house.do(PREPARE)
        yield house


def vote_on(voter: Voter, chance: random.Random, refused: list[int]) -> None:
    """Vote again and again, until the server is no more."""
    while True:
        try:
            status = voter.vote(chance.choice(STATEMENTS), chance.choice(VALUES))
        except (OSError, http.client.HTTPException):
            break
        if status != 303:
            refused.append(status)
    if not voter.cookie:  # their first vote was not acknowledged: they will be somebody else
        voter.pending.clear()


def storm(house: House, voters: Sequence[Voter]) -> list[int]:
    """Kill the server in the middle of a storm; give the statuses of what it refused."""
    port, refused = find_port(), list[int]()
    with house.serve(port) as server:
        threads = []
        for number, voter in enumerate(voters):
            voter.port = port
            threads.append(threading.Thread(target=vote_on, args=[voter, random.Random(number), refused]))
            threads[-1].start()
        while not all(voter.cookie for voter in voters):
            time.sleep(0.01)
        time.sleep(random.uniform(0.2, 0.8))
        server.kill()
        for thread in threads:
            thread.join()
    return refused


def require_whole(held: Held) -> None:
    """Hold that the log and the votes say the same, and that no line is missing."""
    assert [line[0] for line in held.lines] == list(range(1, held.last_number + 1))
    assert held.replay() == held.votes
    assert len({(who, what) for who, what, _value in held.votes}) == len(held.votes)


def draw(rows: Sequence[tuple[int, int, int]]) -> dict[str, object]:
    opinion = Opinion()
    opinion.add_statements(STATEMENTS)
    for who, what, value in rows:
        opinion.record(who, what, value)
    return describe_picture(draw_picture(opinion))


def test_killed_server_loses_nothing_that_it_acknowledged(house: House) -> None:
    before = house.report()
    voters = [Voter(0) for _number in range(VOTERS)]
    for _round in range(ROUNDS):
        assert storm(house, voters) == []
    held = house.report()
    require_whole(held)
    votes = {(who, what): value for who, what, value in held.votes}
    for voter in voters:
        assert voter.acknowledged
        for statement in STATEMENTS:
            possible = {voter.acknowledged.get(statement, 2), voter.pending.get(statement)}
            assert votes.get((voter.participant, statement), 2) in possible
    # Whose first vote was not acknowledged left a participant at most, with that one vote.
    strangers = set(held.participants) - set(before.participants) - {voter.participant for voter in voters}
    assert len(strangers) <= ROUNDS * VOTERS
    assert sum(who in strangers for who, _what, _value in held.votes) <= len(strangers)
    # The picture of the log is that of the votes, and that after a restart.
    picture = draw([line[1:] for line in held.lines])
    assert picture == draw(held.votes)
    with house.serve(find_port()):
        pass
    assert draw([line[1:] for line in house.report().lines]) == picture


def test_fifty_browsers_of_one_participant_make_one_vote(house: House) -> None:
    """Two servers on one database, as a larger city runs them."""
    ports = find_port(), find_port()
    with house.serve(ports[0]), house.serve(ports[1]):
        first = Voter(ports[0])
        first.vote(1, 1)
        start, statuses = threading.Barrier(50), list[int]()

        def vote(number: int) -> None:
            voter = Voter(ports[number % 2], first.cookie)
            voter.vote(1, 1)
            start.wait()
            statuses.append(voter.vote(2, number % 3 - 1))
            voter.leave()

        threads = [threading.Thread(target=vote, args=[number]) for number in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        first.leave()
    assert statuses == [303] * 50
    held = house.report()
    require_whole(held)
    assert [what for who, what, _value in held.votes if who == first.participant] == [1, 2]


def test_fifty_threads_make_one_vote_of_a_participant_on_a_statement(house: House) -> None:
    participant = int(house.do(TOGETHER))
    held = house.report()
    require_whole(held)
    assert [what for who, what, _value in held.votes if who == participant] == [1, 2]
