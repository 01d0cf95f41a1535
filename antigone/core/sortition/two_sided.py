"""Leximin where panels do not reach the relaxation: from inside and from outside at once.

The inner programme mixes the panels found so far: what it reaches is real. The outer one is the relaxation with cuts:
what it cannot reach, nobody can. A level is driven until both agree. The price of the inner one (smoothed towards the
last that cut, Wentges 1997) asks for better panels: the sampler, tilted by it, gives many at once; only where it finds
none, an integer programme gives the best, whose value is a new cut.

A level has two phases: raise the smallest chance; then raise everybody left above it by a little, which leaves as the
level exactly those whom nothing can raise.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from antigone.core.sortition.cutting import FINE, SLACK, Pricer, prove_cut, round_price
from antigone.core.sortition.decompose import polish_weights
from antigone.core.sortition.errors import SolverGaveUp
from antigone.core.sortition.leximin import Level
from antigone.core.sortition.mixture import Bound, Mixture
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.proof import Cut
from antigone.core.sortition.sampling import EFFORTS, Sampler, open_stream
from antigone.core.sortition.solver import (
    INFINITY,
    OPTIMAL,
    add_panels,
    add_row,
    bound_rows,
    open_solver,
    run_solver,
)
from antigone.core.sortition.types import Counts, Floats, Types

AGREE = 2e-10
UNIT = 1000.0
"""Weights sum to this and not to 1, and costs are per person: the solver's tolerances are absolute."""
KEEP = 1e-13
"""By how much a chance that was reached may fall short: what the solver can just tell apart."""
SLACKS = (KEEP, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1.0)
"""Tried in turn at the end: each level gives back what rounding took from the one before it."""
PATIENCE = 10.0
"""Seconds that a first panel may take, whatever the time limit."""
CLIMB = 0.75
"""The share of the time for finding levels; the rest is for proving cuts."""
RAISE = 1e-3
RAISED = 1e-6
SMOOTHING = 0.5
SAMPLES, KEPT = 96, 25


def solve_two_sided(types: Types, found: Floats, seed: int, budget: Budget, levels: int | None) -> Mixture:
    """Return the leximin over panels, or its first `levels`, starting from the panels found so far.

    Raises Infeasible where no panel meets all rows.
    """
    search = _Search(types, found, seed, budget)
    search.climb(levels)
    return search.conclude(levels)


class _Programme:
    """Columns z and u_t, rows `seats_t - n_t z - n_t u_t >= n_t p_t`; where the seats come from, subclasses say.

    Inside the solver all of these are UNIT times as large.
    """

    def __init__(self, types: Types) -> None:
        self.types, self.size = types, len(types)
        self.counts = types.counts.astype(float)
        self.solver = open_solver(presolve=False)
        for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self.solver.setOptionValue(option, 1e-10)
        # Costs as they are: perturbed ones leave their noise in the multipliers.
        self.solver.setOptionValue("dual_simplex_cost_perturbation_multiplier", 0.0)
        self.solver.addVar(0, UNIT)
        self.solver.addVars(self.size, np.zeros(self.size), np.zeros(self.size))

    def aim(self, chances: Floats, climbing: Floats, raised: Floats) -> None:
        """Keep `chances`; maximise z of the types `climbing`, or else the sum by which people `raised` rise."""
        numbers = np.arange(self.size + 1, dtype=np.int32)
        people = float(self.counts @ climbing)
        self.unit = UNIT * max(1.0, people)
        self.solver.changeColsCost(self.size + 1, numbers, np.append(-people, -self.counts * raised))
        for t in range(self.size):
            self.solver.changeCoeff(t, 0, -float(self.counts[t]) * float(climbing[t]))
        floor = UNIT * self.counts * np.maximum(np.where(climbing, 0.0, chances), 0.0)
        bound_rows(self.solver, floor, np.full(self.size, INFINITY))
        self.solver.changeColsBounds(self.size, numbers[1:], np.zeros(self.size), UNIT * RAISE * raised)

    def solve(self) -> float:
        """Return the maximum, minus infinity where the chances to keep cannot be kept."""
        try:
            self.is_optimal = run_solver(self.solver, "weighed panels") == OPTIMAL
        except SolverGaveUp:
            self.is_optimal = False
        self.solution = self.solver.getSolution()
        return (
            -float(self.solver.getInfo().objective_function_value) / self.unit
            if self.is_optimal
            else -math.inf
        )

    @property
    def price(self) -> Floats:
        """What one more seat of each type is worth."""
        price: Floats = np.maximum(np.array(self.solution.row_dual)[: self.size], 0.0)
        return price

    @property
    def columns(self) -> Floats:
        """The values of z, u and the seats or weights."""
        return np.array(self.solution.col_value) / UNIT


class _Inner(_Programme):
    """Seats come from panels with weights."""

    def __init__(self, types: Types) -> None:
        super().__init__(types)
        for t, count in enumerate(self.counts):
            add_row(self.solver, 0.0, INFINITY, np.array([0, t + 1]), np.array([-count, -count]))
        add_row(self.solver, UNIT, UNIT, np.array([]), np.array([]))

    @property
    def threshold(self) -> float:
        """The price over which a panel is worth adding."""
        return -float(self.solution.row_dual[self.size])


class _Outer(_Programme):
    """Seats are any that meet the rows and the cuts."""

    def __init__(self, types: Types) -> None:
        super().__init__(types)
        size = self.size
        self.solver.addVars(size, np.zeros(size), UNIT * self.counts)
        for t, count in enumerate(self.counts):
            columns = np.array([0, t + 1, size + 1 + t])
            add_row(self.solver, 0.0, INFINITY, columns, np.array([-count, -count, 1.0]))
        for row, lower, upper in zip(types.matrix, types.lower, types.upper, strict=True):
            columns = np.nonzero(row)[0]
            add_row(self.solver, UNIT * lower, UNIT * upper, columns + size + 1, row[columns])

    def cut(self, coefficients: Floats, bound: float) -> None:
        """Add an inequality that all panels keep."""
        columns = np.nonzero(coefficients)[0]
        add_row(self.solver, -INFINITY, UNIT * bound, columns + self.size + 1, coefficients[columns])

    def read_multipliers(self, units: Sequence[float]) -> Bound:
        """Read the multipliers of rows, and of the cuts whose largest coefficients are `units`."""
        duals, rows = -np.array(self.solution.row_dual)[self.size :], len(self.types.matrix)
        cuts = tuple(
            (number, float(dual) / unit)
            for number, (dual, unit) in enumerate(zip(duals[rows:], units, strict=True))
            if dual > 1e-12
        )
        return duals[:rows], cuts

    @property
    def seats(self) -> Floats:
        """The expected seats."""
        return self.columns[self.size + 1 :]


@dataclass(frozen=True, eq=False)
class _WholeCut:
    coefficients: Counts
    bound: int

    def scale(self) -> tuple[Floats, float]:
        """Return both with the largest coefficient 1."""
        unit = float(self.coefficients.max())
        return self.coefficients / unit, self.bound / unit


class _Search:
    """The panels, the cuts and the levels found so far."""

    def __init__(self, types: Types, found: Floats, seed: int, budget: Budget) -> None:
        self.types, self.whole, self.budget = types, budget, budget.part(CLIMB)
        self.sampler = Sampler(types, open_stream(seed), EFFORTS[0])
        self.pricer = Pricer(types, budget)
        self.inner, self.outer = _Inner(types), _Outer(types)
        self.panels: list[Floats] = []
        self.known: set[bytes] = set()
        self.cuts: list[_WholeCut] = []
        self.levels: list[Level] = []
        self.chances = np.zeros(len(types))
        self.is_free = np.ones(len(types), dtype=bool)
        self.bound: Level | None = None
        self.keep = KEEP
        self.add(list(found))
        if not self.panels:
            self.find_first()

    def find_first(self) -> None:
        """Find one panel, if need be after the time limit: it is a distribution. Raises Infeasible, SolverGaveUp."""
        budget = self.whole if self.whole.left > PATIENCE else Budget(PATIENCE)
        panel, _ = self.pricer.find_best(np.ones(len(self.types)), budget)
        if panel is None:
            raise SolverGaveUp(task="looked for a first panel", status="time limit")
        self.add([panel])

    def add(self, panels: list[Floats]) -> int:
        """Add the panels that are new; return how many are."""
        new = []
        for panel in panels:
            key = panel.astype(np.int16).tobytes()
            if key not in self.known:
                self.known.add(key)
                new.append(panel)
        if new:
            add_panels(self.inner.solver, np.array(new))
            self.panels += new
        return len(new)

    def price(self, price: Floats) -> tuple[int, bool]:
        """Find the best panel for a price; return how many panels are new, and whether a cut is."""
        whole = round_price(price)
        unit = float(whole.max())
        panel, value = self.pricer.find_best(whole / unit, self.budget, self.panels)
        if panel is None:
            return 0, False
        new = self.add([panel])
        exact = int(np.rint(panel).astype(np.int64) @ whole)
        bound = exact + (SLACK if whole.max() == FINE else 0)
        if math.isinf(value) or not self.panels or self.outer_seats() @ whole <= bound + 1e-9 * unit:
            return new, False
        self.cuts.append(_WholeCut(whole, bound))
        self.outer.cut(*self.cuts[-1].scale())
        return new, True

    def outer_seats(self) -> Floats:
        """Return the seats of the last outer solution; none before the first."""
        return self.outer.seats if hasattr(self.outer, "solution") else np.zeros(len(self.types))

    def climb(self, levels: int | None) -> None:
        """Find levels until all are found, or time is over."""
        while self.is_free.any() and (levels is None or len(self.levels) < levels):
            self.budget.tell("levels", int((~self.is_free).sum()), len(self.types))
            climbing, nobody = self.is_free.astype(float), np.zeros(len(self.types))
            if not self.agree(climbing, nobody):
                break
            least = max(float(self.inner.columns[0]), self.levels[-1].value if self.levels else 0.0)
            if least > 1 - 1e-9:
                self.fix(self.is_free.copy(), 1.0, proved=False)
                break
            blocked = self.find_blocked(least)
            if blocked is None:
                break
            self.fix(blocked, least)

    def find_blocked(self, least: float) -> Counts | None:
        """Return which free types nothing can raise over `least`."""
        self.chances[self.is_free] = least
        blocked = self.is_free.copy()
        while True:
            if not self.agree(np.zeros(len(blocked)), blocked.astype(float)):
                return None
            raised = blocked & (self.inner.columns[1 : len(blocked) + 1] > RAISED)
            if not raised.any():
                return blocked
            if raised.sum() == blocked.sum():
                return None
            blocked &= ~raised

    def fix(self, chosen: Counts, value: float, *, proved: bool = True) -> None:
        """Give types their final chance, with the multipliers that prove it."""
        self.chances[chosen] = value
        self.is_free &= ~chosen
        rows = np.zeros(len(self.types.matrix))
        types = np.nonzero(chosen)[0]
        self.levels.append(self.read_level(types, value) if proved else Level(types, value, rows))

    def read_level(self, chosen: Counts, value: float) -> Level:
        """Read the multipliers of rows and cuts from the outer programme."""
        units = [float(cut.coefficients.max()) for cut in self.cuts]
        return Level(chosen, value, *self.outer.read_multipliers(units))

    def aim(self, climbing: Floats, raised: Floats) -> None:
        """Set both programmes up; chances that were reached are kept up to what the solver can tell apart."""
        self.inner.aim(self.chances - self.keep, climbing, raised)
        self.outer.aim(self.chances - self.keep, climbing, raised)

    def agree(self, climbing: Floats, raised: Floats) -> bool:
        """Drive both programmes to one value; return False where time is over, or numbers cannot do better."""
        # What was reached is kept up to what the solver can tell apart.
        self.aim(climbing, raised)
        stable = None
        for turn in range(100_000):
            reached, limit = self.inner.solve(), self.outer.solve()
            if climbing.any() and self.outer.is_optimal:
                self.bound = self.read_level(np.nonzero(self.is_free)[0], limit)
            if limit - reached < AGREE:
                return True
            if self.budget.is_spent:
                return False
            if not (self.inner.is_optimal and self.outer.is_optimal):
                if self.keep > 1e-9:
                    return False
                self.keep *= 10
                self.aim(climbing, raised)
                continue
            self.budget.tell("panels", len(self.panels), len(self.panels))
            price = self.inner.price
            sampled = self.sample(price)
            if sampled >= 2:
                continue
            stable = price if stable is None else stable
            smooth = SMOOTHING * stable + (1 - SMOOTHING) * price if turn % 5 else price
            new, is_cut = self.price(smooth)
            if is_cut:
                stable = smooth
            elif not new and not sampled:
                new, is_cut = self.price(price)
                if not new and not is_cut:
                    return limit - reached < 1e-7
        return False

    def sample(self, price: Floats) -> int:
        """Add panels that the sampler, tilted by a price, finds worth more than the threshold."""
        seats = self.outer.seats
        least = np.floor(seats + 1e-9)
        most = np.minimum(np.ceil(seats + 1e-9) + (price > 1e-9), self.inner.counts)
        tilt = 3.0 * price / max(float(price.max()), 1e-12)
        panels = self.sampler.sample(np.clip(seats + 1e-3, least, most), SAMPLES, least, most, tilt)
        if len(panels) == 0:
            return 0
        panels = np.unique(panels, axis=0).astype(float)
        values = panels @ price
        best = np.argsort(-values, kind="stable")[:KEPT]
        return self.add([panels[j] for j in best if values[j] > self.inner.threshold + 1e-6])

    def conclude(self, levels: int | None) -> Mixture:
        """Weigh the panels; keep the levels whose cuts can be proved, and bound what is above them."""
        weights = self.weigh()
        proved = self.prove_cuts()
        numbers = {cut: number for number, cut in enumerate(sorted(proved))}
        kept: list[Level] = []
        for level in self.levels if levels is None else ():
            if any(cut not in numbers for cut, _ in level.cuts):
                break
            kept.append(replace(level, cuts=tuple((numbers[cut], value) for cut, value in level.cuts)))
        panels, cuts = np.array(self.panels), tuple(proved[cut] for cut in sorted(proved))
        if sum(len(level.types) for level in kept) == len(self.types):
            return Mixture(panels, weights, kept, None, cuts)
        return Mixture(panels, weights, kept, self.find_bound(kept, sorted(proved)), cuts)

    def find_bound(self, kept: Sequence[Level], proved: Sequence[int]) -> Bound:
        """Bound the smallest chance of all who are in no level that is kept, by rows and cuts that are proved."""
        outer, climbing, chances = _Outer(self.types), np.ones(len(self.types)), np.zeros(len(self.types))
        for number in proved:
            outer.cut(*self.cuts[number].scale())
        for level in kept:
            climbing[level.types], chances[level.types] = 0.0, level.value
        for slack in SLACKS:
            outer.aim(chances - slack, climbing, np.zeros(len(self.types)))
            outer.solve()
            if outer.is_optimal:
                break
        return outer.read_multipliers([float(self.cuts[number].coefficients.max()) for number in proved])

    def weigh(self) -> Floats:
        """Return weights of the panels that keep all levels, and raise the others as far as the panels found allow."""
        nobody = np.zeros(len(self.types))
        for slack in SLACKS:
            self.inner.aim(self.chances - slack, self.is_free.astype(float), nobody)
            self.inner.solve()
            if self.inner.is_optimal:
                break
        else:
            return np.full(len(self.panels), 1 / len(self.panels))
        weights: Floats = np.maximum(self.inner.columns[len(self.types) + 1 :], 0.0)
        weights /= weights.sum()
        if self.is_free.any():
            return weights
        return polish_weights(np.array(self.panels), self.inner.counts * self.chances, weights)

    def prove_cuts(self) -> dict[int, Cut]:
        """Prove the cuts that levels use, then those of the bound; stop a level at the first that cannot be."""
        proofs: dict[int, Cut] = {}
        chains = [[number for level in self.levels for number, _ in level.cuts]]
        chains.append([number for number, _ in self.bound.cuts] if self.bound is not None else [])
        for chain in chains:
            for done, number in enumerate(chain):
                self.whole.tell("proof", done, len(chain))
                if number in proofs:
                    continue
                cut = self.prove(self.cuts[number])
                if cut is None:
                    break
                proofs[number] = cut
        return proofs

    def prove(self, cut: _WholeCut) -> Cut | None:
        """Prove a cut without the slack that the solver needed, or else with it."""
        tight = cut.bound - SLACK if cut.coefficients.max() == FINE else cut.bound
        for bound in dict.fromkeys((tight, cut.bound)):
            proof = prove_cut(self.types, cut.coefficients, bound, self.whole)
            if proof is not None:
                return proof
        return None
