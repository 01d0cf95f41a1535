"""Leximin of the relaxation: the smallest chance is made as large as it can be, then the next, to the last.

The relaxation forgets that panels are whole: a point gives each type t a number x_t of expected seats, within the
rows (size, targets, households) and 0 <= x_t <= n_t. It has one column a type and one row a target, so that a level
takes a millisecond. No distribution over panels can do better; where panels reach it, it *is* the leximin.

For each level the multipliers λ of the rows are kept. They make the inequality y·x <= β, with y = λA, which holds for
every panel: the proof that the people of this level cannot have more unless people of this level or of an earlier one
have less (certificate.py).
"""

from dataclasses import dataclass

import numpy as np

from antigone.core.sortition.errors import Infeasible
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.solver import INFEASIBLE, INFINITY, add_row, bound_rows, open_solver, run_solver
from antigone.core.sortition.types import Counts, Floats, Types

CAP = 1e-9
"""Over this many seats beyond a type's people, the row that forbids it is added."""
FIX = 1e-5
"""A type is fixed when its share of a level's multipliers is over this part of an equal one."""


@dataclass(frozen=True, eq=False)
class Level:
    """Types whose chance cannot be more than `value`, and the multiplier of each row that proves it.

    `cuts` are the multipliers of further inequalities that hold for whole panels (two_sided.py).
    """

    types: Counts
    value: float
    multipliers: Floats
    cuts: tuple[tuple[int, float], ...] = ()


class _Relaxation:
    """The programme of one level: x_t = fixed_t + s_t + n_t z for types not fixed; z is maximised."""

    def __init__(self, types: Types) -> None:
        self.types, self.size = types, len(types)
        self.counts = types.counts.astype(float)
        self.fixed = np.zeros(self.size)
        self.is_free = np.ones(self.size, dtype=bool)
        self.capped: dict[int, int] = {}
        solver = self.solver = open_solver(presolve=False)
        solver.addVars(self.size + 1, np.zeros(self.size + 1), np.append(self.counts, 1.0))
        solver.changeColCost(self.size, -1.0)
        for row, lower, upper in zip(types.matrix, types.lower, types.upper, strict=True):
            columns = np.nonzero(row)[0]
            # The solver drops a coefficient of zero, and could not change it later.
            values = np.append(row[columns], row @ self.counts)
            add_row(solver, float(lower), float(upper), np.append(columns, self.size), values)

    def solve(self) -> tuple[float, Floats]:
        """Return z and the x that reaches it, no type over its people."""
        while True:
            if run_solver(self.solver, "raised the smallest chances") == INFEASIBLE:
                raise Infeasible(size=self.types.size)
            values = np.array(self.solver.getSolution().col_value)
            z = float(values[-1])
            x = self.fixed + values[:-1] + np.where(self.is_free, self.counts * z, 0.0)
            over = [int(t) for t in np.nonzero(x > self.counts + CAP)[0] if int(t) not in self.capped]
            if not over:
                return z, x
            for t in over:
                self._cap(t)

    def _cap(self, t: int) -> None:
        """Forbid a type more seats than it has people."""
        self.capped[t] = self.solver.getNumRow()
        columns = np.array([t, self.size])
        slope = self.counts[t] if self.is_free[t] else 0.0
        add_row(self.solver, -INFINITY, self.counts[t] - self.fixed[t], columns, np.array([1.0, slope]))

    def multipliers(self) -> tuple[Floats, Floats]:
        """Return λ by row and what a seat of each type costs at the optimum."""
        solution = self.solver.getSolution()
        rows = len(self.types.matrix)
        return -np.array(solution.row_dual)[:rows], np.array(solution.col_dual)[: self.size]

    def fix(self, chosen: Counts, z: float) -> None:
        """Give types their final chance, and set the programme up for the next level."""
        self.fixed[chosen] = self.counts[chosen] * z
        self.is_free[chosen] = False
        free = np.where(self.is_free, self.counts, 0.0)
        matrix = self.types.matrix
        for row, slope in enumerate(matrix @ free):
            self.solver.changeCoeff(row, self.size, float(slope))
        offset = matrix @ self.fixed
        bound_rows(self.solver, self.types.lower - offset, self.types.upper - offset)
        for t, row in self.capped.items():
            self.solver.changeCoeff(row, self.size, float(free[t]))
            self.solver.changeRowBounds(row, -INFINITY, float(self.counts[t] - self.fixed[t]))


def solve_relaxation(
    types: Types, budget: Budget, *, levels: int | None = None
) -> tuple[Floats, list[Level]]:
    """Return the expected seats (T,) of the relaxation's leximin and its levels, the smallest chance first.

    With `levels`, stop after so many: the x is then one that reaches them. Raises Infeasible where even the
    relaxation has no point, Cancelled, SolverGaveUp.
    """
    relaxation = _Relaxation(types)
    found: list[Level] = []
    last = 0.0
    x = np.zeros(len(types))
    while relaxation.is_free.any() and (levels is None or len(found) < levels):
        budget.tell("levels", len(types) - int(relaxation.is_free.sum()), len(types))
        z, x = relaxation.solve()
        multipliers, costs = relaxation.multipliers()
        shares = (
            np.where(relaxation.is_free, np.minimum(multipliers @ types.matrix, costs), 0.0) * types.counts
        )
        chosen = shares > FIX / relaxation.is_free.sum()
        if z > 1 - 1e-10:
            z, chosen, multipliers = 1.0, relaxation.is_free.copy(), np.zeros(len(multipliers))
        elif not chosen.any():
            chosen = shares == shares.max()
        last = max(last, z)
        found.append(Level(np.nonzero(chosen)[0], last, multipliers))
        relaxation.fix(np.nonzero(chosen)[0], last)
    return (x if relaxation.is_free.any() else relaxation.fixed), found
