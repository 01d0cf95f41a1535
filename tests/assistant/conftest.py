"""A small library for the assistant: what everybody may read, and what only agents may."""

from collections.abc import Iterator

import pytest

from antigone.accounts.models import Group, Organisation
from antigone.library.actions import add_document
from antigone.library.models import Collection
from tests.scripted_engine import ScriptedEngine, serve_scripted_engine

CANTEEN = """# Règlement des restaurants scolaires

## Article 6. Inscription

L’inscription se fait avec le livret de famille, un justificatif de domicile de moins de trois mois et la dernière
attestation de quotient familial. Elle vaut pour l’année scolaire.

## Article 7. Prix

Le repas d’un enfant coûte de 1,05 € à 4,60 € selon le quotient familial. Sans attestation, le tarif le plus élevé
s’applique.
"""
POOL = """# Piscine municipale

La piscine est ouverte le mardi et le vendredi de 12 h à 14 h, et le samedi de 10 h à 18 h.

Le bonnet de bain est obligatoire. L’entrée coûte 3,20 €.
"""
SECRET = """# Consigne interne

Le mot de passe du coffre AMARANTE est changé chaque lundi par le chef de service.
"""


@pytest.fixture
def public(city: Organisation, librarians: Group) -> Collection:
    collection = Collection.objects.create(
        name="Documents de la ville", slug="ville", organisation=city, audience=Collection.Audience.PUBLIC
    )
    collection.librarians.add(librarians)
    for filename, text in (("cantine.md", CANTEEN), ("piscine.md", POOL)):
        add_document(collection=collection, filename=filename, data=text.encode(), by=None)
    return collection


@pytest.fixture
def internal(city: Organisation, librarians: Group) -> Collection:
    collection = Collection.objects.create(
        name="Interne", slug="interne", organisation=city, audience=Collection.Audience.ORGANISATION
    )
    collection.librarians.add(librarians)
    add_document(collection=collection, filename="consigne.md", data=SECRET.encode(), by=None)
    return collection


@pytest.fixture(scope="session")
def scripted() -> Iterator[ScriptedEngine]:
    with serve_scripted_engine() as server:
        yield server
