"""Look after the library: check that it is whole, rebuild its index, remove what nothing names."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from antigone.library import index
from antigone.library.actions.files import get_path
from antigone.library.actions.images import find_oldest_images, list_images
from antigone.library.actions.passages import reindex_document
from antigone.library.models import Document, ImportedFile, Passage, Version

_YOUNG_SECONDS = 3_600  # a file this young may be waiting for its row


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be: a code, and the document or file it concerns."""

    code: str
    subject: str


@dataclass(frozen=True, slots=True)
class Cleaning:
    files: int
    bytes: int


def find_faults() -> Iterator[Fault]:
    """Compare what the tables say with the disk and the passages with their pages; changes nothing."""
    for version in Version.objects.select_related("document").iterator():
        path = get_path(version.sha256)
        if not path.exists():
            yield Fault("file_missing", str(version))
        elif _hash(path) != version.sha256:
            yield Fault("file_altered", str(version))
    for passage in Passage.objects.exclude(document__withdrawn_at=None).select_related(
        "page__version__document"
    ):
        yield Fault("withdrawn_but_found", str(passage))
    for document in Document.objects.current().iterator():
        latest = document.versions.first()
        if latest is None:
            yield Fault("no_version", str(document))
        elif document.passages.exclude(page__version=latest).exists():
            yield Fault("old_version_found", str(document))
    for passage in Passage.objects.exclude(collection=F("document__collection")).select_related("document"):
        yield Fault("wrong_collection", str(passage.document))
    for difference in index.check():
        yield Fault("index", difference)


def rebuild_index() -> Iterator[Document]:
    """Cut and index every current document again from its kept pages; gives each one when it is done."""
    for document in Document.objects.current():
        with transaction.atomic():
            # Withdrawn or deleted a moment ago: it must not come back.
            if current := Document.objects.current().select_for_update().filter(pk=document.pk).first():
                reindex_document(current)
        yield document
    index.rebuild()


def clean_files() -> Cleaning:
    """Remove the files that no row names (after a crash, a refusal, a purge) and page images in excess."""
    removed = [_remove(path) for path in _find_abandoned()]
    removed += [_remove(path) for path, sha256 in list_images() if not _is_named(sha256)]
    removed += [_remove(path) for path in find_oldest_images()]
    return Cleaning(len(removed), sum(removed))


def _find_abandoned() -> Iterator[Path]:
    folder = Path(settings.FILES_FOLDER)
    newest = time.time() - _YOUNG_SECONDS
    for path in sorted(folder.glob("*/*")):
        if path.is_file() and path.stat().st_mtime < newest and not _is_named(path.name):
            yield path


def _is_named(sha256: str) -> bool:
    return (
        Version.objects.filter(sha256=sha256).exists() or ImportedFile.objects.filter(sha256=sha256).exists()
    )


def _remove(path: Path) -> int:
    size = path.stat().st_size
    path.unlink(missing_ok=True)
    return size


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
