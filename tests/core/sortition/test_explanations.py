import random
from fractions import Fraction

import pytest

from antigone.core.sortition import errors
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.explanations import measure_crossings, measure_sensitivity
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets

TARGETS = Targets(
    6,
    (
        Target("age", "18-29", 2, 3),
        Target("age", "30+", 3, 4),
        Target("gender", "men", 3, 3),
        Target("gender", "women", 3, 3),
    ),
)


def make_pool(seed: int = 1) -> Pool:
    rng = random.Random(seed)
    return Pool(
        tuple(
            Person(
                f"p{number:02}",
                {"age": rng.choices(["18-29", "30+"], [1, 5])[0], "gender": rng.choice(["men", "women"])},
            )
            for number in range(40)
        )
    )


def test_chances_before_and_after_are_those_of_the_draws_themselves() -> None:
    pool = make_pool()
    found = measure_sensitivity(pool, TARGETS)
    fair = distribute(pool, TARGETS)
    for name, chance in fair.probabilities.items():
        assert found.get_chance(name) == pytest.approx(float(chance), abs=1e-7)
    checked = 0
    for price in found.list_prices():
        targets = Targets(6, tuple(price.changed if t == price.target else t for t in TARGETS.targets))
        if price.after is None:
            with pytest.raises(errors.Infeasible):
                distribute(pool, targets)
        else:
            assert float(distribute(pool, targets).minimum) == pytest.approx(price.after, abs=1e-7)
            checked += 1
    assert checked >= 6


def test_more_room_never_lowers_the_smallest_chance() -> None:
    for price in measure_sensitivity(make_pool(2), TARGETS).list_prices():
        is_wider = price.changed.min <= price.target.min and price.changed.max >= price.target.max
        if is_wider:
            assert price.after is not None
            assert price.after >= price.before - 1e-9


def test_a_person_is_told_what_moves_their_chance() -> None:
    pool = make_pool()
    found = measure_sensitivity(pool, TARGETS)
    young = next(person.id for person in pool.people if person.features["age"] == "18-29")
    moves = found.list_moves(young)
    assert moves
    assert any("age" in move.explain() for move in moves)
    assert all(abs(move.before - found.get_chance(young)) < 1e-12 for move in moves)
    sizes = [round(abs(move.after - move.before), 9) for move in moves]
    assert sizes == sorted(sizes, reverse=True)


def test_people_who_can_never_be_drawn_are_left_out() -> None:
    pool = make_pool()
    targets = Targets(6, (*TARGETS.targets, Target("side", "in", 6, 6), Target("side", "out", 0, 0)))
    people = [Person(p.id, {**p.features, "side": "out" if p.id == "p00" else "in"}) for p in pool.people]
    assert measure_sensitivity(Pool(tuple(people)), targets).list_prices()[-1].before == 0.0
    assert measure_sensitivity(Pool(tuple(people)), targets, without=["p00"]).list_prices()[0].before > 0.0


def test_targets_that_conflict_have_no_price() -> None:
    with pytest.raises(errors.Infeasible):
        measure_sensitivity(
            make_pool(), Targets(6, (Target("age", "18-29", 0, 1), Target("age", "30+", 0, 2)))
        )


def test_a_sensitivity_is_the_same_for_any_order() -> None:
    pool = make_pool()
    people, bounds = list(pool.people), list(TARGETS.targets)
    random.Random(1).shuffle(people)
    random.Random(2).shuffle(bounds)
    mixed = measure_sensitivity(Pool(tuple(people)), Targets(6, tuple(bounds)))
    assert mixed.list_prices() == measure_sensitivity(pool, TARGETS).list_prices()


def test_crossings_count_seats_and_presence_exactly() -> None:
    pool = make_pool()
    rng = random.Random(3)
    names = [person.id for person in pool.people]
    panels = [WeightedPanel(tuple(sorted(rng.sample(names, 6))), rng.randint(1, 2**70)) for _ in range(30)]
    total = sum(panel.weight for panel in panels)
    found = measure_crossings(pool, panels)
    assert sum(crossing.people for crossing in found) == 40
    assert sum(crossing.seats for crossing in found) == 6
    for crossing in found:
        holders = {p.id for p in pool.people if {crossing.first, crossing.second} <= {*p.features.items()}}
        weight = sum(panel.weight for panel in panels if holders & {*panel.members})
        assert crossing.people == len(holders)
        assert crossing.presence == Fraction(weight, total)
