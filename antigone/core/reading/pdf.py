"""PDF: text that reads well, images of pages, and where on the page a quote stands.

The text of a page is pdfium's after a few edits. The text, and the way back from one of its positions to
pdfium's characters, come from the same list of edits, so they cannot disagree.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from antigone.core.reading.errors import Broken, Encrypted
from antigone.core.reading.pages import Box, Limits, Notice, Page, Reading
from antigone.core.reading.parts import limit_pages
from antigone.core.reading.words import Ocr, join_words, merge_lines

MEDIA_TYPE = "application/pdf"
_KIND = "PDF"
_OCR_DOTS_PER_POINT = 300 / 72
_OCR_PIXELS = 20_000_000
_SCAN_COVER = 0.3  # a page whose images cover less than this is a page with a logo, not a scan
_SCAN_CHARACTERS = 30  # a scan with a page number stamped on it is still a scan
_DEVICE = 1_000_000  # pdfium places points on a device of whole pixels: take a fine one

_EDITS = re.compile(
    r"(?P<line>[ \t]*\r\n?)"
    r"|(?P<hyphen>\ufffe)"
    r"|(?P<letter>[^\W_][\u0300-\u036f]+)"
    r"|(?P<ligature>[\ufb00-\ufb06])"
    r"|(?P<lone>[\ud800-\udfff])"
    r"|(?P<nothing>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\ufeff]+)"
)
_BEFORE = re.compile(r"[\w-]*\Z")
_AFTER = re.compile(r"[\w-]*")
_COMPOUND_START = re.compile(
    "après|arrière|au|avant|chef|ci|contre|demie?|ex|grande?s?|hors|inter|là|mi|mini|moins|non|nord|ouest|par"
    "|peut|plus|porte|post|pré|quasi|quelques|rendez|sans|semi|sous|sud|tout|vice|vis",
    re.I,
)
_COMPOUND_END = re.compile("ce|ci|elles?|en|ils?|je|là|les?|la|leur|lui|mêmes?|moi|nous|on|tu|vous|y")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``raw[start:end]`` by ``text``."""

    start: int
    end: int
    text: str


def find_edits(raw: str) -> list[Edit]:
    r"""List what to change in pdfium's text so that it reads well.

    Ends of lines become "\n", words cut at an end of line are joined (compound words keep their hyphen),
    ligatures and combining accents become plain letters, control characters go.

    >>> find_edits("com\ufffemune")
    [Edit(start=3, end=4, text='')]
    """
    return [Edit(match.start(), match.end(), _replace(match)) for match in _EDITS.finditer(raw)]


def apply_edits(raw: str, edits: list[Edit]) -> str:
    r"""Write the text of a page from pdfium's.

    >>> raw = "La com\ufffemune de Saint\ufffeÉtienne, rendez\ufffevous\r\nà l’e\ufb03cacité"
    >>> apply_edits(raw, find_edits(raw))
    'La commune de Saint-Étienne, rendez-vous\nà l’efficacité'
    """
    pieces, position = [], 0
    for edit in edits:
        pieces += [raw[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, raw[position:]])


def find_raw_range(edits: list[Edit], start: int, end: int) -> tuple[int, int]:
    """Find the range of pdfium's text that became ``text[start:end]``.

    >>> find_raw_range([Edit(3, 4, "")], 2, 5)
    (2, 6)
    """
    return _find_raw(edits, start), _find_raw(edits, end - 1) + 1 if end > start else _find_raw(edits, start)


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read every page; scanned pages go through ``ocr`` where there is one, else a notice counts them."""
    with _open(data) as document:
        pages, notices = limit_pages(
            (_read_page(document, number, ocr) for number in range(1, len(document) + 1)), limits
        )
        title = document.get_metadata_value("Title")
        language = _read_language(document)
    if unread := sum(page.is_scanned and not page.word_boxes for page in pages):
        notices = (*notices, Notice("scanned_pages_not_read", {"pages": unread}))
    return Reading(title, language, MEDIA_TYPE, pages, has_page_images=True, notices=notices)


def render_page(data: bytes, number: int, *, width_px: int) -> bytes:
    """Draw a page as PNG, ``width_px`` wide."""
    with _open(data) as document, _open_page(document, number) as page:
        return _draw(page, width_px / max(page.get_width(), 1.0))


def locate(data: bytes, number: int, start: int, end: int) -> tuple[Box, ...]:
    """Find the boxes of ``text[start:end]`` on a page, one per line."""
    with _open(data) as document, _open_page(document, number) as page, closing(page.get_textpage()) as text:
        raw = _get_raw_text(text)
        edits = find_edits(raw)
        end = min(end, len(apply_edits(raw, edits)))
        if start < 0 or start >= end:
            return ()
        raw_start, raw_end = find_raw_range(edits, start, end)
        first = pdfium.FPDFText_GetCharIndexFromTextIndex(text, raw_start)
        last = pdfium.FPDFText_GetCharIndexFromTextIndex(text, raw_end - 1)
        if first < 0 or last < first:
            return ()
        rectangles = pdfium.FPDFText_CountRects(text, first, last - first + 1)
        return merge_lines(_get_box(page, text, index) for index in range(rectangles))


@contextmanager
def _open(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Encrypted(kind=_KIND) from error
        raise Broken(kind=_KIND, detail=str(error)) from error
    with closing(document):
        if not len(document):
            raise Broken(kind=_KIND, detail="no page")
        yield document


@contextmanager
def _open_page(document: pypdfium2.PdfDocument, number: int) -> Iterator[pypdfium2.PdfPage]:
    if not 1 <= number <= len(document):
        raise IndexError(f"Page {number} was asked for; the document has {len(document)}.")
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise Broken(kind=_KIND, detail=f"page {number}: {error}") from error
    with closing(page):
        yield page


def _read_page(document: pypdfium2.PdfDocument, number: int, ocr: Ocr | None) -> Page:
    with _open_page(document, number) as page:
        with closing(page.get_textpage()) as characters:
            raw = _get_raw_text(characters)
        text = apply_edits(raw, find_edits(raw))
        width, height = page.get_size()
        is_scanned = len(text.strip()) < _SCAN_CHARACTERS and _is_covered_by_images(page)
        word_boxes = b""
        if is_scanned and ocr is not None:
            scale = min(_OCR_DOTS_PER_POINT, (_OCR_PIXELS / max(width * height, 1.0)) ** 0.5)
            text, word_boxes = join_words(ocr(_draw(page, scale)))
    return Page(number, str(number), text, width, height, is_scanned, word_boxes)


def _get_raw_text(characters: pypdfium2.PdfTextPage) -> str:
    text: str = characters.get_text_range(errors="surrogatepass")
    return text


def _is_covered_by_images(page: pypdfium2.PdfPage) -> bool:
    width, height = page.get_size()
    covered: float = 0.0
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        covered += (right - left) * (top - bottom)
    return bool(covered >= _SCAN_COVER * width * height)


def _draw(page: pypdfium2.PdfPage, scale: float) -> bytes:
    picture = io.BytesIO()
    with closing(page.render(scale=scale)) as bitmap:
        bitmap.to_pil().save(picture, "PNG", compress_level=1)
    return picture.getvalue()


def _get_box(page: pypdfium2.PdfPage, characters: pypdfium2.PdfTextPage, index: int) -> Box:
    left, top, right, bottom = (c_double() for _ in range(4))
    pdfium.FPDFText_GetRect(characters, index, byref(left), byref(top), byref(right), byref(bottom))
    corners = [_get_point(page, left.value, top.value), _get_point(page, right.value, bottom.value)]
    (x, y), (x_end, y_end) = map(min, zip(*corners, strict=True)), map(max, zip(*corners, strict=True))
    return Box(x, y, x_end - x, y_end - y)


def _get_point(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    """Turn a point of the PDF's space into fractions of the page as shown, cropped and turned."""
    across, down = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, byref(across), byref(down))
    return across.value / _DEVICE, down.value / _DEVICE


def _read_language(document: pypdfium2.PdfDocument) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    if size <= 2:
        return ""
    buffer = create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    return buffer.raw.decode("utf-16-le", "ignore").rstrip("\0")


def _replace(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "line":
            return "\n"
        case "hyphen":
            return "" if _is_cut_word(match) else "-"
        case "lone":
            return "\ufffd"
        case "letter":
            return unicodedata.normalize("NFC", match.group())
        case "ligature":
            return unicodedata.normalize("NFKC", match.group())
    return ""


def _is_cut_word(hyphen: re.Match[str]) -> bool:
    """Tell a word cut at the end of a line from a compound word that keeps its hyphen."""
    before = _BEFORE.search(hyphen.string, max(0, hyphen.start() - 40), hyphen.start())
    after = _AFTER.match(hyphen.string, hyphen.end(), hyphen.end() + 40)
    start, rest = before.group() if before else "", after.group() if after else ""
    return (
        start[-1:].isalpha()
        and rest[:1].islower()
        and "-" not in start + rest
        and not _COMPOUND_START.fullmatch(start)
        and not _COMPOUND_END.fullmatch(rest)
    )


def _find_raw(edits: list[Edit], position: int) -> int:
    """Find the place in pdfium's text of one position in the page's text."""
    shift = 0
    for edit in edits:
        at = edit.start + shift
        if position < at:
            break
        if position < at + len(edit.text):
            return edit.start + min(position - at, edit.end - edit.start - 1)
        shift += len(edit.text) - (edit.end - edit.start)
    return position - shift
