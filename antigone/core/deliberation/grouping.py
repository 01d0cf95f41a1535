"""People and a number of groups → small groups that are as diverse as the people, round after round.

Two people who share the value of a feature, or have met before, had better not sit together: each pair has such a
price, and the groups of a round are those for which a search by exchanges found the lowest sum. Whole numbers only, and
the only chance is that of the seed: whoever knows the people and the seed finds the same groups.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from antigone.core.deliberation.errors import NoRounds, RepeatedPerson, TooManyGroups
from antigone.core.deliberation.randomness import Numbers

Pair = frozenset[str]
Integers = NDArray[np.int64]

SHARED = 2  # price of a pair for each feature whose value they share
MET = 1  # price of a pair for each time they have met
TRIES = 100  # times a search is shaken and started again


@dataclass(frozen=True)
class Participant:
    """Somebody by a name (a pseudonym will do), with the value of each feature that is known."""

    name: str
    features: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """How one value of a feature is spread: `counts` holds people by group, `misplaced` those too many where they are.

    `misplaced` is 0 where every group holds the whole number below or above its share, which is the best there can be.
    """

    feature: str
    value: str
    counts: tuple[int, ...]
    misplaced: int


@dataclass(frozen=True)
class Balance:
    """How even a round is: each value's spread, and how many of its pairs had met before."""

    spreads: tuple[Spread, ...]
    pairs: int
    pairs_met_again: int

    def misplaced(self, feature: str) -> int:
        """Count the people who sit in a group that has too many of their value."""
        return sum(spread.misplaced for spread in self.spreads if spread.feature == feature)


@dataclass(frozen=True)
class Round:
    """The groups of one round, each in the order of names, and how even they are."""

    groups: tuple[tuple[str, ...], ...]
    balance: Balance


def compose_groups(
    people: Sequence[Participant],
    *,
    number: int,
    rounds: int = 1,
    seed: str,
    met: Mapping[Pair, int] | None = None,
) -> tuple[Round, ...]:
    """Compose `number` groups of everybody, `rounds` times.

    Sizes differ by one at most. The values of each feature are spread as evenly as the search can, and people meet
    others than those of the earlier rounds, and than those of `met` (how many times each pair has sat together; pairs
    with somebody who is not there do not count). The order of `people` changes nothing.
    Raises TooManyGroups, NoRounds or RepeatedPerson.

    >>> people = [Participant(name, {"home": name[0]}) for name in ("a1", "a2", "b1", "b2")]
    >>> for each in compose_groups(people, number=2, rounds=2, seed="day 1"):
    ...     print(each.groups, each.balance.misplaced("home"), each.balance.pairs_met_again)
    (('a2', 'b2'), ('a1', 'b1')) 0 0
    (('a1', 'b2'), ('a2', 'b1')) 0 0
    """
    _check(people, number, rounds)
    ordered = sorted(people, key=lambda person: person.name)
    meetings = dict(met or {})
    composed: list[Round] = []
    for turn in range(rounds):
        seats = _search(_price_pairs(ordered, meetings), number, Numbers(f"{turn} {seed}"))
        groups = tuple(
            tuple(person.name for person, seat in zip(ordered, seats, strict=True) if seat == group)
            for group in range(number)
        )
        composed.append(Round(groups, score(groups, ordered, meetings)))
        meetings = count_meetings([groups], meetings)
    return tuple(composed)


def score(
    groups: Sequence[Sequence[str]], people: Iterable[Participant], met: Mapping[Pair, int] | None = None
) -> Balance:
    """Say how even groups are; `met` is how many times each pair had sat together before.

    >>> people = [Participant(name, {"home": name[0]}) for name in ("a1", "a2", "b1", "b2")]
    >>> balance = score([["a1", "a2"], ["b1", "b2"]], people, {frozenset({"a1", "a2"}): 1})
    >>> balance.spreads[0], balance.misplaced("home"), balance.pairs, balance.pairs_met_again
    (Spread(feature='home', value='a', counts=(2, 0), misplaced=1), 2, 2, 1)
    """
    features = {person.name: person.features for person in people}
    kinds = sorted({pair for name in features for pair in features[name].items()})
    spreads = []
    for feature, value in kinds:
        counts = tuple(sum(features[name].get(feature) == value for name in group) for group in groups)
        spreads.append(Spread(feature, value, counts, _count_misplaced(counts, [*map(len, groups)])))
    pairs = [frozenset(pair) for group in groups for pair in combinations(group, 2)]
    again = sum(1 for pair in pairs if met and met.get(pair, 0) > 0)
    return Balance(tuple(spreads), len(pairs), again)


def count_meetings(
    rounds: Iterable[Sequence[Sequence[str]]], met: Mapping[Pair, int] | None = None
) -> dict[Pair, int]:
    """Count how many times each pair has sat together in the groups of some rounds, and in `met`.

    >>> count_meetings([[["Alice", "Bob"], ["Zoé"]]]) == {frozenset({"Alice", "Bob"}): 1}
    True
    """
    meetings = dict(met or {})
    for groups in rounds:
        for group in groups:
            for pair in map(frozenset, combinations(group, 2)):
                meetings[pair] = meetings.get(pair, 0) + 1
    return meetings


def _check(people: Sequence[Participant], number: int, rounds: int) -> None:
    if not 1 <= number <= len(people):
        raise TooManyGroups(number=number, people=len(people))
    if rounds < 1:
        raise NoRounds(rounds=rounds)
    seen: set[str] = set()
    for person in people:
        if person.name in seen:
            raise RepeatedPerson(name=person.name)
        seen.add(person.name)


def _count_misplaced(counts: Sequence[int], sizes: Sequence[int]) -> int:
    """Count the people of a value who are too many for the share of their group, rounded up, or too few, rounded down.

    The larger of the two is how many must move before every group has its share, rounded down or up.
    """
    total, everybody = sum(counts), sum(sizes)
    beyond = sum(
        max(0, count + -total * size // everybody) for count, size in zip(counts, sizes, strict=True)
    )
    missing = sum(
        max(0, total * size // everybody - count) for count, size in zip(counts, sizes, strict=True)
    )
    return max(beyond, missing)


def _price_pairs(people: Sequence[Participant], met: Mapping[Pair, int]) -> Integers:
    """Give the price of each pair sitting together, nothing on the diagonal."""
    kinds = sorted({pair for person in people for pair in person.features.items()})
    holds = np.array(
        [[person.features.get(feature) == value for feature, value in kinds] for person in people],
        dtype=np.int64,
    ).reshape(len(people), len(kinds))
    prices: Integers = SHARED * (holds @ holds.T)
    places = {person.name: place for place, person in enumerate(people)}
    for pair, times in met.items():
        if len(pair) == 2 and pair <= places.keys():
            one, other = sorted(places[name] for name in pair)
            prices[one, other] += MET * times
            prices[other, one] += MET * times
    np.fill_diagonal(prices, 0)
    return prices


def _search(prices: Integers, number: int, numbers: Numbers) -> list[int]:
    """Find a group for each person: from seats by chance, exchange the pair that gains most until none gains.

    The best seats are then shaken by a few exchanges by chance, and searched again, `TRIES` times.
    """
    size = len(prices)
    seats = [place % number for place in range(size)]
    numbers.shuffle(seats)
    best = _Table(prices, np.array(seats, dtype=np.int64), number)
    best.descend()
    for _ in range(TRIES if number > 1 else 0):
        table = best.copy()
        for _ in range(2 + size // 20):
            table.exchange(numbers.below(size), numbers.below(size))
        table.descend()
        if table.cost() <= best.cost():
            best = table
    found: list[int] = best.seats.tolist()
    return found


class _Table:
    """Seats, with the sum of each person's prices towards each group kept up at every exchange."""

    def __init__(self, prices: Integers, seats: Integers, number: int) -> None:
        self.prices, self.seats = prices, seats
        self.sums: Integers = prices @ (seats[:, None] == np.arange(number)).astype(np.int64)

    def copy(self) -> "_Table":
        twin = object.__new__(_Table)
        twin.prices, twin.seats, twin.sums = self.prices, self.seats.copy(), self.sums.copy()
        return twin

    def cost(self) -> int:
        """Sum the prices of all pairs that sit together, each counted twice."""
        return int(self.sums[np.arange(len(self.seats)), self.seats].sum())

    def exchange(self, one: int, other: int) -> None:
        """Exchange the seats of two people."""
        here, there = self.seats[one], self.seats[other]
        if here != there:
            moved = self.prices[other] - self.prices[one]
            self.sums[:, here] += moved
            self.sums[:, there] -= moved
            self.seats[one], self.seats[other] = there, here

    def descend(self) -> None:
        """Exchange the pair that gains most (the first of them), until none gains."""
        everybody = np.arange(len(self.seats))
        while True:
            towards = self.sums[:, self.seats]  # of a person, towards the group of another
            own = self.sums[everybody, self.seats]
            change = towards + towards.T - own[:, None] - own[None, :] - 2 * self.prices
            change[self.seats[:, None] == self.seats[None, :]] = 0
            one, other = divmod(int(change.argmin()), len(self.seats))
            if change[one, other] >= 0:
                return
            self.exchange(one, other)
