"""What an avis holds, whatever the file it is written to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_noop

from antigone.errors import NotPossible

LIMIT = 1_000_000  # characters of an avis
LINE = 60  # characters that each text, and each line, tab or wide space in it, counts for besides: they cost as much
TOO_LONG = gettext_noop(
    "The avis has %(size)s characters; a file holds %(limit)s at most. Shorten the annexes, or read it on its page."
)
DEEPEST = 6  # level of heading that a PDF can tag
NAMELESS = "—"  # neither file can have a heading without words

# What XML cannot write.
_UNWRITABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `mark` is a short word before it, by which the pages know it (“§ 4”)."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class List:
    """A list; `is_numbered` where its order says something."""

    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table: what it shows, the names of its columns, its rows (all as long as the header, or ValueError)."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if not self.header or any(len(row) != len(self.header) for row in self.rows):
            raise ValueError(f"a row of “{self.caption}” has not {len(self.header)} cells")


@dataclass(frozen=True)
class Quote:
    """Words that are somebody’s own, and whose they are."""

    text: str
    source: str = ""


@dataclass(frozen=True)
class Note:
    """A remark on the text that is not part of it."""

    text: str


Block = Paragraph | List | Table | Quote | Note


@dataclass(frozen=True)
class Section:
    """A heading, its level (1 is the highest) and what stands below it."""

    heading: str
    level: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class AvisDocument:
    """An avis: who gives it, in which language (“fr”), what is said of it on its first page, its sections.

    `issued_at` (with a time zone) is the date that the files bear. `facts` are pairs of a name and a value.
    """

    title: str
    subtitle: str
    organisation: str
    language: str
    issued_at: datetime
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()


def prepare(document: AvisDocument) -> AvisDocument:
    """Make a document that every writer can write: headings have words, and no level is skipped on the way down.

    Raises NotPossible where it is too long to be laid out in a reasonable time.
    """
    size = sum(map(_weigh, _list_texts(document)))
    if size > LIMIT:
        raise NotPossible("avis_too_long", TOO_LONG, size=size, limit=LIMIT)
    sections, level = [], 0
    for section in document.sections:
        level = min(max(section.level, 1), level + 1, DEEPEST)
        sections.append(replace(section, heading=_name(section.heading), level=level))
    return replace(document, title=_name(document.title), sections=tuple(sections))


def clean(text: str) -> str:
    """Replace what no file can hold (control characters, halves of characters); end lines in one way."""
    return _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _name(heading: str) -> str:
    return " ".join(clean(heading).split()) or NAMELESS


def _weigh(text: str) -> int:
    return len(text) + LINE * (1 + sum(map(text.count, ("\n", "\r", "\t", "  "))))


def _list_texts(document: AvisDocument) -> Iterator[str]:
    yield from (document.title, document.subtitle, document.organisation)
    for fact in document.facts:
        yield from fact
    for section in document.sections:
        yield section.heading
        for block in section.blocks:
            yield from _list_block_texts(block)


def _list_block_texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from (block.mark, block.text)
        case List():
            yield from block.items
        case Table():
            yield from (block.caption, *block.header)
            for row in block.rows:
                yield from row
        case Quote():
            yield from (block.text, block.source)
        case Note():
            yield block.text
