"""Plain text, in whatever encoding an office has kept it."""

import re

from antigone.core.reading.pages import Limits, Notice, Reading
from antigone.core.reading.parts import Block, build_reading
from antigone.core.reading.words import Ocr

MEDIA_TYPE = "text/plain"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read a text, a block per paragraph."""
    text, notices = decode(data)
    blocks = (Block(paragraph) for paragraph in re.split(r"\n[ \t]*\n", text))
    return build_reading(blocks, limits, media_type=MEDIA_TYPE, notices=notices)


def decode(data: bytes) -> tuple[str, tuple[Notice, ...]]:
    r"""Decode a text: by its byte order mark, as UTF-8, else as Windows-1252 with a notice. Ends of lines
    become "\n" and control characters go.

    >>> decode("Été".encode("cp1252"))
    ('Été', (Notice(code='decoded_as', params={'encoding': 'Windows-1252'}),))
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(encoding, "replace")), ()
    try:
        return _clean(data.decode("utf-8")), ()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "ignore")  # the five bytes it leaves free are controls
        return _clean(text), (Notice("decoded_as", {"encoding": "Windows-1252"}),)


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]", "", text)
