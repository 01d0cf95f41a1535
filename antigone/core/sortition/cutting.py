"""Cuts: inequalities that whole panels keep and their relaxation does not, each with its proof.

`Pricer` finds the best panel for a price by integer programme. `prove_cut` finds the same bound again by a tree of
linear programmes whose multipliers are kept, so that a stranger needs no solver (proof.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from antigone.core.sortition.errors import Infeasible
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.proof import Branch, Cut, Leaf, Problem, scale_multipliers
from antigone.core.sortition.solver import (
    INFEASIBLE,
    INFINITY,
    OPTIMAL,
    add_row,
    open_panels,
    open_solver,
    run_solver,
)
from antigone.core.sortition.types import Counts, Floats, Types

FINE = 1 << 44
LARGEST_SMALL = 120
SLACK = 1 << 10
NODES = 8000


def round_price(price: Floats) -> Counts:
    """Return whole coefficients in proportion to a price: small ones where they are exact, else very fine ones.

    >>> round_price(np.array([0.5, 1 / 3, 0.0])).tolist()
    [3, 2, 0]
    """
    unit = price / price[price > 1e-7 * price.max()].min()
    for factor in range(1, LARGEST_SMALL + 1):
        scaled = unit * factor
        if scaled.max() <= 10 * LARGEST_SMALL and np.abs(scaled - np.rint(scaled)).max() < 1e-6 * factor:
            break
    else:
        scaled = price / price.max() * FINE
    whole: Counts = np.rint(scaled).astype(np.int64)
    return whole


class Pricer:
    """Finds the panel of the highest price, exactly."""

    def __init__(self, types: Types, budget: Budget) -> None:
        self.types = types
        self.solver = open_panels(types, integer=True, budget=budget)
        for option, value in (
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 1e-10),
            ("mip_feasibility_tolerance", 1e-9),
        ):
            self.solver.setOptionValue(option, value)

    def find_best(
        self, price: Floats, budget: Budget, known: Sequence[Floats] = ()
    ) -> tuple[Floats | None, float]:
        """Return the best panel found and what no panel can exceed. Raises Infeasible where there is no panel.

        The best of the panels that are `known` is where the search starts.
        """
        size = len(price)
        self.solver.changeColsCost(size, np.arange(size, dtype=np.int32), -price)
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(0.05, budget.left))
        if len(known):
            start = highspy.HighsSolution()
            start.col_value = known[int(np.argmax(np.array(known) @ price))].tolist()
            self.solver.setSolution(start)
        status = run_solver(self.solver, "looked for the best panel")
        if status == INFEASIBLE:
            raise Infeasible(size=self.types.size)
        panel = np.rint(np.array(self.solver.getSolution().col_value))
        sums = self.types.matrix @ panel
        if len(panel) == 0 or (sums < self.types.lower).any() or (sums > self.types.upper).any():
            return None, math.inf
        return panel, float(price @ panel) if status == OPTIMAL else math.inf


def prove_cut(types: Types, coefficients: Counts, bound: int, budget: Budget) -> Cut | None:
    """Return the cut `coefficients @ panel <= bound` with a proof, or None where it takes too many branches."""
    tree = _Tree(types, coefficients, bound, budget)
    proof = tree.grow(np.zeros(len(types)), types.counts.astype(float))
    if proof is None:
        return None
    return Cut({int(t): int(coefficients[t]) for t in np.nonzero(coefficients)[0]}, bound, proof)


def read_problem(types: Types) -> Problem:
    """Return the exact problem of types."""
    rows_of = [np.nonzero(column)[0].tolist() for column in types.matrix.T]
    return Problem(types.counts.tolist(), rows_of, types.lower.tolist(), types.upper.tolist())


@dataclass
class _Tree:
    """Branch and bound whose every leaf is checked in whole numbers before it is kept."""

    types: Types
    coefficients: Counts
    bound: int
    budget: Budget

    def __post_init__(self) -> None:
        size, rows = len(self.types), len(self.types.matrix)
        self.problem, self.nodes = read_problem(self.types), 0
        self.unit = float(self.coefficients.max())
        solver = self.solver = open_solver(presolve=False)
        solver.addVars(size, np.zeros(size), self.types.counts.astype(float))
        solver.changeColsCost(size, np.arange(size, dtype=np.int32), -self.coefficients / self.unit)
        # Every row may be missed at a high cost: a branch without any panel then has multipliers that say so.
        penalty = 100.0 * self.types.size
        solver.addVars(2 * rows, np.zeros(2 * rows), np.full(2 * rows, INFINITY))
        solver.changeColsCost(
            2 * rows, np.arange(size, size + 2 * rows, dtype=np.int32), np.full(2 * rows, penalty)
        )
        for number, row in enumerate(self.types.matrix):
            columns = np.nonzero(row)[0]
            add_row(
                solver,
                float(self.types.lower[number]),
                float(self.types.upper[number]),
                np.append(columns, [size + number, size + rows + number]),
                np.append(row[columns], [1.0, -1.0]),
            )

    def grow(self, least: Floats, most: Floats) -> Branch | Leaf | None:
        """Return the proof for the panels between `least` and `most`."""
        self.nodes += 1
        if self.nodes > NODES or self.budget.is_spent:
            return None
        size, rows = len(self.types), len(self.types.matrix)
        self.solver.changeColsBounds(size, np.arange(size, dtype=np.int32), least, most)
        run_solver(self.solver, "proved a cut")
        solution = self.solver.getSolution()
        leaf = Leaf(scale_multipliers((-np.array(solution.row_dual)[:rows] * self.unit).tolist()))
        cut = Cut(dict(enumerate(self.coefficients.tolist())), self.bound, leaf)
        if self.problem.is_proved(cut, least.astype(int).tolist(), most.astype(int).tolist()):
            return leaf
        x = np.array(solution.col_value)[:size]
        distance = np.abs(x - np.floor(x) - 0.5) + (most <= least)
        group = int(distance.argmin())
        if distance[group] > 0.5 - 1e-7:
            return None
        seats = math.floor(x[group])
        lower, upper = most.copy(), least.copy()
        lower[group], upper[group] = seats, seats + 1
        less = self.grow(least, lower)
        more = self.grow(upper, most) if less is not None else None
        return None if less is None or more is None else Branch(group, seats, less, more)
