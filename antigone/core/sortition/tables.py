"""Bytes of a CSV file, whatever program wrote it, → a header and its rows; and back."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from antigone.core.sortition.errors import (
    EmptyFile,
    MissingColumn,
    RaggedRow,
    RepeatedColumn,
    UnreadableFile,
)
from antigone.core.sortition.phrases import Phrase, gettext_noop

SEPARATORS = (",", ";", "\t", "|")
# With the full-width signs that some programs read as the others.
FORMULA_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it; cells have no space around them, blank lines are left out."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """Each row with the line of the file it ends on."""

    def find_column(self, name: str) -> int:
        """Give the place of one column; raise MissingColumn or RepeatedColumn."""
        count = self.header.count(name)
        if count > 1:
            raise RepeatedColumn(file=self.file, column=name, count=count)
        if not count:
            twin = find_twin(name, self.header)
            hint = Phrase(gettext_noop(" “{twin}” looks like it."), twin=twin) if twin else ""
            raise MissingColumn(file=self.file, column=name, columns=", ".join(self.header), hint=hint)
        return self.header.index(name)


def fold_text(text: str) -> str:
    """Give what two spellings of one word share: letters without case, no space.

    >>> fold_text(" Non  binaire ") == fold_text("non binaire")
    True
    """
    return "".join(text.casefold().split())


def find_twin(text: str, known: Iterable[str]) -> str:
    """Give the first of the known texts that differs only by case or space, or nothing.

    >>> find_twin("Female ", ["male", "female"])
    'female'
    """
    folded = fold_text(text)
    return next((other for other in known if fold_text(other) == folded), "")


def read_table(data: bytes, file: str) -> Table:
    r"""Read a CSV file in UTF-8 (with or without mark), UTF-16 with mark or Windows-1252.

    The separator is the one of ``, ; tab |`` that cuts the first line into the most cells. A row shorter
    than the header is completed with blanks. Raise EmptyFile, UnreadableFile or RaggedRow.

    >>> read_table(b"id;\xe2ge\n1; 30 \n", "pool.csv").rows
    ((2, ('1', '30')),)
    """
    text = _decode(data, file)
    separator = _find_separator(text)
    lines = _parse(text, separator, file)
    header = next(lines, (0, ()))[1]
    if not header:
        raise EmptyFile(file=file)
    width = len(header)
    rows = []
    for line, cells in lines:
        if any(cells[width:]):
            raise RaggedRow(file=file, line=line, cells=len(cells), columns=width)
        rows.append((line, (*cells[:width], *[""] * (width - len(cells)))))
    return Table(file, header, tuple(rows))


def defuse(text: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula: what begins like one gets an apostrophe in front.

    >>> defuse("=1+1"), defuse("-12"), defuse(" @x"), defuse("rue Haute")
    ("'=1+1", "'-12", "' @x", 'rue Haute')
    """
    first = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if first in FORMULA_SIGNS and first else text


def write_table(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    r"""Write a CSV file in UTF-8, with commas.

    >>> write_table(["id", "age"], [["1", 30]])
    b'id,age\r\n1,30\r\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def _decode(data: bytes, file: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise UnreadableFile(
            file=file, detail=Phrase(gettext_noop("it holds null bytes, as a workbook does"))
        )
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    detail = Phrase(gettext_noop("its characters are neither UTF-8 nor Windows-1252"))
    raise UnreadableFile(file=file, detail=detail)


def _find_separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda separator: len(next(csv.reader([first], delimiter=separator), [])))


def _parse(text: str, separator: str, file: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            cells = tuple(cell.strip() for cell in row)
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        detail = Phrase(gettext_noop("line {line}: {error}"), line=reader.line_num, error=str(error))
        raise UnreadableFile(file=file, detail=detail) from error
