"""The format told to programmes and to people: a JSON Schema, and the lines of its documentation."""

from typing import Any

from antigone.convention.opendata.schema import FORMAT, LEVELS, Field, Kind, Table
from antigone.convention.opendata.tables import TABLES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.KEY: {"type": "string"},
    Kind.NUMBER: {"type": "integer", "minimum": 0},
    Kind.DECIMAL: {"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"},
    Kind.YES_NO: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.COUNTS: {
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "oneOf": [{"maxItems": 0}, {"minItems": LEVELS, "maxItems": LEVELS}],
    },
}


def describe_schema() -> dict[str, Any]:
    """Give the JSON Schema of the whole document."""
    return {
        "$schema": DIALECT,
        "title": "A citizens’ convention as open data",
        "type": "object",
        "required": ["format", "convention"],
        "additionalProperties": False,
        "properties": {"format": {"const": FORMAT}, **{table.name: _describe(table) for table in TABLES}},
    }


def describe_line(column: Field) -> str:
    """Give the line of a field in docs/reference/convention-format.md."""
    kind = " · ".join(f"`{choice}`" for choice in column.choices) or column.kind.value
    if column.refers:
        kind = f"{kind} → `{column.refers}`"
    most = f", {column.most} at most" if column.kind == Kind.TEXT and column.most else ""
    return f"| `{column.name}` | {kind}{most} | {'yes' if column.is_required else ''} | {column.meaning} |"


def _describe(table: Table) -> dict[str, Any]:
    row = {
        "type": "object",
        "description": table.meaning,
        "required": [column.name for column in table.fields if column.is_required],
        "additionalProperties": False,
        "properties": {column.name: _describe_field(column) for column in table.fields},
    }
    return row if table.is_single else {"type": "array", "description": table.meaning, "items": row}


def _describe_field(column: Field) -> dict[str, Any]:
    told = dict(_TYPES[column.kind])
    if column.choices:
        told["enum"] = list(column.choices)
    elif column.kind == Kind.TEXT:
        told |= {"maxLength": column.most} | ({"minLength": 1} if column.is_required else {})
    if not column.is_required and column.kind not in (Kind.TEXT, Kind.COUNTS):
        told["type"] = [told["type"], "null"]
    return {**told, "description": column.meaning}
