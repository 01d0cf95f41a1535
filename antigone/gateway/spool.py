"""How the usage of every finished request is kept, whatever happens to the process or to the database.

A request is told finished only when its line is safe on the disk: one thread a process appends the lines that wait to a
file and waits for the disk once for all of them, while the next ones gather. Another moves lines to the table; how far
it came is written in the same transaction, so that no line is lost and none is counted twice. The file of a process
that died is moved by whichever process finds it unlocked. Without a database, requests go on being written here.
"""

import asyncio
import fcntl
import logging
import os
import secrets
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils.translation import gettext_noop

from antigone.errors import Unavailable
from antigone.gateway.models import Spool

logger = logging.getLogger(__name__)
# A file is followed by another one past this size, so that what was moved can go.
MOST_BYTES = 8_000_000
MOVED_BYTES = 400_000
MOVED_EVERY_SECONDS = 0.5
# What a line holds, in order, with its type in PostgreSQL; `at` in seconds since 1970.
COLUMNS = {
    "at": "double precision",
    "organisation_id": "bigint",
    "use_id": "bigint",
    "key_id": "bigint",
    "endpoint": "text",
    "model": "text",
    "engine": "text",
    "status": "integer",
    "error": "text",
    "prompt_tokens": "integer",
    "output_tokens": "integer",
    "first_ms": "integer",
    "total_ms": "integer",
    "energy_wh": "double precision",
    "carbon_g": "double precision",
    "method": "text",
}
# The values of one request in the order of COLUMNS.
Row = tuple[float | int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line, and who waits until it is safe."""

    line: bytes
    future: asyncio.Future[bool]
    loop: asyncio.AbstractEventLoop


class Writer:
    """Appends lines to files of this process; its thread starts with the first one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting: deque[Waiting] = deque()
        self._has_lines = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_stopping = False
        self._descriptor = -1
        self._size = 0

    async def write(self, row: Row) -> None:
        """Return once the row is safe on the disk; raise Unavailable where the disk refuses it."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bool] = loop.create_future()
        line = orjson.dumps(row) + b"\n"
        with self._has_lines:
            self._waiting.append(Waiting(line, future, loop))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="usage")
                self._thread.start()
            self._has_lines.notify()
        if not await future:
            raise Unavailable(
                "usage_not_written",
                gettext_noop(
                    "The disk is full or refuses to write: nothing can be counted, so nothing is answered."
                ),
            )

    def stop(self) -> None:
        """End the thread once all that waits is written, and leave the file to whoever moves its lines."""
        with self._has_lines:
            self._is_stopping = True
            self._has_lines.notify()
        if self._thread is not None:
            self._thread.join()
        self._close()

    def _run(self) -> None:
        while batch := self._take():
            is_safe = self._append(b"".join(one.line for one in batch))
            _tell(batch, is_safe)

    def _take(self) -> list[Waiting]:
        """Return all that waits, once something does; nothing when it is time to end."""
        with self._has_lines:
            while not self._waiting and not self._is_stopping:
                self._has_lines.wait()
            batch = list(self._waiting)
            self._waiting.clear()
            return batch

    def _append(self, lines: bytes) -> bool:
        """Append lines and wait for the disk; tell whether they are safe."""
        try:
            if self._descriptor < 0 or self._size > MOST_BYTES:
                self._open()
            written = os.write(self._descriptor, lines)
            if written != len(lines):
                os.ftruncate(self._descriptor, self._size)
                return False
            os.fdatasync(self._descriptor)
        except OSError as error:
            logger.error("Usage cannot be written in %s: %s", self.folder, error)
            self._close()  # a line cut short ends its file: the next ones begin another
            return False
        self._size += written
        return True

    def _open(self) -> None:
        self._close()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = self.folder / f"{os.getpid()}-{secrets.token_hex(6)}.jsonl"
        new = path.with_suffix(".new")
        self._descriptor = os.open(new, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        # Named once it is locked: whoever moves lines would take an unlocked file for one that was left, and remove it.
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        new.rename(path)
        sync_folder(self.folder)
        self._size = 0

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)  # unlocked with it: it can be moved whole, and go
        self._descriptor = -1


def sync_folder(folder: Path) -> None:
    """Wait until the names of new files in a folder are safe on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tell(batch: Sequence[Waiting], is_safe: bool) -> None:
    """Tell those who wait, waking each of their loops once."""
    for loop in {one.loop for one in batch}:
        futures = [one.future for one in batch if one.loop is loop]
        with suppress(RuntimeError):  # the loop closed: nobody waits there any more
            loop.call_soon_threadsafe(_resolve, futures, is_safe)


def _resolve(futures: Sequence[asyncio.Future[bool]], is_safe: bool) -> None:
    for future in futures:
        if not future.done():  # whoever waited may have left; the line is counted all the same
            future.set_result(is_safe)


_writers: dict[object, Writer] = {}


def find_folder() -> Path:
    return Path(settings.DATA_FOLDER) / "usage"


async def write_row(row: Row) -> None:
    """Keep what one request used; return once that is safe on the disk."""
    writer = _writers.get(settings.DATA_FOLDER)
    if writer is None:
        writer = _writers.setdefault(settings.DATA_FOLDER, Writer(find_folder()))
    await writer.write(row)


def stop_writers() -> None:
    """End the threads of this process that write usage, as it ends."""
    while _writers:
        _writers.popitem()[1].stop()


def move_rows(folder: Path | None = None) -> int:
    """Move all lines that are not in the table yet, of every process; return how many.

    Only one process does it at a time; another one that tries at the same moment moves nothing.
    """
    folder = folder or find_folder()
    if not folder.is_dir():
        return 0
    with _alone(folder) as is_alone:
        if not is_alone:
            return 0
        return sum(_move_file(path) for path in sorted(folder.glob("*.jsonl")))


def _move_file(path: Path) -> int:
    """Move what is new in one file; remove it once its process is gone and all of it was moved."""
    is_left, moved = _is_left(path), 0
    position = Spool.objects.filter(pk=path.name).values_list("position", flat=True).first() or 0
    with path.open("rb") as file:
        file.seek(position)
        while lines := _read_lines(file.readlines(MOVED_BYTES)):
            position += sum(map(len, lines))
            try:
                _insert(path.name, position, lines)
            except DatabaseError:
                whole = [line for line in lines if _is_whole(line)]
                if len(whole) == len(lines):
                    raise
                # A disk that lost its power may leave anything: what cannot be read holds up no other line.
                logger.error("%s has %s lines that cannot be read.", path, len(lines) - len(whole))
                lines = whole
                _insert(path.name, position, lines)
            moved += len(lines)
            file.seek(position)
    if is_left:  # whatever follows the last whole line was never told finished
        path.unlink()
        Spool.objects.filter(pk=path.name).delete()
    return moved


@transaction.atomic
def _insert(name: str, position: int, lines: list[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_write_insert(connection.vendor), [b"[%s]" % b",".join(lines)])
    Spool.objects.update_or_create(pk=name, defaults={"position": position})


def _is_whole(line: bytes) -> bool:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(row, list) and len(row) == len(COLUMNS)


def _read_lines(lines: list[bytes]) -> list[bytes]:
    """Keep whole lines: the last one may be being written."""
    return lines[:-1] if lines and not lines[-1].endswith(b"\n") else lines


@lru_cache
def _write_insert(vendor: str) -> str:
    """Return the statement that saves many lines: the database reads their JSON itself, and no request waits for us."""
    if vendor == "postgresql":
        values = [f"(line->>{place})::{kind}" for place, kind in enumerate(COLUMNS.values())]
        values[0] = f"to_timestamp({values[0]})"
        source = "json_array_elements(convert_from(%s, 'UTF8')::json) AS line"
    else:
        values = [f"json_extract(value, '$[{place}]')" for place in range(len(COLUMNS))]
        values[0] = f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {values[0]}, 'unixepoch')"
        source = "json_each(CAST(%s AS TEXT))"
    return f"INSERT INTO gateway_usage ({', '.join(COLUMNS)}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608


def _is_left(path: Path) -> bool:
    """Tell whether no process writes to the file any more."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Give whether this process may move lines; others wait for their turn."""
    with (folder / "moving").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def keep_moving(stopping: threading.Event) -> None:
    """Move lines until told to stop; where the database does not answer, try again."""
    while not stopping.wait(MOVED_EVERY_SECONDS):
        close_old_connections()
        try:
            move_rows()
        except (DatabaseError, OSError) as error:
            logger.warning("Usage waits in %s: %s", find_folder(), error)
            connection.close()
