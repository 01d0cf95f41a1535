import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible
from antigone.library.actions import (
    About,
    Outcome,
    Upload,
    cancel_import,
    resume_import,
    resume_imports,
    run_import,
    start_import,
    withdraw_document,
)
from antigone.library.actions.files import get_path
from antigone.library.models import Collection, Document, Import, ImportedFile
from tests.library.conftest import make_pdf

State = ImportedFile.State
# The worker closes old connections, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def start(collection: Collection, by: Person, files: dict[str, bytes], **options: object) -> Import:
    uploads = [Upload(name, io.BytesIO(data)) for name, data in files.items()]
    return start_import(collection=collection, uploads=uploads, by=by, **options)


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


def test_import_done_by_the_worker_tells_what_became_of_each_file(
    collection: Collection, ines: Person, add: Callable[..., Outcome]
) -> None:
    add(collection, "old.txt", "Ancien texte.")
    add(collection, "same.txt", "Le même texte.")
    started = start(
        collection,
        ines,
        {
            "new.pdf": make_pdf("Un nouveau document."),
            "old.txt": b"Un texte plus neuf.",
            "same.txt": "Le même texte.".encode(),
            "locked.pdf": make_pdf("Secret", password="mot"),
            "empty.pdf": b"",
        },
        about=About(publisher="Mairie"),
    )
    assert started.state == Import.State.WAITING
    work()
    started.refresh_from_db()
    assert started.state == Import.State.DONE
    assert {file.filename: (file.state, file.error_code) for file in started.files.all()} == {
        "new.pdf": (State.ADDED, ""),
        "old.txt": (State.NEW_VERSION, ""),
        "same.txt": (State.UNCHANGED, ""),
        "locked.pdf": (State.REFUSED, "encrypted"),
        "empty.pdf": (State.REFUSED, "empty"),
    }
    assert not any(started.files.values_list("sha256", flat=True))
    assert Document.objects.get(filename="new.pdf").publisher == "Mairie"
    assert Document.objects.get(filename="new.pdf").versions.get().imported_by == ines


def test_import_gives_its_title_to_its_only_file(collection: Collection, ines: Person) -> None:
    start(collection, ines, {"a.txt": b"Un texte."}, about=About(title="Le beau titre"))
    work()
    assert Document.objects.get().title == "Le beau titre"


def test_import_refuses_a_second_file_of_the_same_name(collection: Collection, ines: Person) -> None:
    uploads = [Upload("a.txt", io.BytesIO(b"Premier.")), Upload("a.txt", io.BytesIO(b"Second."))]
    started = start_import(collection=collection, uploads=uploads, by=ines)
    work()
    assert [file.error_code for file in started.files.all()] == ["", "same_name"]
    assert Document.objects.get().passages.get().text == "Premier."


def test_import_brings_withdrawn_documents_back_only_when_asked(
    collection: Collection, ines: Person, add: Callable[..., Outcome]
) -> None:
    document = add(collection, "a.txt", "Un texte.").document
    withdraw_document(document=document, by=None, reason="Périmé")
    refused = start(collection, ines, {"a.txt": b"Un texte."})
    asked = start(collection, ines, {"a.txt": b"Un texte."}, brings_back=True)
    work()
    assert refused.files.get().error_code == "withdrawn"
    assert asked.files.get().state == State.NEW_VERSION


def test_import_resumes_what_a_stop_left_undone(collection: Collection, ines: Person) -> None:
    started = start(collection, ines, {"a.txt": b"Un texte.", "b.txt": b"Un autre texte."})
    run_import(started.pk)
    # As a kill during b.txt would leave it: the first is done, the second still waits for its bytes.
    done = Document.objects.get(filename="a.txt")
    again = start(collection, ines, {"c.txt": b"Un dernier texte."})
    Import.objects.filter(pk=again.pk).update(state=Import.State.RUNNING)
    assert resume_imports() == 1
    work()
    assert Document.objects.count() == 3
    assert done.versions.count() == 1
    assert set(Import.objects.values_list("state", flat=True)) == {Import.State.DONE}


def test_import_that_the_machine_stops_waits_to_be_resumed(collection: Collection, ines: Person) -> None:
    started = start(collection, ines, {"a.txt": b"Un texte.", "b.txt": b"Un autre texte."})
    path = get_path(started.files.get(filename="b.txt").sha256)
    data = path.read_bytes()
    path.unlink()
    path.mkdir()  # a disk that answers with an error
    work()
    started.refresh_from_db()
    assert started.state == Import.State.STOPPED
    assert [file.state for file in started.files.all()] == [State.ADDED, State.WAITING]
    path.rmdir()
    path.write_bytes(data)
    resume_import(started=started, by=ines)
    work()
    assert [file.state for file in started.files.all()] == [State.ADDED, State.ADDED]


def test_run_import_twice_does_each_file_once(collection: Collection, ines: Person) -> None:
    started = start(collection, ines, {"a.txt": b"Un texte."})
    run_import(started.pk)
    run_import(started.pk)
    assert started.files.get().state == State.ADDED
    assert Document.objects.get().versions.count() == 1


def test_cancel_import_leaves_what_remains(collection: Collection, ines: Person) -> None:
    started = start(collection, ines, {"a.txt": b"Un texte."})
    cancel_import(started=started, by=ines)
    work()
    started.refresh_from_db()
    assert started.state == Import.State.CANCELLED
    assert (started.files.get().error_code, started.files.get().sha256) == ("cancelled", "")
    assert not Document.objects.exists()
    with pytest.raises(NotPossible):
        cancel_import(started=started, by=ines)


def test_start_import_refuses_who_is_not_a_librarian(
    collection: Collection, chloe: Person, data_folder: Path
) -> None:
    with pytest.raises(NotAllowed):
        start(collection, chloe, {"a.txt": b"Un texte."})
    assert not list(data_folder.rglob("*"))


def test_import_refuses_when_the_librarian_no_longer_is_one(collection: Collection, ines: Person) -> None:
    started = start(collection, ines, {"a.txt": b"Un texte."})
    ines.groups.clear()
    work()
    assert started.files.get().error_code == "not_librarian"
    assert not Document.objects.exists()


def test_import_ends_when_the_librarian_has_left(collection: Collection, ines: Person) -> None:
    started = start(collection, ines, {"a.txt": b"Un texte."})
    ines.delete()
    work()
    started.refresh_from_db()
    assert started.state == Import.State.CANCELLED
    assert not Document.objects.exists()
