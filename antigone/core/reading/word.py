"""DOCX: paragraphs, lists, tables, notes and text boxes in the order of the body; headers and footers once.

The XML is walked directly: python-docx passes over tracked insertions, content controls, text boxes and
footnotes, all of which are common in administrative documents.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from antigone.core.reading.archives import Archive, find_outermost, open_archive
from antigone.core.reading.detection import DOCX
from antigone.core.reading.errors import Broken
from antigone.core.reading.pages import Limits, Notice, Reading
from antigone.core.reading.parts import Block, build_reading
from antigone.core.reading.properties import read_properties
from antigone.core.reading.tables import write_rows
from antigone.core.reading.words import Ocr

_KIND = "DOCX"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {_W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText")} | {_FALLBACK}
_WRITTEN = {
    _W + "tab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "-",
}
_HEADING_NAME = re.compile(r"(?:heading|titre) (\d)|(title|titre)$", re.I)


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read the document, a part per heading; macros and comments are left out."""
    with open_archive(data, limits, kind=_KIND) as archive:
        document = archive.parse("word/document.xml")
        if document is None:
            raise Broken(kind=_KIND, detail="word/document.xml is missing")
        body = _Body(_read_heading_levels(archive), _read_notes(archive))
        blocks = [
            *_read_margins(archive, "header", body),
            *body.find_blocks(document),
            *_read_margins(archive, "footer", body),
        ]
        title, language = read_properties(archive)
        notices = [Notice("macros_ignored")] if "word/vbaProject.bin" in archive.names else []
    return build_reading(blocks, limits, media_type=DOCX, title=title, language=language, notices=notices)


class _Body:
    """Walks the body with what paragraphs refer to: heading levels by style, notes by number."""

    def __init__(self, levels: dict[str, int], notes: dict[tuple[str, str], Element]) -> None:
        self.levels = levels
        self.notes = notes

    def find_blocks(self, element: Element) -> Iterator[Block]:
        for child in element:
            if child.tag == _W + "p":
                yield from self._read_paragraph(child)
            elif child.tag == _W + "tbl":
                yield from (Block(line) for line in write_rows(self._read_rows(child)))
            elif child.tag not in _SKIPPED:
                yield from self.find_blocks(child)

    def _read_paragraph(self, paragraph: Element) -> Iterator[Block]:
        pieces: list[str] = []
        aside: list[Element] = []
        self._gather(paragraph, pieces, aside)
        if text := "".join(pieces).strip():
            level = self._get_level(paragraph)
            is_item = not level and paragraph.find(f"{_W}pPr/{_W}numPr") is not None
            yield Block(f"- {text}" if is_item else text, level)
        for element in aside:
            yield from self.find_blocks(element)

    def _gather(self, element: Element, pieces: list[str], aside: list[Element]) -> None:
        """Gather the text of an element; text boxes and notes are put aside, to follow the paragraph."""
        for child in element:
            if child.tag == _W + "t":
                pieces.append(child.text or "")
            elif child.tag in _WRITTEN:
                pieces.append(_WRITTEN[child.tag])
            elif child.tag == _W + "txbxContent":
                aside.append(child)
            elif child.tag in (_W + "footnoteReference", _W + "endnoteReference"):
                note = self.notes.get((child.tag, child.get(_W + "id", "")))
                aside.extend([] if note is None else [note])
            elif child.tag not in _SKIPPED:
                self._gather(child, pieces, aside)

    def _get_level(self, paragraph: Element) -> int:
        outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None:
            return _get_outline(outline)
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return 0 if style is None else self.levels.get(style.get(_W + "val", ""), 0)

    def _read_rows(self, table: Element) -> Iterator[list[str]]:
        for row in find_outermost(table, _W + "tr"):
            yield [
                " ".join(block.text for block in self.find_blocks(cell))
                for cell in find_outermost(row, _W + "tc")
            ]


def _read_heading_levels(archive: Archive) -> dict[str, int]:
    styles = archive.parse("word/styles.xml")
    levels = {}
    for style in [] if styles is None else styles.iter(_W + "style"):
        name = style.find(_W + "name")
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        heading = _HEADING_NAME.match("" if name is None else name.get(_W + "val", ""))
        if heading:
            levels[style.get(_W + "styleId", "")] = int(heading[1] or 1)
        elif outline is not None:
            levels[style.get(_W + "styleId", "")] = _get_outline(outline)
    return levels


def _get_outline(outline: Element) -> int:
    """Give the level of a heading from 1; Word writes it from 0, and 9 for a text that is no heading."""
    value = outline.get(_W + "val", "9")
    return int(value) + 1 if value in tuple("012345678") else 0


def _read_notes(archive: Archive) -> dict[tuple[str, str], Element]:
    notes = {}
    for kind in ("footnote", "endnote"):
        root = archive.parse(f"word/{kind}s.xml")
        for note in [] if root is None else root.iter(_W + kind):
            notes[_W + kind + "Reference", note.get(_W + "id", "")] = note
    return notes


def _read_margins(archive: Archive, kind: str, body: _Body) -> list[Block]:
    """Read headers or footers, each different text once however many sections repeat it."""
    texts: dict[str, None] = {}
    for name in sorted(archive.names):
        if re.fullmatch(rf"word/{kind}\d*\.xml", name) and (root := archive.parse(name)) is not None:
            texts.update(dict.fromkeys(block.text for block in body.find_blocks(root)))
    return [Block(text) for text in texts]
