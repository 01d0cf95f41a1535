"""A convention of the city: Alice facilitates, Esther is its guarantor, Farid answers, Jeanne is an expert, Bob sits.

Olivia runs the machine and has no part; Marc facilitates elsewhere; Zoé, a visitor, is None.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person
from antigone.convention.models import Convention, Member, Phase
from tests.convention.answering import adopt_proposals
from tests.convention.town import begin_convention, seat_members

Opens = Callable[[Person | None], Client]


@pytest.fixture
def alice(city: Organisation) -> Person:
    """Alice facilitates for the city."""
    return create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)


@pytest.fixture
def ahmed(city: Organisation) -> Person:
    """Ahmed facilitates for the city too, and is not appointed unless a test does it."""
    return create_person(email="ahmed@ville.example", name="Ahmed", roles=["facilitator"], organisation=city)


@pytest.fixture
def esther(db: None) -> Person:
    """Esther is the guarantor."""
    return create_person(email="esther@garants.example", name="Esther", roles=["guarantor"])


@pytest.fixture
def farid(city: Organisation) -> Person:
    """Farid is an elected official of the city."""
    return create_person(
        email="farid@ville.example", name="Farid", roles=["elected_official"], organisation=city
    )


@pytest.fixture
def jeanne(db: None) -> Person:
    """Jeanne is an expert."""
    return create_person(email="jeanne@labo.example", name="Jeanne", roles=["expert"])


@pytest.fixture
def bob(db: None) -> Person:
    """Bob has an account as a member; his seat is in `bob_member`."""
    return create_person(email="bob@mail.example", name="SECRET-Bob-Lefevre", roles=["member"])


@pytest.fixture
def olivia(city: Organisation) -> Person:
    """Olivia runs the machine, with the city."""
    return create_person(email="olivia@ville.example", name="Olivia", roles=["operator"], organisation=city)


@pytest.fixture
def marc(db: None) -> Person:
    """Marc facilitates for another authority."""
    other = Organisation.objects.create(name="Métropole", slug="metropole", kind="authority")
    return create_person(email="marc@metro.example", name="Marc", roles=["facilitator"], organisation=other)


@pytest.fixture
def opens() -> Opens:
    """Give the browser of a person; of Zoé, a visitor, for None."""

    def opens(person: Person | None) -> Client:
        client = Client()
        if person:
            client.force_login(person)
        return client

    return opens


@pytest.fixture
def prepared(alice: Person, esther: Person, farid: Person, jeanne: Person) -> Convention:
    """The convention with its team, before its mandate is published."""
    return begin_convention(alice, guarantor=esther, official=farid, expert=jeanne)


@pytest.fixture
def convention(prepared: Convention) -> Convention:
    """The convention in deliberation, with ten members; each has a real name that must never be seen."""
    seat_members(prepared, 10)
    return move_to(prepared, Phase.DELIBERATION)


@pytest.fixture
def bob_member(convention: Convention, bob: Person) -> Member:
    """The seat of Bob, number 1, who calls himself Basile in public."""
    member = convention.members.get(number=1)
    member.person = bob
    member.pseudonym = "Basile"
    member.save(update_fields=["person", "pseudonym"])
    return member


@pytest.fixture
def answered(convention: Convention) -> Convention:
    """Three proposals adopted, in the phase of the answers."""
    adopt_proposals(convention, 3)
    return move_to(convention, Phase.ANSWERS)


def move_to(convention: Convention, phase: Phase) -> Convention:
    """Put a convention at a phase, as if all before had been done and published."""
    convention.phase = phase
    convention.published_at = timezone.now() - timedelta(days=30)
    convention.save(update_fields=["phase", "published_at"])
    return convention
