"""From the bytes of a document to its pages; the one way in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import PurePath
from types import ModuleType

from antigone.core.reading.detection import (
    DOCX,
    OLE,
    OPEN_DOCUMENT,
    PPTX,
    XLSX,
    detect_media_type,
    get_declared_type,
    name_kind,
)
from antigone.core.reading.errors import PARSER_FAILURES, Broken, Empty, Encrypted, TooLarge, Unsupported
from antigone.core.reading.pages import Box, Limits, Notice, Reading
from antigone.core.reading.words import Ocr, locate_words

# A reader is imported when a document needs it: a process that reads one PDF starts three times faster.
_READERS = {
    "application/pdf": "pdf",
    DOCX: "word",
    XLSX: "workbook",
    PPTX: "slides",
    OPEN_DOCUMENT + "text": "opendocument",
    OPEN_DOCUMENT + "spreadsheet": "opendocument",
    OPEN_DOCUMENT + "presentation": "opendocument",
    "text/html": "html",
    "text/markdown": "markdown",
    "text/plain": "plain",
    "message/rfc822": "mail",
    "image/png": "images",
    "image/jpeg": "images",
    "image/tiff": "images",
}
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # a DOCX, XLSX or PPTX with a password
_UNSTORABLE = re.compile("[\\x00\\ud800-\\udfff]")  # no database takes NUL or half a character
_DEFAULT_LANGUAGE = "fr"
_NOT_A_TITLE = ("untitled", "sans titre", "microsoft word - ", "document1", "(anonymous)")
_TITLE_CHARACTERS = 300


def read(data: bytes, filename: str, limits: Limits | None = None, ocr: Ocr | None = None) -> Reading:
    r"""Read a document: its title, its language and its pages of text.

    ``filename`` only helps to tell texts apart and to name a document without title; a misleading one gives
    a "misnamed" notice. Nothing outside ``data`` is ever loaded. Raises ``ReadingError``.

    >>> read("# Séance du 3 mars\n\nLe **conseil** adopte.".encode(), "seance.md").pages[0].text
    'Séance du 3 mars\nLe conseil adopte.'
    """
    limits = limits or Limits()
    if not data.strip(b"\0 \t\r\n"):
        raise Empty
    if len(data) > limits.bytes:
        raise TooLarge(what="bytes", size=len(data), limit=limits.bytes)
    media_type = detect_media_type(data, filename)
    if media_type == OLE and _ENCRYPTED_PACKAGE in data:
        raise Encrypted(kind=name_kind(get_declared_type(filename) or media_type))
    with _naming_failures(media_type):
        reading: Reading = _get_reader(media_type).read_document(data, limits, ocr)
    if not any(page.is_scanned or page.text.strip() for page in reading.pages):
        raise Empty
    return replace(
        reading,
        title=_clean(_choose_title(reading.title, filename)),
        pages=tuple(
            replace(page, label=_clean(page.label), text=_clean(page.text)) for page in reading.pages
        ),
        language=reading.language.strip() or _DEFAULT_LANGUAGE,
        notices=(*_find_misnaming(media_type, filename), *reading.notices),
    )


def render_page(data: bytes, number: int, *, width_px: int) -> bytes:
    """Draw a page of a PDF or of a scanned image, as PNG, ``width_px`` pixels wide.

    Raises ``Unsupported`` for documents without pages, ``NoSuchPage``, and as ``read`` does.

    >>> from io import BytesIO
    >>> from PIL import Image
    >>> scan = BytesIO()
    >>> Image.new("L", (40, 20)).save(scan, "PNG")
    >>> render_page(scan.getvalue(), 1, width_px=10)[1:4]
    b'PNG'
    """
    with _naming_failures(media_type := detect_media_type(data, "")):
        drawn: bytes = _get_imaged_reader(media_type).render_page(data, number, width_px=width_px)
    return drawn


def locate(data: bytes, number: int, start: int, end: int, *, word_boxes: bytes = b"") -> tuple[Box, ...]:
    """Find where ``page.text[start:end]`` stands on the image of its page: a box per line.

    Give the ``word_boxes`` of a page that has some (it was read by OCR). No box: the text is not on the
    image, or the document has none.

    >>> from antigone.core.reading.words import Word, join_words
    >>> text, word_boxes = join_words([Word("Mairie", Box(0.5, 0.25, 0.1, 0.05), line=0, paragraph=0)])
    >>> [round(box.x, 3) for box in locate(b"", 1, 0, len(text), word_boxes=word_boxes)]
    [0.5]
    """
    if word_boxes:
        return locate_words(word_boxes, start, end)
    with _naming_failures(media_type := detect_media_type(data, "")):
        boxes: tuple[Box, ...] = _get_imaged_reader(media_type).locate(data, number, start, end)
    return boxes


def _get_reader(media_type: str) -> ModuleType:
    if media_type not in _READERS:
        raise Unsupported(kind=media_type)
    return import_module(f"antigone.core.reading.{_READERS[media_type]}")


@contextmanager
def _naming_failures(media_type: str) -> Iterator[None]:
    """Turn what a parser raises on a damaged file into ``Broken``."""
    try:
        yield
    except PARSER_FAILURES as error:
        raise Broken(kind=name_kind(media_type), detail=f"{type(error).__name__}: {error}"[:200]) from error


def _get_imaged_reader(media_type: str) -> ModuleType:
    reader = _get_reader(media_type)
    if not hasattr(reader, "render_page"):
        raise Unsupported(kind=name_kind(media_type))
    return reader


def _clean(text: str) -> str:
    """Replace what cannot be stored, one character by one: places in the text stay the same."""
    return _UNSTORABLE.sub("\ufffd", text)


def _choose_title(title: str, filename: str) -> str:
    """Take the file's own title unless it is one that a program left there; else its name."""
    title = " ".join(title.split())[:_TITLE_CHARACTERS]
    if title and not title.lower().startswith(_NOT_A_TITLE):
        return title
    return " ".join(PurePath(filename).stem.replace("_", " ").split()) or filename


def _find_misnaming(media_type: str, filename: str) -> tuple[Notice, ...]:
    declared = get_declared_type(filename)
    if declared in (None, media_type):
        return ()
    extension = PurePath(filename).suffix.lower()
    return (Notice("misnamed", {"extension": extension, "media_type": media_type}),)
