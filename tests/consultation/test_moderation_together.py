"""Two moderators, two tabs each, at the same instant, on both real databases: one of the four decides."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgresql_server import HOW_TO_INSTALL, find_binaries, serve_postgresql

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, threading
import django; django.setup()
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation
from antigone.consultation.actions import accept_statements, merge_statement, reject_statements
from antigone.consultation.models import ModerationDecision, Moderator, Vote, VoteChange
from antigone.errors import AntigoneError
from tests.consultation.town import add_statements, add_votes, begin_consultation
from tests.consultation.writing import send_statement

call_command("migrate", verbosity=0)
city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
alice = create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)
chloe = create_person(email="chloe@ville.example", name="Chloé", organisation=city)
consultation = begin_consultation(alice)
Moderator.objects.create(consultation=consultation, person=chloe)
statements = add_statements(consultation)
add_votes(consultation, [[1], [1], [1]])
waiting = [send_statement(consultation, f"Idée {number}") for number in range(5)]
seen = {one.number: 0 for one in waiting}
now = timezone.now()

def together(*decisions):
    start, outcomes = threading.Barrier(len(decisions)), []
    def decide(decision):
        start.wait()
        try:
            decision()
            outcomes.append("decided")
        except AntigoneError as error:
            outcomes.append(error.code)
        connection.close()
    threads = [threading.Thread(target=decide, args=[decision]) for decision in decisions]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return sorted(outcomes)

def accept(by): return lambda: accept_statements(consultation=consultation, seen=seen, by=by, now=now)
def reject(by):
    return lambda: reject_statements(consultation=consultation, seen=seen, reason="unclear", by=by, now=now)
def merge(by): return lambda: merge_statement(statement=statements[0], into=2, seen=0, by=by, now=now)

decided = together(accept(alice), reject(alice), accept(chloe), reject(chloe))
decisions = list(ModerationDecision.objects.values_list("kind", flat=True))
merged = together(merge(alice), merge(chloe))
print(json.dumps({
    "decided": decided, "decisions": decisions, "merged": merged,
    "votes": list(Vote.objects.values_list("statement__number", flat=True)),
    "lines": list(VoteChange.objects.values_list("number", flat=True)),
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database; none for a file."""
    with ExitStack() as stack:
        address = ""
        if request.param == "postgresql":
            binaries = find_binaries()
            if binaries is None:
                pytest.skip(HOW_TO_INSTALL)
            address = stack.enter_context(serve_postgresql(binaries))
        yield address


def test_one_of_them_decides(database: str, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTIGONE_")}
    environment = kept | {
        "ANTIGONE_DATA": str(tmp_path),
        "ANTIGONE_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "antigone.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    held = json.loads(done.stdout)
    assert held["decided"] == ["decided", *["decided_meanwhile"] * 3]
    assert len(held["decisions"]) == 5
    assert len(set(held["decisions"])) == 1
    assert held["merged"] == ["decided", "decided_meanwhile"]
    assert held["votes"] == [2, 2, 2]
    assert held["lines"] == list(range(1, 10))
