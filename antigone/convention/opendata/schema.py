"""What the tables of the open data are made of: fields of a kind, which may refer to another table's key."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db import models

from antigone.convention.models import Convention
from antigone.convention.wording import sort_key

FORMAT = "antigone-convention/1"
# Fewer answers than this are not told: somebody could be recognised.
FLOOR = 5
LEVELS = 5


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    KEY = "key"
    NUMBER = "number"
    DECIMAL = "decimal"
    YES_NO = "yes or no"
    DATE = "date"
    INSTANT = "instant"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: `source` is where the value stands in what is read, `attribute` where an import puts it."""

    name: str
    kind: Kind
    meaning: str
    is_required: bool = True
    most: int = 0
    choices: tuple[str, ...] = ()
    refers: str = ""
    source: str | Callable[[Any], Any] = ""
    attribute: str | None = None

    def read(self, thing: Any) -> Any:
        if callable(self.source):
            return self.source(thing)
        return attrgetter(self.source or (f"{self.name}_id" if self.refers else self.name))(thing)

    @property
    def target(self) -> str:
        """The attribute of the model that an import fills; "" where there is none."""
        return self.name if self.attribute is None else self.attribute


@dataclass(eq=False)
class Scope:
    """The convention being read, the instant, and the keys of its rows as they are found."""

    convention: Convention
    now: datetime
    tables: Mapping[str, "Table"]
    _keys: dict[str, dict[int, Any]] = field(default_factory=dict)

    def keys(self, table: str) -> dict[int, Any]:
        """Give the key that each row of a table has in the files, by its primary key."""
        if table not in self._keys:
            self._keys[table] = self.tables[table].list_keys(self)
        return self._keys[table]

    @cached_property
    def member_order(self) -> list[int]:
        """The members by the name that everybody reads: their seats say nothing here."""
        members = list(self.convention.members.only("pk", "pseudonym", "published_name"))
        return [member.pk for member in sorted(members, key=lambda one: (sort_key(one.shown_name), one.pk))]


@dataclass(frozen=True)
class Table:
    """One file: its fields, what is read for it, and what an import makes of a line."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    read: Callable[[Scope], Iterable[Any]]
    model: type[models.Model] | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    # The field by which other tables name a line of this one.
    key: str = ""
    is_single: bool = False
    # What an import adds to a line: attributes of the model that the file does not have.
    adds: Callable[[Mapping[str, Any], datetime], dict[str, Any]] = lambda line, now: {}

    def list_keys(self, scope: Scope) -> dict[int, Any]:
        column = self.find(self.key)
        return {thing.pk: self._value(column, thing, scope) for thing in self.read(scope)}

    def list_rows(self, scope: Scope) -> Iterable[dict[str, Any]]:
        """Give the lines of the file, as plain values."""
        for thing in self.read(scope):
            yield {column.name: self._value(column, thing, scope) for column in self.fields}

    def find(self, name: str) -> Field:
        return next(column for column in self.fields if column.name == name)

    @staticmethod
    def _value(column: Field, thing: Any, scope: Scope) -> Any:
        value = column.read(thing)
        return scope.keys(column.refers).get(value) if column.refers else value
