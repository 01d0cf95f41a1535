"""A town with something to hide: what only agents may read, what Chloé asked, and those who would like to know."""

from collections.abc import Callable

import pytest
from django.test import Client

from antigone.accounts import actions as accounts
from antigone.accounts.models import Group, Organisation, Person
from antigone.library.actions import add_document
from antigone.library.models import Collection, Document

SECRET = "AMARANTE"
PUBLIC_TEXT = "# Piscine\n\nLa piscine municipale est ouverte le mardi de 12 h à 14 h. L’entrée coûte 3,20 €."
SECRET_TEXT = (
    f"# Consigne {SECRET}\n\nLe mot de passe du coffre est {SECRET}, changé chaque lundi par le chef."
)

SignIn = Callable[[Person | None], Client]


@pytest.fixture
def public(city: Organisation, librarians: Group) -> Document:
    return _add(city, librarians, Collection.Audience.PUBLIC, "piscine.md", PUBLIC_TEXT)


@pytest.fixture
def secret(city: Organisation, librarians: Group) -> Document:
    return _add(city, librarians, Collection.Audience.ORGANISATION, f"{SECRET}.md", SECRET_TEXT)


@pytest.fixture
def olivia(city: Organisation) -> Person:
    """Olivia runs the machine, and is of another organisation than the documents."""
    company = Organisation.objects.create(name="Infogérance", slug="infogerance", kind="company")
    return accounts.create_person(
        email="olivia@infogerance.example", name="Olivia", roles=["operator"], organisation=company
    )


@pytest.fixture
def sign_in() -> SignIn:
    """Give the browser of a person; of Zoé, a visitor, for None."""

    def sign_in(person: Person | None) -> Client:
        client = Client()
        if person:
            client.force_login(person, backend="antigone.accounts.backends.Backend")
        return client

    return sign_in


def _add(city: Organisation, librarians: Group, audience: str, filename: str, text: str) -> Document:
    collection = Collection.objects.create(name=audience, slug=audience, organisation=city, audience=audience)
    collection.librarians.add(librarians)
    return add_document(collection=collection, filename=filename, data=text.encode(), by=None).document
