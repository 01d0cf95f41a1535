"""The CSV files of Polis → a consultation, checked: the public ones of openData and those of a report.

`comments.csv`, and `votes.csv` or `participants-votes.csv`, must be there; `summary.csv` may be. 1 is to agree, -1 to
disagree; files that some versions of Polis write the other way are refused, or read with `agree=-1`.
"""

from collections.abc import Callable, Mapping

import numpy as np

from antigone.core.opinion.errors import (
    MissingFile,
    RepeatedParticipant,
    RepeatedStatement,
    UnknownStatement,
    WrongSigns,
)
from antigone.core.opinion.export import Export, Statement
from antigone.core.opinion.phrases import gettext_noop
from antigone.core.opinion.tables import Table, read_rows, read_table
from antigone.core.opinion.votes import Integers, Small

COMMENTS, VOTES, SUMMARY = "comments.csv", "votes.csv", "summary.csv"
PARTICIPANTS = ("participants-votes.csv", "participant-votes.csv")
COMMENT_COLUMNS = {
    "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "is-seed",
    "group-informed-consensus", "comment-body", "passes", "importance",
}  # fmt: skip
VOTE_COLUMNS = {"timestamp", "datetime", "comment-id", "voter-id", "vote", "important"}
PARTICIPANT_COLUMNS = {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
SIGNS = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "-0.0": 0}
TRUTHS = {"true": True, "false": False, "": False, "1": True, "0": False}

Row = tuple[int, tuple[str, ...]]
Matrix = dict[tuple[int, int], int]


def read_export(files: Mapping[str, bytes], *, agree: int = 1) -> Export:
    r"""Read the files of a consultation, by name; `agree` is how they write to agree, 1 or -1.

    Raises an InvalidExport, which names the file, the line and what to do.

    >>> export = read_export({
    ...     "comments.csv": b"comment-id,moderated,comment-body\n1,1,Plus de bancs\n",
    ...     "votes.csv": b"timestamp,comment-id,voter-id,vote\n20,1,4,-1\n10,1,4,1\n",
    ... })
    >>> export.statements[0].text, export.votes.tolist()
    ('Plus de bancs', [1, -1])
    """
    if COMMENTS not in files:
        raise MissingFile(file=COMMENTS, files=", ".join(sorted(files)) or "–")
    listing = next((name for name in PARTICIPANTS if name in files), "")
    if VOTES not in files and not listing:
        raise MissingFile(file=VOTES, files=", ".join(sorted(files)) or "–")
    comments = read_table(files[COMMENTS], COMMENTS)
    statements = _read_statements(comments)
    known = {statement.id for statement in statements}
    unused = _find_unused(comments, COMMENT_COLUMNS.__contains__)
    people: tuple[int, ...] = ()
    groups: dict[int, int] = {}
    matrix: Matrix = {}
    if listing:
        table = read_table(files[listing], listing)
        people, groups, matrix = _read_participants(table, known, agree)
        unused += _find_unused(table, lambda name: name in PARTICIPANT_COLUMNS or _is_statement_column(name))
    if VOTES in files:
        table = read_table(files[VOTES], VOTES)
        events = _read_votes(table, known, agree)
        unused += _find_unused(table, VOTE_COLUMNS.__contains__)
        _compare_matrix(events, matrix, listing)
    else:
        events = _make_events(matrix)
    voters, voted, votes, times = events
    _compare_counts(statements, voted, votes, VOTES if VOTES in files else listing)
    everybody = tuple(sorted({*people, *np.unique(voters).tolist()}))
    summary = _read_summary(files[SUMMARY]) if SUMMARY in files else {}
    return Export(statements, voters, voted, votes, times, everybody, groups, summary, tuple(unused))


def _find_unused(table: Table, is_known: Callable[[str], bool]) -> list[tuple[str, str]]:
    return [(table.file, name) for name in table.header if not is_known(name)]


def _is_statement_column(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= 18


def _read_statements(table: Table) -> tuple[Statement, ...]:
    found: dict[int, Statement] = {}
    read = _CommentReader(table)
    for row in table.rows:
        statement = read.read(row)
        if statement.id in found:
            raise RepeatedStatement(file=table.file, line=row[0], statement=statement.id)
        found[statement.id] = statement
    return tuple(found[id] for id in sorted(found))


class _CommentReader:
    """Reads rows of comments.csv; columns that are not there leave what a statement is without them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._id = table.find_column("comment-id")
        self._moderated = table.find_column("moderated")
        self._places = {name: place for place, name in enumerate(table.header)}

    def read(self, row: Row) -> Statement:
        author = self._read_number(row, "author-id")
        return Statement(
            id=self._table.read_number(row, self._id),
            text=self._read_text(row, "comment-body"),
            author=author,
            moderation=self._choose(
                row, self._moderated, SIGNS, gettext_noop("1 (accepted), 0 or -1 (rejected)")
            ),
            is_meta=self._read_truth(row, "is-meta"),
            is_seed=self._read_truth(row, "is-seed"),
            created_at=self._read_number(row, "timestamp"),
            agrees=self._read_number(row, "agrees") or 0,
            disagrees=self._read_number(row, "disagrees") or 0,
            consensus=self._read_share(row, "group-informed-consensus"),
        )

    def _read_text(self, row: Row, name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else row[1][place]

    def _read_number(self, row: Row, name: str) -> int | None:
        return (
            self._table.read_number(row, self._places[name]) if self._read_text(row, name).strip() else None
        )

    def _read_truth(self, row: Row, name: str) -> bool:
        place = self._places.get(name)
        if place is None:
            return False
        return bool(self._choose(row, place, TRUTHS, gettext_noop("true or false")))

    def _read_share(self, row: Row, name: str) -> float | None:
        text = self._read_text(row, name).strip()
        if not text:
            return None
        try:
            share = float(text)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            raise self._table.refuse(row[0], self._places[name], text, gettext_noop("a number from 0 to 1"))
        return share

    def _choose(self, row: Row, place: int, meanings: Mapping[str, int], expected: str) -> int:
        text = row[1][place].strip().casefold()
        if text not in meanings:
            raise self._table.refuse(row[0], place, text, expected)
        return meanings[text]


def _read_vote(table: Table, row: Row, column: int, agree: int) -> int:
    text = row[1][column].strip()
    if text not in SIGNS:
        raise table.refuse(row[0], column, text, gettext_noop("1 (agree), 0 (pass) or -1 (disagree)"))
    return SIGNS[text] * agree


def _read_votes(table: Table, known: set[int], agree: int) -> tuple[Integers, Integers, Small, Integers]:
    """Read votes as they were cast, oldest first; of one instant, in the order of the file."""
    who, what, how = (table.find_column(name) for name in ("voter-id", "comment-id", "vote"))
    when = table.header.index("timestamp") if "timestamp" in table.header else None
    rows = [
        (
            table.read_number(row, when) if when is not None and row[1][when].strip() else -1,
            table.read_number(row, who),
            table.read_number(row, what),
            _read_vote(table, row, how, agree),
        )
        for row in table.rows
    ]
    _check_known({row[2] for row in rows}, known, table.file)
    rows.sort(key=lambda row: row[0])
    return _make_arrays(rows)


def _make_arrays(rows: list[tuple[int, int, int, int]]) -> tuple[Integers, Integers, Small, Integers]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return table[:, 1].copy(), table[:, 2].copy(), table[:, 3].astype(np.int8), table[:, 0].copy()


def _make_events(matrix: Matrix) -> tuple[Integers, Integers, Small, Integers]:
    return _make_arrays([(-1, person, statement, vote) for (person, statement), vote in matrix.items()])


def _read_participants(
    table: Table, known: set[int], agree: int
) -> tuple[tuple[int, ...], dict[int, int], Matrix]:
    """Read the people, the group of those who are in one, and the votes that hold."""
    identifier = table.find_column("participant")
    group = table.find_column("group-id")
    columns = {int(name): place for place, name in enumerate(table.header) if _is_statement_column(name)}
    _check_known(set(columns), known, table.file)
    groups: dict[int, int] = {}
    matrix: Matrix = {}
    people: dict[int, None] = {}
    for row in table.rows:
        person = table.read_number(row, identifier)
        if person in people:
            raise RepeatedParticipant(file=table.file, line=row[0], participant=person)
        people[person] = None
        if row[1][group].strip():
            groups[person] = table.read_number(row, group)
        for statement, place in columns.items():
            if row[1][place].strip():
                matrix[person, statement] = _read_vote(table, row, place, agree)
    return tuple(sorted(people)), groups, matrix


def _check_known(statements: set[int], known: set[int], file: str) -> None:
    if unknown := sorted(statements - known):
        raise UnknownStatement(file=file, statement=unknown[0], count=len(unknown))


def _compare_counts(statements: tuple[Statement, ...], voted: Integers, votes: Small, file: str) -> None:
    """Refuse votes that run against what comments.csv counts: their signs are exchanged."""
    counted = {statement.id: statement.agrees - statement.disagrees for statement in statements}
    weights = np.array([counted[id] for id in voted.tolist()], dtype=np.int64)
    if int(weights @ votes.astype(np.int64)) < 0:
        raise WrongSigns(file=file, other=COMMENTS)


def _compare_matrix(events: tuple[Integers, Integers, Small, Integers], matrix: Matrix, listing: str) -> None:
    """Refuse two files of which one has the signs of the other exchanged."""
    voters, voted, votes, _ = events
    cast = zip(voters.tolist(), voted.tolist(), votes.tolist(), strict=True)
    held = {(person, statement): vote for person, statement, vote in cast}
    if sum(vote * held.get(cell, 0) for cell, vote in matrix.items()) < 0:
        raise WrongSigns(file=listing, other=VOTES)


def _read_summary(data: bytes) -> dict[str, str]:
    """Read rows of a key and a value."""
    return {cells[0].strip(): cells[1] if len(cells) > 1 else "" for _, cells in read_rows(data, SUMMARY)}
