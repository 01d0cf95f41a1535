"""Documents as text: bytes → pages, each quote findable on the image of its page.

``read`` tells the kind of a document by its content, reads it whole under limits, and loads nothing else.
It is meant for untrusted files, and to be run where a parser's bug can do no harm: see
``antigone.circuit.confinement``.
"""

from antigone.core.reading.detection import detect_media_type
from antigone.core.reading.errors import (
    Broken,
    Empty,
    Encrypted,
    NoSuchPage,
    ReadingError,
    TooLarge,
    Unsupported,
)
from antigone.core.reading.pages import Box, Limits, Notice, Page, Reading
from antigone.core.reading.reader import locate, read, render_page
from antigone.core.reading.words import Ocr, Word

__all__ = [
    "Box",
    "Broken",
    "Empty",
    "Encrypted",
    "Limits",
    "NoSuchPage",
    "Notice",
    "Ocr",
    "Page",
    "Reading",
    "ReadingError",
    "TooLarge",
    "Unsupported",
    "Word",
    "detect_media_type",
    "locate",
    "read",
    "render_page",
]
