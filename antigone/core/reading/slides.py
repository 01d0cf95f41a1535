"""PPTX: a page per slide, in the order they are shown; notes of the speaker at the end of their slide."""

import posixpath
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from antigone.core.reading.archives import Archive, open_archive
from antigone.core.reading.detection import PPTX
from antigone.core.reading.errors import Broken
from antigone.core.reading.pages import Limits, Notice, Page, Reading
from antigone.core.reading.parts import limit_pages
from antigone.core.reading.properties import read_properties
from antigone.core.reading.tables import write_rows
from antigone.core.reading.words import Ocr

_KIND = "PPTX"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PRESENTATION = "ppt/presentation.xml"


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read the slides; a slide is labelled by its number."""
    with open_archive(data, limits, kind=_KIND) as archive:
        presentation = archive.parse(_PRESENTATION)
        if presentation is None:
            raise Broken(kind=_KIND, detail=f"{_PRESENTATION} is missing")
        names = _get_relations(archive, _PRESENTATION)
        slides = [names.get(slide.get(_RELATION, ""), "") for slide in presentation.iter(_P + "sldId")]
        texts = (_read_slide(archive, name) for name in slides)
        pages, notices = limit_pages(
            (Page(number, str(number), text) for number, text in enumerate(texts, start=1)), limits
        )
        title, language = read_properties(archive)
        if "ppt/vbaProject.bin" in archive.names:
            notices = (*notices, Notice("macros_ignored"))
    return Reading(title, language, PPTX, pages, notices=notices)


def _read_slide(archive: Archive, name: str) -> str:
    lines = [] if (slide := archive.parse(name)) is None else list(_find_lines(slide))
    for target in _get_relations(archive, name).values():
        if target.startswith("ppt/notesSlides/") and (notes := archive.parse(target)) is not None:
            bodies = [shape for shape in notes.iter(_P + "sp") if _is_notes_body(shape)]
            lines += [line for body in bodies for line in _find_lines(body)]
    return "\n".join(line for line in lines if line.strip())


def _find_lines(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == _A + "p":
            yield _get_text(child)
        elif child.tag == _A + "tbl":
            yield from write_rows(
                [" ".join(_find_lines(cell)) for cell in row.iter(_A + "tc")] for row in child.iter(_A + "tr")
            )
        elif child.tag != _FALLBACK:
            yield from _find_lines(child)


def _get_text(paragraph: Element) -> str:
    texts = ("\n" if element.tag == _A + "br" else element.text for element in paragraph.iter())
    return "".join(text for text in texts if text).strip()


def _is_notes_body(shape: Element) -> bool:
    """Tell the notes from the other shapes of their page (image of the slide, number, date)."""
    placeholder = shape.find(f".//{_P}nvPr/{_P}ph")
    return placeholder is not None and placeholder.get("type") == "body"


def _get_relations(archive: Archive, name: str) -> dict[str, str]:
    """Map the relations of a member to the names of members; links that leave the file are left out."""
    folder, base = posixpath.split(name)
    relations = archive.parse(f"{folder}/_rels/{base}.rels")
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[
            1:
        ]
        for relation in ([] if relations is None else relations)
        if relation.get("TargetMode") != "External"
    }
