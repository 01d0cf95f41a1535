"""What is asked next: by chance and by need, never in one order for all, never what one wrote or voted on."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from django.utils import timezone

from antigone.consultation.drawing import refresh_picture
from antigone.consultation.models import Consultation, Participant, Statement
from antigone.consultation.routing import (
    Asked,
    choose_next,
    find_live_picture,
    list_asked,
    read_priorities,
)
from antigone.core.opinion.routing import META, measure_priority
from antigone.core.opinion.statistics import Tally
from tests.consultation.town import add_votes

NEW = 5.0625
ASKED = [Asked(pk=10 * number, number=number, author=None, is_meta=False) for number in range(1, 6)]


def choose(fraction: float, priorities: dict[int, float], asked: list[Asked] = ASKED) -> int | None:
    return choose_next(asked, voted=(), participant=None, priorities=priorities, fraction=fraction)


def test_what_was_voted_on_or_written_by_oneself_is_not_asked() -> None:
    me = Participant(pk=7)
    asked = [*ASKED, Asked(60, 6, author=7, is_meta=False), Asked(70, 7, author=8, is_meta=False)]
    chosen = {
        choose_next(asked, voted={10, 20, 30}, participant=me, priorities={}, fraction=step / 100)
        for step in range(100)
    }
    assert chosen == {4, 5, 7}
    assert choose_next(asked[:3], voted={10, 20, 30}, participant=me, priorities={}, fraction=0.5) is None


def test_each_is_asked_in_proportion_to_its_priority() -> None:
    priorities = {1: 8.0, 2: 4.0, 3: 2.0, 4: 1.0, 5: 1.0}
    steps = 1_600
    counts = Counter(choose((step + 0.5) / steps, priorities) for step in range(steps))
    assert counts == {1: 800, 2: 400, 3: 200, 4: 100, 5: 100}


def test_what_the_picture_does_not_know_has_the_priority_of_what_nobody_voted_on() -> None:
    nobody = np.zeros(1, dtype=np.int64)
    assert measure_priority(Tally(nobody, nobody, nobody), np.zeros(1), np.zeros(1, dtype=bool))[0] == NEW
    asked = ASKED[:2]
    # Statement 1 weighs as much as the new one: half of the chance each.
    assert [choose(fraction, {1: NEW}, asked) for fraction in (0.49, 0.51)] == [1, 2]


def test_statements_about_the_consultation_come_early_even_before_a_picture() -> None:
    asked = [ASKED[0], Asked(20, 2, author=None, is_meta=True)]
    share = NEW / (NEW + META)
    assert [choose(share + step, {}, asked) for step in (-0.001, 0.001)] == [1, 2]


def test_two_participants_do_not_share_the_order(consultation: Consultation) -> None:
    asked = list_asked(consultation)

    def walk(seed: int) -> tuple[int, ...]:
        chance, voted, order = Random(seed), set[int](), list[int]()
        rows = {one.number: one.pk for one in asked}
        while (
            number := choose_next(
                asked, voted=voted, participant=None, priorities={}, fraction=chance.random()
            )
        ) is not None:
            order.append(number)
            voted.add(rows[number])
        return tuple(order)

    orders = {walk(seed) for seed in range(50)}
    assert all(sorted(order) == list(range(1, 9)) for order in orders)
    assert len(orders) > 45
    assert {order[0] for order in orders} == set(range(1, 9))


@pytest.mark.usefixtures("camps")
def test_the_live_picture_makes_routing_neither_constant_nor_uniform(consultation: Consultation) -> None:
    assert find_live_picture(consultation) is None
    refresh_picture(consultation, timezone.now())
    priorities = read_priorities(find_live_picture(consultation))
    assert set(priorities) == set(range(1, 9))
    assert len(set(priorities.values())) > 1
    steps = 2_000
    counts = Counter(
        choose_next(
            list_asked(consultation),
            voted=(),
            participant=None,
            priorities=priorities,
            fraction=(step + 0.5) / steps,
        )
        for step in range(steps)
    )
    total = sum(priorities.values())
    for number, priority in priorities.items():
        assert counts[number] == pytest.approx(steps * priority / total, abs=2)


def test_only_accepted_statements_are_asked(consultation: Consultation) -> None:
    for number, state in enumerate(("waiting", "rejected", "withdrawn"), 1):
        consultation.statements.filter(number=number).update(state=Statement.State(state))
    assert [one.number for one in list_asked(consultation)] == [4, 5, 6, 7, 8]


def test_a_newer_picture_is_read(consultation: Consultation) -> None:
    add_votes(consultation, [[1, 1, 1, 1, 1, 1, 1, 1]] * 3)
    refresh_picture(consultation, timezone.now())
    first = read_priorities(find_live_picture(consultation))
    add_votes(consultation, [[1, -1, 0, 1, -1, 0, 1, 1]] * 5)
    refresh_picture(consultation, timezone.now())
    assert read_priorities(find_live_picture(consultation)) != first
