import itertools
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.sortition import errors
from antigone.core.sortition.conflicts import Conflict
from antigone.core.sortition.diagnosis import RARITY_COST, SEAT_COST, diagnose
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.reading import read_flexibility, read_pool, read_targets

DATA = Path(__file__).parents[4] / "shared" / "data" / "sortition"


@st.composite
def tiny_draws(draw: st.DrawFn) -> tuple[Pool, Targets, bool]:
    """Up to seven people, two or three features of two values, bounds that often conflict."""
    features = [f"f{number}" for number in range(draw(st.integers(1, 3)))]
    count = draw(st.integers(2, 7))
    homes = ["", "", "h1", "h2"]
    people = tuple(
        Person(
            f"p{number}",
            {feature: draw(st.sampled_from("ab")) for feature in features},
            draw(st.sampled_from(homes)),
        )
        for number in range(count)
    )
    size = draw(st.integers(1, min(3, count)))
    targets = []
    for feature in features:
        for value in "ab":
            least = draw(st.integers(0, size))
            targets.append(Target(feature, value, least, draw(st.integers(least, size))))
    return Pool(people), Targets(size, tuple(targets)), draw(st.booleans())


def list_panels(pool: Pool, size: int, households: bool) -> list[tuple[Person, ...]]:
    """List every set of people that households allow."""
    return [
        panel
        for panel in itertools.combinations(pool.people, size)
        if not households or max(Counter(p.household for p in panel if p.household).values(), default=1) == 1
    ]


def count_value(panel: tuple[Person, ...], target: Target) -> int:
    return sum(person.features[target.feature] == target.value for person in panel)


def compute_cost(panel: tuple[Person, ...], targets: Targets) -> int:
    """Give the cost of the changes after which this panel meets the targets."""
    cost = 0
    for target in targets.targets:
        seats = count_value(panel, target)
        cost += max(0, target.min - seats) * (SEAT_COST + RARITY_COST // max(1, target.min))
        cost += max(0, seats - target.max) * (SEAT_COST + RARITY_COST // max(1, target.max))
    return cost


def meets(panel: tuple[Person, ...], conflict: Conflict, without: int = -1) -> bool:
    """Tell whether a panel meets the bounds of a conflict, all but one."""
    for number, bound in enumerate(conflict.bounds):
        seats = count_value(panel, Target(bound.feature, bound.value, 0, 0))
        if number != without and (seats < bound.seats if bound.is_minimum else seats > bound.seats):
            return False
    return True


@settings(max_examples=300, deadline=None)
@given(tiny_draws())
def test_a_diagnosis_is_what_enumeration_says(case: tuple[Pool, Targets, bool]) -> None:
    pool, targets, households = case
    panels = list_panels(pool, targets.size, households)
    if not panels:
        with pytest.raises(errors.PoolTooSmall):
            diagnose(pool, targets, households)
        return
    found = diagnose(pool, targets, households)
    good = [panel for panel in panels if compute_cost(panel, targets) == 0]
    assert found.is_feasible == bool(good)
    assert not found.unchecked
    if good:
        drawable = {person.id for panel in good for person in panel}
        assert {item.id for item in found.excluded} == {person.id for person in pool.people} - drawable
        for item in found.excluded:
            holding = [
                panel
                for panel in list_panels(pool, targets.size, item.conflict.by_households)
                if item.id in {person.id for person in panel}
            ]
            assert not any(meets(panel, item.conflict) for panel in holding)
            for number in range(len(item.conflict.bounds)):
                assert any(meets(panel, item.conflict, number) for panel in holding)
    else:
        check_infeasible(pool, targets, households)


def check_infeasible(pool: Pool, targets: Targets, households: bool) -> None:
    found = diagnose(pool, targets, households)
    panels = list_panels(pool, targets.size, households)
    assert found.conflicts
    assert found.changes is not None
    assert found.changed is not None
    for conflict in found.conflicts:
        allowed = list_panels(pool, targets.size, conflict.by_households)
        assert not any(meets(panel, conflict) for panel in allowed)
        for number in range(len(conflict.bounds)):
            assert any(meets(panel, conflict, number) for panel in allowed)
    bounds = [bound for conflict in found.conflicts for bound in conflict.bounds]
    assert len(set(bounds)) == len(bounds)
    cost = sum(
        (change.target.min - change.min) * (SEAT_COST + RARITY_COST // max(1, change.target.min))
        + (change.max - change.target.max) * (SEAT_COST + RARITY_COST // max(1, change.target.max))
        for change in found.changes
    )
    assert cost == min(compute_cost(panel, targets) for panel in panels)
    assert diagnose(pool, found.changed, households).is_feasible


@given(tiny_draws(), st.randoms(use_true_random=False))
def test_a_diagnosis_is_the_same_for_any_order(case: tuple[Pool, Targets, bool], rng: random.Random) -> None:
    pool, targets, _ = case
    people, bounds = list(pool.people), list(targets.targets)
    rng.shuffle(people)
    rng.shuffle(bounds)
    assert diagnose(pool, targets) == diagnose(Pool(tuple(people)), Targets(targets.size, tuple(bounds)))


def make_town(count: int, seed: int) -> Pool:
    rng = random.Random(seed)
    return Pool(
        tuple(
            Person(
                f"p{number:03}",
                {
                    "gender": rng.choice(["women", "men"]),
                    "age": rng.choices(["18-29", "30-59", "60+"], [1, 3, 4])[0],
                    "place": rng.choice(["north", "south", "east"]),
                },
            )
            for number in range(count)
        )
    )


def test_limits_of_change_are_kept() -> None:
    pool = Pool(tuple(Person(str(number), {"age": "new" if number < 1 else "old"}) for number in range(6)))
    targets = Targets(3, (Target("age", "new", 2, 3), Target("age", "old", 0, 1)))
    free = diagnose(pool, targets)
    assert [(change.min, change.max) for change in free.changes or ()] == [(1, 3), (0, 2)]
    tied = diagnose(pool, targets, flexibility={("age", "new"): (2, 3), ("age", "old"): (0, 3)})
    assert tied.changes is None
    assert tied.changed is None


def test_people_left_out_are_named_with_their_reason() -> None:
    pool = make_town(60, 1)
    bounds = [Target("gender", "women", 5, 5), Target("gender", "men", 5, 5)]
    bounds += [Target("age", "18-29", 0, 0), Target("age", "30-59", 2, 8), Target("age", "60+", 2, 8)]
    bounds += [Target("place", "north", 5, 9), Target("place", "south", 5, 9), Target("place", "east", 0, 4)]
    found = diagnose(pool, Targets(10, tuple(bounds)))
    reasons = {item.id: item.explain() for item in found.excluded}
    young = [person.id for person in pool.people if person.features["age"] == "18-29"]
    assert all("at most 0 “18-29”" in reasons[name] for name in young if "place" not in reasons[name])
    east = [p.id for p in pool.people if p.features["place"] == "east" and p.id not in young]
    assert all("north" in reasons[name] and "south" in reasons[name] for name in east)
    assert set(reasons) == {*young, *[p.id for p in pool.people if p.features["place"] == "east"]}


def test_a_conflict_of_households_says_so() -> None:
    people = [Person(f"a{number}", {"age": "new"}, "farm") for number in range(3)]
    people += [Person(f"b{number}", {"age": "old"}) for number in range(3)]
    targets = Targets(3, (Target("age", "new", 2, 3), Target("age", "old", 0, 3)))
    assert diagnose(Pool(tuple(people)), targets).is_feasible
    found = diagnose(Pool(tuple(people)), targets, households=True)
    assert [conflict.by_households for conflict in found.conflicts] == [True]
    assert "household" in found.conflicts[0].explain()


def test_time_that_runs_out_is_said() -> None:
    with pytest.raises(errors.SolverGaveUp):
        diagnose(make_gap_pool(), GAP_TARGETS, time_limit=0.0)


GAP_TARGETS = Targets(
    3,
    tuple(Target(f"f{n}", "yes", 1, 1) for n in range(3))
    + tuple(Target(f"f{n}", "no", 2, 2) for n in range(3)),
)


def make_gap_pool() -> Pool:
    """Give people of whom fractions, but no whole panel, meet the targets."""
    kinds = [("yes", "yes", "no"), ("yes", "no", "yes"), ("no", "yes", "yes"), ("no", "no", "no")]
    return Pool(
        tuple(
            Person(f"{kind}-{copy}", {f"f{n}": answer for n, answer in enumerate(answers)})
            for kind, answers in enumerate(kinds)
            for copy in range(3)
        )
    )


def test_a_conflict_that_only_whole_people_have_is_found() -> None:
    found = diagnose(make_gap_pool(), GAP_TARGETS)
    assert not found.is_feasible
    assert len(found.conflicts) >= 1
    assert found.changed is not None
    assert diagnose(make_gap_pool(), found.changed).is_feasible


@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data/sortition")
@pytest.mark.parametrize("name", ["cca_like", "hd_like", "mass_like", "nexus_like", "obf_like", "sf_c_like"])
def test_pools_of_real_shape_leave_nobody_out(name: str) -> None:
    size = json.loads((DATA / name / "meta.json").read_text())["k"]
    features = (DATA / name / "features.csv").read_bytes()
    targets = read_targets(features, size)
    pool = read_pool((DATA / name / "candidates.csv").read_bytes(), targets)
    found = diagnose(pool, targets, flexibility=read_flexibility(features))
    assert (found.is_feasible, found.excluded, found.unchecked) == (True, (), ())


def test_nobody_is_told_a_bound_that_excludes_only_another() -> None:
    """Found by the enumeration above: what excluded the first was said of the second, who needs less of it."""

    def person(name: str, first: str, second: str, household: str = "") -> Person:
        return Person(name, {"f0": first, "f1": second}, household)

    pool = Pool(
        (
            person("p0", "a", "a", "h1"),
            person("p1", "a", "b"),
            person("p2", "a", "b"),
            person("p3", "a", "b", "h1"),
            person("p4", "b", "a"),
        )
    )
    targets = Targets(
        3,
        (Target("f0", "a", 0, 3), Target("f0", "b", 0, 0), Target("f1", "a", 0, 1), Target("f1", "b", 0, 2)),
    )
    found = {item.id: item.conflict for item in diagnose(pool, targets, True).excluded}
    assert [bound.feature for bound in found["p3"].bounds] == ["f0", "f1"]
    assert [bound.feature for bound in found["p4"].bounds] == ["f0"]
    assert not found["p4"].by_households
