"""A consultation of the city: Alice leads it, Chloé moderates it, Esther is a guarantor, Farid is elected.

Olivia runs the machine and has no part; Marc facilitates elsewhere; Zoé, a visitor, is None.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person
from antigone.consultation.models import Consultation, Moderator, Participant
from tests.consultation.town import add_statements, begin_consultation, make_camps

Opens = Callable[[Person | None], Client]


@pytest.fixture
def alice(city: Organisation) -> Person:
    """Alice facilitates for the city."""
    return create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)


@pytest.fixture
def esther(db: None) -> Person:
    """Esther is a guarantor."""
    return create_person(email="esther@garants.example", name="Esther", roles=["guarantor"])


@pytest.fixture
def farid(city: Organisation) -> Person:
    """Farid is an elected official of the city."""
    return create_person(
        email="farid@ville.example", name="Farid", roles=["elected_official"], organisation=city
    )


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
def empty(alice: Person, chloe: Person) -> Consultation:
    """The consultation, open, without a statement; Chloé moderates it."""
    consultation = begin_consultation(alice)
    Moderator.objects.create(consultation=consultation, person=chloe, named_by=alice)
    return consultation


@pytest.fixture
def consultation(empty: Consultation) -> Consultation:
    """The consultation, open, with eight statements and no vote."""
    add_statements(empty)
    return empty


@pytest.fixture
def camps(consultation: Consultation) -> list[Participant]:
    """Twelve participants of one camp and ten of the other, on the consultation's eight statements."""
    return make_camps(consultation)
