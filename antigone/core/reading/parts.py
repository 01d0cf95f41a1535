"""Documents without pages, cut into parts at their headings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from antigone.core.reading.pages import Limits, Notice, Page, Reading

PART_CHARACTERS = 4_000
_LABEL_CHARACTERS = 120
_SENTENCE_END = re.compile(r"(?<=[.!?;…»])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (``level`` 1 and more), or a paragraph, a list item, a row of a table (``level`` 0)."""

    text: str
    level: int = 0


def build_reading(
    blocks: Iterable[Block],
    limits: Limits,
    *,
    media_type: str,
    title: str = "",
    language: str = "",
    notices: Iterable[Notice] = (),
) -> Reading:
    """Cut blocks into parts and make a reading of them, truncated with a notice past the limits."""
    pages, truncated = limit_pages(cut_into_parts(blocks), limits)
    return Reading(title, language, media_type, pages, notices=(*notices, *truncated))


def limit_pages(pages: Iterable[Page], limits: Limits) -> tuple[tuple[Page, ...], tuple[Notice, ...]]:
    """Keep pages up to the limits, and say with a notice if some were left out.

    >>> limit_pages([Page(1, "1", "Un"), Page(2, "2", "Deux")], Limits(pages=1))[1]
    (Notice(code='truncated', params={'pages': 1}),)
    """
    kept: list[Page] = []
    characters = 0
    for page in pages:
        characters += len(page.text)
        if len(kept) >= limits.pages or characters > limits.characters:
            return tuple(kept), (Notice("truncated", {"pages": len(kept)}),)
        kept.append(page)
    return tuple(kept), ()


def cut_into_parts(blocks: Iterable[Block]) -> Iterator[Page]:
    """Cut blocks into numbered parts of at most ``PART_CHARACTERS`` characters, a new one at each heading.

    Headings that follow each other stay together; a part bears the name of the last of them.

    >>> parts = cut_into_parts([Block("Titre", 1), Block("Article 1", 2), Block("Un."), Block("Fin", 1)])
    >>> [(part.label, part.text) for part in parts]
    [('Article 1', 'Titre\\nArticle 1\\nUn.'), ('Fin', 'Fin')]
    """
    number = 1
    label = ""
    lines: list[str] = []
    size = 0
    has_body = False
    for block in blocks:
        for text in _cut_long(block.text.strip()):
            starts_part = has_body if block.level else size + len(text) > PART_CHARACTERS
            if lines and (starts_part or size + len(text) > PART_CHARACTERS):
                yield Page(number, label or str(number), "\n".join(lines))
                number, lines, size, has_body = number + 1, [], 0, False
            if block.level:
                label = " ".join(text.split())[:_LABEL_CHARACTERS]
            lines.append(text)
            size += len(text) + 1
            has_body = has_body or not block.level
    if lines:
        yield Page(number, label or str(number), "\n".join(lines))


def _cut_long(text: str) -> Iterator[str]:
    """Cut a text longer than a part at the end of a sentence, else at a space, else anywhere."""
    while len(text) > PART_CHARACTERS:
        ends = [
            match.start() for match in _SENTENCE_END.finditer(text, PART_CHARACTERS // 2, PART_CHARACTERS)
        ]
        end = ends[-1] if ends else text.rfind(" ", PART_CHARACTERS // 2, PART_CHARACTERS)
        end = end if end > 0 else PART_CHARACTERS
        yield text[:end]
        text = text[end:].lstrip()
    if text:
        yield text
