"""Who voted alike, as whole numbers that each vote changes a little: all that the map needs of the votes.

With V the votes (N × C: 1, -1, 0, and 0 where there is none) and B where there is a vote (1 or 0), X = [V B] and the
matrix kept is XᵀX (2 C × 2 C). Sums of whole numbers are exact: the order of the votes changes no bit.
"""

import numpy as np
from numpy.typing import NDArray

from antigone.core.opinion.votes import WITHDRAWN, Changes, Floats, Integers, Small, Votes

BLOCK = 4096
"""Rows multiplied at once: few enough that 32-bit floats count them exactly."""

DENSE = 400
"""One product of two votes by itself costs what this many cost in a full multiplication (measured)."""

PAIRS = 1_000_000
"""Products made one by one that are held at once."""

Counts = NDArray[np.int32]


class Gram:
    """The matrix XᵀX of votes that change.

    >>> from antigone.core.opinion.votes import read_changes
    >>> new = read_changes([3, 3, 4], [1, 2, 1], [1, -1, 1])
    >>> wide = Votes.nothing().widen(*new[:2])
    >>> changes, gram = wide.find_changes(*new), Gram()
    >>> gram.grow(wide.statements)
    >>> gram.update(wide, wide.apply(changes), changes)
    >>> gram.products.tolist()
    [[2, -1, 2, 1], [-1, 1, -1, -1], [2, -1, 2, 1], [1, -1, 1, 1]]
    """

    def __init__(self) -> None:
        self.products: Counts = np.zeros((0, 0), dtype=np.int32)
        self._statements: Integers = np.zeros(0, dtype=np.int64)

    def grow(self, statements: Integers) -> None:
        """Make room for statements that nobody voted on yet; those known are among them."""
        if len(statements) == len(self._statements):
            return
        places = np.searchsorted(statements, self._statements)
        places = np.concatenate([places, places + len(statements)])
        grown = np.zeros((2 * len(statements), 2 * len(statements)), dtype=np.int32)
        grown[np.ix_(places, places)] = self.products
        self.products, self._statements = grown, statements

    def update(self, before: Votes, after: Votes, changes: Changes) -> None:
        """Follow changes that turn votes into others; `before` has the rows and columns that `changes` names.

        Who has few votes, or changes few, is followed vote by vote; whole rows are multiplied for the others.
        """
        changed = np.bincount(changes.rows, minlength=len(before.participants))
        pairs = 2 * before.lengths + changed
        is_light = (changed * pairs * DENSE < len(before.statements) ** 2) | (len(changes.rows) == 1)
        light = np.flatnonzero(is_light[changes.rows])
        steps = np.cumsum(pairs[changes.rows[light]]) // PAIRS
        for part in np.split(light, np.flatnonzero(np.diff(steps)) + 1):
            self._add_pairs(before, after, changes.take(part))
        heavy = (changed > 0) & ~is_light
        self._add_rows(before, np.flatnonzero(heavy & (before.lengths > 0)), -1)
        later = np.isin(after.participants, before.participants[heavy])
        self._add_rows(after, np.flatnonzero(later), 1)

    def _add_rows(self, votes: Votes, rows: Integers, sign: int) -> None:
        """Add the products of whole rows, or take them away."""
        count = len(votes.statements)
        for start in range(0, len(rows), BLOCK):
            places, lengths = votes.take(rows[start : start + BLOCK])
            block = np.zeros((len(lengths), 2 * count), dtype=np.float32)
            row = np.repeat(np.arange(len(lengths)), lengths)
            block[row, votes.columns[places]] = votes.values[places]
            block[row, votes.columns[places] + count] = 1
            self.products += sign * (block.T @ block).astype(np.int32)

    def _add_pairs(self, before: Votes, after: Votes, changes: Changes) -> None:
        """Add ΔᵀX' + XᵀΔ, where Δ = X' - X has the changed cells only."""
        count = len(before.statements)
        moves, seen = _weigh(changes.after), (changes.after != WITHDRAWN).astype(np.int32)
        moves = moves - _weigh(changes.before)
        seen = seen - (changes.before != WITHDRAWN).astype(np.int32)
        ids = before.participants[changes.rows]
        later = np.searchsorted(after.participants, ids)
        has_votes = np.isin(ids, after.participants)
        for votes, rows, which, is_turned in (
            (after, later[has_votes], np.flatnonzero(has_votes), False),
            (before, changes.rows, np.arange(len(ids)), True),
        ):
            places, lengths = votes.take(rows)
            which = np.repeat(which, lengths)
            left, right = changes.columns[which], votes.columns[places].astype(np.int64)
            value = votes.values[places].astype(np.int32)
            for shift, weight in ((0, moves[which]), (count, seen[which])):
                self._add(left + shift, right, weight * value, is_turned=is_turned)
                self._add(left + shift, right + count, weight, is_turned=is_turned)

    def _add(self, left: Integers, right: Integers, weights: Counts, *, is_turned: bool) -> None:
        if is_turned:
            left, right = right, left
        np.add.at(self.products.reshape(-1), left * len(self.products) + right, weights)

    def covariance(self, columns: Integers) -> Floats:
        """Give AᵀA for some columns that were voted on, where A is each vote less its column's mean, 0 where none.

        This is what Polis's principal components see: missing votes filled with the mean, then centred. With μ the
        means and W = BᵀV: VᵀV - Wᵀ∘μ - μ∘W + μμᵀ∘BᵀB.
        """
        count = len(self.products) // 2
        seen = np.ix_(columns + count, columns + count)
        cross = self.products[np.ix_(columns + count, columns)].astype(np.float64)
        both = self.products[seen].astype(np.float64)
        means = np.diagonal(cross) / np.diagonal(both)
        shifted = means[:, None] * cross
        product = self.products[np.ix_(columns, columns)] - (shifted + shifted.T)
        product += np.outer(means, means) * both
        return np.asarray(product, dtype=np.float64)


def _weigh(votes: Small) -> Counts:
    """Give what votes weigh in V: none weighs nothing."""
    return np.where(votes == WITHDRAWN, 0, votes).astype(np.int32)
