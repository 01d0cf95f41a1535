"""Counts, z tests and consensus: Polis's formulas (`repness.clj`, `stats.clj`, `conversation.clj`), in whole columns.

Everywhere one agreement and one disagreement are added to what was counted, so that few votes say little.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from antigone.core.opinion.votes import Floats, Integers, Votes

SIGNIFICANT = 1.2816
"""A z above this is significant at 90 %, one-sided."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Votes counted, passes among `votes`; any shape, the last axis being the C statements."""

    agrees: Integers
    disagrees: Integers
    votes: Integers

    @property
    def passes(self) -> Integers:
        """Votes that neither agree nor disagree."""
        return self.votes - self.agrees - self.disagrees

    def read(self, place: int | tuple[int, int]) -> tuple[int, int, int]:
        """Give agrees, disagrees and passes of one cell."""
        agrees, disagrees = int(self.agrees[place]), int(self.disagrees[place])
        return agrees, disagrees, int(self.votes[place]) - agrees - disagrees

    def sum_up(self) -> "Tally":
        """Add the groups together: (K, C) → (C,)."""
        return Tally(self.agrees.sum(axis=0), self.disagrees.sum(axis=0), self.votes.sum(axis=0))

    def rate(self) -> tuple[Floats, Floats]:
        """Give the probabilities to agree and to disagree, (A + 1) / (S + 2) and (D + 1) / (S + 2)."""
        return (self.agrees + 1) / (self.votes + 2), (self.disagrees + 1) / (self.votes + 2)


@dataclass(frozen=True, eq=False)
class Contrast:
    """How one side (agree or disagree) stands in each group, (K, C): what Polis calls p, p test, r and r test."""

    counts: Integers
    probability: Floats
    probability_test: Floats
    ratio: Floats
    ratio_test: Floats

    @property
    def score(self) -> Floats:
        """How representative, r · r test · p · p test."""
        return self.ratio * self.ratio_test * self.probability * self.probability_test

    @property
    def is_significant(self) -> NDArray[np.bool_]:
        """Whether both tests are significant."""
        return (self.ratio_test > SIGNIFICANT) & (self.probability_test > SIGNIFICANT)


def count_votes(votes: Votes, numbers: Integers, count: int) -> Tally:
    """Count the votes of `count` groups, (count, C); `numbers` (N,) gives each participant's group, -1 for none."""
    width = 3 * len(votes.statements)
    groups = numbers[votes.rows]
    keys = np.where(groups < 0, count, groups) * width + votes.codes
    table = np.bincount(keys, minlength=(count + 1) * width).reshape(count + 1, -1, 3)[:count]
    return Tally(agrees=table[:, :, 2], disagrees=table[:, :, 0], votes=table.sum(axis=2))


def measure_majority(successes: Integers, trials: Integers) -> Floats:
    """Test that more than half succeed: 2 √(S + 1) · ((x + 1) / (S + 1) - ½), a z.

    >>> measure_majority(np.array([3]), np.array([3])).tolist()
    [2.0]
    """
    more = trials + 1
    return np.asarray(2 * np.sqrt(more) * ((successes + 1) / more - 0.5), dtype=np.float64)


def compare_proportions(
    successes: Integers, trials: Integers, other_successes: Integers, other_trials: Integers
) -> Floats:
    """Test that a share is larger here than elsewhere, one added to all four numbers: a z, 0 where everybody agrees.

    >>> compare_proportions(np.array([9]), np.array([9]), np.array([4]), np.array([9])).round(3).tolist()
    [2.582]
    """
    here, of, there, out_of = (
        numbers + 1.0 for numbers in (successes, trials, other_successes, other_trials)
    )
    pooled = (here + there) / (of + out_of)
    spread: Any = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / of + 1 / out_of))
    is_flat = (pooled == 1) | (spread == 0)
    return np.where(is_flat, 0.0, (here / of - there / out_of) / np.where(is_flat, 1.0, spread))


def contrast_groups(counts: Integers, votes: Integers) -> Contrast:
    """Compare each group with all the others together, for one side: counts and votes (K, C)."""
    other_counts, other_votes = counts.sum(axis=0) - counts, votes.sum(axis=0) - votes
    probability = (counts + 1) / (votes + 2)
    return Contrast(
        counts=counts,
        probability=probability,
        probability_test=measure_majority(counts, votes),
        ratio=probability / ((other_counts + 1) / (other_votes + 2)),
        ratio_test=compare_proportions(counts, votes, other_counts, other_votes),
    )


def measure_consensus(by_group: Tally) -> tuple[Floats, Floats]:
    """Give the group-aware consensus to agree and to disagree: the product of the groups' probabilities, (C,).

    >>> two = Tally(np.array([[8], [3]]), np.array([[0], [1]]), np.array([[8], [4]]))
    >>> [float(side[0].round(3)) for side in measure_consensus(two)]
    [0.6, 0.033]
    """
    agree, disagree = by_group.rate()
    return agree.prod(axis=0), disagree.prod(axis=0)


def measure_gap(by_group: Tally, least: int) -> Floats:
    """Give how far apart the groups are: the largest difference of two probabilities to agree, (C,).

    Only groups with `least` votes on a statement count; NaN where fewer than two do.
    """
    agree, _ = by_group.rate()
    counts = by_group.votes >= least
    high = np.where(counts, agree, -np.inf).max(axis=0, initial=-np.inf)
    low = np.where(counts, agree, np.inf).min(axis=0, initial=np.inf)
    return np.where(counts.sum(axis=0) >= 2, high - low, np.nan)


def measure_split(tally: Tally) -> Floats:
    """Give how evenly all participants are divided, 1 where half agree and half disagree: 2 min(p agree, p disagree).

    >>> measure_split(Tally(np.array([4, 9]), np.array([4, 0]), np.array([8, 9]))).round(2).tolist()
    [1.0, 0.18]
    """
    return np.asarray(2 * np.minimum(*tally.rate()), dtype=np.float64)
