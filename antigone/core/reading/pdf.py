"""PDF: text that reads well, images of pages, and where on the page a quote stands.

The text of a page is pdfium's after a few edits. The text, and the way back from one of its positions to
pdfium's characters, come from the same list of edits, so they cannot disagree.
"""

import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from ctypes import byref, c_double, c_int, c_ushort
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from antigone.core.reading.errors import Broken, Encrypted, NoSuchPage, TooLarge
from antigone.core.reading.pages import Box, Limits, Notice, Page, Reading
from antigone.core.reading.parts import limit_pages
from antigone.core.reading.words import Ocr, join_words, merge_lines

MEDIA_TYPE = "application/pdf"
_KIND = "PDF"
_OCR_DOTS_PER_POINT = 300 / 72
_OCR_PIXELS = 20_000_000
_PIXELS = 100_000_000
_SCAN_COVER = 0.3  # a page whose images cover less than this is a page with a logo, not a scan
_DRAWN_PATHS = 200  # a page without text that has more lines and curves than this has its letters drawn
_SCAN_CHARACTERS = 30  # a scan with a page number stamped on it is still a scan
_DEVICE = 1_000_000  # pdfium places points on a device of whole pixels: take a fine one

_HYPHEN = "\ufffe"  # what pdfium leaves of a hyphen and the end of line that follows it
_ACCENTS = "\u0300-\u036f"
_TO_EDIT = re.compile(
    # One class of characters first: the search then skips at full speed over what is not to be edited
    rf"[\r{_HYPHEN}{_ACCENTS}\ufb00-\ufb06\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\ufeff][{_ACCENTS}]*"
)
_WORD_CHARACTERS = 40
_BEFORE = re.compile(r"[\w-]*\Z")
_AFTER = re.compile(r"[\w-]*")
_COMPOUND_START = re.compile(
    "après|arrière|avant|chef|contre|demie?|grande?s?|hors|moins|non|nord|ouest|quasi|quelques|rendez|semi|sous"
    "|sud|vice|vis",
    re.I,
)
_COMPOUND_END = re.compile(
    "après|ce|ci|delà|dessous|dessus|devant|elles?|en|ils?|je|jointe?s?|là|les?|la|leur|lui|mêmes?|moi|nous|on"
    "|tu|vous|y"
)


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
    edits: list[Edit] = []
    position = 0
    for match in _TO_EDIT.finditer(raw):
        edit = _edit(raw, match.start(), match.end(), position)
        edits.append(edit)
        position = edit.end
    return edits


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
    """Read every page; scanned pages go through ``ocr`` where there is one, else a notice counts them.

    A damaged page is empty and counted in a notice; the others are read.
    """
    with _open(data) as document:
        pages, notices = limit_pages(
            (_read_or_skip(document, number, ocr) for number in range(1, len(document) + 1)), limits
        )
        title = _read_title(document)
        language = _read_language(document)
    damaged = sum(not page.width for page in pages)
    if damaged == len(pages):
        raise Broken(kind=_KIND, detail="no page can be read")
    if damaged:
        notices = (*notices, Notice("damaged_pages", {"pages": damaged}))
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
        with closing(pypdfium2.PdfDocument(data)) as document:
            if not len(document):
                raise Broken(kind=_KIND, detail="no page")
            yield document
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Encrypted(kind=_KIND) from error
        raise Broken(kind=_KIND, detail=str(error)) from error


@contextmanager
def _open_page(document: pypdfium2.PdfDocument, number: int) -> Iterator[pypdfium2.PdfPage]:
    if not 1 <= number <= len(document):
        raise NoSuchPage(number=number, count=len(document))
    with closing(document[number - 1]) as page:
        yield page


def _read_or_skip(document: pypdfium2.PdfDocument, number: int, ocr: Ocr | None) -> Page:
    try:
        return _read_page(document, number, ocr)
    except pypdfium2.PdfiumError:
        return Page(number, str(number), "")


def _read_page(document: pypdfium2.PdfDocument, number: int, ocr: Ocr | None) -> Page:
    with _open_page(document, number) as page:
        with closing(page.get_textpage()) as characters:
            raw = _get_raw_text(characters)
        text = apply_edits(raw, find_edits(raw))
        width, height = page.get_size()
        is_scanned = len(text.strip()) < _SCAN_CHARACTERS and _is_picture(page)
        word_boxes = b""
        if is_scanned and ocr is not None:
            scale = min(_OCR_DOTS_PER_POINT, (_OCR_PIXELS / max(width * height, 1.0)) ** 0.5)
            text, word_boxes = join_words(ocr(_draw(page, scale)))
    return Page(number, str(number), text, width, height, is_scanned, word_boxes)


def _get_raw_text(characters: pypdfium2.PdfTextPage) -> str:
    text: str = characters.get_text_range(errors="surrogatepass")
    return text


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Tell a page whose words are in an image, or drawn as curves, from a blank one."""
    width, height = page.get_size()
    covered: float = 0.0
    paths = 0
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        if item.type == pdfium.FPDF_PAGEOBJ_PATH:
            paths += 1
        else:
            left, bottom, right, top = item.get_bounds()
            covered += (right - left) * (top - bottom)
        if covered >= _SCAN_COVER * width * height or paths >= _DRAWN_PATHS:
            return True
    return False


def _draw(page: pypdfium2.PdfPage, scale: float) -> bytes:
    width, height = page.get_size()
    pixels = int(width * height * scale * scale)
    if pixels > _PIXELS:
        raise TooLarge(what="pixels", size=pixels, limit=_PIXELS)
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


def _read_title(document: pypdfium2.PdfDocument) -> str:
    try:
        return str(document.get_metadata_value("Title"))
    except UnicodeDecodeError:
        return ""


def _read_language(document: pypdfium2.PdfDocument) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    if size <= 2:
        return ""
    buffer = (c_ushort * (size // 2))()
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0")


def _edit(raw: str, start: int, end: int, position: int) -> Edit:
    """Write one edit; ``position`` is where the one before it ended."""
    character = raw[start]
    if character == "\r":
        start = position + len(raw[position:start].rstrip(" \t"))
        return Edit(start, end + (raw[end : end + 1] == "\n"), "\n")
    if character == _HYPHEN:
        return Edit(start, end, "" if _is_cut_word(raw, start) else "-")
    if "\u0300" <= character <= "\u036f":
        start -= start > position
        return Edit(start, end, unicodedata.normalize("NFC", raw[start:end]))
    if "\ufb00" <= character <= "\ufb06":
        return Edit(start, end, unicodedata.normalize("NFKC", raw[start:end]))
    return Edit(start, end, "\ufffd" if "\ud800" <= character <= "\udfff" else "")


def _is_cut_word(raw: str, hyphen: int) -> bool:
    """Tell a word cut at the end of a line from a compound word that keeps its hyphen."""
    before = _BEFORE.search(raw[max(0, hyphen - _WORD_CHARACTERS) : hyphen])
    after = _AFTER.match(raw, hyphen + 1, hyphen + 1 + _WORD_CHARACTERS)
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
