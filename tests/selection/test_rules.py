"""Who may do what with a draw: facilitators of its organisation act, guarantors read, nobody else knows of it."""

import pytest

from antigone.accounts.models import Person
from antigone.selection import rules
from antigone.selection.models import Computation, Draw, Respondent

pytestmark = pytest.mark.django_db


def test_each_person_has_what_the_role_gives(
    draw: Draw, alice: Person, ahmed: Person, esther: Person, olivia: Person, marc: Person, chloe: Person
) -> None:
    rights = {
        person.name if person else "Zoé": (rules.can_prepare(person, draw), rules.can_follow(person, draw))
        for person in (alice, ahmed, esther, olivia, marc, chloe, None)
    }
    assert rights == {
        "Alice": (True, True),
        "Ahmed": (True, True),
        "Esther": (False, True),
        "Olivia": (False, False),
        "Marc": (False, False),
        "Chloé": (False, False),
        "Zoé": (False, False),
    }


def test_who_may_not_sign_in_any_more_has_nothing(draw: Draw, alice: Person, esther: Person) -> None:
    for person in (alice, esther):
        person.is_active = False
        person.save()
        assert not Draw.objects.readable_by(person).exists()
    assert not rules.can_create(alice)


def test_respondents_and_computations_follow_their_draw(
    committed: Draw, computed: Computation, esther: Person, olivia: Person, chloe: Person
) -> None:
    assert Respondent.objects.readable_by(esther).count() == 40
    assert Computation.objects.readable_by(esther).exists()
    for person in (olivia, chloe, None):
        assert Draw.objects.readable_by(person).exists()
        assert not Respondent.objects.readable_by(person).exists()
        assert not Computation.objects.readable_by(person).exists()
