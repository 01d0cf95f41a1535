"""The best distribution by a concave objective where panels do not reach the relaxation.

From inside, a `Blend` mixes the panels found so far as well as the objective allows, and prices each type's seats by
the slope of the objective there (von Hohenbalken 1977). From outside, the relaxation with cuts bounds what that price
can reach: as the objective is concave, nothing better lies beyond. Panels of a higher price are sought until both
agree: by the sampler, tilted by the price, and where it finds none by an integer programme, whose value is a new cut.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from antigone.core.sortition.cutting import FINE, SLACK, Pricer, prove_cut, round_price
from antigone.core.sortition.leximin import Level
from antigone.core.sortition.mixture import Bound
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.proof import Cut
from antigone.core.sortition.sampling import EFFORTS, Sampler, open_stream
from antigone.core.sortition.solver import INFINITY, add_row, open_panels, run_solver
from antigone.core.sortition.types import Counts, Flags, Floats, Types

AGREE = 2e-10
SMOOTHING = 0.5
SAMPLES, KEPT = 96, 25
MORE = (0, 8, 64, 4096)
KEEP_FOR_PROOF = 0.3
"""The part of the time that is left for the proof."""


class Blend(Protocol):
    """Mixes panels by an objective."""

    unit: float
    """What one unit of the objective is in prices."""

    def mix(self, panels: Floats, budget: Budget) -> tuple[Floats, Floats] | None:
        """Return the weights (J,) of panels (J, T) that are best, and the price (T,) of a seat; None out of time."""


class Ceiling:
    """The relaxation with cuts: what a price can reach at most, and the multipliers that say so."""

    def __init__(self, types: Types, is_seated: Flags) -> None:
        self.types = types
        self.solver = open_panels(types, integer=False)
        self.solver.setOptionValue("presolve", "off")
        for option in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            self.solver.setOptionValue(option, 1e-10)
        size = len(types)
        most = np.where(is_seated, types.counts, 0).astype(float)
        self.solver.changeColsBounds(size, np.arange(size, dtype=np.int32), np.zeros(size), most)

    def cut(self, coefficients: Floats, bound: float) -> None:
        """Add an inequality that all panels keep."""
        columns = np.nonzero(coefficients)[0]
        add_row(self.solver, -INFINITY, bound, columns, coefficients[columns])

    def drop(self, cut: int) -> None:
        """Take a cut back."""
        row = len(self.types.matrix) + cut
        self.solver.changeRowBounds(row, -INFINITY, INFINITY)

    def reach(self, price: Floats) -> float:
        """Return the most that seats can be worth."""
        size = len(price)
        self.solver.changeColsCost(size, np.arange(size, dtype=np.int32), -price)
        run_solver(self.solver, "bounded an objective")
        return -float(self.solver.getInfo().objective_function_value)

    @property
    def multipliers(self) -> tuple[Floats, Floats]:
        """The multipliers of rows and of cuts at the last maximum."""
        duals = -np.array(self.solver.getSolution().row_dual)
        rows = len(self.types.matrix)
        return duals[:rows], duals[rows:]


@dataclass(frozen=True, eq=False)
class _WholeCut:
    coefficients: Counts
    bound: int


class Hull:
    """The panels and the cuts found so far, whatever the objective; who never sits is known from the start."""

    def __init__(self, types: Types, found: Floats, seed: int, budget: Budget) -> None:
        self.types, self.budget = types, budget
        self.counts = types.counts.astype(float)
        self.sampler = Sampler(types, open_stream(seed), EFFORTS[0])
        self.pricer = Pricer(types, budget)
        self.panels = np.zeros((0, len(types)))
        self.known: set[bytes] = set()
        self.cuts: list[_WholeCut] = []
        self.weights = np.zeros(0)
        self.start = budget.left
        self.add(found)
        self.is_proved_never = self._cover()
        self.is_seated = self.panels.max(axis=0) > 0
        self.ceiling = Ceiling(types, self.is_seated)

    @property
    def is_late(self) -> bool:
        """Whether what time is left is that of the proof."""
        return self.budget.left <= KEEP_FOR_PROOF * self.start

    def add(self, panels: Floats) -> int:
        """Add the panels that are new; return how many are."""
        new = []
        for panel in panels:
            key = panel.astype(np.int16).tobytes()
            if key not in self.known:
                self.known.add(key)
                new.append(panel)
        if new:
            self.panels = np.vstack([self.panels, np.array(new)])
        return len(new)

    def _cover(self) -> bool:
        """Find panels for all types that can sit; return whether the others are known never to."""
        while True:
            wanted = (self.panels.max(axis=0, initial=0) == 0).astype(float)
            if not wanted.any():
                return True
            panel, value = self.pricer.find_best(wanted, self.budget)
            new = 0 if panel is None else self.add(panel[None, :])
            if value < 0.5 or not new:
                return value < 0.5
            if self.is_late:
                return False

    def climb(self, blend: Blend) -> Floats:
        """Mix panels until nothing is left to gain, or time is over; return the price at the end."""
        stable = None
        price = np.zeros(len(self.types))
        for turn in range(100_000):
            self.budget.tell("panels", len(self.panels), len(self.panels))
            mixed = blend.mix(self.panels, self.budget)
            if mixed is None:
                break
            self.weights, price = mixed
            seats = self.weights @ self.panels
            reached = float(price @ seats)
            if self.ceiling.reach(price) - reached <= AGREE * blend.unit or self.is_late:
                break
            sampled = self._sample(price, seats, reached + 1e-6 * blend.unit)
            if sampled >= 2:
                continue
            stable = price if stable is None else stable
            smooth = SMOOTHING * stable + (1 - SMOOTHING) * price if turn % 5 else price
            new, is_cut = self._price(smooth)
            if is_cut:
                stable = smooth
            elif not (new or sampled or any(self._price(price)) or any(self._price(price, is_fine=True))):
                break
        self._fill()
        return price

    def _fill(self) -> None:
        """Give weights to all panels, also when time ran out before the first were found."""
        if len(self.weights) == 0:
            self.weights = np.full(len(self.panels), 1 / len(self.panels))
        self.weights = np.append(self.weights, np.zeros(len(self.panels) - len(self.weights)))

    def _price(self, price: Floats, *, is_fine: bool = False) -> tuple[int, bool]:
        """Find the best panel for a price; return how many panels are new, and whether a cut is."""
        # All panels have the same size: the same panel is best when all seats are worth more.
        more = np.where(self.is_seated, price - price[self.is_seated].min(), 0.0)
        whole = np.rint(more / more.max() * FINE).astype(np.int64) if is_fine else round_price(more)
        unit = float(whole.max())
        panel, value = self.pricer.find_best(whole / unit, self.budget)
        if panel is None:
            return 0, False
        new = self.add(panel[None, :])
        exact = int(np.rint(panel).astype(np.int64) @ whole)
        bound = exact + (SLACK if whole.max() == FINE else 0)
        if np.isinf(value) or self.ceiling.reach(whole / unit) <= bound / unit + 1e-10:
            return new, False
        self.cuts.append(_WholeCut(whole, bound))
        self.ceiling.cut(whole / unit, bound / unit)
        return new, True

    def _sample(self, price: Floats, seats: Floats, threshold: float) -> int:
        """Add panels that the sampler, tilted by a price, finds worth more than a threshold."""
        least = np.floor(seats + 1e-9)
        most = np.where(self.is_seated, np.minimum(np.ceil(seats + 1e-9) + (price > 0), self.counts), 0.0)
        tilt = 3.0 * price / max(float(np.abs(price).max()), 1e-12)
        panels = self.sampler.sample(np.clip(seats + 1e-3, least, most), SAMPLES, least, most, tilt)
        if len(panels) == 0:
            return 0
        distinct: Floats = np.unique(panels, axis=0).astype(np.float64)
        values = distinct @ price
        best = np.argsort(-values, kind="stable")[:KEPT]
        return self.add(distinct[[j for j in best if values[j] > threshold]])

    def prove(self, price: Floats) -> tuple[list[Level], Bound, tuple[Cut, ...]]:
        """Return who never sits, what bounds the price, and the cuts that both need, proved."""
        proofs: dict[int, Cut] = {}
        while True:
            self.ceiling.reach(price)
            rows, values = self.ceiling.multipliers
            used = [number for number, value in enumerate(values) if value > 1e-12]
            missing = [number for number in used if number not in proofs]
            for done, number in enumerate(missing):
                self.budget.tell("proof", done, len(missing))
                proved = self._prove_cut(self.cuts[number])
                if proved is None:
                    self.ceiling.drop(number)
                else:
                    proofs[number] = proved
            if all(number in proofs for number in used):
                break
        order = {number: place for place, number in enumerate(used)}
        pairs = tuple(
            (order[number], float(values[number]) / float(self.cuts[number].coefficients.max()))
            for number in used
        )
        cuts = [proofs[number] for number in used]
        never = np.nonzero(~self.is_seated)[0]
        levels = []
        if len(never) and self.is_proved_never:
            absent = prove_cut(self.types, (~self.is_seated).astype(np.int64), 0, self.budget)
            if absent is not None:
                levels = [Level(never, 0.0, np.zeros(len(self.types.matrix)), ((len(cuts), 1.0),))]
                cuts.append(absent)
        return levels, (rows, pairs), tuple(cuts)

    def _prove_cut(self, cut: _WholeCut) -> Cut | None:
        """Prove a cut, a very fine one with a little more room where its own is less than solvers can tell apart."""
        for more in MORE if cut.coefficients.max() == FINE else MORE[:1]:
            proved = prove_cut(self.types, cut.coefficients, cut.bound + more * SLACK, self.budget)
            if proved is not None:
                return proved
        return None
