"""The bytes of a file → the lines of each table, still as they were written."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from antigone.convention.opendata import faults
from antigone.convention.opendata.cells import from_cell
from antigone.convention.opendata.faults import Faults
from antigone.convention.opendata.schema import FORMAT, Table
from antigone.convention.opendata.tables import BY_NAME
from antigone.core.sortition.documents import parse_json

MOST_BYTES = 50_000_000
MOST_LINES = 50_000
MOST_CELL = 200_000
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table as it was written, and where."""

    number: int
    values: dict[str, Any]


Lines = dict[str, list[Line]]


def unpack(data: bytes, found: Faults) -> Lines:
    """Give the lines of each table of a JSON document or of a ZIP of CSV files; what is wrong goes to `found`."""
    if len(data) > MOST_BYTES:
        found.add(faults.TOO_LARGE, megabytes=MOST_BYTES // 1_000_000)
        return {}
    if data.startswith(b"PK"):
        return _unpack_zip(data, found)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _unpack_json(data.removeprefix(b"\xef\xbb\xbf"), found)
    found.add(faults.UNKNOWN_FILE)
    return {}


def _unpack_json(data: bytes, found: Faults) -> Lines:
    try:
        root = parse_json(data)
    except RecursionError:
        found.add(faults.BROKEN_JSON, detail="…")
        return {}
    except ValueError as error:
        found.add(faults.BROKEN_JSON, detail=str(error))
        return {}
    if root.get("format") != FORMAT:
        found.add(faults.WRONG_FORMAT, format=FORMAT)
        return {}
    lines: Lines = {}
    for name, content in root.items():
        if name in BY_NAME:
            lines[name] = _list_lines(BY_NAME[name], content, found)
        elif name != "format":
            found.add(faults.UNKNOWN_TABLE, name[:100])
    return lines


def _list_lines(table: Table, content: Any, found: Faults) -> list[Line]:
    content = [content] if table.is_single else content
    if not isinstance(content, list):
        found.add(faults.NOT_A_LIST, table.name)
        return []
    if len(content) > MOST_LINES:
        found.add(faults.TOO_MANY_LINES, table.name, most=MOST_LINES)
        return []
    lines = []
    for number, values in enumerate(content, 1):
        if isinstance(values, dict):
            lines.append(Line(number, values))
        else:
            found.add(faults.NOT_A_LINE, table.name, number)
    return lines


def _unpack_zip(data: bytes, found: Faults) -> Lines:
    lines: Lines = {}
    left = MOST_BYTES
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            for entry in entries[:MOST_ENTRIES]:
                name = entry.filename.rpartition("/")[2].removesuffix(".csv")
                if name not in BY_NAME or name in lines or not entry.filename.endswith(".csv"):
                    found.add(faults.UNKNOWN_TABLE, entry.filename[:100])
                    continue
                content = _read_entry(archive, entry, left)
                left -= len(content)
                if left < 0:
                    found.add(faults.TOO_LARGE, megabytes=MOST_BYTES // 1_000_000)
                    return {}
                lines[name] = list(_read_csv(BY_NAME[name], content, found))
    # zipfile: encrypted (RuntimeError), an unknown compression (NotImplementedError), cut short (EOFError).
    except (BadZipFile, OSError, RuntimeError, EOFError, ValueError):
        found.add(faults.BROKEN_ZIP)
        return {}
    return lines


def _read_entry(archive: ZipFile, entry: ZipInfo, left: int) -> bytes:
    """Read one byte more than may be left at most: what an archive says of its sizes is not believed."""
    with archive.open(entry) as file:
        return file.read(left + 1)


def _read_csv(table: Table, data: bytes, found: Faults) -> Iterator[Line]:
    text = decode(data)
    first = text.partition("\n")[0]
    separator = max(";,\t|", key=first.count)
    limit = csv.field_size_limit(MOST_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        header = [name.strip() for name in next(reader, [])]
        if len(set(header)) < len(header):
            found.add(faults.UNREADABLE_CSV, table.name, detail=", ".join(header)[:200])
            return
        columns = {column.name: column for column in table.fields}
        for count, cells in enumerate(reader, 1):
            if count > MOST_LINES:
                found.add(faults.TOO_MANY_LINES, table.name, most=MOST_LINES)
                return
            if not any(cells):
                continue
            if len(cells) > len(header):
                found.add(faults.NOT_A_LINE, table.name, reader.line_num)
                continue
            yield Line(
                reader.line_num,
                {
                    name: from_cell(cell, columns[name]) if name in columns else cell
                    for name, cell in zip(header, cells, strict=False)
                },
            )
    except csv.Error as error:
        found.add(faults.UNREADABLE_CSV, table.name, detail=str(error))
    finally:
        csv.field_size_limit(limit)


def decode(data: bytes) -> str:
    """Read UTF-8 with or without mark, UTF-16 with its mark, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
