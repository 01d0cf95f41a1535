"""The format told to programmes and to people: a JSON Schema, and the lines of its documentation."""

from typing import Any

from antigone.consultation.opendata.schema import FORMAT, Field, Kind, Table
from antigone.consultation.opendata.tables import TABLES

_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "integer", "minimum": 0},
    Kind.DECIMAL: {"type": "number"},
    Kind.YES_NO: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
}


def describe_schema() -> dict[str, Any]:
    """Give the JSON Schema of the whole document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An online consultation as open data",
        "type": "object",
        "required": ["format", *(table.name for table in TABLES)],
        "additionalProperties": False,
        "properties": {"format": {"const": FORMAT}, **{table.name: _describe(table) for table in TABLES}},
    }


def describe_line(field: Field) -> str:
    """Give the line of a field in docs/reference/consultation-data-format.md."""
    kind = " · ".join(f"`{choice}`" for choice in field.choices) or field.kind.value
    return f"| `{field.name}` | {kind} | {'yes' if field.is_required else ''} | {field.meaning} |"


def _describe(table: Table) -> dict[str, Any]:
    row = {
        "type": "object",
        "description": table.meaning,
        "required": [field.name for field in table.fields],
        "additionalProperties": False,
        "properties": {field.name: _describe_field(field) for field in table.fields},
    }
    return row if table.is_single else {"type": "array", "description": table.meaning, "items": row}


def _describe_field(field: Field) -> dict[str, Any]:
    told = dict(_TYPES[field.kind])
    choices: list[str | None] = list(field.choices)
    if not field.is_required:
        told["type"] = [told["type"], "null"]
        choices += ["", None]
    if field.choices:
        told["enum"] = choices
    return {**told, "description": field.meaning}
