import random
from itertools import combinations

from antigone.core.sortition import alternates as module
from antigone.core.sortition.alternates import choose_alternates
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.sampling import open_stream
from antigone.core.sortition.types import collapse_pool

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


def test_alternates_resemble_those_who_may_leave() -> None:
    pool = make_pool()
    found = choose_alternates(pool, TARGETS, PANEL, 2, dropout={"p00": 0.9, "p05": 0.9})
    people = {person.id: person.features for person in pool.people}
    chosen = [people[alternate.id] for alternate in found.alternates]
    assert people["p00"] in chosen
    assert people["p05"] in chosen
    assert found.loss < 0.1 * found.loss_without
    assert all(alternate.share > 0.5 for alternate in found.alternates)
    assert "takes a seat" in found.alternates[0].explain()


def test_more_alternates_lose_less() -> None:
    losses = [choose_alternates(make_pool(), TARGETS, PANEL, n, dropout=0.3).loss for n in (0, 2, 4, 8)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 3


def test_alternates_are_near_the_best_of_all_sets() -> None:
    pool = make_pool()
    types = collapse_pool(pool, TARGETS)
    stream = open_stream(3)
    waiting = module._Waiting(pool, types, PANEL, (), stream, households=False)
    cases = module._Cases(types, *module._draw_cases(pool, types, PANEL, 0.25, 100, stream))
    best = min(cases.measure(list(chosen)) for chosen in combinations(range(len(types)), 3))
    assert cases.measure(module._choose(cases, waiting, 3)) <= 1.1 * best


def test_alternates_are_the_same_for_any_order() -> None:
    pool = make_pool()
    people, bounds = list(pool.people), list(TARGETS.targets)
    random.Random(1).shuffle(people)
    random.Random(2).shuffle(bounds)
    mixed = choose_alternates(Pool(tuple(people)), Targets(6, tuple(bounds)), set(PANEL), 3)
    assert mixed == choose_alternates(pool, TARGETS, PANEL, 3)


def test_no_two_alternates_share_a_household() -> None:
    pool = make_pool(homes=10)
    found = choose_alternates(pool, TARGETS, PANEL, 5, households=True, unavailable=["p01"])
    homes = {person.id: person.household for person in pool.people}
    taken = [homes[name] for name in [*PANEL, *(item.id for item in found.alternates)]]
    assert len({*taken[len(PANEL) :]}) == len(found.alternates)
    assert not {*taken[: len(PANEL)]} & {*taken[len(PANEL) :]}
    assert "p01" not in [item.id for item in found.alternates]


def test_a_small_pool_gives_as_many_alternates_as_it_can() -> None:
    found = choose_alternates(make_pool(9), TARGETS, PANEL, 10)
    assert len(found.alternates) == 3
