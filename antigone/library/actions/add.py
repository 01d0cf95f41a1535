"""Add a document: bytes → file → pages → passages → index, whole or not at all."""

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Self

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.circuit.confinement import ConfinedReader
from antigone.core import reading as core
from antigone.errors import NotAllowed
from antigone.library import rules
from antigone.library.actions.files import KeptFile, explain_full_disk, get_path, is_kept, keep_bytes
from antigone.library.actions.passages import cut_pages, index_document
from antigone.library.actions.reading import open_reader, read_document
from antigone.library.actions.refusals import refuse
from antigone.library.models import Collection, Document, ImportedFile, Page, Passage, Provenance, Version

State = ImportedFile.State
_FILENAME_CHARACTERS = 500
_TITLE_CHARACTERS = 300
_LABEL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class About:
    """What people say of a document; what is empty is left as the file or the row says."""

    title: str = ""
    publisher: str = ""
    source: str = ""
    published_date: date | None = None
    licence: str = ""

    @classmethod
    def from_row(cls, row: Provenance, *, title: str = "") -> Self:
        return cls(title, row.publisher, row.source, row.published_date, row.licence)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: ADDED, NEW_VERSION or UNCHANGED, and the document that now says it."""

    state: ImportedFile.State
    document: Document


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was kept, read and cut into passages; no row says so yet."""

    collection: Collection
    filename: str
    file: KeptFile
    reading: core.Reading
    pages: list[Page]
    passages: list[Passage]
    by: Person | None
    about: About
    brings_back: bool


def add_document(
    *,
    collection: Collection,
    filename: str,
    data: bytes,
    by: Person | None,
    about: About | None = None,
    brings_back: bool = False,
    reader: ConfinedReader | None = None,
) -> Outcome:
    """Add a file to a collection; `by` None is the operator at the command line.

    The same name with other bytes is a new version, and the old one leaves the index in the same
    transaction. Bytes that the collection already holds, under this name or another, change nothing.
    A withdrawn document comes back only when `brings_back` says so. Give one `reader` to many files.

    Raises `NotAllowed`, `WrongInput` with the code of the refusal, `Unavailable` where the disk is full; then
    nothing was added.
    """
    prepared = prepare(
        collection=collection,
        filename=filename,
        data=data,
        by=by,
        about=about or About(),
        brings_back=brings_back,
        reader=reader,
    )
    return prepared if isinstance(prepared, Outcome) else save(prepared)


def prepare(
    *,
    collection: Collection,
    filename: str,
    data: bytes,
    by: Person | None,
    about: About,
    brings_back: bool,
    reader: ConfinedReader | None,
) -> Prepared | Outcome:
    """Keep and read a file, or say that it changes nothing; the slow half, outside of any transaction."""
    require_librarian(by, collection)
    filename = clean_filename(filename)
    if len(data) > settings.DOCUMENT_BYTES:
        raise refuse("too_large", what="bytes", size=len(data), limit=settings.DOCUMENT_BYTES)
    sha256 = hashlib.sha256(data).hexdigest()
    if same := _find_same(collection, filename, sha256, brings_back=brings_back):
        return Outcome(State.UNCHANGED, same)
    file = KeptFile(sha256, len(data)) if is_kept(sha256) else keep_bytes([data])
    if reader is None:
        with open_reader() as reader_of_one:
            reading = read_document(reader_of_one, data, filename)
    else:
        reading = read_document(reader, data, filename)
    pages = [_make_page(page) for page in reading.pages]
    return Prepared(
        collection, filename, file, reading, pages, list(cut_pages(pages)), by, about, brings_back
    )


def save(prepared: Prepared) -> Outcome:
    """Save a file that was read: its version, pages, passages and index in one transaction."""
    with explain_full_disk(), transaction.atomic():
        # Two people who add the same name at once go one after the other.
        collection = Collection.objects.select_for_update().get(pk=prepared.collection.pk)
        sha256 = prepared.file.sha256
        same = _find_same(collection, prepared.filename, sha256, brings_back=prepared.brings_back)
        if same:
            return Outcome(State.UNCHANGED, same)
        if not get_path(sha256).exists():  # a cleaning between the reading and here
            raise refuse("missing")
        document, state = _save_document(collection, prepared)
        _save_version(document, prepared)
        index_document(document, prepared.passages)
    return Outcome(state, document)


def require_librarian(by: Person | None, collection: Collection) -> None:
    """Let the operator at the command line (None) and the collection's librarians through."""
    if by is not None and not rules.can_keep(by, collection):
        raise NotAllowed(
            "not_librarian",
            gettext_noop("Only the librarians of “%(collection)s” may do this. Ask one of them."),
            collection=collection.name,
        )


def clean_filename(filename: str) -> str:
    r"""Return a name that fits in a line and in the table, with its ending.

    >>> clean_filename("  compte\n rendu.pdf ")
    'compte rendu.pdf'
    """
    name = unicodedata.normalize("NFC", filename.encode("utf-8", "replace").decode())
    name = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
    path = PurePosixPath(re.sub(" +", " ", name).strip(" /") or "document")
    name = str(path)
    return (
        name[: _FILENAME_CHARACTERS - len(path.suffix)] + path.suffix
        if len(name) > _FILENAME_CHARACTERS
        else name
    )


def _save_document(collection: Collection, prepared: Prepared) -> tuple[Document, ImportedFile.State]:
    given = {name: value for name, value in asdict(prepared.about).items() if value}
    own_title = _get_title(prepared)
    document = collection.documents.filter(filename=prepared.filename).first()
    if document is None:
        state = State.ADDED
        document = Document(collection=collection, filename=prepared.filename, title=own_title)
    else:
        state = State.NEW_VERSION
        if document.title == document.versions.latest().title:
            document.title = own_title
        document.withdrawn_at = document.withdrawn_by = None
        document.withdrawal_reason = ""
    for name, value in given.items():
        setattr(document, name, value)
    document.language = prepared.reading.language.partition("-")[0].lower()[:8]
    document.save()
    return document, state


def _save_version(document: Document, prepared: Prepared) -> None:
    reading = prepared.reading
    latest = document.versions.first()
    version = Version.objects.create(
        document=document,
        number=latest.number + 1 if latest else 1,
        title=_get_title(prepared),
        sha256=prepared.file.sha256,
        bytes=prepared.file.bytes,
        media_type=reading.media_type,
        has_page_images=reading.has_page_images,
        notices=[{"code": notice.code, "params": dict(notice.params)} for notice in reading.notices],
        imported_by=prepared.by,
    )
    for page in prepared.pages:
        page.version = version
    Page.objects.bulk_create(prepared.pages, batch_size=500)


def _get_title(prepared: Prepared) -> str:
    return (prepared.reading.title or prepared.filename)[:_TITLE_CHARACTERS]


def _make_page(page: core.Page) -> Page:
    return Page(
        number=page.number,
        label=page.label[:_LABEL_CHARACTERS],
        text=page.text,
        width=page.width,
        height=page.height,
        is_scanned=page.is_scanned,
        word_boxes=page.word_boxes,
    )


def _find_same(collection: Collection, filename: str, sha256: str, *, brings_back: bool) -> Document | None:
    """Find the document that already says the same; refuse what was withdrawn."""
    named = collection.documents.filter(filename=filename).first()
    holders = list(collection.documents.holding(sha256))
    for document in filter(None, [named, *holders]):
        if document.withdrawn_at and not brings_back:
            raise refuse("withdrawn", title=document.title)
    if named:
        return named if named in holders and not named.withdrawn_at else None
    return next((holder for holder in holders if not holder.withdrawn_at), None)
