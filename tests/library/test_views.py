import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from antigone.accounts.models import Person
from antigone.library.actions import About, Outcome, withdraw_document
from antigone.library.models import Collection, Document, Import, ImportedFile
from tests.library.conftest import PUBLIC_TEXT, make_pdf

Add = Callable[..., Outcome]


@pytest.fixture
def librarian(client: Client, ines: Person) -> Client:
    client.force_login(ines)
    return client


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_collections_page_lists_what_a_visitor_may_read(
    client: Client, collection: Collection, add: Add
) -> None:
    add(collection)
    page = client.get(reverse("library:collections")).content.decode()
    assert "Vie pratique" in page
    assert "1 document" in page


def test_document_page_says_where_the_document_comes_from(
    client: Client, collection: Collection, add: Add
) -> None:
    about = About("La piscine", "Service des sports", "Délibération 12", date(2026, 3, 1), "Licence ouverte")
    document = add(collection, "piscine.docx", make_pdf("Un", "Deux"), about=about).document
    page = client.get(reverse("library:document", args=[document.pk])).content.decode()
    for words in ("La piscine", "Service des sports", "Délibération 12", "Licence ouverte", ".docx", "PDF"):
        assert words in page


def test_page_marks_the_quote_on_the_image_and_in_the_text(
    client: Client, collection: Collection, add: Add
) -> None:
    document = add(collection, "a.pdf", make_pdf("Un.", "Le marche ouvre.\nIl ferme a midi.")).document
    text = document.versions.get().pages.get(number=2).text
    start = text.index("Il ferme")
    address = reverse("library:page", args=[document.pk, 2])
    page = client.get(address, {"start": start, "end": len(text)}).content.decode()
    assert re.search(r"<mark[^>]*>Il ferme a midi\.\s*</mark>", page)
    assert page.count('<rect class="mark"') == 1
    assert 'rel="prev"' in page
    assert 'rel="next"' not in page
    image = client.get(re.search(r'<image href="([^"]+)"', page)[1])
    assert image.headers["Content-Type"] == "image/png"
    assert image.headers["Cache-Control"].startswith("private")
    assert image.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "query", ["", "start=5", "start=9&end=2", "start=-1&end=3", "start=0&end=1e9", "start=٣&end=x"]
)
def test_page_without_a_sound_quote_shows_its_text(
    client: Client, collection: Collection, add: Add, query: str
) -> None:
    document = add(collection).document
    response = client.get(reverse("library:page", args=[document.pk, 1]) + "?" + query)
    assert PUBLIC_TEXT in response.content.decode()
    assert b"<mark" not in response.content


def test_page_escapes_what_a_document_says(client: Client, collection: Collection, add: Add) -> None:
    document = add(collection, text="<script>alert(1)</script> bonjour").document
    page = client.get(reverse("library:page", args=[document.pk, 1]), {"start": 0, "end": 8}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_page_of_an_old_version_says_so(client: Client, collection: Collection, add: Add) -> None:
    document = add(collection, text="Ancien texte.").document
    old = document.versions.get()
    add(collection, text="Nouveau texte.")
    address = reverse("library:page", args=[document.pk, 1])
    assert "Nouveau texte." in client.get(address).content.decode()
    page = client.get(address, {"version": old.pk}).content.decode()
    assert "Ancien texte." in page
    assert 'class="notice warning"' in page


def test_image_exists_in_the_offered_widths_only(client: Client, collection: Collection, add: Add) -> None:
    document = add(collection, "a.pdf", make_pdf("Un.")).document
    version = document.versions.get()

    def get_status(number: int, width: int) -> int:
        return client.get(reverse("library:image", args=[document.pk, version.pk, number, width])).status_code

    assert [get_status(1, 800), get_status(1, 801), get_status(2, 800)] == [200, 404, 404]


def test_original_is_downloaded_as_it_was_added(client: Client, collection: Collection, add: Add) -> None:
    data = make_pdf("Un.")
    document = add(collection, "2026/été.pdf", data).document
    response = client.get(reverse("library:original", args=[document.pk, document.versions.get().pk]))
    assert b"".join(response.streaming_content) == data
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_search_page_marks_words_and_filters(client: Client, collection: Collection, add: Add) -> None:
    add(collection, "a.txt", "La piscine ouvre à neuf heures.", about=About(published_date=date(2026, 3, 1)))
    address = reverse("library:search")
    page = client.get(address, {"q": "piscine"}).content.decode()
    assert "<mark>piscine</mark>" in page
    assert "#quote" in page
    assert "<mark>" not in client.get(address, {"q": "piscine", "since": "2026-04-01"}).content.decode()
    assert "<mark>" not in client.get(address, {"q": "piscine", "language": "en"}).content.decode()
    kept = client.get(address, {"q": "piscine", "collection": collection.slug, "until": "2026-12-31"})
    assert "<mark>piscine</mark>" in kept.content.decode()


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%00", "q=" + "a" * 501, "q=a&since=hier", "q=a&collection=nulle"]
)
def test_search_page_takes_any_query(client: Client, collection: Collection, query: str) -> None:
    assert client.get(reverse("library:search") + "?" + query).status_code == 200


@pytest.mark.django_db(transaction=True)  # the worker and downloads close connections
def test_librarian_adds_files_and_follows_them(librarian: Client, collection: Collection) -> None:
    add_page = reverse("library:add", args=[collection.slug])
    assert b'enctype="multipart/form-data"' in librarian.get(add_page).content
    files = [upload("a.pdf", make_pdf("Un document.")), upload("b.pdf", make_pdf("Secret", password="x"))]
    response = librarian.post(add_page, {"documents": files, "publisher": "Mairie"})
    started = Import.objects.get()
    assert response.headers["Location"] == reverse("library:import", args=[started.pk])
    waiting = librarian.get(response.headers["Location"]).content.decode()
    assert '<meta http-equiv="refresh"' in waiting
    assert 'hx-trigger="every' in waiting
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    done = librarian.get(response.headers["Location"]).content.decode()
    assert '<meta http-equiv="refresh"' not in done
    assert "a.pdf" in done
    assert str(Document.objects.get().pk) in done
    assert (
        reverse("library:import", args=[started.pk])
        in librarian.get(reverse("library:imports", args=[collection.slug])).content.decode()
    )


def test_librarian_who_chooses_no_file_is_told(librarian: Client, collection: Collection) -> None:
    response = librarian.post(reverse("library:add", args=[collection.slug]), {"publisher": "Mairie"})
    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert not Import.objects.exists()


def test_librarian_gives_a_title_to_one_file_only(librarian: Client, collection: Collection) -> None:
    files = [upload("a.txt", b"Un."), upload("b.txt", b"Deux.")]
    response = librarian.post(
        reverse("library:add", args=[collection.slug]), {"documents": files, "title": "Titre"}
    )
    assert b"errorlist" in response.content
    assert not Import.objects.exists()


def test_librarian_adds_files_with_odd_names(librarian: Client, collection: Collection) -> None:
    names = ["../../etc/passwd.txt", "a\nb.txt", "x" * 600 + ".txt", "C:\\dossier\\note.txt", "été.txt"]
    files = [upload("f", f"Texte {number}.".encode()) for number in range(len(names))]
    for file, name in zip(files, names, strict=True):
        file._name = name
    librarian.post(reverse("library:add", args=[collection.slug]), {"documents": files})
    stored = list(ImportedFile.objects.values_list("filename", flat=True))
    assert len(stored) == len(names)
    for name in stored:
        assert name.isprintable()
        assert len(name) <= 500
        assert "/" not in name


def test_librarian_adds_a_thousand_files_at_once(librarian: Client, collection: Collection) -> None:
    files = [upload(f"{number}.txt", b"x") for number in range(1_000)]
    response = librarian.post(reverse("library:add", args=[collection.slug]), {"documents": files})
    assert response.status_code == 302
    assert ImportedFile.objects.count() == 1_000


def test_librarian_adds_a_folder_without_its_hidden_files(librarian: Client, collection: Collection) -> None:
    files = [upload("a.txt", b"Un."), upload(".DS_Store", b"x"), upload("a.txt", b"Deux.")]
    librarian.post(reverse("library:add", args=[collection.slug]), {"folder": files})
    assert [(file.filename, file.error_code) for file in ImportedFile.objects.all()] == [
        ("a.txt", ""),
        ("a.txt", "same_name"),
    ]


def test_librarian_who_chooses_too_many_files_is_told(librarian: Client, collection: Collection) -> None:
    files = [upload(f"{number}.txt", b"x") for number in range(1_001)]
    response = librarian.post(reverse("library:add", args=[collection.slug]), {"documents": files})
    assert response.status_code == 200
    assert "1001" in response.content.decode()
    assert not Import.objects.exists()


@pytest.mark.django_db(transaction=True)  # the worker and downloads close connections
def test_librarian_resumes_an_import_that_a_full_disk_stopped(
    librarian: Client, collection: Collection
) -> None:
    librarian.post(reverse("library:add", args=[collection.slug]), {"documents": [upload("a.txt", b"Un.")]})
    started = Import.objects.get()
    address = reverse("library:import", args=[started.pk])
    resume = reverse("library:resume", args=[started.pk])
    assert librarian.post(resume).status_code == 409
    Import.objects.update(state=Import.State.STOPPED)
    assert resume in librarian.get(address).content.decode()
    librarian.post(resume)
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    started.refresh_from_db()
    assert started.state == Import.State.DONE


def test_librarian_cancels_an_import(librarian: Client, collection: Collection) -> None:
    librarian.post(reverse("library:add", args=[collection.slug]), {"documents": [upload("a.txt", b"Un.")]})
    started = Import.objects.get()
    librarian.post(reverse("library:cancel", args=[started.pk]))
    started.refresh_from_db()
    assert started.state == Import.State.CANCELLED


def test_librarian_corrects_what_is_said_of_a_document(
    librarian: Client, collection: Collection, add: Add
) -> None:
    about = About("Faux titre", published_date=date(2025, 12, 31))
    document = add(collection, about=about).document
    address = reverse("library:describe", args=[document.pk])
    assert 'value="2025-12-31"' in librarian.get(address).content.decode()
    assert b"errorlist" in librarian.post(address, {"title": ""}).content
    librarian.post(address, {"title": "Nage libre", "published_date": "2026-01-31", "publisher": "Mairie"})
    document.refresh_from_db()
    assert (document.title, document.publisher, document.published_date) == (
        "Nage libre",
        "Mairie",
        date(2026, 1, 31),
    )
    found = librarian.get(reverse("library:search"), {"q": "nage"}).content.decode()
    assert "Nage libre" in found


def test_librarian_withdraws_after_saying_why_then_restores(
    librarian: Client, collection: Collection, add: Add
) -> None:
    document = add(collection).document
    address = reverse("library:withdraw", args=[document.pk])
    assert librarian.get(address).status_code == 200
    assert b"errorlist" in librarian.post(address, {"reason": ""}).content
    librarian.post(address, {"reason": "Périmé"})
    document.refresh_from_db()
    assert document.withdrawal_reason == "Périmé"
    withdrawn = librarian.get(reverse("library:collection", args=[collection.slug]), {"withdrawn": ""})
    assert "Périmé" in withdrawn.content.decode()
    librarian.post(reverse("library:restore", args=[document.pk]))
    document.refresh_from_db()
    assert document.withdrawn_at is None


def test_withdrawn_document_is_there_for_librarians_only(
    client: Client, collection: Collection, add: Add, ines: Person
) -> None:
    document = add(collection).document
    withdraw_document(document=document, by=None, reason="Périmé")
    address = reverse("library:document", args=[document.pk])
    assert client.get(address).status_code == 404
    client.force_login(ines)
    assert "Périmé" in client.get(address).content.decode()
