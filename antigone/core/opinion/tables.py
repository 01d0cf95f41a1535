"""Bytes of a CSV file of an export → its rows by column, and back."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from antigone.core.opinion.errors import (
    EmptyFile,
    InvalidCell,
    MissingColumn,
    RaggedRow,
    RepeatedColumn,
    UnreadableFile,
)
from antigone.core.opinion.phrases import Words, gettext_noop

SEPARATORS = (",", ";", "\t")
WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, each with the line that it ends on; blank lines are left out."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def find_column(self, name: str) -> int:
        """Give the place of one column; raise MissingColumn."""
        if name not in self.header:
            raise MissingColumn(file=self.file, column=name, columns=", ".join(self.header))
        return self.header.index(name)

    def read_number(self, row: tuple[int, tuple[str, ...]], column: int) -> int:
        """Read a whole number of zero or more; raise InvalidCell."""
        line, cells = row
        text = cells[column].strip()
        if not WHOLE_NUMBER.fullmatch(text):
            raise self.refuse(line, column, text, gettext_noop("a whole number"))
        return int(text)

    def refuse(self, line: int, column: int, text: str, expected: str) -> InvalidCell:
        """Make the error of a cell that holds `text` and should hold what is `expected`."""
        return InvalidCell(
            file=self.file, line=line, column=self.header[column], text=text[:80], expected=Words(expected)
        )


def read_table(data: bytes, file: str) -> Table:
    r"""Read a CSV file in UTF-8 (with or without mark), UTF-16 with mark or Windows-1252.

    A row shorter than the header is completed with blanks. Raise EmptyFile, UnreadableFile, RepeatedColumn or
    RaggedRow.

    >>> read_table(b"topic,D\xe9chets\n", "summary.csv").header
    ('topic', 'Déchets')
    """
    lines = read_rows(data, file)
    header = tuple(name.strip() for name in next(lines, (0, ()))[1])
    if not header:
        raise EmptyFile(file=file)
    if repeated := next((name for name in header if header.count(name) > 1), ""):
        raise RepeatedColumn(file=file, column=repeated, count=header.count(repeated))
    width, rows = len(header), []
    for line, cells in lines:
        if any(cells[width:]):
            raise RaggedRow(file=file, line=line, cells=len(cells), columns=width)
        rows.append((line, (*cells[:width], *[""] * (width - len(cells)))))
    return Table(file, header, tuple(rows))


def read_rows(data: bytes, file: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    r"""Read the rows of a CSV file as they are, each with the line that it ends on, without the blank ones.

    The separator is the first of ``, ; tab`` that is there. Raise UnreadableFile.

    >>> list(read_rows(b"topic;Des bancs\n", "summary.csv"))
    [(1, ('topic', 'Des bancs'))]
    """
    text = _decode(data, file)
    first = next((line for line in text.splitlines() if line.strip()), "")
    places = {separator: first.index(separator) for separator in SEPARATORS if separator in first}
    separator = min(places, key=places.__getitem__, default=",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, tuple(cells)
    except csv.Error as error:
        raise UnreadableFile(file=file, line=reader.line_num) from error


def write_table(header: Sequence[str | int], rows: Iterable[Sequence[str | int]]) -> bytes:
    r"""Write a CSV file in UTF-8, with commas.

    >>> write_table(["comment-id", "comment-body"], [[1, "Oui, et vite"]])
    b'comment-id,comment-body\r\n1,"Oui, et vite"\r\n'
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
        raise UnreadableFile(file=file, line=1 + data[: data.index(b"\0")].count(b"\n"))
    else:
        encodings = ["utf-8-sig", "cp1252"]
    line = 1
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = 1 + data[: error.start].count(b"\n")
    raise UnreadableFile(file=file, line=line)
