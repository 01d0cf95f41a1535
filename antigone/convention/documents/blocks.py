"""A document as plain values, for the writers of files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some words; `mark` stands before them, as a number does."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    text: str


Block = Paragraph | List | Table | Quote | Note


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    level: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class AvisDocument:
    """The avis; `facts` are pairs of a label and a value, for the first page."""

    title: str
    subtitle: str
    organisation: str
    language: str
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
