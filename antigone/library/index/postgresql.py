"""The inverted index on PostgreSQL: GIN over a column that the database computes from each passage."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from antigone.library.index.narrowing import Syntax, match_enough
from antigone.library.index.scope import Row, Scope

SYNTAX = Syntax(" & ", " | ", "'")
# As on SQLite: see there.
_WORTH_READING = 1_000
_FEW = 10
# Of what it finds, PostgreSQL gives back the passages that hold the most and the rarest stems.
_READ = 300
# An array and not a text: PostgreSQL's own parser would cut some terms differently from ours.
_SCHEMA = (
    "ALTER TABLE library_passage ADD COLUMN IF NOT EXISTS terms tsvector GENERATED ALWAYS AS ("
    "array_to_tsvector(string_to_array(btrim(title_terms || ' ' || stems), ' '))) STORED",
    "DROP INDEX IF EXISTS library_passage_index",
    "CREATE INDEX library_passage_index ON library_passage USING gin (terms)",
)
_FROM = (
    "FROM library_passage p JOIN library_document d ON d.id = p.document_id "
    "WHERE p.terms @@ %s::tsquery AND p.collection_id = ANY(%s) AND "
)


class PostgresqlIndex:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def install(self) -> None:
        # PostgreSQL alters no table for which it still has references to check.
        self.connection.check_constraints()
        with self.connection.cursor() as cursor:
            for statement in _SCHEMA:
                cursor.execute(statement)

    def uninstall(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS library_passage_index")
            cursor.execute("ALTER TABLE library_passage DROP COLUMN IF EXISTS terms")

    def find_faults(self) -> list[str]:
        """Say whether the index is there and whole; PostgreSQL itself keeps its content equal."""
        rows = self._select(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('library_passage_index')", []
        )
        return [] if rows == [(True,)] else [_("The index of the passages is missing or not whole.")]

    def find(self, stems: Mapping[str, int], passages: int, scope: Scope) -> list[Row]:
        any_stem = SYNTAX.join(stems)
        enough = match_enough(stems, _WORTH_READING / math.sqrt(scope.share), SYNTAX)
        rows = self._rank(enough, stems, passages, scope)
        if len(rows) >= _FEW or enough == any_stem:
            return rows
        return self._rank(any_stem, stems, passages, scope)

    def holds(self, stem: str, scope: Scope) -> bool:
        parameters = [SYNTAX.quote(stem), list(scope.collections), *scope.parameters]
        return bool(self._select(f"SELECT 1 {_FROM}{scope.condition} LIMIT 1", parameters))

    def _rank(self, expression: str, stems: Mapping[str, int], passages: int, scope: Scope) -> list[Row]:
        """Order by the sum of the inverse document frequencies of the stems found."""
        rarity = " + ".join(["CASE WHEN p.terms @@ %s::tsquery THEN %s ELSE 0 END"] * len(stems))
        weights: list[Any] = []
        for stem, frequency in stems.items():
            weights += [SYNTAX.quote(stem), math.log1p(passages / frequency)]
        rows = self._select(
            "SELECT p.id, p.title_terms, p.stems, p.surfaces, p.sentences "
            f"{_FROM}{scope.condition} ORDER BY {rarity} DESC, p.id LIMIT {_READ}",
            [expression, list(scope.collections), *scope.parameters, *weights],
        )
        return cast("list[Row]", rows)

    def _select(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
