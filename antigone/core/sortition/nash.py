"""Nash: the product of the chances is made as large as it can be, and so is their geometric mean.

At the relaxation's maximum the multipliers λ of the rows price a seat of type t at `a_t = (λA)_t = 1 / p_t`, where
nobody sits for certain. The logarithm lies under its tangents: no distribution q has `Σ q_i / p_i` over `β`, hence
(means of numbers being at least those of their logarithms) none has a geometric mean over `β / n` times that of p.
"""

import numpy as np

from antigone.core.sortition.convex import Logs, maximise_logs, pick_independent
from antigone.core.sortition.hull import Ceiling, Hull
from antigone.core.sortition.leeway import Leeway
from antigone.core.sortition.mixture import Bound, Mixture
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.types import Floats, Types

SLIGHT, CLEAN = 1e-6, 1e-11
NARROW = 1e-9
"""Bounds that are closer, in parts of a type's people, are one value."""


def solve_nash(types: Types, leeway: Leeway) -> tuple[Floats, Floats] | None:
    """Return the expected seats (T,) of the relaxation's Nash in a leeway and the multipliers of rows, or None."""
    matrix, seats = types.matrix, leeway.seats.copy()
    free = np.nonzero(leeway.least < leeway.most)[0]
    if len(free) == 0:
        return seats, np.zeros(len(matrix))
    loose = np.nonzero(leeway.lower < leeway.upper)[0]
    number = len(free)
    rows = np.hstack([matrix[:, free], np.zeros((len(matrix), len(loose)))])
    rows[loose, number + np.arange(len(loose))] = -1
    fixed = np.where(leeway.least < leeway.most, 0.0, seats)
    tight = np.nonzero(leeway.lower == leeway.upper)[0]
    kept = np.append(tight[pick_independent(rows[tight])], loose)
    problem = Logs(
        types.counts[free].astype(float),
        rows[kept],
        (np.where(leeway.lower < leeway.upper, 0.0, leeway.lower) - matrix @ fixed)[kept],
        np.concatenate([leeway.least[free], leeway.lower[loose]]),
        np.concatenate([leeway.most[free], leeway.upper[loose]]),
    )
    found = maximise_logs(problem, np.concatenate([seats[free], (matrix @ seats)[loose]]))
    if found is None:
        return None
    seats[free] = found[0][:number]
    multipliers = np.zeros(len(matrix))
    multipliers[kept] = found[1]
    return seats, multipliers


class NashBlend:
    """Mixes panels by the product of the chances, each type within bounds on its seats."""

    def __init__(self, types: Types, least: Floats, most: Floats) -> None:
        self.types, self.least, self.most = types, least, most
        self.unit = float(types.counts[most > 0].sum())

    def mix(self, panels: Floats, budget: Budget) -> tuple[Floats, Floats] | None:
        """Return the weights of panels that are best, and the price of a seat of each type."""
        mixed = self._mix(panels, budget)
        if mixed is None:
            return None
        # A path ends at a distance from panels that are worth no weight, though not less than those that are.
        kept = np.nonzero(mixed[0] > SLIGHT)[0]
        again = self._mix(panels[kept], budget) if len(kept) < len(panels) else None
        if again is None:
            return mixed
        weights, price = np.zeros(len(panels)), again[1]
        weights[kept] = again[0]
        values = panels @ price
        return (weights, price) if values.max() - values @ weights <= CLEAN * self.unit else mixed

    def _mix(self, panels: Floats, budget: Budget) -> tuple[Floats, Floats] | None:
        narrow = NARROW * self.types.counts
        free = np.nonzero(self.most - self.least > narrow)[0]
        if len(free) == 0:
            return None
        held = np.nonzero((self.most > 0) & (self.most - self.least <= narrow))[0]
        number, size = len(free), len(panels)
        whole = np.vstack([np.ones((1, size)), panels[:, held].T])
        kept = pick_independent(whole)
        rows = np.zeros((number + len(kept), number + size))
        rows[np.arange(number), np.arange(number)] = 1
        rows[:number, number:] = -panels[:, free].T
        rows[number:, number:] = whole[kept]
        right = np.append(1.0, (self.least + self.most)[held] / 2)[kept]
        right = np.concatenate([np.zeros(number), right])
        problem = Logs(
            self.types.counts[free].astype(float),
            rows,
            right,
            np.concatenate([self.least[free], np.zeros(size)]),
            np.concatenate([self.most[free], np.full(size, np.inf)]),
        )
        middle = np.where(
            np.isfinite(self.most), (self.least + self.most) / 2, self.least + panels.mean(axis=0)
        )
        start = np.concatenate([middle[free], np.full(size, 1 / size)])
        found = maximise_logs(problem, start, budget)
        if found is None:
            return None
        weights = np.maximum(found[0][number:], 0.0)
        price = np.zeros(len(self.types))
        price[free] = found[1][:number]
        price[held[kept[1:] - 1]] = -found[1][number + 1 :]
        return weights / weights.sum(), price


def price_seats(types: Types, seats: Floats) -> Floats:
    """Return the slope of the sum of the logarithms of all chances: zero for who never sits.

    >>> from antigone.core.sortition.pool import Person, Pool, Targets
    >>> from antigone.core.sortition.types import collapse_pool
    >>> types = collapse_pool(Pool((Person("a", {}), Person("b", {}))), Targets(1, ()))
    >>> price_seats(types, np.array([1.0])).tolist()
    [2.0]
    """
    return np.where(seats > 0, types.counts / np.where(seats > 0, seats, 1.0), 0.0)


def bound_nash(types: Types, seats: Floats, multipliers: Floats, leeway: Leeway) -> Bound:
    """Return the multipliers that bound the Nash at `seats`.

    Those of the path prove nothing where a row was held to one value that its own bounds do not hold it to.
    """
    if leeway.is_open:
        return multipliers, ()
    ceiling = Ceiling(types, seats > 0)
    ceiling.reach(price_seats(types, seats))
    return ceiling.multipliers[0], ()


def search_nash(types: Types, found: Floats, seed: int, budget: Budget) -> Mixture:
    """Return the Nash over panels, starting from those found so far. Raises Infeasible where there is none."""
    hull = Hull(types, found, seed, budget)
    most = np.where(hull.is_seated, np.inf, 0.0)
    hull.climb(NashBlend(types, np.zeros(len(types)), most))
    levels, bound, cuts = hull.prove(price_seats(types, hull.weights @ hull.panels))
    return Mixture(hull.panels, hull.weights, levels, bound, cuts)
