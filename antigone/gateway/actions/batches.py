"""Batches: many requests answered in the background, each through the same guards, none twice.

What is answered is appended to the output, line by line, safe on the disk; a batch begun again after a stop reads there
what is done.
"""

import asyncio
import fcntl
import logging
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from antigone.errors import AntigoneError, NotFound, NotKnown, NotPossible, Unavailable, WrongInput
from antigone.gateway.actions.files import LOCK, find_folder, find_path, keep_file
from antigone.gateway.api.errors import describe_error, status_of
from antigone.gateway.api.fields import check_chat, check_completions, check_embeddings
from antigone.gateway.api.requests import broken
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
# Nobody's batch waits for the end of another one.
TURN_SECONDS = 60.0
LOOKS_EVERY_SECONDS = 1.0
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
    """Work on the batches that wait, each for a while in turn, until none does; return how many turns that took.

    One process does at a time: another one that tries meanwhile does none.
    """
    waiting = Batch.objects.filter(state__in=WORKING).order_by("created_at")
    if not waiting.exists():
        return 0
    done = 0
    with (find_folder() / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        while batch_ids := list(waiting.values_list("pk", flat=True)):
            for batch_id in batch_ids:
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
        run = Run(batch, [])
        run.read_done()
        run.finish(State.FAILED, error.faults)
        return
    # Not saved whole: somebody may have cancelled it meanwhile.
    Batch.objects.filter(pk=batch_id).update(total=len(lines), started_at=batch.started_at or timezone.now())
    Batch.objects.filter(pk=batch_id, state=State.VALIDATING).update(state=State.IN_PROGRESS)
    run_alone(Run(batch, lines).answer_all())


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a batch."""

    custom_id: str
    # As it was sent: fifty thousand of them read would take ten times the memory.
    text: bytes

    def read_body(self) -> dict[str, Any]:
        """Return what it asks."""
        body: dict[str, Any] = orjson.loads(self.text)["body"]
        return body


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
            if len(faults) >= MOST_FAULTS or len(lines) > MOST_LINES:
                break
    if len(lines) > MOST_LINES:
        faults.append(_fault("too_many_lines", f"> {MOST_LINES}", None))
    if not lines and not faults:
        faults.append(_fault("empty_file", gettext("The input file holds no request."), None))
    if faults:
        raise Faulty(faults)
    return lines


def _read_line(text: bytes, url: str) -> Line:
    """Return one request; raise ValueError with what is wrong with it."""
    if len(text) > settings.API_BYTES:
        raise ValueError(gettext("The line has more than %(most)s bytes.") % {"most": settings.API_BYTES})
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
    return Line(custom_id, text)


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
        """Answer what is not answered, some at once, and end the batch; or leave the rest for the next turn."""
        done = self.read_done()
        left = [line for line in reversed(self.lines) if line.custom_id not in done]
        self.stopped = await run_in_database(self._look)
        watcher = asyncio.create_task(self._watch())
        until = time.monotonic() + TURN_SECONDS
        try:
            await asyncio.gather(*(self._work(left, until) for _number in range(AT_ONCE)))
        finally:
            watcher.cancel()
        if not left or self.stopped:
            await run_in_database(self.finish, self.stopped or State.COMPLETED)

    def read_done(self) -> set[str]:
        """Count what was answered before a stop; a line that was cut short is answered anew."""
        answered, refused = _read_ids(self.output), _read_ids(self.errors)
        self.completed, self.failed = len(answered), len(refused)
        return answered | refused

    @property
    def output(self) -> Path:
        return find_folder() / f"{self.batch.pk}-output.part"

    @property
    def errors(self) -> Path:
        return find_folder() / f"{self.batch.pk}-errors.part"

    async def _watch(self) -> None:
        """Look now and then whether the batch is to stop, and tell how far it is."""
        while not self.stopped:
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
            with suppress(DatabaseFailure):  # looked at again in a second
                self.stopped = await run_in_database(self._look)

    def _look(self) -> str:
        refresh()
        Batch.objects.filter(pk=self.batch.pk).update(completed=self.completed, failed=self.failed)
        state = Batch.objects.filter(pk=self.batch.pk).values_list("state", flat=True).first()
        if state == State.CANCELLING:
            return State.CANCELLED
        return State.EXPIRED if timezone.now() >= self.batch.expires_at else ""

    async def _work(self, left: list[Line], until: float) -> None:
        while left and not self.stopped:
            line = left.pop()
            try:
                answer = await self._answer(line)
            except NotKnown:
                self.stopped = State.FAILED
                return
            except AntigoneError as error:
                await self._refuse(line, error)
            except DatabaseFailure as error:  # the batch goes on later, from here
                logger.warning("%s waits: %s", self.batch.pk, error)
                left.append(line)
                return
            except Exception:  # the edge, as that of /v1: one request holds up no other
                logger.exception("A request of %s failed.", self.batch.pk)
                await self._refuse(line, broken())
            else:
                await self._write(self.output, line, {"status_code": 200, "body": answer})
                self.completed += 1
            if time.monotonic() >= until:
                return

    async def _refuse(self, line: Line, error: AntigoneError) -> None:
        body = {"error": describe_error(error, settings.LANGUAGE_CODE)}
        await self._write(self.errors, line, {"status_code": status_of(error), "body": body})
        self.failed += 1

    async def _answer(self, line: Line) -> dict[str, Any]:
        """Answer one request, waiting for busy engines and for limits that soon begin anew."""
        path, check = ASKED_BY[Endpoint(self.batch.endpoint)]
        for turn in range(TRIES):
            snapshot = await run_in_database(refresh, at_least_every=1.0)
            caller = snapshot.keys.get(self.batch.key_id)
            if caller is None or (caller.expires_at is not None and caller.expires_at <= time.time()):
                raise NotKnown(
                    "key_unknown",
                    gettext_noop("The key of this batch opens nothing any more, or its use is not active."),
                )
            body, size = line.read_body(), len(line.text)
            call = build_call(snapshot, caller, Endpoint(self.batch.endpoint), path, body, size, check=check)
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

    def finish(self, state: str, errors: list[dict[str, Any]] | None = None) -> None:
        """Make files of what was written, and end the batch."""
        if state == State.FAILED and errors is None:
            message = gettext("The key opens nothing any more, or its use is not active.")
            errors = [_fault("key_unknown", message, None)]
        batch = self.batch
        batch.state, batch.errors, batch.ended_at = state, errors or [], timezone.now()
        batch.completed, batch.failed = self.completed, self.failed
        batch.output_file = self._keep(self.output, "output")
        batch.error_file = self._keep(self.errors, "error")
        # What others may have changed meanwhile stays: when it was cancelled, whether its input was deleted.
        batch.save(update_fields=ENDED)
        self.output.unlink(missing_ok=True)
        self.errors.unlink(missing_ok=True)

    def _keep(self, path: Path, name: str) -> BatchFile | None:
        """Make a file of the lines that were written; None where none was."""
        if not path.exists() or not path.stat().st_size:
            return None
        with path.open("rb") as content:
            return keep_file(
                use_id=self.batch.use_id,
                filename=f"{self.batch.pk}_{name}.jsonl",
                purpose="batch_output",
                content=content,
                now=timezone.now(),
            )


ASKED_BY = {endpoint: (path, check) for endpoint, path, check in ASKED.values()}


ENDED = ("state", "errors", "ended_at", "completed", "failed", "output_file", "error_file")


def _read_ids(path: Path) -> set[str]:
    """Return which requests a file answers; a line that was cut short is taken away."""
    ids: set[str] = set()
    if not path.exists():
        return ids
    size = 0
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                ids.add(str(orjson.loads(line)["custom_id"]))
                size += len(line)
    os.truncate(path, size)
    return ids


def _append(path: Path, line: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def no_file(file_id: object) -> NotFound:
    return NotFound(
        "file_unknown",
        gettext_noop("There is no file “%(file)s” for this key’s use."),
        file=str(file_id)[:60],
    )
