"""The library of a small city: who reads what, real files, and one confined reader for all tests."""

import io
from collections.abc import Callable, Iterator

import pytest
from reportlab.pdfgen.canvas import Canvas

from antigone.accounts.models import Group, Organisation
from antigone.circuit.confinement import ConfinedReader
from antigone.library.actions import Outcome, add_document, open_reader
from antigone.library.models import Collection

PUBLIC_TEXT = "La piscine municipale ouvre tous les jours à neuf heures."
SECRET_TEXT = "Le code secret de la salle des archives est le clapotis."


@pytest.fixture
def collection(city: Organisation, librarians: Group) -> Collection:
    return _make_collection(city, librarians, "Vie pratique", Collection.Audience.PUBLIC)


@pytest.fixture
def internal(city: Organisation, librarians: Group) -> Collection:
    return _make_collection(city, librarians, "Notes internes", Collection.Audience.ORGANISATION)


@pytest.fixture
def secret(city: Organisation, librarians: Group) -> Collection:
    """Only the librarians read it."""
    return _make_collection(city, librarians, "Archives fermées", Collection.Audience.GROUPS)


@pytest.fixture(scope="session")
def reader() -> Iterator[ConfinedReader]:
    with open_reader() as reader:
        yield reader


@pytest.fixture
def add(reader: ConfinedReader) -> Callable[..., Outcome]:
    """Add a text file as the operator."""

    def add(
        collection: Collection, filename: str = "note.txt", text: str | bytes = PUBLIC_TEXT, **options: object
    ) -> Outcome:
        data = text.encode() if isinstance(text, str) else text
        by = options.pop("by", None)
        return add_document(
            collection=collection, filename=filename, data=data, by=by, reader=reader, **options
        )

    return add


def make_pdf(*pages: str, password: str | None = None) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=password, invariant=1)
    for page in pages:
        for row, line in enumerate(page.split("\n")):
            canvas.drawString(72, 760 - 16 * row, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _make_collection(city: Organisation, librarians: Group, name: str, audience: str) -> Collection:
    slug = name.lower().replace(" ", "-").replace("é", "e")
    collection = Collection.objects.create(name=name, slug=slug, audience=audience, organisation=city)
    collection.librarians.add(librarians)
    return collection
