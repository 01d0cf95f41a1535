"""Documents read in a process of their own: no network, no files, limited time, memory and output.

A document comes from anybody; the parsers that open it are large programs. What they could be made to do is
therefore done in a child that has locked itself in (``antigone.circuit.child``): whatever happens there, the
worst that comes out is an error.

    with ConfinedReader() as reader:
        for name, data in documents:
            reading = reader.read(data, name)
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from antigone.circuit.child import LENGTHS, OUT_OF_MEMORY_STATUS, Answer
from antigone.core.reading import Box, Limits, Notice, Page, Reading
from antigone.core.reading.errors import build_error
from antigone.core.reading.words import locate_words
from antigone.errors import NotPossible

Progress = Callable[[int], None]

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from antigone.circuit.child import main; main()"
_START_SECONDS = 30.0
_READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one request may take: seconds (of the clock, and of the processor; counted anew after each page
    read by OCR), memory, bytes of answer.
    """

    seconds: float = 120.0
    memory_bytes: int = 2_000_000_000
    output_bytes: int = 200_000_000


class ConfinementError(NotPossible):
    """The child did not answer. Codes: "timed_out", "out_of_memory", "crashed", "too_much_output",
    "not_started".
    """


_MESSAGES = {
    "timed_out": "Reading took more than %(seconds)s seconds and was stopped. Split the document.",
    "out_of_memory": "Reading needed more than %(megabytes)s MB and was stopped. Split the document.",
    "crashed": "The document made its reader stop (%(detail)s). Save it again, as PDF.",
    "too_much_output": "The document gives more than %(megabytes)s MB of text. Split it.",
    "not_started": "The reading process could not start (%(detail)s). Check the server's installation.",
}


@dataclass(frozen=True, slots=True)
class ConfinementState:
    """What the confinement holds on this machine; a warning in plain words for each part that it does not."""

    is_network_denied: bool
    are_files_denied: bool
    warnings: tuple[str, ...]


class ConfinedReader:
    """Reads documents in a child that is started at the first one, kept, and replaced after a failure.

    One request at a time, from the thread that made it: the child ends with that thread. ``languages`` are
    Tesseract's for scanned pages, "" for no OCR. Every method raises ``ReadingError`` as the core does, and
    ``ConfinementError``.
    """

    def __init__(
        self, limits: Limits | None = None, child_limits: ChildLimits | None = None, *, languages: str = "fra"
    ) -> None:
        self._limits = limits or Limits()
        self._child_limits = child_limits or ChildLimits()
        self._languages = languages
        self._child: _Child | None = None

    def read(self, data: bytes, filename: str, *, on_progress: Progress | None = None) -> Reading:
        """Read a document: see ``antigone.core.reading.read``.

        ``on_progress`` is called with the number of pages that OCR has read, after each; what it raises ends
        the reading.
        """
        request = {"filename": filename, "limits": asdict(self._limits), "languages": self._languages}
        answer = self._ask("read", data, on_progress, **request)
        with _refusing_nonsense(self._child_limits):
            return _build_reading(*answer)

    def render_page(self, data: bytes, number: int, *, width_px: int) -> bytes:
        """Draw a page as PNG: see ``antigone.core.reading.render_page``."""
        return self._ask("render", data, number=number, width_px=width_px)[1]

    def locate(
        self, data: bytes, number: int, start: int, end: int, *, word_boxes: bytes = b""
    ) -> tuple[Box, ...]:
        """Find the boxes of a quote on its page: see ``antigone.core.reading.locate``."""
        if word_boxes:
            return locate_words(word_boxes, start, end)
        answer, _ = self._ask("locate", data, number=number, start=start, end=end)
        with _refusing_nonsense(self._child_limits):
            return tuple(Box(**{name: float(box[name]) for name in Box.__slots__}) for box in answer["boxes"])

    def get_state(self) -> ConfinementState:
        """Tell what the child could lock and what it could not."""
        unconfined = self._get_child().unconfined
        return ConfinementState(
            is_network_denied="network" not in unconfined,
            are_files_denied="files" not in unconfined,
            warnings=tuple(
                f"The process that reads documents is not confined for: {name} ({reason})."
                for name, reason in unconfined.items()
            ),
        )

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _get_child(self) -> "_Child":
        if self._child is None:
            self._child = _Child(self._child_limits)
        return self._child

    def _ask(self, task: str, data: bytes, on_progress: Progress | None = None, **request: Any) -> Answer:
        child = self._get_child()
        self._child = None  # kept again once it has answered; whatever stops the exchange ends it
        try:
            fields, blob = child.exchange(
                {"task": task, **request}, data, self._child_limits.seconds, on_progress
            )
            self._child = child
        finally:
            if self._child is None:
                child.kill()
        if "error" in fields:
            with _refusing_nonsense(self._child_limits):
                error = build_error(fields["error"], fields["params"])
            raise error
        if "failure" in fields:
            raise _build_failure(fields["failure"], self._child_limits, fields.get("detail", ""))
        return fields, blob


def confinement_state() -> ConfinementState:
    """Start a child to learn what the confinement holds on this machine."""
    with ConfinedReader() as reader:
        return reader.get_state()


class _Child:
    """A child process and the talk with it. What it says is not trusted: lengths are checked first."""

    def __init__(self, limits: ChildLimits) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},  # none of ours: they may hold secrets
            start_new_session=True,  # so that its own children can be ended with it
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)
        try:
            answer, _ = self.exchange(asdict(limits), b"", _START_SECONDS)
        except ConfinementError as error:
            self.kill()
            raise _build_failure("not_started", limits, str(error)) from error
        self.unconfined: dict[str, str] = answer["unconfined"]

    def exchange(
        self, fields: dict[str, Any], blob: bytes, seconds: float, on_progress: Progress | None = None
    ) -> Answer:
        """Send a request and wait for its answer, at most ``seconds`` after the last sign of progress."""
        written = json.dumps(fields).encode()
        waiting = [memoryview(LENGTHS.pack(len(written), len(blob)) + written), memoryview(blob)]
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            selector.register(self._input, selectors.EVENT_WRITE)
            while True:
                self._wait_for_frame(selector, waiting, received, time.monotonic() + seconds)
                answer, blob = self._take_frame(received)
                if "progress" not in answer:
                    return answer, blob
                if on_progress is not None:
                    on_progress(answer["progress"])

    def _wait_for_frame(
        self,
        selector: selectors.BaseSelector,
        waiting: list[memoryview],
        received: bytearray,
        deadline: float,
    ) -> None:
        while not self._is_whole(received):
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise _build_failure("timed_out", self._limits)
            for key, _ in ready:
                if key.fd == self._output:
                    self._receive(received)
                elif not self._send(waiting):
                    selector.unregister(self._input)

    def kill(self) -> None:
        """End the child and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def _send(self, waiting: list[memoryview]) -> bool:
        """Send a piece, and tell whether more waits. A child that no longer listens is told by its output."""
        try:
            waiting[0] = waiting[0][os.write(self._input, waiting[0]) :]
        except BrokenPipeError:
            return False
        while waiting and not waiting[0]:
            del waiting[0]
        return bool(waiting)

    def _receive(self, received: bytearray) -> None:
        piece = os.read(self._output, _READ_AT_ONCE)
        if not piece:
            self._explain_death()
        received += piece

    def _is_whole(self, received: bytearray) -> bool:
        if len(received) < LENGTHS.size:
            return False
        length = sum(LENGTHS.unpack_from(received))
        if length > self._limits.output_bytes + _READ_AT_ONCE:
            raise _build_failure("too_much_output", self._limits)
        return len(received) >= LENGTHS.size + int(length)

    def _take_frame(self, received: bytearray) -> Answer:
        fields_length, blob_length = LENGTHS.unpack_from(received)
        start = LENGTHS.size + fields_length
        end = start + blob_length
        with _refusing_nonsense(self._limits):
            frame = json.loads(received[LENGTHS.size : start]), bytes(received[start:end])
        del received[:end]
        return frame

    def _explain_death(self) -> NoReturn:
        try:
            status = self._process.wait(_START_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise _build_failure("crashed", self._limits, "it closed its output") from error
        if status == -signal.SIGXCPU:
            raise _build_failure("timed_out", self._limits)
        if status in (OUT_OF_MEMORY_STATUS, -signal.SIGKILL):
            raise _build_failure("out_of_memory", self._limits)
        detail = signal.Signals(-status).name if status < 0 else f"status {status}"
        raise _build_failure("crashed", self._limits, detail)


@contextmanager
def _refusing_nonsense(limits: ChildLimits) -> Iterator[None]:
    """A child that a document has taken over may answer anything."""
    try:
        yield
    except (LookupError, TypeError, ValueError) as error:
        raise _build_failure("crashed", limits, "its answer makes no sense") from error


def _build_failure(code: str, limits: ChildLimits, detail: str = "") -> ConfinementError:
    size = limits.output_bytes if code == "too_much_output" else limits.memory_bytes
    return ConfinementError(
        code, _MESSAGES[code], seconds=f"{limits.seconds:g}", megabytes=size // 1_000_000, detail=detail
    )


def _build_reading(fields: dict[str, Any], word_boxes: bytes) -> Reading:
    pages = []
    position = 0
    for page in fields["pages"]:
        end = position + page["word_boxes"]
        pages.append(Page(**{**page, "word_boxes": word_boxes[position:end]}))
        position = end
    return Reading(
        title=fields["title"],
        language=fields["language"],
        media_type=fields["media_type"],
        pages=tuple(pages),
        has_page_images=fields["has_page_images"],
        notices=tuple(Notice(code, params) for code, params in fields["notices"]),
    )
