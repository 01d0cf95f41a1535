"""Whether a panel exists when some bounds are lifted and one type must sit; answered by integers only."""

from collections.abc import Iterable
from dataclasses import dataclass

import highspy
import numpy as np

from antigone.core.sortition.progress import Budget
from antigone.core.sortition.solver import INFEASIBLE, OPTIMAL, open_panels, run_solver
from antigone.core.sortition.types import Counts, Floats, Types

FEASIBLE_POINT = 2
"""HiGHS: the solution it holds meets all rows."""
HIGHEST = 1e9
"""More seats than any panel has: the upper bound of a row that is lifted."""


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """One bound of one row of `Types`: its lower one (a minimum), or its upper one."""

    row: int
    is_lower: bool


class PanelFinder:
    """Finds one panel, or proves that there is none, under bounds that the caller lifts.

    The relaxation answers first, in a millisecond from where it stood; the integer programme only where the
    relaxation has a point that is no panel. Every panel found is checked in integers before it is returned.
    """

    def __init__(self, types: Types, budget: Budget, *, gap: float = 0.1) -> None:
        self.types = types
        self.budget = budget
        self._relaxed = open_panels(types, integer=False)
        self._relaxed.setOptionValue("presolve", "off")
        self._whole = open_panels(types, integer=True, budget=budget)
        self._whole.setOptionValue("mip_rel_gap", gap)
        self.is_certain = True
        """Whether the last answer is proven: false when time ran out before a panel was found."""

    def find_panel(
        self, lifted: Iterable[Side] = (), seated: int = -1, costs: Floats | None = None
    ) -> Counts | None:
        """Give a panel (T,) with at least one person of the type `seated`, or None; `costs` (T,) are minimised.

        With `costs` the panel costs at most `gap` (a share) more than the cheapest.
        """
        lower, upper = self._lift(lifted)
        self.is_certain = True
        relaxed = self._solve(self._relaxed, lower, upper, seated, None)
        if relaxed is None:
            return None
        panel = np.rint(relaxed).astype(np.int64)
        if costs is None and np.abs(panel - relaxed).max() < 1e-6 and self._is_panel(panel, lower, upper):
            return panel
        whole = self._solve(self._whole, lower, upper, seated, costs)
        if whole is None:
            return None
        panel = np.rint(whole).astype(np.int64)
        return panel if self._is_panel(panel, lower, upper) else None

    def find_blame(self, lifted: Iterable[Side], seated: int) -> Counts:
        """Give the rows by which the relaxation has no point, as HiGHS blames them; all rows where it cannot say."""
        lower, upper = self._lift(lifted)
        rows = np.arange(len(self.types.matrix))
        if self._solve(self._relaxed, lower, upper, seated, None) is not None:
            return rows
        _, has_ray, ray = self._relaxed.getDualRay()  # type: ignore[attr-defined]
        return rows[np.abs(np.array(ray)) > 1e-9] if has_ray else rows

    def _lift(self, lifted: Iterable[Side]) -> tuple[Floats, Floats]:
        lower, upper = self.types.lower.astype(float), self.types.upper.astype(float)
        for side in lifted:
            if side.is_lower:
                lower[side.row] = 0.0
            else:
                upper[side.row] = HIGHEST
        return lower, upper

    def _solve(
        self, solver: highspy.Highs, lower: Floats, upper: Floats, seated: int, costs: Floats | None
    ) -> Floats | None:
        rows, count = np.arange(len(lower), dtype=np.int32), len(self.types)
        solver.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]
        columns = np.arange(count, dtype=np.int32)
        least = np.zeros(count)
        if seated >= 0:
            least[seated] = 1.0
        solver.changeColsBounds(count, columns, least, self.types.counts.astype(float))
        solver.changeColsCost(count, columns, np.zeros(count) if costs is None else costs)
        solver.setOptionValue("time_limit", solver.getRunTime() + self.budget.left)
        status = run_solver(solver, "looked for a panel")
        if status == INFEASIBLE:
            return None
        if status != OPTIMAL and solver.getInfo().primal_solution_status != FEASIBLE_POINT:
            self.is_certain = False
            return None
        return np.array(solver.getSolution().col_value)

    def _is_panel(self, panel: Counts, lower: Floats, upper: Floats) -> bool:
        rows = self.types.matrix @ panel
        return bool(
            (rows >= lower).all()
            and (rows <= upper).all()
            and (panel >= 0).all()
            and (panel <= self.types.counts).all()
        )
