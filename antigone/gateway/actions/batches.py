"""Batches: many requests answered in the background, each through the same guards, none twice.

What is answered is appended to the output, line by line, safe on the disk; a batch begun again after a stop reads there
what is done.
"""

import asyncio
import fcntl
import io
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from antigone.errors import AntigoneError, NotFound, NotKnown, NotPossible, Unavailable, WrongInput
from antigone.gateway.actions.files import find_folder, find_path, keep_file
from antigone.gateway.api.errors import describe_error, status_of
from antigone.gateway.api.fields import check_chat, check_completions, check_embeddings
from antigone.gateway.api.writing import build_call
from antigone.gateway.calls import answer_whole
from antigone.gateway.clients import run_alone
from antigone.gateway.databases import run_in_database
from antigone.gateway.models import Batch, BatchFile, Endpoint
from antigone.gateway.models.batches import make_request_id
from antigone.gateway.snapshot import Caller, refresh

logger = logging.getLogger(__name__)
State = Batch.State
# What a batch may ask, at which address, and how its requests are checked.
ASKED = {
    "/v1/chat/completions": (Endpoint.CHAT, "chat/completions", check_chat),
    "/v1/completions": (Endpoint.COMPLETIONS, "completions", check_completions),
    "/v1/embeddings": (Endpoint.EMBEDDINGS, "embeddings", check_embeddings),
}
WINDOW = timedelta(hours=24)
MOST_LINES = 50_000
MOST_FAULTS = 20
AT_ONCE = 4
# A busy engine is asked again; a limit that begins anew within this time is waited for.
TRIES = 5
MOST_WAIT_SECONDS = 90
WORKING = (State.VALIDATING, State.IN_PROGRESS, State.FINALIZING, State.CANCELLING)


@transaction.atomic
def create_batch(
    *, caller: Caller, input_file_id: str, url: str, window: str, metadata: dict[str, Any], now: datetime
) -> Batch:
    """Ask for a batch; it is looked at and answered in the background."""
    if url not in ASKED:
        raise WrongInput(
            "batch_endpoint",
            gettext_noop("A batch asks for one of %(urls)s, and not for “%(url)s”."),
            urls=", ".join(ASKED),
            url=str(url)[:100],
            param="endpoint",
        )
    if window != "24h":
        raise WrongInput(
            "batch_window",
            gettext_noop("“completion_window” is 24h, and nothing else."),
            param="completion_window",
        )
    file = BatchFile.objects.of_use(caller.use_id or 0).filter(pk=input_file_id).first()
    if file is None:
        raise no_file(input_file_id)
    return Batch.objects.create(
        use_id=caller.use_id or 0,
        key_id=caller.key_id or 0,
        endpoint=ASKED[url][0],
        input_file=file,
        metadata=metadata,
        expires_at=now + WINDOW,
    )


@transaction.atomic
def cancel_batch(*, batch: Batch, now: datetime) -> Batch:
    """Ask a batch to stop; what is being answered is still written."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in WORKING:
        raise NotPossible(
            "batch_over",
            gettext_noop("This batch is over (%(state)s): it cannot be cancelled any more."),
            state=batch.state,
        )
    if batch.state != State.CANCELLING:
        batch.state, batch.cancelling_at = State.CANCELLING, now
        batch.save()
    return batch


def work_on_batches() -> int:
    """Work on the batches that wait, oldest first, until none does; return how many.

    One process does at a time: another one that tries meanwhile does none.
    """
    waiting = Batch.objects.filter(state__in=WORKING).order_by("created_at")
    if not waiting.exists():
        return 0
    done = 0
    with (find_folder() / "working").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        while batch_id := waiting.values_list("pk", flat=True).first():
            run_batch(batch_id)
            done += 1
    return done


def run_batch(batch_id: str) -> None:
    """Look at a batch's requests and answer those that are not answered yet; it ends in a state that says why."""
    batch = Batch.objects.select_related("input_file").filter(pk=batch_id, state__in=WORKING).first()
    if batch is None:
        return
    try:
        lines = _read_lines(batch)
    except Faulty as error:
        _end(batch, State.FAILED, errors=error.faults)
        return
    if batch.state == State.VALIDATING:
        batch.state, batch.started_at, batch.total = State.IN_PROGRESS, timezone.now(), len(lines)
        batch.save()
    run_alone(Run(batch, lines).answer_all())


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a batch."""

    custom_id: str
    body: dict[str, Any]
    size: int


class Faulty(Exception):
    """The input cannot be taken: `faults` say where and why, as OpenAI's objects."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__(faults)
        self.faults = faults


def _read_lines(batch: Batch) -> list[Line]:
    """Return the requests of a batch; raise Faulty where one of them is none."""
    if batch.input_file is None or not find_path(batch.input_file.pk).exists():
        raise Faulty([_fault("input_missing", gettext("The input file is gone."), None)])
    lines: list[Line] = []
    faults: list[dict[str, Any]] = []
    seen: set[str] = set()
    url = next(url for url, (endpoint, *_rest) in ASKED.items() if endpoint == batch.endpoint)
    with find_path(batch.input_file.pk).open("rb") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                line = _read_line(text, url)
            except ValueError as error:
                faults.append(_fault("invalid_line", str(error), number))
            else:
                if line.custom_id in seen:
                    faults.append(_fault("duplicate_custom_id", line.custom_id, number))
                seen.add(line.custom_id)
                lines.append(line)
            if len(faults) >= MOST_FAULTS:
                break
    if len(lines) > MOST_LINES:
        faults.append(_fault("too_many_lines", f"{len(lines)} > {MOST_LINES}", None))
    if not lines and not faults:
        faults.append(_fault("empty_file", gettext("The input file holds no request."), None))
    if faults:
        raise Faulty(faults)
    return lines


def _read_line(text: bytes, url: str) -> Line:
    """Return one request; raise ValueError with what is wrong with it."""
    read = orjson.loads(text)
    if not isinstance(read, dict):
        raise ValueError(gettext("The line is not an object."))
    custom_id, body = read.get("custom_id"), read.get("body")
    if not isinstance(custom_id, str) or not custom_id:
        raise ValueError(gettext("The line has no custom_id."))
    if read.get("method") != "POST" or read.get("url") != url:
        raise ValueError(gettext("The line asks for something else than POST %(url)s.") % {"url": url})
    if not isinstance(body, dict):
        raise ValueError(gettext("The line has no body."))
    if body.get("stream"):
        raise ValueError(gettext("A batch does not stream."))
    return Line(custom_id, body, len(text))


def _fault(code: str, message: str, line: int | None) -> dict[str, Any]:
    return {"code": code, "message": message, "param": None, "line": line}


@dataclass(slots=True)
class Run:
    """A batch being answered."""

    batch: Batch
    lines: list[Line]
    completed: int = 0
    failed: int = 0
    stopped: str = ""
    writes: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer_all(self) -> None:
        """Answer what is not answered, some at once, and end the batch."""
        done = self._read_done()
        left = iter([line for line in self.lines if line.custom_id not in done])
        watcher = asyncio.create_task(self._watch())
        try:
            await asyncio.gather(*(self._work(left) for _turn in range(AT_ONCE)))
        finally:
            watcher.cancel()
        await run_in_database(self._finish)

    def _read_done(self) -> set[str]:
        """Count what was answered before a stop; a line that was cut short is answered anew."""
        done: set[str] = set()
        for path, is_error in ((self.output, False), (self.errors, True)):
            if not path.exists():
                continue
            content = path.read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            if whole != content:
                os.truncate(path, len(whole))
            ids = {str(orjson.loads(line)["custom_id"]) for line in whole.splitlines()}
            done |= ids
            if is_error:
                self.failed = len(ids)
            else:
                self.completed = len(ids)
        return done

    @property
    def output(self) -> Path:
        return find_folder() / f"{self.batch.pk}-output.part"

    @property
    def errors(self) -> Path:
        return find_folder() / f"{self.batch.pk}-errors.part"

    async def _watch(self) -> None:
        """Look once a second whether the batch is to stop, and tell how far it is."""
        while not self.stopped:
            self.stopped = await run_in_database(self._look)
            await asyncio.sleep(1.0)

    def _look(self) -> str:
        refresh()
        Batch.objects.filter(pk=self.batch.pk).update(completed=self.completed, failed=self.failed)
        state = Batch.objects.filter(pk=self.batch.pk).values_list("state", flat=True).first()
        if state == State.CANCELLING:
            return State.CANCELLED
        return State.EXPIRED if timezone.now() >= self.batch.expires_at else ""

    async def _work(self, left: Iterator[Line]) -> None:
        for line in left:
            if self.stopped:
                return
            try:
                answer = await self._answer(line)
            except NotKnown:
                self.stopped = State.FAILED
                return
            except AntigoneError as error:
                body = {"error": describe_error(error, "fr")}
                await self._write(self.errors, line, {"status_code": status_of(error), "body": body})
                self.failed += 1
            else:
                await self._write(self.output, line, {"status_code": 200, "body": answer})
                self.completed += 1

    async def _answer(self, line: Line) -> dict[str, Any]:
        """Answer one request, waiting for busy engines and for limits that soon begin anew."""
        path, check = ASKED_BY[Endpoint(self.batch.endpoint)]
        for turn in range(TRIES):
            snapshot = await run_in_database(refresh, at_least_every=1.0)
            caller = snapshot.keys.get(self.batch.key_id)
            if caller is None:
                raise NotKnown(
                    "key_unknown",
                    gettext_noop("The key of this batch opens nothing any more, or its use is not active."),
                )
            call = build_call(
                snapshot, caller, Endpoint(self.batch.endpoint), path, dict(line.body), line.size, check=check
            )
            try:
                return await answer_whole(call)
            except AntigoneError as error:
                seconds = int(str(error.params.get("seconds", 2**turn)))
                is_busy = isinstance(error, Unavailable) or error.code == "limit_reached"
                if not is_busy or seconds > MOST_WAIT_SECONDS or turn == TRIES - 1 or self.stopped:
                    raise
                await asyncio.sleep(seconds)
        raise AssertionError("a batch's request is answered or refused")

    async def _write(self, path: Path, line: Line, response: dict[str, Any]) -> None:
        """Append an answer, safe on the disk before the next request of this one's turn."""
        identity = make_request_id()
        row = {
            "id": identity,
            "custom_id": line.custom_id,
            "response": {"request_id": identity, **response},
            "error": None,
        }
        async with self.writes:
            await asyncio.to_thread(_append, path, orjson.dumps(row) + b"\n")

    def _finish(self) -> None:
        """Make files of what was written, and end the batch."""
        files = {}
        for name, path in (("output_file", self.output), ("error_file", self.errors)):
            content = path.read_bytes() if path.exists() else b""
            if content:
                files[name] = keep_file(
                    use_id=self.batch.use_id,
                    filename=f"{self.batch.pk}_{name.partition('_')[0]}.jsonl",
                    purpose="batch_output",
                    content=io.BytesIO(content),
                    now=timezone.now(),
                )
        stopped = self.stopped
        errors = []
        if stopped == State.FAILED:
            errors = [
                _fault(
                    "key_unknown", gettext("The key opens nothing any more, or its use is not active."), None
                )
            ]
        self.batch.completed, self.batch.failed = self.completed, self.failed
        _end(self.batch, State(stopped) if stopped else State.COMPLETED, errors=errors, **files)
        self.output.unlink(missing_ok=True)
        self.errors.unlink(missing_ok=True)


ASKED_BY = {endpoint: (path, check) for endpoint, path, check in ASKED.values()}


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        os.chmod(path, 0o600)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _end(batch: Batch, state: Batch.State, *, errors: list[dict[str, Any]], **files: BatchFile) -> None:
    batch.state, batch.ended_at, batch.errors = state, timezone.now(), errors
    for name, file in files.items():
        setattr(batch, name, file)
    batch.save()


def no_file(file_id: object) -> NotFound:
    return NotFound(
        "file_unknown",
        gettext_noop("There is no file “%(file)s” for this key’s use."),
        file=str(file_id)[:60],
    )
