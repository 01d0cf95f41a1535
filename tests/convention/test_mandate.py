"""A convention begins, and its people are appointed: one role each, and nobody who runs the machine."""

import pytest

from antigone.accounts.models import Person
from antigone.convention import actions, rules
from antigone.convention.models import Convention
from antigone.errors import NotAllowed, NotPossible
from tests.convention.conftest import Opens


def test_the_one_who_begins_facilitates(prepared: Convention, alice: Person, ahmed: Person) -> None:
    assert rules.can_facilitate(alice, prepared)
    assert not rules.can_facilitate(ahmed, prepared)


def test_only_a_facilitator_with_an_organisation_begins(farid: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.create_convention(title="A", question="B ?", commissioner="C", by=farid)


def test_a_title_taken_gets_another_address(prepared: Convention, alice: Person) -> None:
    again = actions.create_convention(title=prepared.title, question="B ?", commissioner="C", by=alice)
    assert again.slug == f"{prepared.slug}-2"


@pytest.mark.parametrize("role", ["facilitator", "guarantor", "elected_official"])
def test_nobody_has_two_parts(prepared: Convention, alice: Person, esther: Person, role: str) -> None:
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=esther, role=role, by=alice)


def test_who_runs_the_machine_has_no_part(prepared: Convention, alice: Person, olivia: Person) -> None:
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=olivia, role="expert", by=alice)


def test_only_its_facilitators_appoint(prepared: Convention, ahmed: Person, marc: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.appoint(convention=prepared, person=marc, role="facilitator", by=ahmed)


def test_what_is_not_public_is_not_there(
    prepared: Convention, opens: Opens, alice: Person, marc: Person
) -> None:
    address = f"/conventions/{prepared.slug}/"
    assert opens(alice).get(address).status_code == 200
    assert opens(marc).get(address).status_code == 404
    assert opens(None).get(address).status_code == 404
