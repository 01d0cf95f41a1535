"""What must hold of targets, and of a pool under them, before anything is computed."""

from collections import Counter
from collections.abc import Iterable, Mapping

from antigone.core.sortition.errors import (
    CrossedBounds,
    EmptyPool,
    InvalidSize,
    MissingId,
    MissingValue,
    NegativeBound,
    NoTargets,
    PoolTooSmall,
    RepeatedId,
    RepeatedTarget,
    UnknownValue,
)
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.tables import find_twin


def group_targets(targets: Iterable[Target]) -> dict[str, tuple[Target, ...]]:
    """Give the targets of each feature, features and targets in the order they come.

    >>> list(group_targets([Target("age", "18+", 1, 2), Target("age", "0-17", 0, 1)]))
    ['age']
    """
    groups: dict[str, list[Target]] = {}
    for target in targets:
        groups.setdefault(target.feature, []).append(target)
    return {feature: tuple(group) for feature, group in groups.items()}


def count_households(people: Iterable[Person]) -> int:
    """Count the households; whoever has none named lives alone.

    >>> count_households([Person("1", {}, "a"), Person("2", {}, "a"), Person("3", {})])
    2
    """
    homes = [person.household for person in people]
    return len({home for home in homes if home}) + homes.count("")


def check_targets(targets: Targets) -> None:
    """Raise the InvalidTargets that applies where the targets make no sense even without a pool.

    That a feature's minima add up to more than the panel is for the diagnosis: it says what to change.

    >>> check_targets(Targets(2, (Target("age", "18+", 1, 2),)))
    """
    if targets.size < 1:
        raise InvalidSize(size=targets.size)
    if not targets.targets:
        raise NoTargets()
    seen = Counter((target.feature, target.value) for target in targets.targets)
    for (feature, value), count in seen.items():
        if count > 1:
            raise RepeatedTarget(feature=feature, value=value)
    for target in targets.targets:
        _check_bounds(target)


def _check_bounds(target: Target) -> None:
    for bound, number in ((gettext_noop("minimum"), target.min), (gettext_noop("maximum"), target.max)):
        if number < 0:
            raise NegativeBound(
                feature=target.feature, value=target.value, bound=Phrase(bound), number=number
            )
    if target.min > target.max:
        raise CrossedBounds(feature=target.feature, value=target.value, min=target.min, max=target.max)


def check_pool(pool: Pool, targets: Targets, *, households: bool = False) -> None:
    """Raise the InvalidPool that applies where these people cannot be drawn under these targets.

    Everybody needs an identifier of their own and, for each feature with targets, a value that has one.
    With `households`, there must be as many households as seats.

    >>> check_pool(Pool((Person("1", {"age": "18+"}),)), Targets(1, (Target("age", "18+", 1, 1),)))
    """
    if not pool.people:
        raise EmptyPool()
    _check_identifiers(pool)
    for feature, group in group_targets(targets.targets).items():
        _check_values(pool, feature, {target.value: None for target in group})
    count = count_households(pool.people) if households else len(pool.people)
    if count < targets.size:
        unit = Phrase(gettext_noop("households") if households else gettext_noop("people"))
        raise PoolTooSmall(count=count, size=targets.size, unit=unit)


def _check_identifiers(pool: Pool) -> None:
    seen = Counter(person.id for person in pool.people)
    if "" in seen:
        line = next(number for number, person in enumerate(pool.people, 1) if not person.id)
        raise MissingId(line=line, column="id", count=seen[""])
    repeated = [identifier for identifier, count in seen.items() if count > 1]
    if repeated:
        raise RepeatedId(id=repeated[0], count=len(repeated))


def _check_values(pool: Pool, feature: str, known: Mapping[str, None]) -> None:
    strangers = [person for person in pool.people if person.features.get(feature, "") not in known]
    without = [person for person in strangers if not person.features.get(feature, "")]
    if without:
        raise MissingValue(id=without[0].id, feature=feature, count=len(without))
    if strangers:
        person = strangers[0]
        value = person.features[feature]
        twin = find_twin(value, known)
        raise UnknownValue(
            id=person.id,
            feature=feature,
            value=value,
            count=len(strangers),
            expected=", ".join(known),
            hint=Phrase(gettext_noop(" “{twin}” looks like it: only case or spaces differ."), twin=twin)
            if twin
            else "",
        )
