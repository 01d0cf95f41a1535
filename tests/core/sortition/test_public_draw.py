import hashlib
import hmac
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.sortition import errors
from antigone.core.sortition.beacons import CHAINS, QUICKNET
from antigone.core.sortition.commitments import (
    Commitment,
    Digits,
    Round,
    Source,
    commit,
    hash_tree,
    is_member,
    prove_membership,
)
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.public_draw import Beacon, Outcome, PublicDraw, Thrown, draw_panel, verify_draw
from tests.core.sortition.signing import OURS, sign_round

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
FIRST = (int(LATER.timestamp()) - OURS.genesis) // OURS.period + 2
SECRET = bytes(range(32))
POOL = Pool(tuple(Person(f"p{number}", {"age": "18+"}, f"h{number}") for number in range(7)))
TARGETS = Targets(2, (Target("age", "18+", 2, 2),))
PANELS = [WeightedPanel((f"p{number}", f"p{number + 1}"), number + 1) for number in range(6)]
BALLS = Digits("town hall", LATER, 10, 3)
ROUND = Round(OURS.hash, OURS.genesis, OURS.period, FIRST)


@pytest.fixture(autouse=True)
def _our_beacon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHAINS, OURS.hash, OURS)


def make_commitment(source: Source, panels: list[WeightedPanel] = PANELS) -> Commitment:
    return commit(POOL, TARGETS, panels, secret=SECRET, version="0.1.0", source=source, committed_at=NOON)


def make_draw(source: Source, outcome: Outcome) -> PublicDraw:
    return draw_panel(make_commitment(source), PANELS, outcome)


def test_three_digits_choose_one_of_a_thousand_panels() -> None:
    panels = [WeightedPanel((f"p{number % 7}",), 1) for number in range(1000)]
    commitment = make_commitment(BALLS, panels)
    for value in (0, 7, 42, 999):
        thrown = Thrown((tuple(int(digit) for digit in f"{value:03}"),), LATER)
        assert draw_panel(commitment, panels, thrown).number == value


def test_every_ticket_is_as_likely() -> None:
    commitment = make_commitment(replace(BALLS, throws=2))
    numbers: Counter[int] = Counter()
    for value in range(100):
        try:
            numbers[draw_panel(commitment, PANELS, Thrown((divmod(value, 10),), LATER)).number] += 1
        except errors.InvalidRandomness:
            assert value >= 84
    assert numbers == {number: 4 * PANELS[number].weight for number in range(6)}


def sign(source: Round) -> Beacon:
    return Beacon(source.number, sign_round(source.number))


def test_a_beacon_chooses_by_weight() -> None:
    rounds = [replace(ROUND, number=FIRST + later) for later in range(1000)]
    numbers = Counter(draw_panel(make_commitment(source), PANELS, sign(source)).number for source in rounds)
    for number, panel in enumerate(PANELS):
        share = Fraction(panel.weight, 21)
        assert abs(numbers[number] / 1000 - share) < 5 * float(share * (1 - share) / 1000) ** 0.5


def test_a_round_that_drand_published_chooses() -> None:
    source = Round(QUICKNET.hash, QUICKNET.genesis, QUICKNET.period, 657413)
    before = source.announced_at - timedelta(hours=1)
    commitment = commit(
        POOL, TARGETS, PANELS, secret=SECRET, version="0.1.0", source=source, committed_at=before
    )
    signature = (
        "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
    )
    draw = draw_panel(commitment, PANELS, Beacon(657413, signature))
    verify_draw(draw, POOL, TARGETS, PANELS, SECRET)
    assert draw.number == 5


def test_tickets_larger_than_a_hash_are_drawn() -> None:
    panels = [WeightedPanel(("p1",), 1 << 300), WeightedPanel(("p2",), (1 << 300) + 1)]
    rounds = [replace(ROUND, number=FIRST + later) for later in range(20)]
    numbers = {draw_panel(make_commitment(source, panels), panels, sign(source)).number for source in rounds}
    assert numbers == {0, 1}


@pytest.mark.parametrize(
    "series",
    [(), ((1, 2),), ((1, 2, 3, 4),), ((1, 2, 10),), ((1, 2, -1),), ((9, 9, 9),), ((1, 2, 3), (1, 2, 3))],
)
def test_throws_that_were_not_announced_are_refused(series: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(errors.InvalidRandomness):
        make_draw(BALLS, Thrown(series, LATER))


def test_a_series_that_must_be_thrown_again_is_followed_by_another() -> None:
    draw = make_draw(BALLS, Thrown(((9, 9, 9), (0, 0, 1)), LATER))
    assert draw.number == 1


@pytest.mark.parametrize(
    "outcome",
    [
        Beacon(FIRST + 1, sign_round(FIRST + 1)),
        Beacon(FIRST, sign_round(FIRST + 1)),
        Beacon(FIRST, sign_round(FIRST).upper()),
        Beacon(FIRST, sign_round(FIRST), sign_round(FIRST - 1)),
        Beacon(FIRST, "xy"),
        Beacon(FIRST, ""),
        Thrown(((1,),), LATER),
    ],
)
def test_a_round_that_was_not_announced_is_refused(outcome: Outcome) -> None:
    with pytest.raises(errors.InvalidRandomness):
        make_draw(ROUND, outcome)


@pytest.mark.parametrize(
    "source",
    [
        replace(BALLS, announced_at=NOON),
        replace(ROUND, number=1),
        replace(BALLS, announced_at=datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_randomness_that_is_known_is_refused(source: Source) -> None:
    with pytest.raises(errors.EarlyRandomness):
        make_commitment(source)


def test_balls_drawn_before_the_commitment_are_refused() -> None:
    with pytest.raises(errors.EarlyRandomness):
        make_draw(BALLS, Thrown(((1, 2, 3),), NOON))


@pytest.mark.parametrize(
    "source",
    [
        replace(BALLS, throws=1),
        replace(BALLS, faces=1),
        replace(BALLS, throws=10**6),
        replace(BALLS, faces=10**30),
        replace(ROUND, period=1),
        replace(ROUND, genesis=OURS.genesis + 1),
        replace(ROUND, chain="52db9ba7"),
        replace(ROUND, number=0),
        replace(ROUND, number=1 << 40),
    ],
)
def test_randomness_that_cannot_choose_is_refused(source: Source) -> None:
    with pytest.raises(errors.InvalidRandomness):
        make_commitment(source)


def test_a_commitment_is_the_same_for_any_order_of_people() -> None:
    turned = Pool(tuple(reversed(POOL.people)))
    assert make_commitment(BALLS) == commit(
        turned, TARGETS, PANELS, secret=SECRET, version="0.1.0", source=BALLS, committed_at=NOON
    )


@given(st.binary(min_size=32, max_size=32), st.integers(0, 83))
def test_a_true_draw_is_verified(secret: bytes, value: int) -> None:
    source = replace(BALLS, throws=2)
    commitment = commit(POOL, TARGETS, PANELS, secret=secret, version="1", source=source, committed_at=NOON)
    draw = draw_panel(commitment, PANELS, Thrown((divmod(value, 10),), LATER))
    verify_draw(draw, POOL, TARGETS, PANELS, secret)


def change_commitment(draw: PublicDraw, **parts: Any) -> PublicDraw:
    return replace(draw, commitment=replace(draw.commitment, **parts))


FORGERIES = {
    "root": lambda d: change_commitment(d, root="00" * 32),
    "pool": lambda d: change_commitment(d, pool="00" * 32),
    "people": lambda d: change_commitment(d, people=8),
    "weight": lambda d: change_commitment(d, total_weight=22),
    "panels": lambda d: change_commitment(d, panel_count=7),
    "version": lambda d: change_commitment(d, version="0.1.1"),
    "instant": lambda d: change_commitment(d, committed_at=NOON - timedelta(seconds=1)),
    "source": lambda d: change_commitment(d, source=replace(BALLS, event="elsewhere")),
    "digits": lambda d: replace(d, outcome=Thrown(((0, 2, 4),), LATER)),
    "same ticket": lambda d: replace(d, outcome=Thrown(((0, 2, 1),), LATER)),
    "drawn_at": lambda d: replace(d, outcome=replace(d.outcome, drawn_at=LATER + timedelta(seconds=1))),
    "number": lambda d: replace(d, number=d.number + 1),
    "members": lambda d: replace(d, members=("p0", "p6")),
    "seal": lambda d: replace(d, seal="00" * 32),
}


@pytest.mark.parametrize("name", sorted(FORGERIES))
def test_a_forged_draw_is_caught(name: str) -> None:
    draw = make_draw(BALLS, Thrown(((0, 0, 0),), LATER))
    verify_draw(draw, POOL, TARGETS, PANELS, SECRET)
    with pytest.raises(errors.InvalidDraw):
        verify_draw(FORGERIES[name](draw), POOL, TARGETS, PANELS, SECRET)


def test_forged_data_are_caught_and_named() -> None:
    draw = make_draw(BALLS, Thrown(((0, 0, 0),), LATER))
    moved = replace(POOL.people[0], household="elsewhere")
    cases: list[tuple[str, tuple[Any, ...]]] = [
        ("pool", (Pool((moved, *POOL.people[1:])), TARGETS, PANELS, SECRET)),
        ("pool", (Pool(POOL.people[1:]), TARGETS, PANELS, SECRET)),
        ("targets", (POOL, Targets(2, (Target("age", "18+", 1, 2),)), PANELS, SECRET)),
        ("panels", (POOL, TARGETS, [PANELS[1], PANELS[0], *PANELS[2:]], SECRET)),
        ("panels", (POOL, TARGETS, PANELS, bytes(32))),
    ]
    for part, opened in cases:
        with pytest.raises(errors.BrokenCommitment) as caught:
            verify_draw(draw, *opened)
        assert caught.value.params["part"] == part


@given(st.integers(1, 40), st.data())
def test_each_person_can_check_that_they_are_in_the_pool(count: int, data: st.DataObject) -> None:
    pool = Pool(tuple(Person(f"{number}", {"age": "18+"}) for number in range(count)))
    commitment = commit(pool, TARGETS, PANELS, secret=SECRET, version="1", source=BALLS, committed_at=NOON)
    mine = prove_membership(pool, str(data.draw(st.integers(0, count - 1))), SECRET)
    assert is_member(commitment, mine)
    assert not is_member(commitment, replace(mine, salt="0"))
    assert not is_member(commitment, replace(mine, person=replace(mine.person, household="x")))
    assert not is_member(commitment, replace(mine, path=(*mine.path, "00" * 32)))
    assert count == 1 or not is_member(commitment, replace(mine, index=(mine.index + 1) % count))


def test_a_tree_is_that_of_rfc_6962() -> None:
    leaves = [sha256(b"\x00" + text).digest() for text in (b"a", b"b", b"c")]
    pair = sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    assert hash_tree(leaves) == sha256(b"\x01" + pair + leaves[2]).digest()


def hash_document(document: object) -> bytes:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\0" + text.encode()).digest()


def test_a_draw_is_what_the_published_format_says() -> None:
    draw = make_draw(ROUND, sign(ROUND))
    salts = [hmac.new(SECRET, f"panel {number}".encode(), "sha256").hexdigest() for number in range(6)]
    leaves = [
        hash_document(
            {"number": number, "members": list(p.members), "weight": str(p.weight), "salt": salts[number]}
        )
        for number, p in enumerate(PANELS)
    ]
    assert hash_tree(leaves).hex() == draw.commitment.panels
    published = draw.commitment.describe()
    root = published.pop("root")
    assert hash_document(published).hex() == root == draw.commitment.root
    randomness = hashlib.sha256(bytes.fromhex(sign_round(FIRST))).digest()
    counter, number = 0, 256**9
    while number >= 256**9 - 256**9 % 21:
        block = (
            b"antigone draw" + bytes.fromhex(draw.commitment.root) + randomness + counter.to_bytes(8, "big")
        )
        number, counter = int.from_bytes(hashlib.sha256(block).digest()[:9], "big"), counter + 1
    tickets = [place for place, panel in enumerate(PANELS) for _ in range(panel.weight)]
    assert tickets[number % 21] == draw.number
    text = json.dumps(draw.describe(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == draw.seal
