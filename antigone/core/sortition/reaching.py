"""Whether panels reach given expected seats, found by columns: the way where sampling finds too few panels at once.

The mixture of the panels found is raised to z times the seats, z as large as it can be: since all panels have as many
members, z = 1 is the seats themselves. The price of the programme asks for better panels, on the face of the targets
that the seats lie on; where the best panel for a price is worth less than the seats, panels do not reach them.
"""

import numpy as np

from antigone.core.sortition.cutting import Pricer
from antigone.core.sortition.decompose import polish_weights, weigh_panels
from antigone.core.sortition.errors import Infeasible, SolverGaveUp
from antigone.core.sortition.mixture import Mixture
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.sampling import EFFORTS, Sampler, find_face, open_stream
from antigone.core.sortition.solver import (
    INFINITY,
    OPTIMAL,
    add_panels,
    add_row,
    open_solver,
    run_solver,
)
from antigone.core.sortition.types import Floats, Types

UNIT = 1000.0
"""Weights sum to this: the solver's tolerances are absolute."""
NEAR = 1e-11
SAMPLES, KEPT = 96, 25


def reach_seats(
    types: Types, seats: Floats, found: Floats, seed: int, budget: Budget
) -> tuple[Mixture | None, Floats]:
    """Return a mixture with exactly these expected seats, and all panels found; None where there is none, or no time.

    `found` are panels to start from.
    """
    search = _Reach(types, seats, found, seed, budget)
    try:
        while search.solve() and not budget.is_spent:
            budget.tell("panels", len(search.panels), len(search.panels) + 1)
            if search.z >= 1 - NEAR:
                return search.weigh(), np.array(search.panels)
            if not search.sample() and not search.price(budget):
                break
    except (Infeasible, SolverGaveUp):
        pass  # No panel lies on the face: the search from inside and outside says more.
    return None, np.array(search.panels).reshape(-1, len(types))


class _Reach:
    """Column z, rows `panels_t - x_t z >= 0`, weights that sum to UNIT."""

    def __init__(self, types: Types, seats: Floats, found: Floats, seed: int, budget: Budget) -> None:
        self.seats, self.size = seats, len(types)
        self.face = find_face(types, seats)
        self.least, self.most = np.floor(seats + 1e-7), np.ceil(seats - 1e-7)
        self.sampler = Sampler(self.face, open_stream(seed), EFFORTS[1])
        self.pricer = Pricer(self.face, budget)
        is_fixed = (self.least == self.most) & ((self.least == 0) | (self.least == types.counts))
        fixed = np.nonzero(is_fixed)[0].astype(np.int32)
        self.pricer.solver.changeColsBounds(len(fixed), fixed, self.least[fixed], self.most[fixed])
        solver = self.solver = open_solver(presolve=False)
        for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            solver.setOptionValue(option, 1e-10)
        solver.addVar(0, UNIT)
        solver.changeColCost(0, -1.0)
        for x in seats:
            add_row(solver, 0.0, INFINITY, np.array([0]), np.array([-x]))
        add_row(solver, UNIT, UNIT, np.array([]), np.array([]))
        self.panels: list[Floats] = []
        self.known: set[bytes] = set()
        self.add(found)

    def add(self, panels: Floats) -> int:
        """Add the panels that are new; return how many are."""
        new = []
        for panel in panels:
            key = panel.astype(np.int16).tobytes()
            if key not in self.known:
                self.known.add(key)
                new.append(panel)
        if new:
            add_panels(self.solver, np.array(new))
            self.panels += new
        return len(new)

    def solve(self) -> bool:
        """Raise z; return whether the solver could."""
        if not self.panels:
            self.z, self.value, self.duals = 0.0, 0.0, self.seats / self.size
            return True
        is_optimal = run_solver(self.solver, "weighed panels") == OPTIMAL
        solution = self.solver.getSolution()
        self.columns, duals = np.array(solution.col_value) / UNIT, np.array(solution.row_dual)
        self.z, self.value, self.duals = float(self.columns[0]), -float(duals[-1]), np.maximum(duals[:-1], 0)
        return is_optimal

    def sample(self) -> int:
        """Add panels that the sampler, tilted by the price, finds worth more than those known."""
        aim = np.clip(self.seats + 1e-3, self.least, self.most)
        tilt = 3.0 * self.duals / max(float(self.duals.max()), 1e-12)
        panels = self.sampler.sample(aim, SAMPLES, self.least, self.most, tilt).astype(float)
        if len(panels) == 0:
            return 0
        panels = np.unique(panels, axis=0)
        values = panels @ self.duals
        best = np.argsort(-values, kind="stable")[:KEPT]
        return self.add(panels[best[values[best] > self.value + 1e-7]])

    def price(self, budget: Budget) -> int:
        """Add the best panel; nothing where the best is worth less than the seats: then they are out of reach."""
        panel, value = self.pricer.find_best(self.duals, budget)
        if panel is None or value < float(self.duals @ self.seats) - 1e-7:
            return 0
        return self.add(panel[None])

    def weigh(self) -> Mixture:
        """Weigh many panels nearly alike where that is possible, else those that the programme uses."""
        panels = np.array(self.panels)
        weighed = weigh_panels(panels.astype(np.int32), self.seats)
        if weighed is not None:
            return Mixture(*weighed)
        weights = np.maximum(self.columns[1:], 0.0)
        return Mixture(panels, polish_weights(panels, self.seats, weights / weights.sum()))
