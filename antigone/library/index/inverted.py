"""The inverted index of the database in use: stems → passages, within what a person may read."""

from collections.abc import Mapping
from typing import Protocol

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from antigone.library.index.postgresql import PostgresqlIndex
from antigone.library.index.scope import Row, Scope
from antigone.library.index.sqlite import SqliteIndex


class InvertedIndex(Protocol):
    def install(self) -> None:
        """Create the index where it is missing, and fill it from the passages."""

    def uninstall(self) -> None:
        """Remove the index; the passages stay."""

    def find_faults(self) -> list[str]:
        """Say in words where the index differs from the passages."""

    def find(self, stems: Mapping[str, int], passages: int, scope: Scope) -> list[Row]:
        """Return the passages of `scope` that are worth ranking, a few thousand at most.

        `stems` gives the number of passages that hold each, rarest first, among `passages` in all.
        """

    def holds(self, stem: str, scope: Scope) -> bool:
        """Say whether any passage of `scope` holds `stem`."""


def get_inverted_index(connection: BaseDatabaseWrapper | None = None) -> InvertedIndex:
    connection = connection or connections["default"]
    return PostgresqlIndex(connection) if connection.vendor == "postgresql" else SqliteIndex(connection)
