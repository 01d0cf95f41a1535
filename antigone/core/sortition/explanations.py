"""What each target costs, what moves one person's chance, which crossings of two values the panels hold.

The price of a target is found by moving one of its bounds by one seat and solving again. Chances are those of the
leximin of the relaxation (see `leximin`): what no panel can beat, and what panels reach exactly for nearly every
pool; where they do not (`distribute` takes the two-sided way), prices are those of the bound.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from antigone.core.sortition.errors import Infeasible
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.leximin import solve_relaxation
from antigone.core.sortition.phrases import Say, fill, gettext_noop, say_percent
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.progress import Budget, Progress
from antigone.core.sortition.types import Floats, Types, collapse_pool, sort_targets


@dataclass(frozen=True, slots=True)
class Price:
    """One bound moved by one seat, and the smallest chance before and after; `after` is None where none is left."""

    target: Target
    changed: Target
    before: float
    after: float | None

    def explain(self, say: Say = str) -> str:
        """Say the price in words.

        >>> Price(Target("csp", "workers", 8, 10), Target("csp", "workers", 9, 10), 0.048, 0.039).explain()
        'raising the minimum of “workers” (csp) from 8 to 9 lowers the smallest chance from 4.80 % to 3.90 %'
        """
        words = {"change": _describe_change(self.target, self.changed, say)}
        words["before"] = say_percent(self.before, say)
        if self.after is None:
            return fill(gettext_noop("{change} leaves no panel"), words, say)
        words["after"] = say_percent(self.after, say)
        if abs(self.after - self.before) < 1e-9:
            return fill(gettext_noop("{change} leaves the smallest chance at {before}"), words, say)
        if self.after > self.before:
            template = gettext_noop("{change} raises the smallest chance from {before} to {after}")
        else:
            template = gettext_noop("{change} lowers the smallest chance from {before} to {after}")
        return fill(template, words, say)


@dataclass(frozen=True, slots=True)
class Move:
    """One bound moved by one seat, and one person's chance before and after."""

    target: Target
    changed: Target
    before: float
    after: float

    def explain(self, say: Say = str) -> str:
        """Say the move in words.

        >>> Move(Target("age", "18-29", 0, 8), Target("age", "18-29", 0, 9), 0.1, 0.125).explain()
        'raising the maximum of “18-29” (age) from 8 to 9: 10.00 % becomes 12.50 %'
        """
        words = {"change": _describe_change(self.target, self.changed, say)}
        words |= {"before": say_percent(self.before, say), "after": say_percent(self.after, say)}
        return fill(gettext_noop("{change}: {before} becomes {after}"), words, say)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Everybody's chance as the targets are, and after each small change of one of them."""

    targets: tuple[tuple[Target, Target], ...]
    """Each target, and what it was changed to."""
    chances: Floats
    """(types,): as the targets are."""
    changed: tuple[Floats | None, ...]
    """(types,) after each change; None where no panel is left."""
    type_of: Mapping[str, int]

    def list_prices(self) -> tuple[Price, ...]:
        """Give each change's effect on the smallest chance, the largest effect first."""
        before = float(self.chances.min())
        prices = [
            Price(target, changed, before, None if chances is None else float(chances.min()))
            for (target, changed), chances in zip(self.targets, self.changed, strict=True)
        ]
        return tuple(sorted(prices, key=lambda price: -round(abs((price.after or 0.0) - before), 9)))

    def get_chance(self, person_id: str) -> float:
        """Give one person's chance. Raises KeyError for whom is not in the pool, or can never be drawn."""
        return float(self.chances[self.type_of[person_id]])

    def list_moves(self, person_id: str, *, most: int = 5) -> tuple[Move, ...]:
        """Give the changes that move one person's chance most, without those that leave it as it is.

        Raises KeyError for whom is not in the pool, or can never be drawn.
        """
        t = self.type_of[person_id]
        before = float(self.chances[t])
        moves = [
            Move(target, changed, before, float(chances[t]))
            for (target, changed), chances in zip(self.targets, self.changed, strict=True)
            if chances is not None and abs(float(chances[t]) - before) > 1e-9
        ]
        return tuple(sorted(moves, key=lambda move: -round(abs(move.after - move.before), 9))[:most])


def measure_sensitivity(
    pool: Pool,
    targets: Targets,
    *,
    households: bool = False,
    without: Iterable[str] = (),
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Sensitivity:
    """Move each bound of each target by one seat, up and down, and solve again.

    Leave out, by `without`, the ids of people who can never be drawn (see `diagnose`): the smallest chance would be
    theirs, zero, whatever is changed. Changes that time leaves no room for are left out. Raises Infeasible, Cancelled.

    >>> pool = Pool(tuple(Person(str(n), {"age": "old" if n > 1 else "new"}) for n in range(6)))
    >>> found = measure_sensitivity(pool, Targets(2, (Target("age", "new", 0, 1), Target("age", "old", 1, 2))))
    >>> round(found.get_chance("0"), 4), found.list_prices()[0].after is not None
    (0.3333, True)
    """
    targets = sort_targets(targets)
    gone = frozenset(without)
    kept = Pool(tuple(person for person in pool.people if person.id not in gone))
    types = collapse_pool(kept, targets, households=households)
    budget = Budget(time_limit, progress)
    base = _solve(types, budget)
    if base is None:
        raise Infeasible(size=targets.size)
    pairs: list[tuple[Target, Target]] = []
    results: list[Floats | None] = []
    for row, target in enumerate(targets.targets, 1):
        budget.tell("prices", row - 1, len(targets.targets))
        for changed in _vary(target, targets.size):
            if budget.is_spent:
                continue
            lower, upper = types.lower.copy(), types.upper.copy()
            lower[row], upper[row] = changed.min, changed.max
            pairs.append((target, changed))
            results.append(_solve(replace(types, lower=lower, upper=upper), budget))
    type_of = {name: t for t, ids in enumerate(types.members) for name in ids}
    return Sensitivity(tuple(pairs), base, tuple(results), type_of)


def _solve(types: Types, budget: Budget) -> Floats | None:
    try:
        seats, _ = solve_relaxation(types, Budget(budget.left))
    except Infeasible:
        return None
    chances: Floats = seats / types.counts
    return chances


def _vary(target: Target, size: int) -> Iterator[Target]:
    """Give the target with each bound moved by one; the other bound follows where they would cross."""
    feature, value, least, most = target.feature, target.value, target.min, target.max
    if least > 0:
        yield Target(feature, value, least - 1, most)
    if least < size:
        yield Target(feature, value, least + 1, max(most, least + 1))
    if most > 0:
        yield Target(feature, value, min(least, most - 1), most - 1)
    if most < size:
        yield Target(feature, value, least, most + 1)


_CHANGES = {
    ("min", True): gettext_noop("raising the minimum of “{value}” ({feature}) from {before} to {after}"),
    ("min", False): gettext_noop("lowering the minimum of “{value}” ({feature}) from {before} to {after}"),
    ("max", True): gettext_noop("raising the maximum of “{value}” ({feature}) from {before} to {after}"),
    ("max", False): gettext_noop("lowering the maximum of “{value}” ({feature}) from {before} to {after}"),
}


def _describe_change(target: Target, changed: Target, say: Say) -> str:
    words = []
    for bound, before, after in (("min", target.min, changed.min), ("max", target.max, changed.max)):
        if after != before:
            params = {"value": target.value, "feature": target.feature, "before": before, "after": after}
            words.append(fill(_CHANGES[bound, after > before], params, say))
    return say(gettext_noop(" and ")).join(words)


@dataclass(frozen=True, slots=True)
class Crossing:
    """People who have one value of one feature and one of another: in the pool, and in the panels.

    `seats` is the expected number of seats, `presence` the chance that at least one of them sits: both exact.
    """

    first: tuple[str, str]
    second: tuple[str, str]
    people: int
    seats: Fraction
    presence: Fraction


def measure_crossings(
    pool: Pool, panels: Sequence[WeightedPanel], features: Sequence[str] | None = None
) -> tuple[Crossing, ...]:
    """Give every crossing of two features that somebody in the pool has, in the order of names.

    `features` are all those of the first person where none are given.

    >>> pool = Pool((Person("a", {"x": "1", "y": "1"}), Person("b", {"x": "1", "y": "2"})))
    >>> found = measure_crossings(pool, [WeightedPanel(("a",), 1), WeightedPanel(("b",), 3)])
    >>> [(crossing.second[1], str(crossing.presence)) for crossing in found]
    [('1', '1/4'), ('2', '3/4')]
    """
    names = sorted(features if features is not None else pool.people[0].features)
    crossings_of = {person.id: _cross(person, names) for person in pool.people}
    total = sum(panel.weight for panel in panels)
    keys = sorted({key for keys in crossings_of.values() for key in keys})
    number = {key: place for place, key in enumerate(keys)}
    places_of = {name: [number[key] for key in crossed] for name, crossed in crossings_of.items()}
    people, seats, present = ([0] * len(keys) for _ in range(3))
    for places in places_of.values():
        for place in places:
            people[place] += 1
    for panel in panels:
        counts = np.bincount(
            [place for name in panel.members for place in places_of[name]], minlength=len(keys)
        )
        for place in np.nonzero(counts)[0].tolist():
            seats[place] += panel.weight * int(counts[place])
            present[place] += panel.weight
    return tuple(
        Crossing(*key, people[place], Fraction(seats[place], total), Fraction(present[place], total))
        for place, key in enumerate(keys)
    )


def _cross(person: Person, names: Sequence[str]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    held = [(name, person.features[name]) for name in names]
    return list(combinations(held, 2))
