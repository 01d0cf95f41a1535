"""A file of a convention → lines that hold together, or a sentence for everything that does not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from antigone.convention.opendata import faults
from antigone.convention.opendata.cells import (
    parse_counts,
    parse_date,
    parse_decimal,
    parse_instant,
    parse_number,
)
from antigone.convention.opendata.checking import check_lines
from antigone.convention.opendata.faults import Faults
from antigone.convention.opendata.schema import Field, Kind, Table
from antigone.convention.opendata.tables import TABLES
from antigone.convention.opendata.unpacking import Line, Lines, unpack

SHOWN = 60


@dataclass(frozen=True, slots=True)
class ConventionFile:
    """The lines of each table as values of Python, and what is wrong; with a fault, nothing is to be built."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)


def read_convention(data: bytes) -> ConventionFile:
    """Read a JSON document or a ZIP of CSV files, whatever they hold."""
    read = ConventionFile()
    written = unpack(data, read.faults)
    if not written and read.faults:
        return read
    for table in TABLES:
        read.lines[table.name] = _read_table(table, written, read.faults)
    for table in TABLES:
        _check_references(table, read)
    if not read.faults:
        check_lines(read.lines, read.faults)
    return read


def _read_table(table: Table, written: Lines, found: Faults) -> list[Line]:
    if table.is_single and table.name not in written:
        found.add(faults.MISSING_TABLE, table.name)
        return []
    lines = written.get(table.name, [])
    if table.is_single and len(lines) != 1:
        found.add(faults.ONE_LINE, table.name)
    read = [_read_line(table, line, found) for line in lines]
    for names in table.unique:
        seen: dict[tuple[Any, ...], int] = {}
        for line in read:
            value = tuple(line.values[name] for name in names)
            if value in seen:
                shown = ", ".join(str(part) for part in value)[:SHOWN]
                found.add(faults.REPEATED, table.name, line.number, names[-1], value=shown, first=seen[value])
            seen.setdefault(value, line.number)
    return read


def _read_line(table: Table, line: Line, found: Faults) -> Line:
    for name in line.values.keys() - {column.name for column in table.fields}:
        found.add(faults.UNKNOWN_FIELD, table.name, line.number, str(name)[:SHOWN])
    values = {}
    for column in table.fields:
        try:
            values[column.name] = read_value(column, line.values.get(column.name))
        except Refused as refused:
            found.add(refused.template, table.name, line.number, column.name, **refused.params)
            values[column.name] = None
    return Line(line.number, values)


class Refused(Exception):
    """A value is not of its field's kind."""

    def __init__(self, template: str, **params: Any) -> None:
        super().__init__(template)
        self.template = template
        self.params = params


_KINDS: dict[Kind, tuple[Callable[[Any], Any], str]] = {
    Kind.NUMBER: (parse_number, faults.NOT_A_NUMBER),
    Kind.DATE: (parse_date, faults.NOT_A_DATE),
    Kind.INSTANT: (parse_instant, faults.NOT_AN_INSTANT),
    Kind.YES_NO: (lambda value: value if isinstance(value, bool) else None, faults.NOT_YES_OR_NO),
}


def read_value(column: Field, value: Any) -> Any:
    """Give a value of Python for what was written; raise Refused."""
    if column.kind in (Kind.TEXT, Kind.KEY):
        return _read_text(column, "" if value is None else value)
    if column.kind == Kind.COUNTS:
        counts = parse_counts([] if value is None else value)
        if counts is None:
            raise Refused(faults.NOT_COUNTS)
        return counts
    if value is None:
        if column.is_required:
            raise Refused(faults.EMPTY)
        return None
    parse: Callable[[Any], Any]
    if column.kind == Kind.DECIMAL:
        parse, template = partial(parse_decimal, digits=column.most), faults.NOT_AN_AMOUNT
    else:
        parse, template = _KINDS[column.kind]
    read = parse(value)
    if read is None:
        raise Refused(template, value=str(value)[:SHOWN])
    return read


def _read_text(column: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise Refused(faults.NOT_A_TEXT)
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in value) or "\ufffd" in value:
        raise Refused(faults.CONTROL_CHARACTER)
    if column.is_required and not value.strip():
        raise Refused(faults.EMPTY)
    if len(value) > column.most > 0:
        raise Refused(faults.TOO_LONG, count=len(value), most=column.most)
    if column.choices and value not in column.choices:
        raise Refused(faults.NOT_A_CHOICE, value=value[:SHOWN], choices=", ".join(column.choices))
    return None if column.kind == Kind.KEY and not value else value


def _check_references(table: Table, read: ConventionFile) -> None:
    for column in table.fields:
        if not column.refers:
            continue
        key = next(other.key for other in TABLES if other.name == column.refers)
        known = {line.values[key] for line in read.lines[column.refers]}
        for line in read.lines[table.name]:
            value = line.values[column.name]
            if value is not None and value not in known:
                read.faults.add(
                    faults.NOT_THERE, table.name, line.number, column.name, value=value, of=column.refers
                )
