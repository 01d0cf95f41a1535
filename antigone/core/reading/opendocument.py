"""ODT, ODS and ODP: text in parts, sheets row by row, slides one by one."""

from collections.abc import Iterable, Iterator
from itertools import chain
from xml.etree.ElementTree import Element

from antigone.core.reading.archives import Archive, find_outermost, open_archive
from antigone.core.reading.detection import OPEN_DOCUMENT
from antigone.core.reading.errors import Broken, Encrypted
from antigone.core.reading.pages import Limits, Notice, Page, Reading
from antigone.core.reading.parts import Block, build_reading, limit_pages
from antigone.core.reading.tables import write_rows
from antigone.core.reading.words import Ocr

_KIND = "OpenDocument"
_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE = _NAMESPACE + "office:1.0}"
_TEXT = _NAMESPACE + "text:1.0}"
_TABLE = _NAMESPACE + "table:1.0}"
_DRAW = _NAMESPACE + "drawing:1.0}"
_STYLE = _NAMESPACE + "style:1.0}"
_MANIFEST = _NAMESPACE + "manifest:1.0}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED = {_TEXT + "tracked-changes", _OFFICE + "annotation", _OFFICE + "forms", _TEXT + "note-citation"}
_ASIDE = {_TEXT + "note-body", _DRAW + "text-box"}
_COLUMNS = 1_024  # an empty cell may be "repeated" to the edge of the sheet
_SPACES = 100


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read a text, a workbook or a presentation; macros, comments and tracked deletions are left out."""
    with open_archive(data, limits, kind=_KIND) as archive:
        _refuse_encrypted(archive)
        content = archive.parse("content.xml")
        body = None if content is None else content.find(_OFFICE + "body")
        if body is None or not len(body):
            raise Broken(kind=_KIND, detail="content.xml has no body")
        title, language = _read_properties(archive)
        headers, footers = _read_margins(archive)
        has_macros = any(name.startswith("Basic/") for name in archive.names)
    notices = (Notice("macros_ignored"),) if has_macros else ()
    kind = body[0].tag.removeprefix(_OFFICE)
    media_type = OPEN_DOCUMENT + kind
    if kind == "presentation":
        pages, truncated = limit_pages(_read_slides(body[0]), limits)
        return Reading(title, language, media_type, pages, notices=(*notices, *truncated))
    blocks = (
        _read_sheets(body[0]) if kind == "spreadsheet" else chain(headers, _find_blocks(body[0]), footers)
    )
    return build_reading(
        blocks, limits, media_type=media_type, title=title, language=language, notices=notices
    )


def _read_slides(presentation: Element) -> Iterator[Page]:
    for number, slide in enumerate(presentation.iter(_DRAW + "page"), start=1):
        yield Page(number, str(number), "\n".join(block.text for block in _find_blocks(slide)))


def _read_sheets(spreadsheet: Element) -> Iterator[Block]:
    for sheet in find_outermost(spreadsheet, _TABLE + "table"):
        lines = list(write_rows(_read_rows(sheet)))
        if lines:
            yield Block(sheet.get(_TABLE + "name", ""), level=1)
            yield from (Block(line) for line in lines)


def _find_blocks(element: Element, *, prefix: str = "") -> Iterator[Block]:
    for child in element:
        if child.tag in (_TEXT + "p", _TEXT + "h"):
            yield from _read_paragraph(child, prefix)
            prefix = ""
        elif child.tag == _TEXT + "list-item":
            yield from _find_blocks(child, prefix="- ")
        elif child.tag == _TABLE + "table":
            yield from (Block(line) for line in write_rows(_read_rows(child)))
        elif child.tag not in _SKIPPED:
            yield from _find_blocks(child)


def _read_paragraph(paragraph: Element, prefix: str) -> Iterator[Block]:
    pieces: list[str] = []
    aside: list[Element] = []
    _gather(paragraph, pieces, aside)
    if text := "".join(pieces).strip():
        level = paragraph.get(_TEXT + "outline-level", "1")
        is_heading = paragraph.tag == _TEXT + "h"
        yield Block(text, int(level) if level.isdigit() else 1) if is_heading else Block(prefix + text)
    for element in aside:
        yield from _find_blocks(element)


def _gather(element: Element, pieces: list[str], aside: list[Element]) -> None:
    """Gather the text of an element; text boxes and notes are put aside, to follow the paragraph."""
    pieces.append(element.text or "")
    for child in element:
        if child.tag == _TEXT + "s":
            count = child.get(_TEXT + "c", "1")
            pieces.append(" " * min(int(count) if count.isdigit() else 1, _SPACES))
        elif child.tag == _TEXT + "tab":
            pieces.append("\t")
        elif child.tag == _TEXT + "line-break":
            pieces.append("\n")
        elif child.tag in _ASIDE:
            aside.append(child)
        elif child.tag not in _SKIPPED:
            _gather(child, pieces, aside)
        pieces.append(child.tail or "")


def _read_rows(table: Element) -> Iterator[list[str]]:
    for row in find_outermost(table, _TABLE + "table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                repeated = cell.get(_TABLE + "number-columns-repeated", "1")
                count = min(int(repeated) if repeated.isdigit() else 1, _COLUMNS - len(cells))
                cells += [" ".join(block.text for block in _find_blocks(cell))] * count
        yield cells


def _refuse_encrypted(archive: Archive) -> None:
    manifest = archive.parse("META-INF/manifest.xml")
    if manifest is not None and manifest.find(f".//{_MANIFEST}encryption-data") is not None:
        raise Encrypted(kind=_KIND)


def _read_properties(archive: Archive) -> tuple[str, str]:
    meta = archive.parse("meta.xml")
    if meta is None:
        return "", ""
    found = (meta.findtext(f".//{_DUBLIN_CORE}{name}") or "" for name in ("title", "language"))
    return next(found), next(found)


def _read_margins(archive: Archive) -> tuple[list[Block], list[Block]]:
    """Read headers and footers, each different text once however many page styles repeat it."""
    styles = archive.parse("styles.xml")
    if styles is None:
        return [], []
    headers, footers = (_find_distinct(styles.iter(_STYLE + name)) for name in ("header", "footer"))
    return headers, footers


def _find_distinct(margins: Iterable[Element]) -> list[Block]:
    texts = dict.fromkeys(block.text for margin in margins for block in _find_blocks(margin))
    return [Block(text) for text in texts]
