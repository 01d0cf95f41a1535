"""The public tables of a convention → a CSV file each, one JSON document, or a ZIP of the CSV files."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from antigone.convention.models import Convention
from antigone.convention.opendata.cells import to_cell, to_json
from antigone.convention.opendata.schema import FORMAT, Scope, Table
from antigone.convention.opendata.tables import BY_NAME, TABLES

# With this mark and semicolons, a spreadsheet of a French desk opens the file with a double click.
MARK = "\ufeff"
SEPARATOR = ";"
CHUNK_ROWS = 200
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def open_scope(convention: Convention, now: datetime) -> Scope:
    return Scope(convention, now, BY_NAME)


def write_csv(table: Table, scope: Scope) -> Iterator[str]:
    """Give the CSV file of a table in pieces, never whole in memory."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=SEPARATOR)
    buffer.write(MARK)
    writer.writerow([column.name for column in table.fields])
    for count, row in enumerate(table.list_rows(scope), 1):
        writer.writerow([to_cell(value) for value in row.values()])
        if count % CHUNK_ROWS == 0:
            yield _empty(buffer)
    yield _empty(buffer)


def write_json(scope: Scope) -> Iterator[str]:
    """Give the whole convention as one JSON document in pieces: a table at a time."""
    yield f'{{"format": "{FORMAT}"'
    for table in TABLES:
        rows = ({name: to_json(value) for name, value in row.items()} for row in table.list_rows(scope))
        yield f',\n"{table.name}": '
        yield from _write_single(rows) if table.is_single else _write_rows(rows)
    yield "}\n"


def write_zip(file: IO[bytes], scope: Scope) -> None:
    """Write the CSV files of every table; the same data makes the same bytes."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for table in TABLES:
            entry = ZipInfo(f"{table.name}.csv", FIRST_DAY_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as member:
                for piece in write_csv(table, scope):
                    member.write(piece.encode())


def _write_single(rows: Iterable[object]) -> Iterator[str]:
    yield from (json.dumps(row, ensure_ascii=False) for row in rows)


def _write_rows(rows: Iterable[object]) -> Iterator[str]:
    start = "["
    for row in rows:
        yield f"{start}\n{json.dumps(row, ensure_ascii=False)}"
        start = ","
    yield "[]" if start == "[" else "\n]"


def _empty(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
