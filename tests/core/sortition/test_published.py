import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from antigone.core.sortition import errors
from antigone.core.sortition.beacons import CHAINS
from antigone.core.sortition.certificate import verify
from antigone.core.sortition.commitments import commit, is_sealed
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.published import (
    dump_commitment,
    dump_lottery,
    dump_public_draw,
    dump_secret,
    fit_lottery,
    load_commitment,
    load_lottery,
    load_public_draw,
    load_secret,
)
from tests.core.sortition.public_draws import BALLS, NOON, SECRET, make_asked, make_files
from tests.core.sortition.signing import OURS


@pytest.fixture(autouse=True)
def _our_beacon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHAINS, OURS.hash, OURS)


@pytest.mark.parametrize("by_round", [False, True])
def test_files_written_are_read_again(by_round: bool) -> None:
    files = make_files(by_round=by_round)
    commitment = load_commitment(files["commitment.json"])
    assert dump_commitment(commitment) == files["commitment.json"]
    assert is_sealed(commitment)
    assert not is_sealed(replace(commitment, people=11))
    draw, secret = load_public_draw(files["public.json"])
    assert (draw.commitment, secret) == (commitment, SECRET)
    assert dump_public_draw(draw, secret) == files["public.json"]
    assert load_public_draw(dump_public_draw(draw)) == (draw, None)
    assert dump_secret(load_secret(files["secret.json"])) == files["secret.json"]
    assert dump_lottery(load_lottery(files["lottery.json"])) == files["lottery.json"]


def test_a_commitment_is_the_same_once_read_whatever_its_instant() -> None:
    asked = make_asked()
    at = NOON + timedelta(microseconds=5)
    panels = [WeightedPanel(panel, 1) for panel in asked.lottery]
    made = commit(
        asked.pool, asked.targets, panels, secret=SECRET, version="1", source=BALLS, committed_at=at
    )
    assert load_commitment(dump_commitment(made)) == made
    assert made.committed_at == datetime(2027, 3, 1, 12, tzinfo=UTC)


DIGITS = {"kind": "digits", "event": "x", "announced_at": "2027-03-01T13:00:00Z", "faces": 10, "throws": 2}
DRAND = {"kind": "drand", "chain": OURS.hash, "genesis": OURS.genesis, "period": 3, "round": 7}
WRONG: dict[str, list[dict[str, Any]]] = {
    "commitment.json": [
        {"format": "antigone-commitment/2"},
        {"root": "AB" * 32},
        {"pool": "ab" * 31},
        {"targets": "xy" * 32},
        {"people": "12"},
        {"total_weight": 100},
        {"total_weight": "0100"},
        {"total_weight": "0"},
        {"total_weight": ""},
        {"total_weight": "١"},
        {"total_weight": "9" * 5000},
        {"committed_at": "2027-03-01T12:00:00+00:00"},
        {"committed_at": "2027-03-01T12:00:00"},
        {"committed_at": "0001-01-01T00:00:00+23:00"},
        {"committed_at": "noon"},
        {"randomness": []},
        {"randomness": {}},
        {"randomness": DIGITS | {"kind": "dice"}},
        {"randomness": DIGITS | {"faces": 1}},
        {"randomness": DIGITS | {"throws": 10**9}},
        {"randomness": DIGITS | {"throws": 1}},
        {"randomness": DRAND | {"chain": "ab" * 32}},
        {"randomness": DRAND | {"period": 1}},
        {"randomness": DRAND | {"round": 10**30}},
        {"randomness": DRAND | {"round": 0}},
        {"salt": ""},
    ],
    "secret.json": [{"secret": "00" * 31}, {"secret": "0g" * 32}, {"root": "00"}, {"secret": "AB" * 32}],
    "public.json": [
        {"commitment": {}},
        {"commitment": None},
        {"outcome": {"series": [1, 2], "drawn_at": "2027-03-01T13:00:00Z"}},
        {"outcome": {"series": [[True, 2]], "drawn_at": "2027-03-01T13:00:00Z"}},
        {"outcome": {"round": 7, "signature": "ab"}},
        {"panel": 7.0},
        {"members": ["a", 1]},
        {"seal": "ab"},
        {"secret": None},
    ],
    "lottery.json": [
        {"number": 99},
        {"minimum": 0},
        {"panels": [1]},
        {"panels": [["a", 1]]},
        {"balls": {}},
        {"balls": {"a": 1.0}},
        {"outside": "nobody"},
        {"best_minimum": "33"},
    ],
}
LOADERS = {
    "commitment.json": load_commitment,
    "secret.json": load_secret,
    "public.json": load_public_draw,
    "lottery.json": load_lottery,
}


@pytest.mark.parametrize(("name", "change"), [(name, change) for name in WRONG for change in WRONG[name]])
def test_a_file_that_is_not_what_its_format_says_is_refused(name: str, change: dict[str, Any]) -> None:
    document = json.loads(make_files()[name]) | change
    with pytest.raises(errors.InvalidDocument):
        LOADERS[name](json.dumps(document).encode())  # type: ignore[operator]


def test_an_empty_previous_signature_is_refused() -> None:
    document = json.loads(make_files(by_round=True)["public.json"])
    document["outcome"]["previous_signature"] = ""
    with pytest.raises(errors.InvalidDocument):
        load_public_draw(json.dumps(document).encode())


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_file_without_one_of_its_keys_is_refused(name: str) -> None:
    document = json.loads(make_files()[name])
    for key in sorted({*document} - {"secret"} if name == "public.json" else document):
        with pytest.raises(errors.InvalidDocument):
            LOADERS[name](json.dumps({k: v for k, v in document.items() if k != key}).encode())  # type: ignore[operator]


def test_a_lottery_names_whom_it_seats_too_often_or_too_rarely() -> None:
    asked = make_asked()
    once = fit_lottery(asked.lottery[:1] * 100, asked.certificate)
    chances = asked.certificate["probabilities"]
    assert once.outside == tuple(id for id in sorted(chances) if 0 < chances[id] < 1)
    assert once.minimum == 0
    assert fit_lottery(asked.lottery, asked.certificate).outside == ()


def test_what_nobody_can_exceed_follows_from_the_proof_not_from_what_is_claimed() -> None:
    asked = make_asked()
    bound = verify(asked.certificate).bound
    assert verify(asked.certificate).minimum <= bound < verify(asked.certificate).minimum + 1e-9
    for number in (1, 7, 100):
        lottery = fit_lottery((asked.lottery * number)[:number], asked.certificate)
        assert lottery.best_minimum == number * bound.numerator // bound.denominator
