"""One part each; a guarantor is sent away by nobody; who runs the machine has no part, even since later."""

from itertools import permutations, product

import pytest
from django.db.models import ProtectedError

from antigone.accounts.actions import create_person, give_role, take_role
from antigone.accounts.models import HeldRole, Person, Role
from antigone.convention import actions, rules
from antigone.convention.models import Appointment, Convention, Departure, Member, Phase
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens, move_to

ROLES = list(Appointment.Role.values)


def make(name: str, *roles: str) -> Person:
    return create_person(email=f"{name}@mail.example", name=name, roles=roles)


@pytest.mark.parametrize(("first", "second"), list(permutations(ROLES, 2)))
def test_roles_exclude_each_other_now_and_later(
    prepared: Convention, alice: Person, first: str, second: str
) -> None:
    person = make("paul", first, second)
    made = actions.appoint(convention=prepared, person=person, role=first, by=alice)
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=person, role=second, by=alice)
    Departure.objects.create(
        convention=prepared, person=person, name=person.name, role=first, reason="x", is_own=True,
        left_at=prepared.created_at,
    )  # fmt: skip
    made.delete()
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=person, role=second, by=alice)
    actions.appoint(convention=prepared, person=person, role=first, by=alice)


@pytest.mark.parametrize(("held", "asked"), list(product([*ROLES, "operator", "member", "agent"], ROLES)))
def test_a_role_goes_to_who_holds_it_in_their_account(
    prepared: Convention, alice: Person, held: str, asked: str
) -> None:
    person = make("paul", held)
    if held == asked:
        actions.appoint(convention=prepared, person=person, role=asked, by=alice)
        assert rules.holds(person, prepared, asked)
        return
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=person, role=asked, by=alice)
    assert not rules.holds(person, prepared, *ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_who_becomes_an_operator_loses_every_part(
    prepared: Convention, alice: Person, role: str, opens: Opens
) -> None:
    person = make("paul", role)
    actions.appoint(convention=prepared, person=person, role=role, by=alice)
    # By the tables themselves: the actions refuse it for most roles.
    HeldRole.objects.create(person=person, role=Role.OPERATOR)
    assert not rules.holds(person, prepared, *ROLES)
    assert not any(
        can(person, prepared)
        for can in (rules.can_facilitate, rules.can_guarantee, rules.can_follow, rules.can_answer)
    )
    assert not Convention.objects.readable_by(person).exists()
    assert opens(person).get(f"/conventions/{prepared.slug}/").status_code == 404


def test_a_member_who_becomes_an_operator_sits_no_more(bob_member: Member, bob: Person) -> None:
    HeldRole.objects.create(person=bob, role=Role.OPERATOR)
    assert rules.get_member(bob, bob_member.convention) is None


def test_no_operator_sends_a_guarantor_away(
    convention: Convention, esther: Person, olivia: Person, opens: Opens
) -> None:
    for by in (olivia, None):
        with pytest.raises((NotAllowed, NotPossible)):
            take_role(person=esther, role=Role.GUARANTOR, by=by)
        with pytest.raises((NotAllowed, NotPossible)):
            give_role(person=esther, role=Role.OPERATOR, by=by)
    address = f"/admin/accounts/person/{esther.pk}/change/"
    typed = {
        "name": esther.name,
        "email": esther.email,
        "roles": ["guarantor"],
        "groups": [],
        "new_password": "",
    }
    assert opens(olivia).post(address, typed).status_code == 200
    esther.refresh_from_db()
    assert esther.is_active
    with pytest.raises(ProtectedError):
        esther.delete()
    assert rules.can_guarantee(esther, convention)


def test_a_guarantor_of_what_is_closed_is_as_free_as_anybody(
    convention: Convention, esther: Person, olivia: Person, opens: Opens
) -> None:
    move_to(convention, Phase.CLOSED)
    address = f"/admin/accounts/person/{esther.pk}/change/"
    typed = {
        "name": esther.name,
        "email": esther.email,
        "roles": ["guarantor"],
        "groups": [],
        "new_password": "",
    }
    assert opens(olivia).post(address, typed).status_code == 302
    esther.refresh_from_db()
    assert not esther.is_active


def test_no_facilitator_sends_a_guarantor_away_once_it_is_public(
    prepared: Convention, alice: Person, esther: Person, opens: Opens
) -> None:
    appointment = prepared.appointments.get(person=esther)
    move_to(prepared, Phase.SELECTION)
    with pytest.raises(NotAllowed):
        actions.dismiss(appointment=appointment, reason="Gênante", by=alice)
    opens(alice).post(f"/conventions/{prepared.slug}/equipe/{appointment.pk}/retirer/", {"reason": "Gênante"})
    assert rules.can_guarantee(esther, prepared)


def test_before_it_is_public_the_team_is_made_and_unmade_without_a_word(
    prepared: Convention, alice: Person, esther: Person
) -> None:
    actions.dismiss(appointment=prepared.appointments.get(person=esther), by=alice)
    assert not rules.can_guarantee(esther, prepared)
    assert not prepared.departures.exists()


def test_a_guarantor_steps_down_with_a_public_reason(
    convention: Convention, esther: Person, opens: Opens
) -> None:
    address = f"/conventions/{convention.slug}/"
    assert opens(esther).post(f"{address}equipe/se-retirer/", {"reason": " "}).status_code == 422
    assert opens(esther).post(f"{address}equipe/se-retirer/", {"reason": "Un conflit"}).status_code == 302
    assert not rules.can_guarantee(esther, convention)
    page = opens(None).get(address).content.decode()
    assert "Un conflit" in page
    assert "Esther" in page


def test_nobody_is_sent_away_without_a_reason_nor_the_last_of_their_role(
    convention: Convention, alice: Person, ahmed: Person, jeanne: Person, farid: Person
) -> None:
    expert = convention.appointments.get(person=jeanne)
    with pytest.raises(WrongInput):
        actions.dismiss(appointment=expert, reason="", by=alice)
    actions.dismiss(appointment=expert, reason="Un autre métier", by=alice)
    with pytest.raises(NotPossible):
        actions.dismiss(appointment=convention.appointments.get(person=farid), reason="Oui", by=alice)
    actions.appoint(convention=convention, person=ahmed, role="facilitator", by=alice)
    with pytest.raises(NotAllowed):
        actions.dismiss(appointment=convention.appointments.get(person=alice), reason="Oui", by=alice)
    actions.dismiss(appointment=convention.appointments.get(person=alice), reason="Oui", by=ahmed)
    assert not rules.can_facilitate(alice, convention)


def test_appointing_tells_nobody_who_has_an_account(
    convention: Convention, bob_member: Member, alice: Person, olivia: Person, marc: Person, esther: Person,
    opens: Opens,
) -> None:  # fmt: skip
    closed = create_person(email="clos@mail.example", name="SECRET-clos", roles=["expert"], is_active=False)
    address = f"/conventions/{convention.slug}/equipe/"
    answers = set()
    for email in ("personne@mail.example", closed.email, olivia.email, esther.email, bob_member.person.email):  # type: ignore[union-attr]
        answer = opens(alice).post(address, {"email": email, "role": "expert"})
        assert answer.status_code == 422
        assert "SECRET" not in answer.content.decode()
        answers.add(str(answer.context["form"].errors))
    assert len(answers) == 1
    assert opens(alice).post(address, {"email": marc.email.upper(), "role": "facilitator"}).status_code == 302
    assert rules.can_facilitate(marc, convention)


def test_the_team_page_is_for_the_team(
    convention: Convention, alice: Person, esther: Person, farid: Person, bob: Person, bob_member: Member,
    marc: Person, opens: Opens,
) -> None:  # fmt: skip
    address = f"/conventions/{convention.slug}/equipe/"
    assert opens(alice).get(address).status_code == opens(esther).get(address).status_code == 200
    for person in (farid, bob, marc):
        assert opens(person).get(address).status_code == 404
    assert opens(esther).post(address, {"email": marc.email, "role": "facilitator"}).status_code == 404
