"""Votes as they come in, and what a picture is drawn from."""

from collections.abc import Iterable
from copy import deepcopy

import numpy as np

from antigone.core.opinion.gram import Gram
from antigone.core.opinion.votes import WITHDRAWN, Integers, Votes, read_changes


class Opinion:
    """What the participants of a consultation say of its statements, kept up by each vote.

    A vote on what was voted on already replaces it. The state is that of the votes that hold: whatever came before,
    in whatever order, changes no bit of it.

    >>> opinion = Opinion()
    >>> opinion.record(3, 1, 1)
    >>> opinion.record(3, 1, -1)
    >>> opinion.votes.values.tolist()
    [-1]
    """

    def __init__(self) -> None:
        self.votes = Votes.nothing()
        self.gram = Gram()

    def add_statements(self, statements: Iterable[int]) -> None:
        """Make statements known before anybody votes on them."""
        nobody: Integers = np.zeros(0, dtype=np.int64)
        self.votes = self.votes.widen(nobody, np.array(sorted(set(statements)), dtype=np.int64))
        self.gram.grow(self.votes.statements)

    def record(self, participant: int, statement: int, vote: int) -> None:
        """Record one vote: AGREE, PASS or DISAGREE. Raises InvalidVote."""
        self.record_many([participant], [statement], [vote])

    def withdraw(self, participant: int, statement: int) -> None:
        """Take a vote back, as if it had never been cast; nothing where there is none."""
        self.record_many([participant], [statement], [WITHDRAWN])

    def forget(self, participant: int) -> None:
        """Take all the votes of a participant back."""
        row = np.flatnonzero(self.votes.participants == participant)
        places, _ = self.votes.take(row)
        statements = self.votes.statements[self.votes.columns[places]]
        self.record_many([participant] * len(places), statements, [WITHDRAWN] * len(places))

    def without(self, participants: Iterable[int]) -> "Opinion":
        """Return what the others say, as if these participants had never voted; this one stays as it is.

        >>> opinion = Opinion()
        >>> opinion.record_many([3, 4], [1, 1], [1, 0])
        >>> opinion.without([3]).votes.participants.tolist(), opinion.votes.participants.tolist()
        ([4], [3, 4])
        """
        others = Opinion()
        others.votes, others.gram = self.votes, deepcopy(self.gram)
        rows = np.flatnonzero(np.isin(self.votes.participants, sorted(set(participants))))
        places, lengths = self.votes.take(rows)
        others.record_many(
            np.repeat(self.votes.participants[rows], lengths),
            self.votes.statements[self.votes.columns[places]],
            np.full(len(places), WITHDRAWN),
        )
        return others

    def record_many(
        self, participants: Iterable[int], statements: Iterable[int], votes: Iterable[int]
    ) -> None:
        """Record votes in the order given: the last one of a participant on a statement holds.

        WITHDRAWN takes a vote back. Raises UnevenVotes or InvalidVote, and then nothing is recorded.

        >>> opinion = Opinion()
        >>> opinion.record_many([3, 4], [1, 1], [1, 0])
        >>> opinion.votes.participants.tolist()
        [3, 4]
        """
        who, what, how = read_changes(participants, statements, votes)
        wide = self.votes.widen(who, what)
        changes = wide.find_changes(who, what, how)
        self.gram.grow(wide.statements)
        if len(changes.rows):
            after = wide.apply(changes)
            self.gram.update(wide, after, changes)
            self.votes = after
        else:
            self.votes = wide.apply(changes)
