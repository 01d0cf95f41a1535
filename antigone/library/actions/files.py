"""The bytes of documents, kept under a path made of their SHA-256.

A file is whole or absent: it is written aside, flushed to the disk and renamed, always before the row that
names it. A crash leaves at most a file that no row names, which `clean_files` removes.
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext_noop

from antigone.errors import Unavailable
from antigone.library.actions.refusals import refuse

_TEMPORARY = "incoming"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class KeptFile:
    sha256: str
    bytes: int


def get_path(sha256: str) -> Path:
    """Return where the bytes of that digest lie, or would."""
    return Path(settings.FILES_FOLDER) / sha256[:2] / sha256


def is_kept(sha256: str) -> bool:
    """Tell whether those bytes are on the disk, and spare them from a cleaning until their row is there."""
    try:
        os.utime(get_path(sha256))
    except FileNotFoundError:
        return False
    return True


def read_bytes(sha256: str) -> bytes:
    """Return kept bytes; refused with the code "missing" where the disk lost them."""
    try:
        return get_path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise refuse("missing") from error


def keep_bytes(chunks: Iterable[bytes]) -> KeptFile:
    """Write bytes to the disk for good and return their digest; the same bytes are kept once.

    Raises `WrongInput` past the size that a document may have, `Unavailable` where the disk is full.
    """
    folder = Path(settings.FILES_FOLDER) / _TEMPORARY
    with explain_full_disk():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                kept = _write(file.fileno(), chunks)
            _put_in_place(Path(name), get_path(kept.sha256))
        finally:
            Path(name).unlink(missing_ok=True)
    return kept


@contextmanager
def explain_full_disk() -> Iterator[None]:
    """Turn the disk's and the database's errors when there is no room left into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _get_full_disk_error() from error
    except OperationalError as error:
        if "full" not in str(error):
            raise
        raise _get_full_disk_error() from error


def _get_full_disk_error() -> Unavailable:
    return Unavailable(
        "disk_full",
        gettext_noop(
            "The disk of the server is full: this was not added. Make room under %(folder)s, then try again; "
            "what is already there stays."
        ),
        folder=str(settings.DATA_FOLDER),
    )


def _write(descriptor: int, chunks: Iterable[bytes]) -> KeptFile:
    digest = hashlib.sha256()
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.DOCUMENT_BYTES:
            raise refuse("too_large", what="bytes", size=size, limit=settings.DOCUMENT_BYTES)
        digest.update(chunk)
        view = memoryview(chunk)
        while view:
            view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)
    return KeptFile(digest.hexdigest(), size)


def _put_in_place(temporary: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)  # the name too must outlive a power cut
    finally:
        os.close(folder)
