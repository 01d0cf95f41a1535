"""Which statements speak for a group, unite everybody, or divide: the lists of a picture.

`representative` and `consensus` are Polis's choice (`repness.clj`), ties in the order of identifiers.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from antigone.core.opinion.rules import Rules
from antigone.core.opinion.statistics import (
    SIGNIFICANT,
    Contrast,
    Tally,
    compare_proportions,
    contrast_groups,
    measure_consensus,
    measure_gap,
    measure_majority,
    measure_split,
)
from antigone.core.opinion.votes import Flags, Floats, Integers

Side = Literal["agree", "disagree"]


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that speaks for a group: `count` of `votes` of its people are on `side`.

    `probability`, `ratio` (to all the others) and their tests are those of that side. `is_best_agree` marks what the
    group agrees on most, which is listed even where it tells the group from no other.
    """

    statement: int
    side: Side
    count: int
    votes: int
    probability: float
    probability_test: float
    ratio: float
    ratio_test: float
    is_best_agree: bool

    @property
    def score(self) -> float:
        """How representative: ratio · its test · probability · its test."""
        return self.ratio * self.ratio_test * self.probability * self.probability_test


@dataclass(frozen=True, slots=True)
class Sides:
    """Identifiers of statements, the strongest first: agreed on, and disagreed with."""

    agree: tuple[int, ...]
    disagree: tuple[int, ...]


def choose_representative(
    statements: Integers, by_group: Tally, is_out: Flags, rules: Rules
) -> list[tuple[Representative, ...]]:
    """Choose for each group the statements that tell it from the others, those it agrees on first.

    What a group agrees on most heads the list; then come, by score, statements significant in both tests, to
    `rules.listed` in all. Where there is none of either, the one statement that tells the group apart most.
    """
    agree = contrast_groups(by_group.agrees, by_group.votes)
    disagree = contrast_groups(by_group.disagrees, by_group.votes)
    columns = np.flatnonzero(~is_out)
    return [
        _choose_for_group(statements, by_group, (agree, disagree), group, columns, rules.listed)
        for group in range(len(by_group.votes))
    ]


def _choose_for_group(
    statements: Integers,
    by_group: Tally,
    sides: tuple[Contrast, Contrast],
    group: int,
    columns: Integers,
    most: int,
) -> tuple[Representative, ...]:
    agree, disagree = sides
    has_opinions = (by_group.agrees + by_group.disagrees)[group] > 0
    best_agree = _find_best_agree(agree, group, columns[has_opinions[columns]])

    def describe(column: int) -> Representative:
        is_agree = agree.ratio_test[group, column] > disagree.ratio_test[group, column]
        side = agree if is_agree else disagree
        return Representative(
            statement=int(statements[column]),
            side="agree" if is_agree else "disagree",
            count=int(side.counts[group, column]),
            votes=int(by_group.votes[group, column]),
            probability=float(side.probability[group, column]),
            probability_test=float(side.probability_test[group, column]),
            ratio=float(side.ratio[group, column]),
            ratio_test=float(side.ratio_test[group, column]),
            is_best_agree=column == best_agree,
        )

    is_enough = agree.is_significant[group] | disagree.is_significant[group]
    enough = columns[is_enough[columns]]
    head = [] if best_agree is None else [describe(best_agree)]
    if not len(enough) and not head and len(columns):
        apart = np.maximum(agree.ratio_test[group], disagree.ratio_test[group])[columns]
        head = [describe(int(columns[apart.argmax()]))]
    is_agree = agree.ratio_test[group, enough] > disagree.ratio_test[group, enough]
    score = np.where(is_agree, agree.score[group, enough], disagree.score[group, enough])
    others = enough[np.argsort(-score, kind="stable")].tolist()
    chosen = [*head, *[describe(column) for column in others[: most + 1] if column != best_agree]][:most]
    return tuple(sorted(chosen, key=lambda one: one.side == "disagree"))


def _find_best_agree(agree: Contrast, group: int, columns: Integers) -> int | None:
    """Follow Polis through the statements in their order; what beats the best so far depends on that best."""
    ratio, ratio_test = agree.ratio[group].tolist(), agree.ratio_test[group].tolist()
    likely = (agree.probability[group] * agree.probability_test[group]).tolist()
    probability, probability_test = agree.probability[group].tolist(), agree.probability_test[group].tolist()
    best: int | None = None
    for column in columns.tolist():
        if best is None:
            is_better = probability_test[column] > SIGNIFICANT or (
                ratio[column] > 1 and probability[column] > 0.5
            )
        elif ratio[best] > 1:
            here = ratio[column] * ratio_test[column] * likely[column]
            is_better = here > ratio[best] * ratio_test[best] * likely[best]
        else:
            is_better = likely[column] > likely[best]
        best = column if is_better else best
    return best


def choose_consensus(statements: Integers, tally: Tally, is_out: Flags, rules: Rules) -> Sides:
    """Choose what most participants, taken all together, agree on and disagree with, significantly."""
    chosen = []
    for counts, probability in zip((tally.agrees, tally.disagrees), tally.rate(), strict=True):
        test = measure_majority(counts, tally.votes)
        keeps = (probability > 0.5) & (test > SIGNIFICANT) & ~is_out
        chosen.append(_list_best(statements, probability * test, keeps, rules.listed))
    return Sides(*chosen)


def find_shared(by_group: Tally, is_out: Flags, least: int) -> tuple[Flags, Flags]:
    """Say which statements a majority of every group agrees on, and disagrees with, (C,) twice.

    A majority of those who voted, passes counting against; each group must have cast `least` votes on it.
    """
    is_known = (by_group.votes >= least).all(axis=0) & ~is_out
    agree, disagree = (2 * counts > by_group.votes for counts in (by_group.agrees, by_group.disagrees))
    return is_known & agree.all(axis=0), is_known & disagree.all(axis=0)


def choose_shared(statements: Integers, by_group: Tally, is_out: Flags, rules: Rules) -> Sides:
    """Choose, by group-aware consensus, what a majority of every group agrees on, and disagrees with."""
    shared = find_shared(by_group, is_out, rules.least_votes)
    agree, disagree = (
        _list_best(statements, values, keeps, rules.listed)
        for values, keeps in zip(measure_consensus(by_group), shared, strict=True)
    )
    return Sides(agree, disagree)


def choose_divisive(
    statements: Integers, tally: Tally, by_group: Tally, is_out: Flags, rules: Rules
) -> tuple[int, ...]:
    """Choose what divides: the largest significant gaps between two groups; in one single group, the evenest splits.

    A split is listed where a quarter at least agrees and a quarter disagrees.
    """
    if len(by_group.votes) < 2:
        split = measure_split(tally)
        keeps = (split >= 0.5) & (tally.votes >= rules.least_votes) & ~is_out
        return _list_best(statements, split, keeps, rules.listed)
    gap = measure_gap(by_group, rules.least_votes)
    keeps = ~np.isnan(gap) & (_compare_extremes(by_group, rules.least_votes) > SIGNIFICANT) & ~is_out
    return _list_best(statements, np.nan_to_num(gap), keeps, rules.listed)


def _compare_extremes(by_group: Tally, least: int) -> Floats:
    """Compare the group that agrees most with the one that agrees least, (C,)."""
    agree, _ = by_group.rate()
    is_known = by_group.votes >= least
    high = np.where(is_known, agree, -np.inf).argmax(axis=0)
    low = np.where(is_known, agree, np.inf).argmin(axis=0)
    columns = np.arange(by_group.votes.shape[1])
    counts, votes = by_group.agrees, by_group.votes
    return compare_proportions(
        counts[high, columns], votes[high, columns], counts[low, columns], votes[low, columns]
    )


def _list_best(statements: Integers, values: Floats, keeps: Flags, most: int) -> tuple[int, ...]:
    columns = np.flatnonzero(keeps)
    order = np.argsort(-values[columns], kind="stable")[:most]
    return tuple(statements[columns[order]].tolist())
