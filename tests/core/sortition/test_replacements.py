import pytest

from antigone.core.sortition import errors
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.replacements import replace_members

FEATURES = {"age": ["18-29", "30-59", "60+"], "gender": ["women", "men"]}
TARGETS = Targets(
    6,
    (
        Target("age", "18-29", 2, 2),
        Target("age", "30-59", 2, 2),
        Target("age", "60+", 2, 2),
        Target("gender", "women", 3, 3),
        Target("gender", "men", 3, 3),
    ),
)
PANEL = ["p00", "p03", "p08", "p05", "p04", "p07"]


def make_pool(count: int = 24, homes: int = 0) -> Pool:
    ages, genders = FEATURES["age"], FEATURES["gender"]
    return Pool(
        tuple(
            Person(
                f"p{n:02}", {"age": ages[n % 3], "gender": genders[n % 2]}, f"h{n % homes}" if homes else ""
            )
            for n in range(count)
        )
    )


def count_values(pool: Pool, names: list[str]) -> list[int]:
    people = {person.id: person for person in pool.people}
    return [
        sum(people[name].features[target.feature] == target.value for name in names)
        for target in TARGETS.targets
    ]


def test_those_who_stay_and_the_newcomers_meet_the_targets() -> None:
    pool = make_pool()
    assert count_values(pool, PANEL) == [2, 2, 2, 3, 3]
    staying = PANEL[2:]
    found = replace_members(pool, TARGETS, staying, PANEL[:2])
    assert found.changes == ()
    assert not {*PANEL} & {person.id for person in found.pool.people}
    for panel in found.distribution.panels:
        assert count_values(pool, [*staying, *panel.members]) == [2, 2, 2, 3, 3]
    assert found.explain()[0] == "2 seats, 18 people"
    without = {name for name, chance in found.distribution.probabilities.items() if chance == 0}
    assert {item.id for item in found.excluded} == without


def test_targets_that_nobody_left_can_meet_are_changed_and_said() -> None:
    pool = make_pool()
    young = [person.id for person in pool.people if person.features["age"] == "18-29"]
    staying = [name for name in PANEL if name not in young]
    found = replace_members(pool, TARGETS, staying, young)
    assert any("18-29" in change.explain() for change in found.changes)
    lowered = {change.target.value: (change.min, change.max) for change in found.changes}
    assert lowered["18-29"] == (0, 2)
    for panel in found.distribution.panels:
        counts = count_values(pool, [*staying, *panel.members])
        for target, count in zip(TARGETS.targets, counts, strict=True):
            least, most = lowered.get(target.value, (target.min, target.max))
            assert least <= count <= most


def test_nobody_joins_their_household() -> None:
    pool = make_pool(homes=10)
    found = replace_members(pool, TARGETS, PANEL[2:], [], households=True)
    homes = {person.id: person.household for person in pool.people}
    taken = {homes[name] for name in PANEL[2:]}
    assert not taken & {person.household for person in found.pool.people}


def test_a_full_panel_has_no_seat_to_draw() -> None:
    with pytest.raises(errors.Infeasible):
        replace_members(make_pool(), TARGETS, PANEL, [])
