"""Short ways to say a field of a table."""

from collections.abc import Iterable
from typing import Any

from antigone.convention.opendata.schema import Field, Kind


def text(name: str, meaning: str, most: int, *, required: bool = True, **more: Any) -> Field:
    return Field(name, Kind.TEXT, meaning, is_required=required, most=most, **more)


def choice(name: str, meaning: str, choices: Iterable[str], **more: Any) -> Field:
    return Field(name, Kind.TEXT, meaning, choices=tuple(choices), **more)


def number(name: str, meaning: str, *, required: bool = True, **more: Any) -> Field:
    return Field(name, Kind.NUMBER, meaning, is_required=required, **more)


def decimal(name: str, meaning: str, most: int, *, required: bool = True) -> Field:
    """Give a field of an amount of at most `most` digits before the point, and two after it."""
    return Field(name, Kind.DECIMAL, meaning, is_required=required, most=most)


def yes_no(name: str, meaning: str, **more: Any) -> Field:
    return Field(name, Kind.YES_NO, meaning, **more)


def date(name: str, meaning: str, *, required: bool = True) -> Field:
    return Field(name, Kind.DATE, meaning, is_required=required)


def instant(name: str, meaning: str, *, required: bool = True, **more: Any) -> Field:
    return Field(name, Kind.INSTANT, meaning, is_required=required, **more)


def counts(name: str, meaning: str, **more: Any) -> Field:
    return Field(name, Kind.COUNTS, meaning, is_required=False, **more)


def key(name: str, meaning: str, source: Any) -> Field:
    """Give the field by which other tables name a line, where the room has no number for it."""
    return Field(name, Kind.KEY, meaning, most=40, source=source, attribute="")


def refers(name: str, table: str, meaning: str, *, kind: Kind = Kind.NUMBER, **more: Any) -> Field:
    more.setdefault("is_required", True)
    return Field(name, kind, meaning, refers=table, most=40 if kind == Kind.KEY else 0, **more)
