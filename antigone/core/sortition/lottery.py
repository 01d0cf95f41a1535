"""m equal panels that give everybody the floor or the ceiling of m times their chance: three digits draw one.

Panels are chosen among those of the distribution one after the other, each making up for what those before it
missed (herding), which leaves few types a seat or two off. Then chains of exchanges carry a seat from a type that
has too many to one that has room: at each step one panel replaces one person by another and still meets all
targets, so that only the two ends of the chain change (augmenting paths, as in bipartite matching). What chains leave,
an integer programme mends by replacing one panel or two at once; where that does not help, all begins again elsewhere.
Where very much is off, panels are replaced so before any chain is sought.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import highspy
import numpy as np

from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.phrases import Say, fill, gettext_noop
from antigone.core.sortition.pool import Pool, Targets
from antigone.core.sortition.progress import Budget, Progress
from antigone.core.sortition.rotation import seat_people
from antigone.core.sortition.sampling import find_face, open_stream
from antigone.core.sortition.solver import (
    INFINITY,
    OPTIMAL,
    add_row,
    bound_rows,
    let_stop,
    open_solver,
    run_solver,
)
from antigone.core.sortition.types import Counts, Flags, Floats, Types, collapse_pool

SLACK = Fraction(1, 10**6)
"""Ball counts this near to a whole number are that number: weights are exact to 1e-9 only."""
NOISE = 0.02
"""How much chance weighs against one seat too many when a panel is replaced."""
PATIENCE = 25
"""After so many panels replaced one by one in vain, another lottery is begun."""
TOGETHER = 2
"""How many panels are replaced at once where one alone does not help."""
HURRY = 2
"""After so many panels replaced one by one in vain, several are replaced at once."""
BULK = 30
"""Over so many seats outside their limits, whole panels are replaced first: chains carry one seat each."""
WORTHWHILE = 3
"""So many seats a panel replaced in bulk must bring."""
GAP = 0.1
"""How far from the best a replacement may be: many good ones do more than a few best ones."""
ATTEMPTS = 30
"""How many lotteries are begun at most, from another choice of panels each; the best is kept."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """Panels numbered from 0, each as likely, and in how many of them each person sits (by id, in order).

    `best_minimum` is what nobody can exceed for the person who sits in fewest panels, whatever the m panels:
    were there better, drawing one of them would beat the certified bound on the smallest chance. `outside` are the
    people whose count is neither the floor nor the ceiling of m times their chance: nobody, nearly always.
    """

    panels: tuple[tuple[str, ...], ...]
    balls: Mapping[str, int]
    best_minimum: int
    outside: tuple[str, ...]

    @property
    def minimum(self) -> int:
        """In how many panels the person sits who sits in fewest."""
        return min(self.balls.values())

    @property
    def is_best(self) -> bool:
        """Whether no m panels could give that person one more."""
        return self.minimum >= self.best_minimum

    def explain(self, say: Say = str) -> str:
        """Say the proof in words."""
        template = gettext_noop(
            "Everybody sits in {minimum} of {number} panels or more; "
            "no {number} panels can give everybody {more}."
        )
        words = {"minimum": self.minimum, "number": len(self.panels), "more": self.best_minimum + 1}
        return fill(template, words, say)

    def list_sheet(self) -> list[tuple[str, tuple[str, ...]]]:
        """Give what is printed: each panel under the digits that draw it, as many digits for all.

        >>> Lottery((("a",), ("b",)), {"a": 1, "b": 1}, 1, ()).list_sheet()
        [('0', ('a',)), ('1', ('b',))]
        """
        width = len(str(len(self.panels) - 1))
        return [(f"{number:0{width}}", panel) for number, panel in enumerate(self.panels)]


def make_lottery(
    pool: Pool,
    targets: Targets,
    panels: Sequence[WeightedPanel],
    *,
    bound: Fraction,
    number: int = 1000,
    households: bool = False,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Lottery:
    """Turn weighted panels into `number` equal ones, each of which meets the targets.

    `bound` is the certified most that the smallest chance can be. Work stops after `time_limit` seconds: then
    some people may be `outside`. The same input gives the same panels, in any order of rows. Raises Cancelled.

    >>> from antigone.core.sortition.pool import Person, Target
    >>> pool = Pool((Person("a", {"f": "v"}), Person("b", {"f": "v"})))
    >>> panels = [WeightedPanel(("a",), 1), WeightedPanel(("b",), 1)]
    >>> lottery = make_lottery(pool, Targets(1, (Target("f", "v", 1, 1),)), panels, bound=Fraction(1, 2), number=10)
    >>> lottery.balls, lottery.is_best
    ({'a': 5, 'b': 5}, True)
    """
    types = collapse_pool(pool, targets, households=households)
    total = sum(panel.weight for panel in panels)
    columns, held = _count_types(types, panels)
    seats = [Fraction(weight, total) for weight in held]
    shares = [number * x / len(ids) for x, ids in zip(seats, types.members, strict=True)]
    least = [floor(share + SLACK) for share in shares]
    most = [ceil(share - SLACK) for share in shares]
    expected = np.array([float(x) for x in seats])
    limits = np.array(least) * types.counts, np.array(most) * types.counts
    best = _even_out(types, columns, expected, limits, number, Budget(time_limit, progress))
    drawn = seat_people(types, best)
    counter = Counter(name for panel in drawn for name in panel)
    balls = {name: counter[name] for name in sorted(person.id for person in pool.people)}
    outside = sorted(
        name
        for ids, low, high in zip(types.members, least, most, strict=True)
        for name in ids
        if not low <= balls[name] <= high
    )
    return Lottery(tuple(drawn), balls, floor(number * bound), tuple(outside))


def _even_out(
    types: Types,
    columns: Counts,
    seats: Floats,
    limits: tuple[Counts, Counts],
    number: int,
    budget: Budget,
) -> Counts:
    """Return `number` panels of types whose sums are within the limits, or as near as some attempts come."""
    # A panel off the face of the targets wastes seats that those with the smallest chance need.
    face = find_face(types, seats)
    best, fewest = columns, INFINITY
    for attempt in range(ATTEMPTS):
        stream = open_stream(attempt)
        start = columns[_herd(columns, seats, types.counts, number, stream.normal(size=len(types)), budget)]
        exchange = _Exchange(face, start, *limits, stream)
        exchange.run(budget)
        if exchange.measure() < fewest:
            best, fewest = exchange.panels, exchange.measure()
        if not fewest or budget.is_spent:
            break
    return best


def _count_types(types: Types, panels: Sequence[WeightedPanel]) -> tuple[Counts, list[int]]:
    """Give the distinct panels by types (S, T), sorted, and the whole weight that each type's seats have in all."""
    type_of = {name: t for t, ids in enumerate(types.members) for name in ids}
    weights: dict[tuple[int, ...], int] = {}
    for panel in panels:
        seated = tuple(sorted(type_of[name] for name in panel.members))
        weights[seated] = weights.get(seated, 0) + panel.weight
    keys = sorted(weights)
    held = [0] * len(types)
    columns = np.zeros((len(keys), len(types)), dtype=np.int64)
    for row, seated in enumerate(keys):
        np.add.at(columns[row], list(seated), 1)
        for t in seated:
            held[t] += weights[seated]
    return columns, held


def _herd(
    columns: Counts, seats: Floats, counts: Counts, number: int, missing: Floats, budget: Budget
) -> list[int]:
    """Choose panels one by one, each the one that best makes up for what those before it missed; `missing` at first.

    Where time is over, those chosen so far are repeated. Raises Cancelled.
    """
    pull = np.ascontiguousarray((columns / counts).T)
    gain = seats @ pull
    scores = missing @ pull
    chosen: list[int] = []
    for _ in range(number):
        budget.tell("lottery", 0, len(seats))
        scores += gain
        best = int(np.argmax(scores))
        chosen.append(best)
        if budget.is_spent:
            return (chosen * number)[:number]
        seated = np.nonzero(columns[best])[0]
        scores -= columns[best, seated] @ pull[seated]
    return chosen


class _Exchange:
    """m panels of types, whose sums over all panels are brought within `least` and `most`."""

    def __init__(
        self, types: Types, panels: Counts, least: Counts, most: Counts, stream: np.random.Generator
    ) -> None:
        self.types, self.panels = types, panels.copy()
        self.least, self.most = least, most
        self.sums = self.panels.sum(axis=0)
        self.rows = self.panels @ types.matrix.T
        self.matrix = types.matrix.astype(np.float32)
        self.stream = stream

    def run(self, budget: Budget) -> None:
        """Bring every type within its limits; leave off when time is over or nothing has helped for long."""
        alone, together = (
            _Mender(self.types, 1, budget),
            _Mender(self.types, min(TOGETHER, len(self.panels)), budget),
        )
        while (missed := self.measure()) > BULK and not budget.is_spent:
            self._mend(alone, budget)
            if self.measure() > missed - WORTHWHILE:
                break
        self._follow_chains(budget)
        idle = 0
        while (missed := self.measure()) and idle < PATIENCE and not budget.is_spent:
            self._mend(together if idle >= HURRY else alone, budget)
            self._follow_chains(budget)
            idle = 0 if self.measure() < missed else idle + 1

    def _miss(self) -> Counts:
        """Give by how many seats each type (T,) is outside its limits."""
        missed: Counts = np.maximum(np.maximum(self.sums - self.most, self.least - self.sums), 0)
        return missed

    def measure(self) -> int:
        """Return how many seats are outside the limits of their types."""
        return int(self._miss().sum())

    def _mend(self, mender: "_Mender", budget: Budget) -> None:
        """Replace some panels by others: many exchanges at once, none for the worse.

        Among those that help as much, chance chooses: even where none helps, the chains may go further after it.
        """
        budget.tell("lottery", int((self._miss() == 0).sum()), len(self.sums))
        over, under = self.sums > self.most, self.sums < self.least
        places = self._choose_places(mender.number, over)
        old = self.panels[places].sum(axis=0)
        others = self.sums - old
        lowest = np.minimum(old, self.least - others)
        highest = np.maximum(old, self.most - others)
        cost = over.astype(float) - under + NOISE * self.stream.random((len(places), len(self.sums)))
        found = mender.solve(lowest, highest, cost, budget)
        if found is None:
            return
        self.panels[places] = found
        self.sums = others + found.sum(axis=0)
        self.rows[places] = found @ self.types.matrix.T

    def _choose_places(self, number: int, over: Flags) -> Counts:
        """Choose the panels to replace; the first holds types that have too many: the most, where those are many."""
        held = (self.panels[:, over] > 0).sum(axis=1)
        if over.sum() > BULK:
            first = int(np.argmax(held + self.stream.random(len(held))))
        else:
            first = int(self.stream.choice(np.nonzero(held)[0] if held.any() else len(held)))
        others = np.delete(np.arange(len(held)), first)
        return np.array([first, *self.stream.permutation(others)[: number - 1]])

    def _follow_chains(self, budget: Budget) -> None:
        """Carry seats along chains, the type that is furthest off first, while that helps."""
        blocked = np.zeros(len(self.sums), dtype=bool)
        while not budget.is_spent:
            missed = np.where(blocked, 0, self._miss())
            t = int(np.argmax(missed))
            if not missed[t]:
                return
            if not self._carry(t, gives=bool(self.sums[t] > self.most[t])):
                blocked[t] = True

    def _carry(self, start: int, *, gives: bool) -> bool:
        """Move one seat from (or, without `gives`, to) a type along the shortest chain; tell whether there was one."""
        has_room = self.sums < self.most if gives else self.sums > self.least
        is_urgent = self.sums < self.least if gives else self.sums > self.most
        came_from: dict[int, tuple[int, int]] = {start: (-1, -1)}
        layer = [start]
        while layer:
            following: list[int] = []
            for t in layer:
                panel_of = self._find_exchanges(t, gives=gives)
                reached = [int(b) for b in np.nonzero(panel_of >= 0)[0] if int(b) not in came_from]
                came_from |= {b: (t, int(panel_of[b])) for b in reached}
                ends = sorted((b for b in reached if has_room[b]), key=lambda b: (not is_urgent[b], b))
                if ends:
                    self._apply(ends[0], came_from, gives=gives)
                    return True
                following += reached
            layer = following
        return False

    def _find_exchanges(self, t: int, *, gives: bool) -> Counts:
        """Give for each type (T,) the first panel where it may take the seat of `t` (or give its own), or -1."""
        sits = self.panels[:, t] > 0
        places = np.nonzero(sits if gives else self.panels[:, t] < self.types.counts[t])[0]
        at_top = self.rows[places] >= self.types.upper
        at_bottom = self.rows[places] <= self.types.lower
        own = self.matrix[:, t] > 0
        # A row at its maximum forbids to gain, one at its minimum to lose.
        gained, lost = (at_top & ~own, at_bottom & own) if gives else (at_bottom & ~own, at_top & own)
        forbidden = gained.astype(np.float32) @ self.matrix + lost.astype(np.float32) @ (1 - self.matrix)
        panels = self.panels[places]
        allowed = (forbidden == 0) & (panels < self.types.counts if gives else panels > 0)
        allowed[:, t] = False
        if not len(places):
            return np.full(len(self.sums), -1)
        return np.where(allowed.any(axis=0), places[allowed.argmax(axis=0)], -1)

    def _apply(self, end: int, came_from: Mapping[int, tuple[int, int]], *, gives: bool) -> None:
        """Make the exchanges of a chain from its end; stop where an earlier one made the next impossible."""
        there = end
        while True:
            before, panel = came_from[there]
            if before < 0:
                return
            leaving, entering = (before, there) if gives else (there, before)
            row = self.rows[panel] - self.types.matrix[:, leaving] + self.types.matrix[:, entering]
            if (
                (row < self.types.lower).any()
                or (row > self.types.upper).any()
                or self.panels[panel, leaving] == 0
            ):
                return
            self.panels[panel, leaving] -= 1
            self.panels[panel, entering] += 1
            self.sums[leaving] -= 1
            self.sums[entering] += 1
            self.rows[panel] = row
            there = before


class _Mender:
    """The integer programme whose points are `number` panels at once, with bounds on the sum of each type."""

    def __init__(self, types: Types, number: int, budget: Budget) -> None:
        self.number, self.shape = number, (number, len(types))
        self.solver = open_solver()
        size = number * len(types)
        columns = np.arange(size).reshape(self.shape)
        self.solver.addVars(size, np.zeros(size), np.tile(types.counts.astype(float), number))
        self.counts = types.counts
        for t in range(len(types) if number > 1 else 0):
            add_row(self.solver, 0.0, INFINITY, columns[:, t], np.ones(number))
        for place in columns:
            for row, lower, upper in zip(types.matrix, types.lower, types.upper, strict=True):
                seats = np.nonzero(row)[0]
                add_row(self.solver, float(lower), float(upper), place[seats], row[seats])
        kinds = np.array([highspy.HighsVarType.kInteger] * size)
        self.solver.changeColsIntegrality(size, np.arange(size, dtype=np.int32), kinds)
        self.solver.setOptionValue("mip_rel_gap", GAP)
        let_stop(self.solver, budget)

    def solve(self, lowest: Counts, highest: Counts, cost: Floats, budget: Budget) -> Counts | None:
        """Return the panels (number, T) of least cost with sums within the bounds; None where time is over."""
        size = cost.size
        if self.number > 1:
            bound_rows(self.solver, lowest.astype(float), highest.astype(float))
        else:
            bounds = np.maximum(lowest, 0).astype(float), np.minimum(highest, self.counts).astype(float)
            self.solver.changeColsBounds(size, np.arange(size, dtype=np.int32), *bounds)
        self.solver.changeColsCost(size, np.arange(size, dtype=np.int32), cost.ravel())
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + budget.left)
        if run_solver(self.solver, "evened out the lottery") != OPTIMAL:
            return None
        found: Counts = np.rint(np.array(self.solver.getSolution().col_value)).astype(np.int64)
        return found.reshape(self.shape)
