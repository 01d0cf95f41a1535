import random
from collections import Counter
from fractions import Fraction
from math import ceil, floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.lottery import Lottery, _Mender, make_lottery
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.types import collapse_pool

FEATURES = {"age": ["18-29", "30-59", "60+"], "gender": ["women", "men"]}


def make_pool(count: int, seed: int, *, homes: int = 0) -> Pool:
    rng = random.Random(seed)
    return Pool(
        tuple(
            Person(
                f"p{number:03}",
                {feature: rng.choice(values) for feature, values in FEATURES.items()},
                f"h{number // 2}" if number < 2 * homes else "",
            )
            for number in range(count)
        )
    )


def draw_panels(pool: Pool, size: int, number: int, seed: int) -> list[WeightedPanel]:
    """Draw panels of one person a household, with weights of their own."""
    rng = random.Random(seed)
    panels: list[WeightedPanel] = []
    while len(panels) < number:
        people = rng.sample(pool.people, size)
        if max(Counter(p.household for p in people if p.household).values(), default=1) == 1:
            panels.append(WeightedPanel(tuple(sorted(p.id for p in people)), rng.randint(1, 10**6)))
    return panels


def make_targets(pool: Pool, panels: list[WeightedPanel], size: int) -> Targets:
    """Give the tightest targets that all these panels meet."""
    people = {person.id: person for person in pool.people}
    counts = [
        Counter(item for name in panel.members for item in people[name].features.items()) for panel in panels
    ]
    return Targets(
        size,
        tuple(
            Target(
                feature, value, min(c[feature, value] for c in counts), max(c[feature, value] for c in counts)
            )
            for feature, values in FEATURES.items()
            for value in values
        ),
    )


def average_types(pool: Pool, panels: list[WeightedPanel]) -> dict[str, Fraction]:
    """Give each person the average chance of those who are like them."""
    total = sum(panel.weight for panel in panels)
    chance = {p.id: Fraction(sum(w.weight for w in panels if p.id in w.members), total) for p in pool.people}
    kinds: dict[tuple[str, ...], list[str]] = {}
    for person in pool.people:
        kinds.setdefault(tuple(person.features[feature] for feature in FEATURES), []).append(person.id)
    return {
        name: sum(chance[other] for other in kind) / len(kind) for kind in kinds.values() for name in kind
    }


def check_panels(pool: Pool, targets: Targets, lottery: Lottery) -> None:
    people = {person.id: person for person in pool.people}
    for panel in lottery.panels:
        assert len(set(panel)) == targets.size
        for target in targets.targets:
            count = sum(people[name].features[target.feature] == target.value for name in panel)
            assert target.min <= count <= target.max


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([100, 1000]))
def test_everybody_sits_in_the_floor_or_the_ceiling_of_their_share(seed: int, number: int) -> None:
    pool = make_pool(20, seed)
    panels = draw_panels(pool, 6, 40, seed)
    targets = make_targets(pool, panels, 6)
    chance = average_types(pool, panels)
    lottery = make_lottery(pool, targets, panels, bound=min(chance.values()), number=number)
    check_panels(pool, targets, lottery)
    assert len(lottery.panels) == number
    assert lottery.outside == ()
    for name, count in lottery.balls.items():
        assert floor(number * chance[name]) <= count <= ceil(number * chance[name])
    assert lottery.is_best


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_no_panel_holds_two_people_of_one_household(seed: int) -> None:
    pool = make_pool(24, seed, homes=8)
    panels = draw_panels(pool, 6, 60, seed)
    targets = make_targets(pool, panels, 6)
    lottery = make_lottery(pool, targets, panels, bound=Fraction(1), number=100, households=True)
    homes = {person.id: person.household for person in pool.people}
    check_panels(pool, targets, lottery)
    for panel in lottery.panels:
        taken = [homes[name] for name in panel if homes[name]]
        assert len(set(taken)) == len(taken)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_a_lottery_is_the_same_for_any_order(seed: int, rng: random.Random) -> None:
    pool = make_pool(20, seed)
    panels = draw_panels(pool, 6, 40, seed)
    targets = make_targets(pool, panels, 6)
    people, bounds, mixed = list(pool.people), list(targets.targets), list(panels)
    for items in (people, bounds, mixed):
        rng.shuffle(items)
    first = make_lottery(pool, targets, panels, bound=Fraction(1), number=100)
    second = make_lottery(
        Pool(tuple(people)), Targets(6, tuple(bounds)), mixed, bound=Fraction(1), number=100
    )
    assert first == second


def test_households_of_twins_take_turns() -> None:
    people = tuple(Person(f"{home}{twin}", {"f": "v"}, home) for home in "abc" for twin in "12")
    panels = [WeightedPanel(("a1", "b1"), 1), WeightedPanel(("b2", "c2"), 1)]
    targets = Targets(2, (Target("f", "v", 2, 2),))
    lottery = make_lottery(Pool(people), targets, panels, bound=Fraction(1, 3), number=30, households=True)
    assert set(lottery.balls.values()) == {10}
    assert (lottery.is_best, lottery.outside) == (True, ())


def test_two_panels_mend_together_what_neither_mends_alone() -> None:
    types = collapse_pool(
        Pool(tuple(Person(name, {"f": name}) for name in "abcd")),
        Targets(2, tuple(Target("f", name, 0, 1) for name in "abcd")),
    )
    least = np.array([1, 1, 1, 1])
    mender = _Mender(types, 2, Budget(60.0))
    found = mender.solve(least, least, np.zeros((2, 4)), Budget(60.0))
    assert found is not None
    assert found.sum(axis=0).tolist() == [1, 1, 1, 1]
    assert found.sum(axis=1).tolist() == [2, 2]


def test_a_lottery_of_one_panel_or_without_time_still_meets_the_targets() -> None:
    pool = make_pool(20, 3)
    panels = draw_panels(pool, 6, 40, 3)
    targets = make_targets(pool, panels, 6)
    for number, seconds in ((1, 60.0), (100, 0.0)):
        lottery = make_lottery(pool, targets, panels, bound=Fraction(1), number=number, time_limit=seconds)
        check_panels(pool, targets, lottery)
        assert len(lottery.panels) == number


def test_a_sheet_gives_each_panel_its_digits() -> None:
    lottery = Lottery((("a",),) * 1000, {"a": 1000}, 1000, ())
    sheet = lottery.list_sheet()
    assert (sheet[0][0], sheet[7][0], sheet[-1][0]) == ("000", "007", "999")
    assert "1000 of 1000" in lottery.explain()
