"""Seats that fell free → who may take them, as fairly as the first draw: leximin given those who stay."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from antigone.core.sortition.diagnosis import Change, Excluded, diagnose
from antigone.core.sortition.errors import Infeasible
from antigone.core.sortition.objectives import Distribution, Objective, distribute
from antigone.core.sortition.phrases import Say, fill, gettext_noop
from antigone.core.sortition.pool import Pool, Target, Targets
from antigone.core.sortition.progress import Progress


@dataclass(frozen=True, eq=False)
class Candidates:
    """Who may take the free seats: those of `pool` whom `targets` leave a chance, and what the others lack.

    `changes` are those of the targets of the whole panel without which nobody could complete it; none, mostly.
    `excluded` are people whom the targets of the free seats leave no chance, with the reason; `unchecked` those for
    whom time ran out.
    """

    pool: Pool
    targets: Targets
    changes: tuple[Change, ...]
    excluded: tuple[Excluded, ...]
    unchecked: tuple[str, ...]

    def list_able(self) -> frozenset[str]:
        """Give the ids of those who are known to be able to take a free seat."""
        unable = {person.id for person in self.excluded} | set(self.unchecked)
        return frozenset(person.id for person in self.pool.people if person.id not in unable)


@dataclass(frozen=True, eq=False)
class Replacement:
    """The draw of the free seats: who is in it, what they must bring, the chances and panels of `distribution`.

    `changes` are those of the targets of the whole panel without which nobody could complete it; none, mostly.
    `excluded` are people whom the targets of the free seats leave no chance, with the reason.
    """

    pool: Pool
    targets: Targets
    changes: tuple[Change, ...]
    excluded: tuple[Excluded, ...]
    distribution: Distribution

    def explain(self, say: Say = str) -> list[str]:
        """Say what the newcomers must bring, and what had to be changed."""
        band = gettext_noop("{min} to {max} “{value}” ({feature})")
        lines = [
            fill(band, {"min": t.min, "max": t.max, "value": t.value, "feature": t.feature}, say)
            for t in self.targets.targets
            if t.min > 0 or t.max < self.targets.size
        ]
        counts = {"size": self.targets.size, "count": len(self.pool.people)}
        first = fill(gettext_noop("{size} seats, {count} people"), counts, say)
        return [first, *lines, *(change.explain(say) for change in self.changes)]


def replace_members(
    pool: Pool,
    targets: Targets,
    staying: Collection[str],
    unavailable: Collection[str],
    *,
    objective: Objective = "leximin",
    households: bool = False,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Replacement:
    """Distribute the seats that are free among those who neither stay nor are `unavailable` (ids).

    The panel as a whole, with those who stay, meets the targets; where it no longer can, the targets are changed as
    little as possible first (see `diagnose`). With `households`, nobody of the household of somebody who stays is
    drawn. Raises Infeasible where no seat is free or a change would not help, the InvalidPool that applies, and what
    `distribute` raises. Diagnosis and distribution take `time_limit` seconds each at most.

    >>> from antigone.core.sortition.pool import Person
    >>> pool = Pool(tuple(Person(name, {"side": "north" if name < "c" else "south"}) for name in "abcd"))
    >>> targets = Targets(2, (Target("side", "north", 1, 1), Target("side", "south", 1, 1)))
    >>> found = replace_members(pool, targets, staying=["a"], unavailable=["c"])
    >>> {name: str(chance) for name, chance in found.distribution.probabilities.items()}
    {'b': '0', 'd': '1'}
    """
    found = find_candidates(
        pool, targets, staying, unavailable, households=households, time_limit=time_limit, progress=progress
    )
    distribution = distribute(
        found.pool,
        found.targets,
        objective=objective,
        households=households,
        seed=seed,
        time_limit=time_limit,
        progress=progress,
    )
    return Replacement(found.pool, found.targets, found.changes, found.excluded, distribution)


def find_candidates(
    pool: Pool,
    targets: Targets,
    staying: Collection[str],
    unavailable: Collection[str],
    *,
    households: bool = False,
    time_limit: float = 60.0,
    progress: Progress | None = None,
) -> Candidates:
    """Find who may take the free seats, as `replace_members` does, without their chances, which take longer.

    Takes `time_limit` seconds at most, twice that where targets must change. Raises what `replace_members` raises.

    >>> from antigone.core.sortition.pool import Person
    >>> pool = Pool(tuple(Person(name, {"side": "north" if name < "c" else "south"}) for name in "abcd"))
    >>> targets = Targets(2, (Target("side", "north", 1, 1), Target("side", "south", 1, 1)))
    >>> sorted(find_candidates(pool, targets, staying=["a"], unavailable=["c"]).list_able())
    ['d']
    """
    remaining = _find_remaining(pool, staying, unavailable, households=households)
    counts = _count_staying(pool, staying)
    size = targets.size - len(set(staying))
    if size < 1:
        raise Infeasible(size=size)
    reduced, widened = _reduce(targets, counts, size)
    found = diagnose(remaining, reduced, households, time_limit=time_limit, progress=progress)
    if found.changed is None and not found.is_feasible:
        raise Infeasible(size=size)
    changes = _restore(targets, counts, widened, found.changes or ())
    if found.changed is not None:
        reduced = found.changed
        found = diagnose(remaining, reduced, households, time_limit=time_limit, progress=progress)
    return Candidates(remaining, reduced, changes, found.excluded, found.unchecked)


def _find_remaining(
    pool: Pool, staying: Collection[str], unavailable: Collection[str], *, households: bool
) -> Pool:
    taken = {person.household for person in pool.people if person.id in staying and person.household}
    return Pool(
        tuple(
            person
            for person in pool.people
            if person.id not in staying
            and person.id not in unavailable
            and not (households and person.household in taken)
        )
    )


def _count_staying(pool: Pool, staying: Collection[str]) -> Counter[tuple[str, str]]:
    return Counter(item for person in pool.people if person.id in staying for item in person.features.items())


def _reduce(targets: Targets, counts: Counter[tuple[str, str]], size: int) -> tuple[Targets, list[Target]]:
    """Give the targets of the free seats, and those whose maximum is already passed by those who stay."""
    reduced, passed = [], []
    for target in targets.targets:
        count = counts[target.feature, target.value]
        least, most = max(0, target.min - count), max(0, target.max - count)
        reduced.append(Target(target.feature, target.value, least, most))
        passed += [target] if count > target.max else []
    return Targets(size, tuple(reduced)), passed


def _restore(
    targets: Targets,
    counts: Counter[tuple[str, str]],
    passed: Collection[Target],
    changes: tuple[Change, ...],
) -> tuple[Change, ...]:
    """Say changes of the free seats' targets, and maxima already passed, as changes of the whole panel's."""
    by_value = {(change.target.feature, change.target.value): change for change in changes}
    restored = []
    for target in targets.targets:
        count = counts[target.feature, target.value]
        change = by_value.get((target.feature, target.value))
        least, most = target.min, max(target.max, count) if target in passed else target.max
        if change is not None and change.min != change.target.min:
            least = change.min + count
        if change is not None and change.max != change.target.max:
            most = change.max + count
        if (least, most) != (target.min, target.max):
            restored.append(Change(target, least, most))
    return tuple(restored)
