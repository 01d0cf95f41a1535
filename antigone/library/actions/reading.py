"""Documents read, drawn and searched for a quote in the confined child; its errors said as refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext_noop

from antigone.circuit.confinement import ChildLimits, ConfinedReader, ConfinementError
from antigone.core.reading import Box, Limits, Reading, ReadingError
from antigone.errors import Unavailable
from antigone.library.actions.files import read_bytes
from antigone.library.actions.refusals import refuse
from antigone.library.models import Page

# What readers of pages may start at once, all together: a child may take as much memory as an import.
_CHILDREN = BoundedSemaphore(2)
_WAIT_SECONDS = 10
_PAGE_SECONDS = 20


def open_reader(*, seconds: float | None = None) -> ConfinedReader:
    """Make the one reader of many documents, under the limits of the settings; close it or use `with`."""
    return ConfinedReader(
        Limits(bytes=settings.DOCUMENT_BYTES, pages=settings.DOCUMENT_PAGES),
        ChildLimits(
            seconds=seconds or settings.READER_SECONDS, memory_bytes=settings.READER_MEGABYTES * 1_000_000
        ),
    )


def read_document(reader: ConfinedReader, data: bytes, filename: str) -> Reading:
    """Read a document; what cannot be read is refused with a code of `refusals`."""
    with _explain_failures():
        return reader.read(data, filename)


def draw_page(sha256: str, number: int, width: int) -> bytes:
    """Draw a page as PNG, `width` pixels wide."""
    with _open_page_reader() as reader, _explain_failures():
        return reader.render_page(read_bytes(sha256), number, width_px=width)


def find_boxes(page: Page, start: int, end: int) -> tuple[Box, ...]:
    """Find where `page.text[start:end]` stands on the image of the page, a box per line."""
    return _find_boxes(page.version.sha256, page.number, start, end, bytes(page.word_boxes))


@lru_cache(1_024)
def _find_boxes(sha256: str, number: int, start: int, end: int, word_boxes: bytes) -> tuple[Box, ...]:
    with _open_page_reader() as reader, _explain_failures():
        return reader.locate(read_bytes(sha256), number, start, end, word_boxes=word_boxes)


@contextmanager
def _open_page_reader() -> Iterator[ConfinedReader]:
    """Open a reader for one page, that anybody may ask for: few at once, for a short time."""
    if not _CHILDREN.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("too_many_pages_at_once", gettext_noop("Wait a few minutes, then try again."))
    try:
        with open_reader(seconds=min(_PAGE_SECONDS, settings.READER_SECONDS)) as reader:
            yield reader
    finally:
        _CHILDREN.release()


@contextmanager
def _explain_failures() -> Iterator[None]:
    try:
        yield
    except ReadingError as error:
        raise refuse(error.code, **error.params) from error
    except ConfinementError as error:
        if error.code == "not_started":
            raise Unavailable(error.code, str(error)) from error
        raise refuse(error.code, **error.params) from error
