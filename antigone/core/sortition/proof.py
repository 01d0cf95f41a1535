"""Exact proofs, in whole numbers, that no panels could do better.

Whatever numbers λ multiply the rows of a problem, `a = λA` and `ceiling = Σ λ⁺ upper - λ⁻ lower` hold the inequality
`a·c <= ceiling` for every panel c: a proof needs no trust in who found it, and no tolerance. Numbers are whole
multiples of 1 / SCALE, so that only integers are added and compared.

Cuts are inequalities that hold for whole panels, though not for the relaxation. Each carries a tree: inner nodes
part the panels by the seats of one group, leaves bound what is left by multipliers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

SCALE = 1 << 80
Multipliers = tuple[tuple[int, int], ...]
"""(row, numerator over SCALE), rows after the last of the problem are cuts."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Multipliers of rows that bound the cut among the panels of this branch."""

    multipliers: Multipliers


@dataclass(frozen=True, slots=True)
class Branch:
    """Panels with at most `seats` people of a group, and those with more."""

    group: int
    seats: int
    less: "Branch | Leaf"
    more: "Branch | Leaf"


@dataclass(frozen=True, slots=True)
class Cut:
    """Whole `coefficients` by group whose sum over the seats of any panel is at most `bound`."""

    coefficients: Mapping[int, int]
    bound: int
    proof: Branch | Leaf


@dataclass(frozen=True, slots=True)
class Problem:
    """Groups of identical people: how many, in which rows; and what each row must sum to."""

    counts: Sequence[int]
    rows_of: Sequence[Sequence[int]]
    lower: Sequence[int]
    upper: Sequence[int]

    def combine(self, multipliers: Multipliers, cuts: Sequence[Cut] = ()) -> tuple[list[int], int]:
        """Return `a` by group and `ceiling`, times SCALE: `a·panel <= ceiling` for every panel.

        Raises ValueError for a row that does not exist, or a cut used the wrong way round.
        """
        rows = len(self.lower)
        weight = [0] * rows
        sums, ceiling = [0] * len(self.counts), 0
        for row, number in multipliers:
            if not 0 <= row < rows + len(cuts) or (row >= rows and number < 0):
                raise ValueError(f"multiplier of row {row}")
            if row < rows:
                weight[row] += number
                ceiling += number * (self.upper[row] if number > 0 else self.lower[row])
                continue
            cut = cuts[row - rows]
            ceiling += number * cut.bound
            for group, coefficient in cut.coefficients.items():
                sums[group] += number * coefficient
        return [a + sum(weight[row] for row in of) for a, of in zip(sums, self.rows_of, strict=True)], ceiling

    def is_proved(
        self, cut: Cut, least: Sequence[int] | None = None, most: Sequence[int] | None = None
    ) -> bool:
        """Return whether the tree of a cut proves it for all panels, or for those between `least` and `most`."""
        aim = [0] * len(self.counts)
        for group, coefficient in cut.coefficients.items():
            aim[group] = coefficient * SCALE
        # A whole sum under bound + 1 is at most bound.
        return self._is_under(
            cut.proof, aim, (cut.bound + 1) * SCALE, list(least or [0] * len(aim)), list(most or self.counts)
        )

    def _is_under(
        self, node: Branch | Leaf, aim: list[int], limit: int, least: list[int], most: list[int]
    ) -> bool:
        if isinstance(node, Leaf):
            sums, ceiling = self.combine(node.multipliers)
            for want, a, low, high in zip(aim, sums, least, most, strict=True):
                ceiling += (want - a) * (high if want > a else low)
            return ceiling < limit
        less, more = most.copy(), least.copy()
        less[node.group] = min(less[node.group], node.seats)
        more[node.group] = max(more[node.group], node.seats + 1)
        return self._is_under(node.less, aim, limit, least, less) and self._is_under(
            node.more, aim, limit, more, most
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """What a distribution gives: `seats[t] / total` expected seats for group t, of `counts[t]` people."""

    problem: Problem
    seats: Sequence[int]
    total: int
    cuts: Sequence[Cut] = ()

    def chance(self, group: int) -> Fraction:
        """Return the chance of each person of a group."""
        return Fraction(self.seats[group], self.problem.counts[group] * self.total)

    def measure_level(
        self, earlier: Sequence[int], level: Sequence[int], multipliers: Multipliers
    ) -> Fraction:
        """Return the most that a group of a level could gain if nobody of it, nor of earlier ones, lost anything."""
        weights, slack = self._support([*earlier, *level], multipliers)
        return max(self._gain(group, weights[group], slack) for group in level)

    def _gain(self, group: int, weight: int, slack: int) -> Fraction:
        certain = 1 - self.chance(group)
        if weight == 0:
            return certain
        return min(certain, Fraction(slack, weight * self.problem.counts[group] * self.total))

    def measure_bound(self, earlier: Sequence[int], multipliers: Multipliers) -> Fraction:
        """Return what the smallest chance of the other groups cannot exceed if the earlier ones lose nothing."""
        others = sorted({*range(len(self.seats))} - {*earlier})
        weights, slack = self._support([*earlier, *others], multipliers)
        people = sum(weights[group] * self.problem.counts[group] for group in others)
        if people == 0:
            return Fraction(1)
        reached = sum(weights[group] * self.seats[group] for group in others)
        return min(Fraction(1), Fraction(slack + reached, people * self.total))

    def is_never_seated(self, groups: Sequence[int], multipliers: Multipliers) -> bool:
        """Return whether no panel has anybody of these groups: one seat would already be more than the ceiling."""
        weights, slack = self._support(groups, multipliers)
        return all(self.seats[group] == 0 and slack < weights[group] * self.total for group in groups)

    def measure_nash(self, never: Sequence[int], multipliers: Multipliers) -> Fraction:
        """Return by which part the geometric mean of the chances of all but `never` may be under the best one.

        Means of numbers are at least those of their logarithms: the best is at most `max Σ q / p` over the number of
        people times this one.
        """
        sums, ceiling = self.problem.combine(multipliers, self.cuts)
        others = sorted({*range(len(sums))} - {*never})
        if not all(self.seats[group] for group in others):
            return Fraction(1)
        for group in others:
            count = self.problem.counts[group]
            inverse = -(-SCALE * count * self.total // self.seats[group])
            ceiling += max(0, inverse - sums[group]) * count
        people = sum(self.problem.counts[group] for group in others)
        return 1 - Fraction(people * SCALE, ceiling)

    def measure_goldilocks(self, never: Sequence[int], multipliers: Multipliers) -> Fraction:
        """Return by which part `largest / mean + mean / smallest` may be over the least one, of all but `never`.

        Where `rise · smallest - fall · largest <= ceiling` holds for every distribution, the sum is at least
        `2 √(rise / fall) - ceiling / (fall · mean)`, its minimum over all numbers that keep the inequality.
        """
        sums, ceiling = self.problem.combine(multipliers, self.cuts)
        others = sorted({*range(len(sums))} - {*never})
        chances = [self.chance(group) for group in others]
        smallest, largest = min(chances), max(chances)
        if smallest == 0:
            return Fraction(1)
        counts = self.problem.counts
        mean = Fraction(self.problem.lower[0], sum(counts[group] for group in others))
        rise = sum(max(0, sums[group]) * counts[group] for group in others)
        fall = sum(max(0, -sums[group]) * counts[group] for group in others)
        least, root = Fraction(2), isqrt(rise * fall)
        if root:
            least = max(least, Fraction(2 * root, fall) - ceiling / (fall * mean))
            if root * mean >= ceiling + fall:
                # That minimum has somebody's chance over 1.
                least = max(least, 1 / mean + mean * rise / (ceiling + fall))
        return 1 - least / (largest / mean + mean / smallest)

    def _support(self, groups: Sequence[int], multipliers: Multipliers) -> tuple[list[int], int]:
        """Return weights y >= 0 on groups, and by how much Σ y·seats could rise, times SCALE and total."""
        sums, ceiling = self.problem.combine(multipliers, self.cuts)
        weights = [0] * len(sums)
        for group in groups:
            weights[group] = max(0, sums[group])
        for weight, a, count in zip(weights, sums, self.problem.counts, strict=True):
            ceiling += max(0, weight - a) * count
        return weights, ceiling * self.total - sum(y * s for y, s in zip(weights, self.seats, strict=True))


def scale_multipliers(numbers: Sequence[float], first: int = 0) -> Multipliers:
    """Return floats as whole multiples of 1 / SCALE; those that are but noise are left out.

    >>> scale_multipliers([0.5, 1e-17]) == ((0, SCALE // 2),)
    True
    """
    return tuple(
        (first + row, int(Fraction(number) * SCALE))
        for row, number in enumerate(numbers)
        if abs(number) > 1e-13
    )
