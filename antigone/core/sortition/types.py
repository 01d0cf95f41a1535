"""People who have everything in common are one type: all that follows counts types, not people.

Leximin, maximin, Nash and Goldilocks treat identical people alike, so that nothing is lost: a pool of 1,727 people
has 864 types, one of 2,000 people with two features may have three. Where one household sends at most one person,
two people are identical when their features are, and the features of those they live with.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.pool import Person, Pool, Targets

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Panels = NDArray[np.int32]
"""Panels (J, T): how many people of each type."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HouseholdClass:
    """Households whose members have the same features: `households[h][m]` are ids, in one order of types."""

    households: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class Types:
    """A pool by types, T of them, and the m rows that a panel must meet: `lower <= matrix @ panel <= upper`.

    Row 0 is the size, then come the targets in the order of `targets.targets` sorted by feature and value, then the
    classes of households. A panel is a vector of T counts, none over `counts`. `codes` (T, features) numbers the
    values; `classes` says of each type which class of households it lives in (-1: alone, or households do not count).
    """

    members: tuple[tuple[str, ...], ...]
    codes: Counts
    classes: Counts
    matrix: Floats
    lower: Counts
    upper: Counts
    household_classes: tuple[HouseholdClass, ...]

    @cached_property
    def counts(self) -> Counts:
        """How many people each type has."""
        return np.array([len(ids) for ids in self.members], dtype=np.int64)

    @property
    def size(self) -> int:
        """How many seats a panel has."""
        return int(self.lower[0])

    def __len__(self) -> int:
        return len(self.members)


def sort_targets(targets: Targets) -> Targets:
    """Return the same targets ordered by feature and value: the order of a file changes nothing.

    >>> from antigone.core.sortition.pool import Target
    >>> [t.value for t in sort_targets(Targets(2, (Target("age", "old", 0, 2), Target("age", "new", 1, 2)))).targets]
    ['new', 'old']
    """
    return Targets(
        targets.size, tuple(sorted(targets.targets, key=lambda target: (target.feature, target.value)))
    )


def collapse_pool(pool: Pool, targets: Targets, *, households: bool = False) -> Types:
    """Return the types of a pool; with `households`, at most one person of each may sit.

    Everything is in an order that depends on ids, values and features alone, never on the order of the files.

    >>> from antigone.core.sortition.pool import Target
    >>> pool = Pool(tuple(Person(id, {"age": age}) for id, age in [("b", "old"), ("a", "new"), ("c", "old")]))
    >>> collapse_pool(pool, Targets(2, (Target("age", "old", 1, 1), Target("age", "new", 1, 1)))).members
    (('a',), ('b', 'c'))
    """
    targets = sort_targets(targets)
    features = tuple(dict.fromkeys(target.feature for target in targets.targets))
    people = sorted(pool.people, key=lambda person: person.id)
    values = {person.id: tuple(person.features[feature] for feature in features) for person in people}
    classes, class_of = _class_households(people, values) if households else ((), {})
    by_type: defaultdict[tuple[tuple[str, ...], int], list[str]] = defaultdict(list)
    for person in people:
        by_type[values[person.id], class_of.get(person.id, -1)].append(person.id)
    keys = sorted(by_type)
    codes = np.zeros((len(keys), len(features)), dtype=np.int64)
    for column in range(len(features)):
        numbers = {value: code for code, value in enumerate(sorted({key[0][column] for key in keys}))}
        codes[:, column] = [numbers[key[0][column]] for key in keys]
    columns = {feature: column for column, feature in enumerate(features)}
    of_type = np.array([key[1] for key in keys], dtype=np.int64)
    rows = [np.ones(len(keys))]
    rows += [
        np.array([float(key[0][columns[target.feature]] == target.value) for key in keys])
        for target in targets.targets
    ]
    rows += [(of_type == number).astype(float) for number in range(len(classes))]
    most = [targets.size, *(t.max for t in targets.targets), *(len(c.households) for c in classes)]
    return Types(
        members=tuple(tuple(by_type[key]) for key in keys),
        codes=codes,
        classes=of_type,
        matrix=np.array(rows),
        lower=np.array(
            [targets.size, *(t.min for t in targets.targets), *(0 for _ in classes)], dtype=np.int64
        ),
        upper=np.array(most, dtype=np.int64),
        household_classes=classes,
    )


def _class_households(
    people: list[Person], values: dict[str, tuple[str, ...]]
) -> tuple[tuple[HouseholdClass, ...], dict[str, int]]:
    """Group the households of several people by the features of their members; number each such person's class."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.household:
            homes[person.household].append(person.id)
    alike: defaultdict[tuple[tuple[str, ...], ...], list[tuple[str, ...]]] = defaultdict(list)
    for ids in homes.values():
        if len(ids) > 1:
            ordered = tuple(sorted(ids, key=lambda id: (values[id], id)))
            alike[tuple(values[id] for id in ordered)].append(ordered)
    classes = tuple(HouseholdClass(tuple(sorted(alike[key]))) for key in sorted(alike))
    numbers = {id: n for n, group in enumerate(classes) for ids in group.households for id in ids}
    return classes, numbers
