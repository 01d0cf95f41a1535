from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.deliberation import errors
from antigone.core.deliberation.grouping import (
    Balance,
    Pair,
    Participant,
    Round,
    compose_groups,
    count_meetings,
    score,
)
from antigone.core.deliberation.randomness import Numbers

VALUES = {"age": "abcd", "gender": "fm", "home": "uvwxyz"}


def make_people(count: int, seed: int) -> list[Participant]:
    chance = Random(seed)
    return [
        Participant(f"p{n:03}", {feature: chance.choice(values) for feature, values in VALUES.items()})
        for n in range(count)
    ]


def deal(people: list[Participant], number: int, chance: Random) -> list[list[str]]:
    names = [person.name for person in people]
    chance.shuffle(names)
    return [names[group::number] for group in range(number)]


def count_misplaced(balance: Balance) -> int:
    return sum(balance.misplaced(feature) for feature in VALUES)


sizes = st.tuples(st.integers(1, 24), st.integers(1, 24)).map(lambda pair: (max(pair), min(pair)))


@settings(max_examples=40, deadline=None)
@given(sizes, st.integers(1, 3), st.text(max_size=5), st.integers(0, 99))
def test_everybody_sits_once_in_groups_of_one_size(
    size: tuple[int, int], rounds: int, seed: str, town: int
) -> None:
    count, number = size
    people = make_people(count, town)
    for each in compose_groups(people, number=number, rounds=rounds, seed=seed):
        assert sorted(name for group in each.groups for name in group) == [person.name for person in people]
        assert {len(group) for group in each.groups} <= {count // number, -(-count // number)}
        assert all([*group] == sorted(group) for group in each.groups)


@settings(max_examples=25, deadline=None)
@given(sizes, st.integers(0, 99), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(size: tuple[int, int], town: int, chance: Random) -> None:
    count, number = size
    people = make_people(count, town)
    shuffled = [*people]
    chance.shuffle(shuffled)
    composed = compose_groups(people, number=number, rounds=2, seed="day 1")
    assert compose_groups(shuffled, number=number, rounds=2, seed="day 1") == composed


def test_a_stranger_finds_these_very_groups() -> None:
    composed = compose_groups(make_people(9, 1), number=3, rounds=2, seed="session 2, table work")
    assert [each.groups for each in composed] == [
        (("p000", "p001", "p002"), ("p004", "p005", "p007"), ("p003", "p006", "p008")),
        (("p002", "p005", "p007"), ("p001", "p006", "p008"), ("p000", "p003", "p004")),
    ]


def test_another_seed_gives_other_groups() -> None:
    people = make_people(40, 1)
    found = {compose_groups(people, number=5, seed=f"seed {n}")[0].groups for n in range(5)}
    assert len(found) == 5


@settings(max_examples=15, deadline=None)
@given(st.integers(12, 60), st.integers(2, 6), st.integers(0, 999))
def test_groups_are_more_even_than_by_chance(count: int, number: int, town: int) -> None:
    people = make_people(count, town)
    chance = Random(town)
    dealt = [count_misplaced(score(deal(people, number, chance), people)) for _ in range(30)]
    composed = count_misplaced(compose_groups(people, number=number, seed=str(town))[0].balance)
    assert composed <= sum(dealt) / len(dealt)


def test_people_meet_others_round_after_round() -> None:
    people, chance = make_people(40, 3), Random(3)
    composed = compose_groups(people, number=8, rounds=6, seed="x")
    by_chance: list[list[list[str]]] = [deal(people, 8, chance) for _ in range(6)]
    assert len(count_meetings([each.groups for each in composed])) > 1.2 * len(count_meetings(by_chance))


def test_those_who_met_at_an_earlier_session_sit_apart() -> None:
    people = [Participant(name) for name in ("Alice", "Bob", "Chloé", "David")]
    met: dict[Pair, int] = {frozenset({"Alice", "Bob"}): 1, frozenset({"Chloé", "David"}): 2}
    met[frozenset({"Alice", "somebody who left"})] = 9
    for seed in "abc":
        (found,) = compose_groups(people, number=2, seed=seed, met=met)
        assert found.balance.pairs_met_again == 0
        assert frozenset({"Alice", "Bob"}) not in map(frozenset, found.groups)


def test_a_feature_that_can_be_even_is_even() -> None:
    people = [Participant(f"p{n}", {"gender": "fm"[n % 2]}) for n in range(24)]
    for each in compose_groups(people, number=6, rounds=3, seed="x"):
        assert {spread.counts for spread in each.balance.spreads} == {(2,) * 6}


def test_a_value_nobody_gave_binds_nobody() -> None:
    people = [Participant("a", {"age": "18-29"}), Participant("b"), Participant("c"), Participant("d")]
    (found,) = compose_groups(people, number=2, seed="x")
    assert [(spread.value, sorted(spread.counts)) for spread in found.balance.spreads] == [("18-29", [0, 1])]


@given(sizes, st.integers(0, 99))
def test_the_balance_counts_what_is_there(size: tuple[int, int], town: int) -> None:
    count, number = size
    people, chance = make_people(count, town), Random(town)
    groups, earlier = deal(people, number, chance), deal(people, number, chance)
    balance = score(groups, people, count_meetings([earlier]))
    together = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    before = {frozenset(pair) for group in earlier for pair in combinations(group, 2)}
    assert (balance.pairs, balance.pairs_met_again) == (len(together), len(together & before))
    for spread in balance.spreads:
        holders = {person.name for person in people if person.features[spread.feature] == spread.value}
        assert spread.counts == tuple(len(holders & {*group}) for group in groups)
        is_even = all(
            len(holders) * len(group) // count <= held <= -(-len(holders) * len(group) // count)
            for held, group in zip(spread.counts, groups, strict=True)
        )
        assert (spread.misplaced == 0) == is_even


@given(st.text(max_size=9), st.integers(1, 50))
def test_numbers_are_in_their_bounds_and_come_again(seed: str, total: int) -> None:
    drawn = [[numbers.below(total) for _ in range(20)] for numbers in (Numbers(seed), Numbers(seed))]
    assert drawn[0] == drawn[1]
    assert {*drawn[0]} <= {*range(total)}


@pytest.mark.parametrize(
    ("names", "number", "rounds", "error"),
    [
        ("ab", 3, 1, errors.TooManyGroups),
        ("ab", 0, 1, errors.TooManyGroups),
        ("", 1, 1, errors.TooManyGroups),
        ("ab", 2, 0, errors.NoRounds),
        ("aba", 2, 1, errors.RepeatedPerson),
    ],
)
def test_what_cannot_be_composed_is_refused(
    names: str, number: int, rounds: int, error: type[errors.DeliberationError]
) -> None:
    people = [Participant(name) for name in names]
    with pytest.raises(error):
        compose_groups(people, number=number, rounds=rounds, seed="x")


def test_a_round_holds_its_groups_and_its_balance() -> None:
    people = make_people(10, 1)
    first, second = compose_groups(people, number=2, rounds=2, seed="x")
    assert second == Round(second.groups, score(second.groups, people, count_meetings([first.groups])))
