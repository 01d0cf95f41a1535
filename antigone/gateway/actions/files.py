"""Files that programmes leave for batches, and those that batches make: bytes first, then the row that names them."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_noop

from antigone.errors import NotPossible, Unavailable
from antigone.gateway.models import Batch, BatchFile
from antigone.gateway.models.batches import make_file_id
from antigone.gateway.spool import sync_folder

KEPT = timedelta(days=30)
# Held by the process that works on batches.
LOCK = "working"
# One use keeps no more than so many of the largest files: without place on the disk nobody is answered.
MOST_LARGEST_FILES = 20


def find_folder() -> Path:
    """Return where the bytes of files stand."""
    folder = Path(settings.DATA_FOLDER) / "gateway"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


def find_path(file_id: str) -> Path:
    """Return where the bytes of a file stand: under its id, which is ours, whatever the name that it came with."""
    return find_folder() / file_id


def check_space(*, use_id: int, more: int) -> None:
    """Raise NotPossible where a use would keep more than its part of the disk."""
    most = MOST_LARGEST_FILES * settings.API_FILE_BYTES
    kept = BatchFile.objects.of_use(use_id).aggregate(bytes=Sum("bytes"))["bytes"] or 0
    if kept + more > most:
        raise NotPossible(
            "files_full",
            gettext_noop(
                "The files of this use take %(kept)s bytes of %(most)s. Delete those that are done with."
            ),
            kept=kept,
            most=most,
        )


def keep_file(*, use_id: int, filename: str, purpose: str, content: IO[bytes], now: datetime) -> BatchFile:
    """Keep bytes for a use; they are safe on the disk before a row names them."""
    identity = make_file_id()
    path = find_path(identity)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(content, file, 1_000_000)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        sync_folder(path.parent)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Unavailable(
            "file_not_kept", gettext_noop("The file could not be kept: the disk is full or refuses to write.")
        ) from error
    return BatchFile.objects.create(
        id=identity,
        use_id=use_id,
        filename=filename[:255],
        purpose=purpose,
        bytes=size,
        expires_at=now + KEPT,
    )


@transaction.atomic
def delete_file(file: BatchFile) -> None:
    """Delete a file; its bytes go once its row has."""
    path = find_path(file.id)
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def clean_batch_files(now: datetime) -> int:
    """Delete the files that expired, and bytes that no row names; return how many files."""
    expired = list(BatchFile.objects.filter(expires_at__lte=now))
    for file in expired:
        delete_file(file)
    named = set(BatchFile.objects.values_list("id", flat=True))
    old = now.timestamp() - 86_400
    # The answers of a batch that goes on wait for it; the lock of whoever works on batches stays.
    going = set(Batch.objects.filter(ended_at=None).values_list("pk", flat=True))
    for path in find_folder().iterdir():
        is_needed = path.name in named or path.name == LOCK or path.name.partition("-")[0] in going
        if path.is_file() and not is_needed and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
    return len(expired)
