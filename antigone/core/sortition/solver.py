"""The one place where HiGHS is opened: one thread, silent, the same answer every time."""

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.errors import Cancelled, SolverGaveUp
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.types import Floats, Types

INFINITY = highspy.kHighsInf
OPTIMAL = highspy.HighsModelStatus.kOptimal
INFEASIBLE = highspy.HighsModelStatus.kInfeasible
OUT_OF_TIME = highspy.HighsModelStatus.kTimeLimit
STOPPED = highspy.HighsModelStatus.kInterrupt


def open_solver(*, presolve: bool = True) -> highspy.Highs:
    """Open an empty programme; without presolve, each run starts from the basis of the one before."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    if not presolve:
        solver.setOptionValue("presolve", "off")
    return solver


def run_solver(solver: highspy.Highs, task: str) -> highspy.HighsModelStatus:
    """Solve; begin again from nothing where HiGHS ended without an answer, which it rarely does.

    Returns optimal, infeasible or out of time. Raises Cancelled (see `open_panels`), SolverGaveUp otherwise.
    """
    for attempt in range(2):
        solver.run()
        status = solver.getModelStatus()
        if status in (OPTIMAL, INFEASIBLE, OUT_OF_TIME):
            return status
        if status == STOPPED:
            raise Cancelled
        if attempt == 0:
            solver.clearSolver()
    raise SolverGaveUp(task=task, status=solver.modelStatusToString(status))


def add_row(solver: highspy.Highs, lower: float, upper: float, columns: NDArray[Any], values: Floats) -> None:
    """Add one row by the numbers and the coefficients of its columns."""
    solver.addRow(lower, upper, len(columns), columns.astype(np.int32), values.astype(np.float64))


def bound_rows(solver: highspy.Highs, lower: Floats, upper: Floats) -> None:
    """Set the bounds of the first rows."""
    numbers = np.arange(len(lower), dtype=np.int32)
    solver.changeRowsBounds(len(lower), numbers, lower, upper)  # type: ignore[attr-defined]


def add_panels(solver: highspy.Highs, panels: Floats, cost: float = 0.0) -> None:
    """Add panels (J, T) as columns of weight ≥ 0 over rows 0..T-1, and over row T, which sums the weights."""
    dense = np.hstack([panels, np.ones((len(panels), 1))])
    panel, row = np.nonzero(dense)
    starts = np.concatenate([[0], np.cumsum(np.bincount(panel, minlength=len(panels)))[:-1]])
    solver.addCols(
        len(panels),
        np.full(len(panels), cost),
        np.zeros(len(panels)),
        np.full(len(panels), INFINITY),
        len(row),
        starts.astype(np.int32),
        row.astype(np.int32),
        dense[panel, row],
    )


def open_panels(types: Types, *, integer: bool, budget: Budget | None = None) -> highspy.Highs:
    """Open the programme whose points are panels (or, relaxed, mixtures of them): one column a type.

    An integer programme may take minutes: with a `budget`, it ends with `Cancelled` soon after somebody asks to stop.
    """
    solver, size = open_solver(), len(types)
    solver.addVars(size, np.zeros(size), types.counts.astype(float))
    for row, lower, upper in zip(types.matrix, types.lower, types.upper, strict=True):
        columns = np.nonzero(row)[0]
        add_row(solver, float(lower), float(upper), columns, row[columns])
    if integer:
        kinds = np.array([highspy.HighsVarType.kInteger] * size)
        solver.changeColsIntegrality(size, np.arange(size, dtype=np.int32), kinds)
    if budget is not None:
        let_stop(solver, budget)
    return solver


def let_stop(solver: highspy.Highs, budget: Budget) -> None:
    """Let an integer programme end with `Cancelled` (see `run_solver`) soon after somebody asks to stop."""

    def check(event: highspy.HighsCallbackEvent) -> None:
        if budget.is_cancelled:
            event.interrupt()

    solver.cbMipInterrupt += check
