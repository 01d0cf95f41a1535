"""Goldilocks: no chance too small and none too large (Baharav and Flanigan 2024, arXiv 2406.15009, with γ = 1).

In units of the mean chance c of those who can sit, `largest / c + c / smallest` is made as small as it can be. The
smallest largest chance is a convex function, in pieces of lines, of the smallest chance: each slope at which one is
traded for the other is one linear programme, and a few of them find the place where the sum turns.

One pair (smallest, largest) is best, and many distributions reach it. Among them the product of the chances is made
as large as it can be (nash.py), so that the result is one.
"""

from dataclasses import dataclass

import numpy as np

from antigone.core.sortition.hull import Hull
from antigone.core.sortition.mixture import Mixture
from antigone.core.sortition.nash import NashBlend
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.solver import INFINITY, add_panels, add_row, open_solver, run_solver
from antigone.core.sortition.types import Counts, Flags, Floats, Types

SAME = 1e-12
"""Values of the programme that differ by less are one."""
HOLDS = 1e-7
TINY = 1e-5
LOOSE = 1e-10
BEYOND = 1e-10
"""Over this many seats beyond the largest chance, the row that forbids it is added."""


def _turn(smallest: float) -> float:
    """Return the slope at which the sum turns at a smallest chance."""
    return 1 / max(smallest, TINY) ** 2


@dataclass(frozen=True, eq=False)
class _Corner:
    """Smallest and largest chance in units of the mean, what is behind them (seats or weights), the prices of rows."""

    smallest: float
    largest: float
    columns: Floats
    prices: Floats

    def cost(self, slope: float) -> float:
        """Return what the linear programme of a slope minimises."""
        return self.largest - slope * self.smallest


@dataclass(frozen=True, eq=False)
class Band:
    """The best smallest and largest chance, in units of the mean; who is held to each, and the prices that prove it.

    `columns` are what is behind the chances: the weights of panels, where there are panels.
    """

    smallest: float
    largest: float
    columns: Floats
    prices: Floats


class _Programme:
    """Columns smallest, largest and s_t: `seats_t = n_t c smallest + s_t <= n_t c largest`."""

    def __init__(self, types: Types, is_seated: Flags) -> None:
        self.types = types
        people = np.where(is_seated, types.counts, 0).astype(float)
        self.shares = people * types.size / people.sum()
        self.capped: set[int] = set()
        solver = self.solver = open_solver(presolve=False)
        for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            solver.setOptionValue(option, 1e-10)
        mean = types.size / float(people.sum())
        solver.addVars(2, np.array([0.0, 1.0]), np.array([1.0, 1 / mean]))
        solver.changeColCost(1, 1.0)
        size = len(types)
        solver.addVars(size, np.zeros(size), people)

    def minimise(self, slope: float) -> _Corner:
        """Return the corner that trades the largest for the smallest chance at a slope."""
        self.solver.changeColCost(0, -slope)
        while True:
            run_solver(self.solver, "narrowed the chances")
            solution = self.solver.getSolution()
            values = np.array(solution.col_value)
            smallest, largest = float(values[0]), float(values[1])
            over = values[2 : 2 + len(self.types)] - self.shares * (largest - smallest)
            beyond = [int(t) for t in np.nonzero(over > BEYOND)[0] if int(t) not in self.capped]
            if not beyond:
                return _Corner(smallest, largest, values[2 + len(self.types) :], -np.array(solution.row_dual))
            for t in beyond:
                self.capped.add(t)
                share = float(self.shares[t])
                columns = np.array([0, 1, t + 2])
                add_row(self.solver, -INFINITY, 0.0, columns, np.array([share, -share, 1.0]))

    def narrow(self) -> Band:
        """Return the smallest and largest chance whose sum, one turned over, is least."""
        low = self.minimise(1.0)
        high = self.minimise(_turn(low.smallest))
        while high.smallest - low.smallest > SAME:
            slope = (high.largest - low.largest) / (high.smallest - low.smallest)
            between = self.minimise(slope)
            if between.cost(slope) > low.cost(slope) - SAME:
                return self._divide(low, high, slope, between)
            if slope * between.smallest**2 < 1:
                low = between
            else:
                high = between
        return self._settle(low)

    def _divide(self, low: _Corner, high: _Corner, slope: float, between: _Corner) -> Band:
        """Return the best place on the line from one corner to another."""
        smallest = slope**-0.5
        if smallest <= low.smallest:
            return self._settle(low)
        if smallest >= high.smallest:
            return self._settle(high)
        part = (smallest - low.smallest) / (high.smallest - low.smallest)
        columns = (1 - part) * low.columns + part * high.columns
        largest = (1 - part) * low.largest + part * high.largest
        return Band(smallest, largest, columns, between.prices)

    def _settle(self, corner: _Corner) -> Band:
        """Return a corner, with the prices of the slope that turns there."""
        prices = self.minimise(_turn(corner.smallest)).prices
        return Band(corner.smallest, corner.largest, corner.columns, prices)


class _Relaxed(_Programme):
    """Seats are any that meet the rows."""

    def __init__(self, types: Types, is_seated: Flags) -> None:
        super().__init__(types, is_seated)
        for row, lower, upper in zip(types.matrix, types.lower, types.upper, strict=True):
            columns = np.nonzero(row)[0]
            values = np.append(row @ self.shares, row[columns])
            add_row(self.solver, float(lower), float(upper), np.append(0, columns + 2), values)


class _Mixed(_Programme):
    """Seats come from panels with weights."""

    def __init__(self, types: Types, is_seated: Flags) -> None:
        super().__init__(types, is_seated)
        for t, share in enumerate(self.shares):
            add_row(self.solver, 0.0, 0.0, np.array([0, t + 2]), np.array([-share, -1.0]))
        add_row(self.solver, 1.0, 1.0, np.array([]), np.array([]))
        self.number = 0

    def add(self, panels: Floats) -> None:
        """Add panels after those that are known."""
        add_panels(self.solver, panels[self.number :])
        self.number = len(panels)


def narrow_chances(types: Types, is_seated: Flags) -> Band:
    """Return the relaxation's best smallest and largest chance; its prices are the multipliers of rows."""
    band = _Relaxed(types, is_seated).narrow()
    return Band(band.smallest, band.largest, band.columns, band.prices[: len(types.matrix)])


def bound_seats(
    types: Types, is_seated: Flags, band: Band, price: Floats, *, slack: float = 0.0
) -> tuple[Floats, Floats]:
    """Return the least and most seats of each type in a band; one value for those whose price holds them there."""
    people = np.where(is_seated, types.counts, 0).astype(float)
    shares = people * types.size / people.sum()
    least, most = (
        shares * band.smallest * (1 - slack),
        np.minimum(shares * band.largest * (1 + slack), people),
    )
    return np.where(price < -HOLDS, most, least), np.where(price > HOLDS, least, most)


class GoldilocksBlend:
    """Mixes panels by the smallest and the largest chance."""

    unit = 1.0

    def __init__(self, types: Types, is_seated: Flags) -> None:
        self.programme = _Mixed(types, is_seated)
        self.size = len(types)
        self.band: Band | None = None

    def mix(self, panels: Floats, budget: Budget) -> tuple[Floats, Floats] | None:
        """Return the weights of panels that are best, and the price of a seat of each type."""
        self.programme.add(panels)
        self.band = self.programme.narrow()
        weights = np.maximum(self.band.columns, 0.0)
        return weights / weights.sum(), -self.band.prices[: self.size]


def search_goldilocks(types: Types, found: Floats, seed: int, budget: Budget) -> Mixture:
    """Return the Goldilocks over panels, starting from those found so far. Raises Infeasible where there is none."""
    hull = Hull(types, found, seed, budget)
    blend = GoldilocksBlend(types, hull.is_seated)
    price = hull.climb(blend)
    weights = hull.weights
    if blend.band is not None and not hull.is_late:
        least, most = bound_seats(types, hull.is_seated, blend.band, price, slack=LOOSE)
        hull.climb(NashBlend(types, least, most))
        if not _keeps(hull.weights @ hull.panels, least, most, types.counts):
            hull.weights = np.append(weights, np.zeros(len(hull.panels) - len(weights)))
    levels, bound, cuts = hull.prove(price)
    return Mixture(hull.panels, hull.weights, levels, bound, cuts)


def _keeps(seats: Floats, least: Floats, most: Floats, counts: Counts) -> bool:
    """Return whether seats keep their bounds, up to what numbers cannot tell apart."""
    return bool(((seats >= least - LOOSE * counts) & (seats <= most + LOOSE * counts)).all())
