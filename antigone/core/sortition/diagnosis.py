"""Before anything is drawn: can the targets be met, which conflict, what to change, who is left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.checks import check_pool, check_targets
from antigone.core.sortition.conflicts import Conflict, ConflictFinder
from antigone.core.sortition.errors import SolverGaveUp
from antigone.core.sortition.feasibility import PanelFinder, Side
from antigone.core.sortition.phrases import Say, fill, gettext_noop
from antigone.core.sortition.pool import Pool, Target, Targets
from antigone.core.sortition.progress import Budget, Progress
from antigone.core.sortition.solver import INFEASIBLE, OPTIMAL, add_row, open_panels, run_solver
from antigone.core.sortition.types import Counts, Types, collapse_pool, sort_targets

SEAT_COST = 100
"""What moving a bound by one seat costs."""
RARITY_COST = 20
"""What moving a bound of one seat costs more; a bound of n seats, n times less: spare the small groups."""

IDLE_STEPS = 12
"""How many steps a walk from panel to panel goes on without finding anybody new."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Change:
    """A target, and what it should become."""

    target: Target
    min: int
    max: int

    def explain(self, say: Say = str) -> str:
        """Say the change in words.

        >>> Change(Target("age", "18-29", 8, 9), 6, 9).explain()
        'lower the minimum of “18-29” (age) from 8 to 6'
        """
        target, words = self.target, []
        names = {"value": target.value, "feature": target.feature}
        if self.min != target.min:
            template = gettext_noop("lower the minimum of “{value}” ({feature}) from {before} to {after}")
            words.append(fill(template, names | {"before": target.min, "after": self.min}, say))
        if self.max != target.max:
            template = gettext_noop("raise the maximum of “{value}” ({feature}) from {before} to {after}")
            words.append(fill(template, names | {"before": target.max, "after": self.max}, say))
        return say(gettext_noop(" and ")).join(words)


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody whom no panel can hold, and the targets by which it is so."""

    id: str
    conflict: Conflict

    def explain(self, say: Say = str) -> str:
        """Say why, in words.

        >>> from antigone.core.sortition.conflicts import Bound
        >>> print(Excluded("p7", Conflict((Bound("age", "90+", False, 0),), False)).explain())
        p7 can never be drawn: at most 0 “90+” (age).
        """
        template = gettext_noop("{id} can never be drawn: {bounds}.")
        return fill(template, {"id": self.id, "bounds": self.conflict.list_bounds(say)}, say)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found.

    Where no panel exists, `conflicts` share no bound and each is small (lift any bound of it and it is none);
    `changes` is the cheapest set after which there is a panel (None: the limits of change allow none) and
    `changed` the targets after them. Where one exists, `excluded` names, in the order of ids, whom no panel
    can hold; `unchecked` those for whom time ran out.
    """

    is_feasible: bool
    conflicts: tuple[Conflict, ...] = ()
    changes: tuple[Change, ...] | None = ()
    changed: Targets | None = None
    excluded: tuple[Excluded, ...] = ()
    unchecked: tuple[str, ...] = ()


def diagnose(
    pool: Pool,
    targets: Targets,
    households: bool = False,
    *,
    flexibility: Mapping[tuple[str, str], tuple[int, int]] | None = None,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Diagnosis:
    """Say whether panels exist, and what stands in the way.

    All answers are exact: a panel is shown, or the integer programme proves that there is none. With
    `households`, a household sends at most one person. `flexibility` limits the proposed changes: (feature,
    value) → the lowest minimum, the highest maximum. Nothing depends on the order of people or targets.
    Raise InvalidTargets, InvalidPool, Cancelled, or SolverGaveUp where `time_limit` (seconds) passes before
    it is known whether a panel exists.

    >>> from antigone.core.sortition.pool import Person
    >>> pool = Pool(tuple(Person(str(n), {"age": "old" if n else "new"}) for n in range(4)))
    >>> found = diagnose(pool, Targets(2, (Target("age", "new", 2, 2), Target("age", "old", 0, 2))))
    >>> print(found.conflicts[0].explain(), found.changes[0].explain())
    No panel can have at least 2 “new” (age). lower the minimum of “new” (age) from 2 to 1
    """
    check_targets(targets)
    check_pool(pool, targets, households=households)
    targets = sort_targets(targets)
    types = collapse_pool(pool, targets, households=households)
    budget = Budget(time_limit, progress)
    finder = PanelFinder(types, budget)
    panel = finder.find_panel()
    if panel is not None:
        excluded, unchecked = _find_excluded(finder, targets, panel)
        return Diagnosis(True, excluded=excluded, unchecked=unchecked)
    if not finder.is_certain:
        raise SolverGaveUp(task="looked for a panel", status="time limit")
    changes = find_changes(types, targets, flexibility or {}, budget)
    return Diagnosis(
        False,
        _find_conflicts(finder, targets),
        changes,
        None if changes is None else _apply(targets, changes),
    )


def _find_conflicts(finder: PanelFinder, targets: Targets) -> tuple[Conflict, ...]:
    search = ConflictFinder(finder, targets)
    lifted: list[Side] = []
    found: list[Conflict] = []
    while finder.find_panel(lifted) is None and finder.is_certain:
        finder.budget.tell("conflicts", len(found), len(found) + 1)
        sides, by_households = search.find_conflict(lifted)
        lifted += sides
        found.append(search.describe(sides, by_households))
    return tuple(found)


def find_changes(
    types: Types, targets: Targets, flexibility: Mapping[tuple[str, str], tuple[int, int]], budget: Budget
) -> tuple[Change, ...] | None:
    """Give the cheapest changes of bounds after which there is a panel, by one integer programme; None if none.

    `targets` are in the order of the rows. A bound of n seats costs `SEAT_COST` + `RARITY_COST` // n for each
    seat it moves. Raise SolverGaveUp where time runs out.
    """
    solver = open_panels(types, integer=True, budget=budget)
    first = len(types)
    for row, target in enumerate(targets.targets, 1):
        least, most = flexibility.get((target.feature, target.value), (0, types.size))
        columns = np.nonzero(types.matrix[row])[0]
        ones = np.ones(len(columns) + 1)
        for bound, room in ((target.min, target.min - least), (target.max, most - target.max)):
            cost = SEAT_COST + RARITY_COST // max(1, bound)
            solver.addCol(float(cost), 0.0, float(max(0, room)), 0, np.array([], np.int32), np.array([]))
        lowered = first + 2 * (row - 1)
        solver.changeRowBounds(row, float(target.min), highspy.kHighsInf)
        solver.changeCoeff(row, lowered, 1.0)
        ones[-1] = -1.0
        add_row(solver, -highspy.kHighsInf, float(target.max), np.append(columns, lowered + 1), ones)
    extra = 2 * len(targets.targets)
    kinds = np.array([highspy.HighsVarType.kInteger] * extra)
    solver.changeColsIntegrality(extra, np.arange(first, first + extra, dtype=np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("time_limit", budget.left)
    status = run_solver(solver, "looked for the cheapest changes")
    if status == INFEASIBLE:
        return None
    if status != OPTIMAL:
        raise SolverGaveUp(task="looked for the cheapest changes", status="time limit")
    moves = np.rint(np.array(solver.getSolution().col_value)[first:]).astype(int).reshape(-1, 2).tolist()
    return tuple(
        Change(target, target.min - lowered, target.max + raised)
        for target, (lowered, raised) in zip(targets.targets, moves, strict=True)
        if lowered or raised
    )


def _apply(targets: Targets, changes: tuple[Change, ...]) -> Targets:
    new = {
        change.target: Target(change.target.feature, change.target.value, change.min, change.max)
        for change in changes
    }
    return Targets(targets.size, tuple(new.get(target, target) for target in targets.targets))


def _find_excluded(
    finder: PanelFinder, targets: Targets, panel: Counts
) -> tuple[tuple[Excluded, ...], tuple[str, ...]]:
    """Check each type: a panel that holds it, or the proof that there is none."""
    types, search = finder.types, ConflictFinder(finder, targets)
    is_open = _walk(types, panel, np.ones(len(types), dtype=bool))
    reasons: list[tuple[list[Side], bool]] = []
    excluded: list[Excluded] = []
    unchecked: list[str] = []
    for t in range(len(types)):
        if not is_open[t]:
            continue
        finder.budget.tell("people", t, len(types))
        found = None if finder.budget.is_spent else finder.find_panel(seated=t, costs=-is_open.astype(float))
        if found is not None:
            is_open = _walk(types, found, is_open)
        elif finder.budget.is_spent or not finder.is_certain:
            unchecked += types.members[t]
        else:
            known = [reason for reason in reasons if search.is_explained(*reason, seated=t)]
            reason = known[0] if known else search.find_conflict(seated=t)
            reasons += [] if known else [reason]
            excluded += [Excluded(name, search.describe(*reason)) for name in types.members[t]]
    return tuple(sorted(excluded, key=lambda item: item.id)), tuple(sorted(unchecked))


def _walk(types: Types, panel: Counts, is_open: Bools) -> Bools:
    """Tell which types (T,) are still open after a walk from panel to panel, one person replaced at each step.

    Each step seats a type that was seated least often; the walk ends after some steps that found nothing new.
    """
    panel, is_open = panel.copy(), is_open & (panel == 0)
    seatings = (panel > 0).astype(np.int64)
    idle = 0
    while is_open.any() and idle < IDLE_STEPS:
        leaving, can_enter = _find_swaps(types, panel)
        found = is_open & can_enter.any(axis=0)
        idle = 0 if found.any() else idle + 1
        is_open &= ~found
        ways = can_enter.any(axis=0)
        if not ways.any():
            break
        entering = int(np.argmin(np.where(ways, seatings, len(seatings) * IDLE_STEPS)))
        leaves = leaving[can_enter[:, entering]]
        leaver = int(leaves[np.argmax(seatings[leaves])])
        panel[leaver] -= 1
        panel[entering] += 1
        seatings[entering] += 1
    return is_open


def _find_swaps(types: Types, panel: Counts) -> tuple[Counts, Bools]:
    """Give the types that sit (S,), and whether one of them may be replaced by each type (S, T)."""
    rows = types.matrix @ panel
    sitting = np.nonzero(panel)[0]
    # Nobody leaves a row without seats: most rows of households are such.
    is_tight_above, is_tight_below = rows >= types.upper, (rows <= types.lower) & (rows > 0)
    matrix = types.matrix.astype(np.float32)
    above, below = matrix[is_tight_above], matrix[is_tight_below]
    # A row at its maximum is passed by who has it and replaces who has not; at its minimum, the other way.
    passes = (1 - above[:, sitting]).T @ above + below[:, sitting].T @ (1 - below)
    can_enter = passes == 0
    can_enter[:, panel >= types.counts] = False
    return sitting, can_enter
