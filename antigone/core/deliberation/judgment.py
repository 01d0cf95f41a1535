"""Judgments on five levels → a majority level, a decision, an order: majority judgment, by whole numbers alone.

The method is that of Michel Balinski and Rida Laraki (Majority Judgment, MIT Press, 2010);
docs/reference/majority-judgment.md says it with an example.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from antigone.core.deliberation.errors import InvalidRule, NegativeCount, TooManyVoters, WrongLevels
from antigone.core.deliberation.phrases import Phrase, gettext_noop

LEVELS = 5
HALF = 50  # the threshold that asks for more than half, not for at least half

NOBODY = gettext_noop("Nobody voted.")
NO_QUORUM = gettext_noop("{voters} of {members} members voted; the quorum is {needed}.")
KEPT = gettext_noop("{kept} of {voters} judgments are at level {level} or above; {needed} were needed.")
NOT_KEPT = gettext_noop(
    "Only {kept} of {voters} judgments are at level {level} or above; {needed} were needed."
)


@dataclass(frozen=True)
class Verdict:
    """What the judgments on one text decide, and why.

    `counts[i]` judgments are at level i + 1; `majority_level` is their lower median (0 where nobody voted);
    `share_kept` is the share at the level to reach or above; `is_kept` asks for the quorum and for the threshold.
    """

    counts: tuple[int, ...]
    voters: int
    majority_level: int
    share_kept: Fraction
    is_quorate: bool
    is_kept: bool
    reason: Phrase


def judge(counts: Sequence[int], *, members: int, threshold: int, quorum: int, kept_from: int = 4) -> Verdict:
    """Decide whether a text is kept: enough members voted, and enough of the judgments are at `kept_from` or above.

    `threshold` is in whole per cent of the judgments: 50 asks for *more than half* (which is to say, a majority level
    of `kept_from` or above), any other number for *at least* that share. `quorum` is in whole per cent of the members:
    at least that share must have voted. A text on which nobody voted is never kept.
    Raises WrongLevels, NegativeCount, TooManyVoters or InvalidRule.

    >>> verdict = judge([1, 2, 5, 20, 8], members=40, threshold=60, quorum=50)
    >>> verdict.majority_level, verdict.share_kept, verdict.is_kept, str(verdict.reason)
    (4, Fraction(7, 9), True, '28 of 36 judgments are at level 4 or above; 22 were needed.')
    >>> judge([0, 0, 3, 3, 0], members=6, threshold=50, quorum=50).is_kept
    False
    """
    if not (1 <= threshold <= 100 and 0 <= quorum <= 100 and 1 <= kept_from <= LEVELS):
        raise InvalidRule(threshold=threshold, quorum=quorum, kept_from=kept_from, levels=LEVELS)
    _check_counts(counts)
    voters = sum(counts)
    if voters > members:
        raise TooManyVoters(voters=voters, members=members)
    kept = sum(counts[kept_from - 1 :])
    quorum_voters = _round_up(quorum * members)
    needed = voters // 2 + 1 if threshold == HALF else _round_up(threshold * voters)
    is_quorate = voters >= quorum_voters
    if not voters:
        reason = Phrase(NOBODY)
    elif not is_quorate:
        reason = Phrase(NO_QUORUM, {"voters": voters, "members": members, "needed": quorum_voters})
    else:
        found = {"kept": kept, "voters": voters, "level": kept_from, "needed": needed}
        reason = Phrase(KEPT if kept >= needed else NOT_KEPT, found)
    return Verdict(
        counts=tuple(counts),
        voters=voters,
        majority_level=find_majority_level(counts),
        share_kept=Fraction(kept, voters) if voters else Fraction(0),
        is_quorate=is_quorate,
        is_kept=bool(voters) and is_quorate and kept >= needed,
        reason=reason,
    )


def find_majority_level(counts: Sequence[int]) -> int:
    """Find the lower median: the highest level that more than half judge deserved; 0 where nobody voted.

    >>> find_majority_level([0, 0, 3, 3, 0]), find_majority_level([0, 0, 3, 4, 0]), find_majority_level([0] * 5)
    (3, 4, 0)
    """
    _check_counts(counts)
    middle, seen = (sum(counts) + 1) // 2, 0
    for level, count in enumerate(counts, start=1):
        seen += count
        if seen >= middle > 0:
            return level
    return 0


def rank(counts_list: Sequence[Sequence[int]]) -> list[int]:
    """Order texts from the best judged to the worst: gives their places in the list.

    The order is Balinski and Laraki's: majority levels are compared; where they are equal, one judgment of that level
    is removed from each text, and the new majority levels are compared, until they differ. Texts with different
    numbers of judgments are compared as if each had been judged by as many (every judgment repeated as often as it
    takes). Equal texts keep the order of the list; those on which nobody voted come last.

    >>> rank([[0, 0, 2, 3, 0], [0, 0, 1, 3, 1], [0, 0, 0, 0, 0], [1, 0, 1, 3, 0]])
    [1, 0, 3, 2]
    """
    keys = [_make_key(counts) for counts in counts_list]
    return sorted(range(len(keys)), key=keys.__getitem__, reverse=True)


def _make_key(counts: Sequence[int]) -> tuple[int | Fraction, ...]:
    """Give what orders texts as the removal of medians does, without removing anything.

    Removing medians walks from the middle of the sorted judgments outwards, the lower side first. With one position
    for each share `x` from 0 to 1/2, the walk meets the levels low(x) = level at 1/2 - x and high(x) = level at
    1/2 + x: two texts differ at the first x where these pairs do. Pairs are constant between a few steps, at each
    of which low falls or high rises. A text whose low falls is worse, the sooner the worse; one whose high rises is
    better, the sooner the better; so each step is written as (-1, x) or (1, -x), followed by the new pair.
    """
    _check_counts(counts)
    voters = sum(counts)
    if not voters:
        return (0,)
    edges = [Fraction(sum(counts[:level]), voters) - Fraction(1, 2) for level in range(1, LEVELS)]
    falls = {-edge for edge in edges if Fraction(-1, 2) < edge < 0}
    rises = {edge for edge in edges if 0 < edge < Fraction(1, 2)}
    key: list[int | Fraction] = [1]
    for x in sorted({Fraction(0), *falls, *rises}):
        if x:
            key += (-1, x) if x in falls else (1, -x)
        key += 1 + sum(edge < -x for edge in edges), 1 + sum(edge <= x for edge in edges)
    return (*key, 0)


def _round_up(hundredths: int) -> int:
    """Give the smallest whole number that is at least so many hundredths."""
    return -(-hundredths // 100)


def _check_counts(counts: Sequence[int]) -> None:
    if len(counts) != LEVELS:
        raise WrongLevels(count=len(counts), levels=LEVELS)
    for level, count in enumerate(counts, start=1):
        if count < 0:
            raise NegativeCount(level=level, count=count)
