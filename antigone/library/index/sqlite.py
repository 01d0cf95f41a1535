"""The inverted index on SQLite: FTS5, kept by triggers in the transaction that writes a passage.

It only says which passages hold which stems: FTS5’s own ranking costs more than reading what it ranks (it
counts every word of the question again), and ranks less well than `core.retrieval.ranking.shortlist`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from antigone.library.index.narrowing import Syntax, match_enough
from antigone.library.index.scope import Row, Scope

SYNTAX = Syntax(" AND ", " OR ", '"')
# Terms hold only letters and digits, so “_12” can only be the collection 12, whatever people type.
_ACCESS = "_{}"
# Up to as many collections the index itself keeps to them; beyond, passing over what it found is faster.
_NAMED_COLLECTIONS = 48
# So many passages of a whole library are worth reading for words that stand alone: at a million passages,
# twice as many bring nothing to nDCG. Below so few found, all are tried.
_WORTH_READING = 1_000
_FEW = 10
# Never more are read: then also those that have a word in their title. (From the newest, FTS5 takes half longer.)
_READ = 2_000

_TRIGGERS = {
    "library_passage_added": (
        "AFTER INSERT ON library_passage BEGIN "
        "INSERT INTO library_passage_index(rowid, title, stems, access) {new}; END"
    ),
    "library_passage_removed": (
        "AFTER DELETE ON library_passage BEGIN "
        "INSERT INTO library_passage_index(library_passage_index, rowid, title, stems, access) {old}; END"
    ),
    "library_passage_changed": (
        "AFTER UPDATE OF id, collection_id, title_terms, stems ON library_passage BEGIN "
        "INSERT INTO library_passage_index(library_passage_index, rowid, title, stems, access) {old}; "
        "INSERT INTO library_passage_index(rowid, title, stems, access) {new}; END"
    ),
}
_NEW = "VALUES (new.id, new.title_terms, new.stems, '_' || new.collection_id)"
_OLD = "VALUES ('delete', old.id, old.title_terms, old.stems, '_' || old.collection_id)"
_SCHEMA = (
    "CREATE VIEW IF NOT EXISTS library_passage_terms AS SELECT id, title_terms AS title, stems, "
    "'_' || collection_id AS access FROM library_passage",
    # The tokenizer splits at spaces and keeps our terms as they are. Where in a column they stand, and how
    # long columns are, is left out: nothing asks for it.
    "CREATE VIRTUAL TABLE IF NOT EXISTS library_passage_index USING fts5(title, stems, access, "
    "content='library_passage_terms', content_rowid='id', detail=column, columnsize=0, "
    "tokenize=\"ascii tokenchars '_'\")",
    *(
        f"CREATE TRIGGER IF NOT EXISTS {name} {body.format(new=_NEW, old=_OLD)}"
        for name, body in _TRIGGERS.items()
    ),
    "INSERT INTO library_passage_index(library_passage_index) VALUES ('rebuild')",
)
_FROM = (
    "FROM library_passage_index i CROSS JOIN library_passage p ON p.id = i.rowid "
    "CROSS JOIN library_document d ON d.id = p.document_id "
    "WHERE i.library_passage_index MATCH %s AND "
)


class SqliteIndex:
    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def install(self) -> None:
        # Nothing is dropped: SQLite 3.40 mixes up old and new tables when a savepoint is rolled back.
        with transaction.atomic(self.connection.alias), self.connection.cursor() as cursor:
            for statement in _SCHEMA:
                cursor.execute(statement)

    def uninstall(self) -> None:
        with self.connection.cursor() as cursor:
            for name in _TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute("DROP TABLE IF EXISTS library_passage_index")
            cursor.execute("DROP VIEW IF EXISTS library_passage_terms")

    def find_faults(self) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            missing = _TRIGGERS.keys() - {name for (name,) in cursor.fetchall()}
        if missing:
            return [_("The index does not follow the passages any more: a trigger is missing.")]
        try:
            with transaction.atomic(self.connection.alias), self.connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO library_passage_index(library_passage_index, rank) "
                    "VALUES ('integrity-check', 1)"
                )
        except DatabaseError as error:
            return [_("The index differs from the passages (%(error)s).") % {"error": error}]
        return []

    def find(self, stems: Mapping[str, int], passages: int, scope: Scope) -> list[Row]:
        any_stem = SYNTAX.join(stems)
        enough = match_enough(stems, _WORTH_READING / math.sqrt(scope.share), SYNTAX)
        rows = self._read(enough, scope)
        if len(rows) < _FEW and enough != any_stem:
            rows = self._read(any_stem, scope)
        if len(rows) < _READ:
            return rows
        titled = self._read(f"title : {any_stem}", scope)
        return list({row[0]: row for row in titled + rows}.values())

    def holds(self, stem: str, scope: Scope) -> bool:
        parameters = [self._within(SYNTAX.quote(stem), scope), *scope.parameters]
        return bool(self._select(f"SELECT 1 {_FROM}{scope.condition} LIMIT 1", parameters))

    def _read(self, expression: str, scope: Scope) -> list[Row]:
        rows = self._select(
            "SELECT p.id, p.title_terms, p.stems, p.surfaces, p.sentences "
            f"{_FROM}{scope.condition} ORDER BY i.rowid LIMIT {_READ}",
            [self._within(expression, scope), *scope.parameters],
        )
        return cast("list[Row]", rows)

    def _within(self, expression: str, scope: Scope) -> str:
        if len(scope.collections) > _NAMED_COLLECTIONS:
            return expression
        tokens = [SYNTAX.quote(_ACCESS.format(collection)) for collection in scope.collections]
        return f"{expression} AND ({SYNTAX.either.join(tokens)})"

    def _select(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
