"""What a reading is made of: pages of text, their notices, and the limits they were read under."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Page:
    """One page of text: a real page, a slide, a piece of a sheet, or a part of a document without pages.

    ``number`` counts from 1. ``label`` is what a reader calls it: "3", a sheet's or a slide's name, the
    heading of the part. ``width`` and ``height`` are in points where the page has an image, else 0.
    ``word_boxes`` places the words of a page read by OCR (see ``antigone.core.reading.words``), else empty.
    """

    number: int
    label: str
    text: str
    width: float = 0.0
    height: float = 0.0
    is_scanned: bool = False
    word_boxes: bytes = b""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of this document should know: a code, and its parameters for translation."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as text. ``language`` is a BCP 47 tag, "fr" unless the file says otherwise."""

    title: str
    language: str
    media_type: str
    pages: tuple[Page, ...]
    has_page_images: bool = False
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in fractions of its width and height: (0, 0) is the top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a document may be read. Past ``pages`` or ``characters`` the reading stops with a notice;
    past the others the document is refused.

    ``decompressed_bytes`` and ``entries`` hold for what a ZIP (DOCX, ODT…) unpacks to, ``pixels`` for one
    image.
    """

    bytes: int = 200_000_000
    pages: int = 5_000
    characters: int = 20_000_000
    decompressed_bytes: int = 1_000_000_000
    entries: int = 20_000
    pixels: int = 100_000_000
