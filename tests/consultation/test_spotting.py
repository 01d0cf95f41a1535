"""Bursts, repeated rows and haste are found; what people really do is not."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from antigone.consultation.spotting import Arrival, find_bursts, find_fast, find_identical
from antigone.core.opinion import Opinion
from tests.core.opinion.conversations import NAMES, load, needs_data

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def arrive(count: int, network: str, *, every: timedelta, first: int = 1) -> list[Arrival]:
    return [Arrival(first + one, network, NOON + one * every) for one in range(count)]


def measure(opinion: Opinion) -> np.ndarray:
    votes = opinion.votes
    counts = np.bincount(votes.codes, minlength=3 * len(votes.statements)).reshape(1, -1, 3) + 1.0
    return counts / counts.sum(axis=2, keepdims=True)


def test_network_that_brings_many_at_once_is_found_once() -> None:
    (found,) = find_bursts(arrive(25, "n", every=timedelta(seconds=10)))
    assert (found.kind, len(found.participants)) == ("burst", 25)
    assert found.last_at - found.first_at == timedelta(seconds=240)


def test_people_of_one_network_over_a_day_are_not() -> None:
    assert find_bursts(arrive(200, "n", every=timedelta(minutes=5))) == []
    assert find_bursts(arrive(25, "", every=timedelta(seconds=10))) == []


def test_flood_from_everywhere_is_found_against_the_usual_pace() -> None:
    usual = [Arrival(1000 + one, f"u{one}", NOON - timedelta(hours=1 + one // 4)) for one in range(80)]
    flood = [Arrival(one, f"n{one}", NOON + timedelta(seconds=one)) for one in range(100)]
    (found,) = find_bursts([*usual, *flood])
    assert len(found.participants) == 100
    assert find_bursts(usual) == []


def test_votes_that_nobody_can_read_are_found() -> None:
    fast = [NOON + timedelta(seconds=0.5 * one) for one in range(20)]
    slow = [NOON + timedelta(seconds=4 * one) for one in range(60)]
    (found,) = find_fast({7: fast, 8: slow, 9: fast[:14]})
    assert found.participants == {7}
    assert find_fast({8: slow}) == []


def test_row_of_a_machine_is_found_among_people() -> None:
    chance = np.random.default_rng(3)
    opinion = Opinion()
    for person in range(200):
        for statement in chance.choice(40, 15, replace=False).tolist():
            opinion.record(person, statement, int(chance.integers(-1, 2)))
    for person in range(1000, 1008):
        for statement in range(12):
            opinion.record(person, statement, 1 if statement % 2 else -1)
    (found,) = find_identical(opinion.votes, measure(opinion), NOON)
    assert found.participants == frozenset(range(1000, 1008))


def test_people_who_agree_with_everything_that_all_agree_with_are_not() -> None:
    opinion = Opinion()
    for person in range(60):
        for statement in range(12):
            opinion.record(person, statement, -1 if (person, statement) in {(3, 4), (9, 1)} else 1)
    assert find_identical(opinion.votes, measure(opinion), NOON) == []


@needs_data
@pytest.mark.parametrize("name", NAMES)
def test_real_conversations_raise_no_alarm_of_repeated_rows(name: str) -> None:
    opinion = load(name).count_votes()
    assert find_identical(opinion.votes, measure(opinion), NOON) == []
