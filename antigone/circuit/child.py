"""The process in which documents are read: it locks itself in, then answers one request after the other.

Both sides speak in frames: two lengths, a JSON object, bytes. Requests come on the standard input (the bytes
are the document), answers go to the standard output (the bytes are an image, or word boxes), with a frame
after each page read by OCR, which takes time. The end of the input ends the process.
"""

import ctypes
import json
import mimetypes
import os
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from antigone.circuit.landlock import allow_only_reading
from antigone.circuit.seccomp import deny_network
from antigone.core.reading import Limits, Ocr, Reading, ReadingError, Word, locate, read, render_page
from antigone.core.reading.words import parse_tesseract

LENGTHS = struct.Struct(">IQ")
OUT_OF_MEMORY_STATUS = 77
_PR_SET_PDEATHSIG = 1
_OPEN_FILES = 64
_TESSERACT = (Path("/usr/bin/tesseract"), Path("/usr/local/bin/tesseract"))
_PNG_SIZE = struct.Struct(">8x4x4xII")
_SYSTEM_PATHS = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/urandom", "/proc/self"),
    *mimetypes.knownfiles,  # openpyxl looks there, and takes a refusal badly
)

Answer = tuple[dict[str, Any], bytes]


def main() -> None:
    """Confine this process by the first request's limits, then answer requests until the input ends."""
    try:
        _serve()
    except MemoryError:
        os._exit(OUT_OF_MEMORY_STATUS)


def _serve() -> None:
    requests = sys.stdin.buffer
    # What a library prints must not be taken for an answer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    first = read_frame(requests)
    if first is None:
        return
    limits, _ = first
    write_frame(answers, {"unconfined": confine(memory_bytes=limits["memory_bytes"])})
    seconds = limits["seconds"]

    def report_page(number: int) -> None:
        write_frame(answers, {"progress": number})
        _limit_processor(seconds)

    while (request := read_frame(requests)) is not None:
        _limit_processor(seconds)
        write_frame(answers, *_answer(*request, report_page))


def confine(*, memory_bytes: int) -> dict[str, str]:
    """Lock this process in, and return what could not be locked, each with the system's reason."""
    unconfined = {}
    for name, lock in {
        "memory": lambda: _limit_memory(memory_bytes),
        "parent": _die_with_parent,
        "files": lambda: allow_only_reading(_get_readable_folders()),
        "network": deny_network,
    }.items():
        try:
            lock()
        except (AttributeError, OSError, ValueError) as error:
            unconfined[name] = str(error)
    return unconfined


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read a frame, or None where the stream has ended."""
    head = stream.read(LENGTHS.size)
    if len(head) < LENGTHS.size:
        return None
    fields_length, blob_length = LENGTHS.unpack(head)
    fields: dict[str, Any] = json.loads(stream.read(fields_length))
    return fields, stream.read(blob_length)


def write_frame(stream: BinaryIO, fields: Mapping[str, Any], blob: bytes = b"") -> None:
    """Write a frame and send it at once."""
    written = json.dumps(fields).encode()
    stream.write(LENGTHS.pack(len(written), len(blob)) + written)
    stream.write(blob)
    stream.flush()


def _answer(request: dict[str, Any], data: bytes, report_page: Callable[[int], None]) -> Answer:
    try:
        match request.pop("task"):
            case "read":
                return _read(data, report_page, **request)
            case "render":
                return {}, render_page(data, **request)
            case _:
                return {"boxes": [asdict(box) for box in locate(data, **request)]}, b""
    except ReadingError as error:
        return {"error": error.code, "params": error.params}, b""
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001, the edge of a worker: the parent must be told
        return {"failure": "crashed", "detail": f"{type(error).__name__}: {error}"[:200]}, b""


def _read(
    data: bytes, report_page: Callable[[int], None], filename: str, limits: dict[str, int], languages: str
) -> Answer:
    return pack_reading(read(data, filename, Limits(**limits), find_ocr(languages, report_page)))


def pack_reading(reading: Reading) -> Answer:
    """Write a reading as JSON; the word boxes of its pages follow as bytes, one page after the other."""
    pages = [{**asdict(page), "word_boxes": len(page.word_boxes)} for page in reading.pages]
    notices = [[notice.code, dict(notice.params)] for notice in reading.notices]
    fields = {name: getattr(reading, name) for name in ("title", "language", "media_type", "has_page_images")}
    return (
        {**fields, "pages": pages, "notices": notices},
        b"".join(page.word_boxes for page in reading.pages),
    )


def find_ocr(languages: str, report_page: Callable[[int], None]) -> Ocr | None:
    """Give an OCR that runs Tesseract on one image at a time, or None where it is not installed.

    ``languages`` is Tesseract's ("fra", "fra+eng"); empty: no OCR is wanted. After each image the number of
    images read so far is reported. No word comes from an image, or a language, that Tesseract refuses.
    """
    program = next((path for path in _TESSERACT if path.exists()), None)
    if not languages or program is None:
        return None
    numbers = count(1)

    def recognise(image: bytes) -> tuple[Word, ...]:
        width, height = _PNG_SIZE.unpack_from(image)
        result = subprocess.run(
            [program, "stdin", "stdout", "-l", languages, "tsv"],
            input=image,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        report_page(next(numbers))
        return parse_tesseract(result.stdout.decode("utf-8", "replace"), width=width, height=height)

    return recognise


def _limit_memory(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _limit_processor(seconds: float) -> None:
    """Allow so much processor time for the next request; past it the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _die_with_parent() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL)):
        raise OSError(ctypes.get_errno(), "prctl was refused")


def _get_readable_folders() -> list[Path]:
    """List what reading needs: the system's programs, Python, the packages, and our own code."""
    package = Path(__file__).resolve().parents[1]
    paths = [
        Path(path).resolve() for path in (*_SYSTEM_PATHS, sys.prefix, sys.base_prefix, *sys.path) if path
    ]
    return [package, *(path for path in paths if path not in package.parents)]
