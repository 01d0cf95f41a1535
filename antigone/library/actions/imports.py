"""Imports: many files asked for together, done one by one, resumed after a stop."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.circuit.confinement import ConfinedReader
from antigone.errors import AntigoneError, NotPossible, Unavailable, WrongInput
from antigone.library.actions.add import About, Outcome, clean_filename, prepare, require_librarian, save
from antigone.library.actions.files import explain_full_disk, keep_bytes, read_bytes
from antigone.library.actions.reading import open_reader
from antigone.library.actions.refusals import refuse
from antigone.library.models import Collection, Import, ImportedFile

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody chose, and what the browser calls it."""

    filename: str
    content: Iterable[bytes]


def start_import(
    *,
    collection: Collection,
    uploads: Iterable[Upload],
    by: Person,
    about: About | None = None,
    brings_back: bool = False,
) -> Import:
    """Keep the bytes of all files, then hand them to the background; returns at once."""
    require_librarian(by, collection)
    about = about or About()
    files = [_keep_upload(upload, about.title) for upload in uploads]
    _refuse_same_names(files)
    with explain_full_disk(), transaction.atomic():
        started = Import.objects.create(
            collection=collection,
            asked_by=by,
            brings_back=brings_back,
            publisher=about.publisher,
            source=about.source,
            published_date=about.published_date,
            licence=about.licence,
        )
        for file in files:
            file.import_of = started
        ImportedFile.objects.bulk_create(files)
        enqueue(started)
    return started


def enqueue(started: Import) -> None:
    """Ask the background to do the rest of an import."""
    from antigone.library.tasks import do_import  # noqa: PLC0415 (tasks call actions: the one way back)

    do_import.enqueue(started.pk)


def run_import(import_id: int) -> None:
    """Do what remains of an import, one file at a time; each file's outcome is saved with its document.

    Stopped anywhere, it is resumed by running it again. Two at once do each file once.
    """
    started = Import.objects.select_related("collection", "asked_by").get(pk=import_id)
    # Without the person who asked, nobody's rights can be checked any more.
    state = Import.State.RUNNING if started.asked_by else Import.State.CANCELLED
    Import.objects.unfinished().filter(pk=import_id).update(state=state)
    try:
        _do_files(started)
    except (Unavailable, OperationalError, OSError):
        # A full disk may refuse this too: `resume_imports` finds the import all the same.
        with suppress(OperationalError):
            Import.objects.unfinished().filter(pk=import_id).update(state=Import.State.STOPPED)
        raise
    Import.objects.unfinished().filter(pk=import_id).update(state=Import.State.DONE)


def cancel_import(*, started: Import, by: Person | None) -> None:
    """Stop an import; what was added stays, what still waits is let go."""
    require_librarian(by, started.collection)
    with transaction.atomic():
        if not Import.objects.unfinished().filter(pk=started.pk).update(state=Import.State.CANCELLED):
            raise NotPossible(
                "import_over", gettext_noop("This import is over already. There is nothing left to cancel.")
            )
        started.files.filter(state=ImportedFile.State.WAITING).update(
            state=ImportedFile.State.REFUSED, sha256="", error_code="cancelled"
        )


def resume_import(*, started: Import, by: Person | None) -> None:
    """Hand a stopped import to the background again."""
    require_librarian(by, started.collection)
    if not Import.objects.filter(pk=started.pk, state=Import.State.STOPPED).update(
        state=Import.State.WAITING
    ):
        raise NotPossible(
            "import_not_stopped", gettext_noop("This import is not stopped. There is nothing to resume.")
        )
    enqueue(started)


def resume_imports() -> int:
    """Hand every unfinished import to the background again, after a stop; returns how many."""
    unfinished = list(Import.objects.unfinished())
    for started in unfinished:
        enqueue(started)
    return len(unfinished)


def _keep_upload(upload: Upload, title: str) -> ImportedFile:
    file = ImportedFile(filename=clean_filename(upload.filename), title=title)
    try:
        file.sha256 = keep_bytes(upload.content).sha256
    except WrongInput as error:
        _note_refusal(file, error)
    return file


def _refuse_same_names(files: list[ImportedFile]) -> None:
    """Refuse all files of one name but the first: as a new version, the second would hide it."""
    seen: set[str] = set()
    for file in files:
        if file.filename in seen:
            _note_refusal(file, refuse("same_name"))
        seen.add(file.filename)


def _do_files(started: Import) -> None:
    with open_reader() as reader:
        for file in started.files.filter(state=ImportedFile.State.WAITING):
            if not Import.objects.unfinished().filter(pk=started.pk).exists():
                return
            _do_file(started, file, reader)


def _do_file(started: Import, file: ImportedFile, reader: ConfinedReader) -> None:
    try:
        prepared = prepare(
            collection=started.collection,
            filename=file.filename,
            data=read_bytes(file.sha256),
            by=started.asked_by,
            about=About.from_row(started, title=file.title),
            brings_back=started.brings_back,
            reader=reader,
        )
        with explain_full_disk(), transaction.atomic():
            if not _claim(file):
                return
            outcome = prepared if isinstance(prepared, Outcome) else save(prepared)
            file.state, file.document, file.sha256 = outcome.state, outcome.document, ""
            file.save()
    except (Unavailable, OperationalError, OSError):
        raise  # nothing is wrong with the file: it waits until the machine can go on
    except AntigoneError as error:
        _note_refusal(file, error)
        file.save()
    except Exception:  # the edge of the worker: a file that we fail on must not hold up the others
        logger.exception("A file of import %s could not be added.", started.pk)
        _note_refusal(file, refuse("reading"))
        file.save()


def _claim(file: ImportedFile) -> bool:
    """Tell whether this file still waits; on PostgreSQL, hold it until the end of the transaction."""
    waiting = ImportedFile.objects.select_for_update().filter(pk=file.pk, state=ImportedFile.State.WAITING)
    return waiting.first() is not None


def _note_refusal(file: ImportedFile, error: AntigoneError) -> None:
    file.state, file.sha256 = ImportedFile.State.REFUSED, ""
    file.error_code, file.error_params = error.code, dict(error.params)
