"""The tables of a consultation → CSV files, one JSON document, or a ZIP of everything."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from antigone.consultation.opendata.schema import FORMAT, Scope, Table
from antigone.consultation.opendata.tables import TABLES

# With this mark and semicolons, a spreadsheet of a French desk opens the file with a double click.
MARK = "\ufeff"
SEPARATOR = ";"
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
# A spreadsheet takes a cell that begins so for a formula; ' before it makes it a text.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")


def write_csv(table: Table, scope: Scope) -> bytes:
    buffer = io.StringIO(newline="")
    buffer.write(MARK)
    writer = csv.writer(buffer, delimiter=SEPARATOR)
    writer.writerow([field.name for field in table.fields])
    writer.writerows([_write_cell(value) for value in row.values()] for row in table.list_rows(scope))
    return buffer.getvalue().encode()


def write_json(scope: Scope) -> bytes:
    """Give every table as one document."""
    document: dict[str, Any] = {"format": FORMAT}
    for table in TABLES:
        rows = [{name: _write_value(value) for name, value in row.items()} for row in table.list_rows(scope)]
        document[table.name] = rows[0] if table.is_single else rows
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def write_figures(scope: Scope) -> bytes:
    """Give the figures of the picture, as pages have them, small counts withheld."""
    return json.dumps(
        {"fingerprint": scope.fingerprint, **scope.figures}, ensure_ascii=False, indent=1
    ).encode()


def list_files(scope: Scope) -> dict[str, bytes]:
    return {
        "consultation.json": write_json(scope),
        "figures.json": write_figures(scope),
        **{f"{table.name}.csv": write_csv(table, scope) for table in TABLES},
    }


def pack(files: Mapping[str, bytes]) -> bytes:
    """Make a ZIP; the same files make the same bytes."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, FIRST_DAY_OF_ZIP)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def _write_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _write_cell(value: Any) -> str:
    value = _write_value(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return str(value)
