"""Where a point of the relaxation can be: bounds on seats and rows, and who never sits at all.

Targets may leave a row, or a type, but one value without saying so: the minima of one feature that sum to the size hold
each of its values to its minimum. An interior path needs to know; so does an objective that no zero may enter.
"""

from dataclasses import dataclass, replace

import highspy
import numpy as np

from antigone.core.sortition.errors import Infeasible
from antigone.core.sortition.hull import Ceiling
from antigone.core.sortition.leximin import Level
from antigone.core.sortition.solver import INFEASIBLE, INFINITY, add_row, open_panels, run_solver
from antigone.core.sortition.types import Counts, Flags, Floats, Types

DISTANCE = 0.02
"""How far from each bound a point within is sought, in parts of what lies between."""
HELD = 1e-8
"""Nearer than this to a bound, a number of seats is held to it."""


@dataclass(frozen=True, eq=False)
class Leeway:
    """Bounds `least <= seats <= most` by type and `lower <= matrix @ seats <= upper` by row, without any to spare.

    Whatever is held to one value has both bounds equal; `seats` (T,) is strictly within all others. `is_open` says
    that nothing is held but by bounds that were given.
    """

    seats: Floats
    least: Floats
    most: Floats
    lower: Floats
    upper: Floats
    is_open: bool

    @property
    def is_seated(self) -> Flags:
        """Which types ever sit."""
        return self.most > 0


def find_leeway(types: Types, least: Floats, most: Floats) -> Leeway:
    """Return what is left between bounds on the seats of types. Raises Infeasible where the relaxation has no point.

    One linear programme asks every number to keep its distance from every bound: who cannot never can, since the
    middle of all points that can is a point too.
    """
    size = len(types)
    lower, upper = types.lower.astype(float), types.upper.astype(float)
    solver = open_panels(types, integer=False)
    solver.changeColsBounds(size, np.arange(size, dtype=np.int32), least, most)
    for t in np.nonzero(least < most)[0]:
        _keep_away(solver, np.array([t]), np.ones(1), float(least[t]), float(most[t]))
    for row in np.nonzero(lower < upper)[0]:
        columns = np.nonzero(types.matrix[row])[0]
        _keep_away(solver, columns, types.matrix[row, columns], float(lower[row]), float(upper[row]))
    if run_solver(solver, "looked for leeway") == INFEASIBLE:
        raise Infeasible(size=types.size)
    seats = np.array(solver.getSolution().col_value)[:size]
    sums = types.matrix @ seats
    inside = Leeway(seats, *_hold(seats, least, most), *_hold(sums, lower, upper), is_open=True)
    is_open = all(
        (new == old).all()
        for new, old in zip(
            (inside.least, inside.most, inside.lower, inside.upper), (least, most, lower, upper), strict=True
        )
    )
    return replace(inside, is_open=is_open)


def _keep_away(solver: highspy.Highs, columns: Counts, values: Floats, lower: float, upper: float) -> None:
    """Ask a sum to keep its distance from both its bounds."""
    distance, away = solver.getNumCol(), DISTANCE * (upper - lower)
    solver.addVar(0.0, away)
    solver.changeColCost(distance, -1.0 / away)
    columns = np.append(columns, distance)
    add_row(solver, lower, INFINITY, columns, np.append(values, -1.0))
    add_row(solver, -INFINITY, upper, columns, np.append(values, 1.0))


def _hold(sums: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return bounds that hold to one value what came no further from them."""
    is_low, is_high = sums <= lower + HELD, sums >= upper - HELD
    return np.where(is_high & ~is_low, upper, lower), np.where(is_low, lower, upper)


def prove_never_seated(types: Types, leeway: Leeway) -> tuple[Level, ...]:
    """Return at most one level: the types that never sit, with the multipliers that prove it."""
    is_never = leeway.most <= 0
    if not is_never.any():
        return ()
    ceiling = Ceiling(types, np.ones(len(types), dtype=bool))
    ceiling.reach(is_never.astype(float))
    return (Level(np.nonzero(is_never)[0], 0.0, ceiling.multipliers[0]),)
