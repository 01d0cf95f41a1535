"""Files that programmes leave for batches, and those that batches make: bytes first, then the row that names them."""

import os
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.errors import Unavailable
from antigone.gateway.models import BatchFile
from antigone.gateway.models.batches import make_file_id

KEPT = timedelta(days=30)


def find_folder() -> Path:
    """Return where the bytes of files stand."""
    folder = Path(settings.DATA_FOLDER) / "gateway"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


def find_path(file_id: str) -> Path:
    """Return where the bytes of a file stand: under its id, which is ours, whatever the name that it came with."""
    return find_folder() / file_id


def keep_file(*, use_id: int, filename: str, purpose: str, content: IO[bytes], now: datetime) -> BatchFile:
    """Keep bytes for a use; they are safe on the disk before a row names them."""
    identity = make_file_id()
    try:
        with tempfile.NamedTemporaryFile(dir=find_folder(), delete=False) as file:
            shutil.copyfileobj(content, file, 1_000_000)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        os.replace(file.name, find_path(identity))
    except OSError as error:
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
    for path in find_folder().iterdir():
        if path.is_file() and path.name not in named and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
    return len(expired)
