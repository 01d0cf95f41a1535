from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from antigone.accounts.models import Person
from antigone.errors import AntigoneError, NotAllowed, WrongInput
from antigone.library.actions import About, Outcome, add_document, withdraw_document
from antigone.library.actions.add import clean_filename
from antigone.library.actions.files import read_bytes
from antigone.library.models import Collection, Document, ImportedFile, Page, Passage, Version
from tests.library.conftest import PUBLIC_TEXT, make_pdf

State = ImportedFile.State
Add = Callable[..., Outcome]


def test_add_document_saves_pages_passages_and_bytes(collection: Collection, add: Add, ines: Person) -> None:
    about = About(
        "La piscine", "Service des sports", "Délibération 2026-12", date(2026, 3, 1), "Licence ouverte"
    )
    data = make_pdf("Horaires de la piscine.\nElle ouvre a neuf heures.", "Tarifs de la piscine.")
    outcome = add(collection, "piscine.pdf", data, by=ines, about=about)

    document = outcome.document
    version = document.versions.get()
    assert outcome.state is State.ADDED
    assert (document.title, document.publisher, document.licence) == (
        "La piscine",
        "Service des sports",
        "Licence ouverte",
    )
    assert (version.media_type, version.has_page_images, version.imported_by) == (
        "application/pdf",
        True,
        ines,
    )
    assert [page.label for page in version.pages.all()] == ["1", "2"]
    assert all(page.width > 500 for page in version.pages.all())
    assert [passage.text for passage in document.passages.order_by("id")] == [
        "Horaires de la piscine.\nElle ouvre a neuf heures.",
        "Tarifs de la piscine.",
    ]
    assert "piscin" in document.passages.first().title_terms
    assert read_bytes(version.sha256) == data


def test_add_document_twice_changes_nothing(collection: Collection, add: Add) -> None:
    first = add(collection)
    again = add(collection)
    assert (again.state, again.document) == (State.UNCHANGED, first.document)
    assert (Version.objects.count(), Passage.objects.count()) == (1, 1)


def test_add_document_with_the_same_bytes_under_another_name_points_to_the_first(
    collection: Collection, add: Add
) -> None:
    first = add(collection, "a.txt")
    assert add(collection, "b.txt") == Outcome(State.UNCHANGED, first.document)


def test_add_document_takes_the_same_bytes_in_another_collection(
    collection: Collection, internal: Collection, add: Add
) -> None:
    add(collection)
    assert add(internal).state is State.ADDED


def test_add_document_with_new_bytes_replaces_the_passages(collection: Collection, add: Add) -> None:
    document = add(collection, text="La piscine ouvre à neuf heures.").document
    outcome = add(collection, text="La piscine ouvre à dix heures.")
    assert (outcome.state, outcome.document) == (State.NEW_VERSION, document)
    assert [version.number for version in document.versions.all()] == [2, 1]
    assert [passage.text for passage in document.passages.all()] == ["La piscine ouvre à dix heures."]
    assert Page.objects.count() == 2


def test_add_document_back_to_old_bytes_is_a_new_version(collection: Collection, add: Add) -> None:
    for text in ("Un texte.", "Un autre texte.", "Un texte."):
        outcome = add(collection, text=text)
    assert outcome.state is State.NEW_VERSION
    assert outcome.document.versions.count() == 3


def test_add_document_follows_the_title_of_the_file_until_somebody_writes_one(
    collection: Collection, add: Add
) -> None:
    add(collection, "a.md", "# Tarifs 2025\n\nUn euro.")
    assert add(collection, "a.md", "# Tarifs 2026\n\nDeux euros.").document.title == "Tarifs 2026"
    add(collection, "a.md", "# Tarifs 2026\n\nTrois euros.", about=About(title="Nos tarifs"))
    assert add(collection, "a.md", "# Tarifs 2027\n\nQuatre euros.").document.title == "Nos tarifs"


def test_add_document_without_a_title_takes_the_name_of_the_file(collection: Collection, add: Add) -> None:
    assert add(collection, "2026/reglement_du_marche.txt").document.title == "reglement du marche"


def test_add_document_refuses_who_is_not_a_librarian(collection: Collection, add: Add, chloe: Person) -> None:
    with pytest.raises(NotAllowed):
        add(collection, by=chloe)
    assert not Document.objects.exists()


def test_add_document_brings_a_withdrawn_one_back_only_when_asked(collection: Collection, add: Add) -> None:
    document = add(collection).document
    withdraw_document(document=document, by=None, reason="Périmé")
    for name in ("note.txt", "other.txt"):
        with pytest.raises(WrongInput) as refusal:
            add(collection, name)
        assert refusal.value.code == "withdrawn"
    outcome = add(collection, brings_back=True)
    assert (outcome.state, outcome.document) == (State.NEW_VERSION, document)
    assert outcome.document.withdrawn_at is None
    assert document.passages.count() == 1


@pytest.mark.parametrize(
    ("filename", "data", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.txt", b"  \n ", "empty"),
        ("a.pdf", make_pdf("Secret", password="mot"), "encrypted"),
        ("a.pdf", make_pdf("Coupe en deux")[:300], "broken"),
        ("a.docx", b"PK\x03\x04 not a zip", "broken"),
        ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00\xff\xff" * 50, "unsupported"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 50, "unsupported"),
    ],
)
def test_add_document_refuses_what_cannot_be_read(
    collection: Collection, add: Add, filename: str, data: bytes, code: str
) -> None:
    with pytest.raises(AntigoneError) as refusal:
        add(collection, filename, data)
    assert refusal.value.code == code
    assert not Document.objects.exists()
    assert not Version.objects.exists()


def test_add_document_refuses_what_is_too_large(
    collection: Collection, add: Add, settings: Settings, data_folder: Path
) -> None:
    settings.DOCUMENT_BYTES = 10
    with pytest.raises(WrongInput) as refusal:
        add(collection)
    assert refusal.value.code == "too_large"
    assert not list(data_folder.rglob("*"))


def test_add_document_notes_a_misleading_name(collection: Collection, add: Add) -> None:
    version = add(collection, "note.docx", make_pdf("Un PDF")).document.versions.get()
    assert version.notices[0]["code"] == "misnamed"


def test_add_document_starts_a_reader_of_its_own(collection: Collection) -> None:
    outcome = add_document(collection=collection, filename="a.txt", data=PUBLIC_TEXT.encode(), by=None)
    assert outcome.state is State.ADDED


@given(st.text(max_size=700))
def test_clean_filename_fits_and_stays_itself(name: str) -> None:
    clean = clean_filename(name)
    assert 0 < len(clean) <= 500
    assert clean.isprintable()
    assert not clean.startswith("/")
    assert clean_filename(clean) == clean


def test_clean_filename_keeps_the_ending_of_a_long_name() -> None:
    assert clean_filename("x" * 600 + ".pdf") == "x" * 496 + ".pdf"
