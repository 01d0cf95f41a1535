"""The votes that hold now: one at most for each participant and statement, in one order whatever the order of arrival.

Rows are participants and columns statements, both by ascending identifier; only what was voted takes room. All that
follows depends on these arrays alone, so that the same votes give the same bits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from antigone.core.opinion.errors import InvalidVote, UnevenVotes

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Small = NDArray[np.int8]
Columns = NDArray[np.int32]
Flags = NDArray[np.bool_]

AGREE, PASS, DISAGREE = 1, 0, -1
WITHDRAWN = 2
"""In a list of changes: the vote is taken back."""


class Vote(NamedTuple):
    """What a participant says of a statement: AGREE (1), PASS (0) or DISAGREE (-1); WITHDRAWN takes it back."""

    participant: int
    statement: int
    vote: int


@dataclass(frozen=True, eq=False)
class Changes:
    """What recording votes changes, the last one for each cell, by rows and columns of the votes that hold them.

    `before` and `after` are AGREE, PASS, DISAGREE or WITHDRAWN (no vote); cells ascend by row, then column.
    """

    rows: Integers
    columns: Integers
    before: Small
    after: Small

    def take(self, places: Integers) -> "Changes":
        """Give some of the changes."""
        return Changes(self.rows[places], self.columns[places], self.before[places], self.after[places])


@dataclass(frozen=True, eq=False)
class Votes:
    """N participants, C statements, M votes: row i's are `columns[starts[i]:starts[i + 1]]`, ascending.

    >>> changes = read_changes([7, 3, 7], [1, 1, 2], [AGREE, PASS, DISAGREE])
    >>> wide = Votes.nothing().widen(*changes[:2])
    >>> votes = wide.apply(wide.find_changes(*changes))
    >>> votes.participants.tolist(), votes.columns.tolist(), votes.values.tolist()
    ([3, 7], [0, 0, 1], [0, 1, -1])
    """

    participants: Integers
    statements: Integers
    starts: Integers
    columns: Columns
    values: Small

    @classmethod
    def nothing(cls) -> Self:
        """Start without a vote."""
        none = np.zeros(0, dtype=np.int64)
        return cls(none, none, np.zeros(1, dtype=np.int64), none.astype(np.int32), none.astype(np.int8))

    @cached_property
    def lengths(self) -> Integers:
        """How many votes each participant cast, (N,)."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> Columns:
        """The row of each vote, (M,)."""
        return np.repeat(np.arange(len(self.participants), dtype=np.int32), self.lengths)

    @cached_property
    def codes(self) -> Columns:
        """A number for each vote, 3 · column + vote + 1, (M,): an index into tables of 3 C cells."""
        return self.columns * np.int32(3) + self.values + np.int32(1)

    def widen(self, participants: Integers, statements: Integers) -> "Votes":
        """Return the same votes with rows and columns for these identifiers too."""
        everybody = _merge(self.participants, participants)
        everything = _merge(self.statements, statements)
        columns, starts = self.columns, self.starts
        if len(everything) > len(self.statements):
            columns = np.searchsorted(everything, self.statements).astype(np.int32)[columns]
        if len(everybody) > len(self.participants):
            lengths = np.zeros(len(everybody), dtype=np.int64)
            lengths[np.searchsorted(everybody, self.participants)] = self.lengths
            starts = _sum_up(lengths)
        return Votes(everybody, everything, starts, columns, self.values)

    def find_changes(self, participants: Integers, statements: Integers, votes: Small) -> Changes:
        """Keep the last vote of each cell, with the vote that it replaces; identifiers have rows and columns."""
        rows = _find_places(self.participants, participants)
        columns = _find_places(self.statements, statements)
        order = _find_last(rows * len(self.statements) + columns)
        rows, columns, after = rows[order], columns[order], votes[order]
        places, is_there = self.find_cells(rows, columns)
        before = np.full(len(after), WITHDRAWN, dtype=np.int8)
        before[is_there] = self.values[places[is_there]]
        differs = before != after
        return Changes(rows[differs], columns[differs], before[differs], after[differs])

    def find_cells(self, rows: Integers, columns: Integers) -> tuple[Integers, Flags]:
        """Give where each cell is or would be among the M votes, and whether it is there (a search by halves)."""
        low, high = self.starts[rows], self.starts[rows + 1]
        end = high.copy()
        while (low < high).any():
            middle = (low + high) // 2
            is_open = low < high
            is_left = np.zeros(len(rows), dtype=bool)
            is_left[is_open] = self.columns[middle[is_open]] < columns[is_open]
            low = np.where(is_open & is_left, middle + 1, low)
            high = np.where(is_open & ~is_left, middle, high)
        is_there = low < end
        is_there[is_there] = self.columns[low[is_there]] == columns[is_there]
        return low, is_there

    def apply(self, changes: Changes) -> "Votes":
        """Return the votes with the changes made, without the participants whom they leave without a vote."""
        places, is_there = self.find_cells(changes.rows, changes.columns)
        values = self.values.copy()
        values[places[is_there]] = changes.after[is_there]
        is_new = ~is_there
        columns = np.insert(self.columns, places[is_new], changes.columns[is_new])
        values = np.insert(values, places[is_new], changes.after[is_new])
        count = len(self.participants)
        lengths = self.lengths + np.bincount(changes.rows[is_new], minlength=count)
        is_gone = changes.after == WITHDRAWN
        if is_gone.any():
            keeps = values != WITHDRAWN
            columns, values = columns[keeps], values[keeps]
            lengths = lengths - np.bincount(changes.rows[is_gone], minlength=count)
        stays = lengths > 0
        return Votes(self.participants[stays], self.statements, _sum_up(lengths[stays]), columns, values)

    def take(self, rows: Integers) -> tuple[Integers, Integers]:
        """Give the places of the votes of some rows, one row after the other, and how many each has."""
        lengths = self.lengths[rows]
        shifts = np.repeat(self.starts[rows] - _sum_up(lengths)[:-1], lengths)
        return shifts + np.arange(len(shifts)), lengths


def read_changes(
    participants: Iterable[int], statements: Iterable[int], votes: Iterable[int]
) -> tuple[Integers, Integers, Small]:
    """Make arrays of lists of votes; raise UnevenVotes or InvalidVote.

    >>> read_changes([1], [2], [AGREE])[2].tolist()
    [1]
    """
    who, what, how = (
        values if isinstance(values, np.ndarray) else np.array(list(values), dtype=np.int64)
        for values in (participants, statements, votes)
    )
    if not len(who) == len(what) == len(how):
        raise UnevenVotes(participants=len(who), statements=len(what), votes=len(how))
    is_wrong = (how < DISAGREE) | (how > WITHDRAWN)
    if is_wrong.any():
        raise InvalidVote(vote=int(how[is_wrong][0]))
    return who, what, how.astype(np.int8)


def _find_last(cells: Integers) -> Integers:
    """Give the places of the last of equal cells, in the order of the cells."""
    count = len(cells)
    if count and int(cells.max()) < (1 << 62) // count:
        # A plain sort is many times quicker than a stable one of places.
        keys = np.sort(cells * count + np.arange(count))
        cells, order = np.divmod(keys, count)
    else:
        order = np.argsort(cells, kind="stable")
        cells = cells[order]
    is_last = np.ones(count, dtype=bool)
    is_last[:-1] = cells[1:] != cells[:-1]
    return order[is_last]


def _merge(known: Integers, ids: Integers) -> Integers:
    """Give all identifiers once, ascending; those of a database are dense enough for a table, which is quicker."""
    if not len(ids):
        return known
    low, high = int(ids.min()), int(ids.max())
    if len(known):
        low, high = min(low, int(known[0])), max(high, int(known[-1]))
    if high - low >= 8 * len(ids):
        return np.union1d(known, ids)
    is_there = np.zeros(high - low + 1, dtype=bool)
    is_there[known - low] = True
    is_there[ids - low] = True
    return np.flatnonzero(is_there) + low


def _find_places(known: Integers, ids: Integers) -> Integers:
    """Give the place of each identifier among the known ones, which ascend and hold them all."""
    if len(ids) and int(known[-1] - known[0]) < 8 * len(ids):
        table = np.zeros(int(known[-1] - known[0]) + 1, dtype=np.int64)
        table[known - known[0]] = np.arange(len(known))
        places: Integers = table[ids - known[0]]
        return places
    return np.searchsorted(known, ids)


def _sum_up(lengths: Integers) -> Integers:
    """Give where each row starts, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
