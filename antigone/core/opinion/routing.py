"""Which statements most need votes, and which one somebody is asked about next."""

from collections.abc import Mapping

import numpy as np

from antigone.core.opinion.statistics import Tally
from antigone.core.opinion.votes import Flags, Floats

META = 49.0
"""The priority of statements about the consultation itself (Polis: 7²)."""


def measure_priority(tally: Tally, extremity: Floats, is_meta: Flags) -> Floats:
    """Give the priority of each statement, (C,), after Polis: what is new, agreed on, seldom passed, far out.

    With I = (1 - (P + 1) / (S + 2)) · (E + 1) · (A + 1) / (S + 2), it is (I · (1 + 8 · 2^(-S / 5)))². `tally` counts
    those in a group. A statement nobody voted on has E = 0: new ones come first.

    >>> none = np.zeros(1, dtype=np.int64)
    >>> measure_priority(Tally(none, none, none), np.zeros(1), np.zeros(1, dtype=bool)).tolist()
    [5.0625]
    """
    more = tally.votes + 2
    importance = (1 - (tally.passes + 1) / more) * (extremity + 1) * (tally.agrees + 1) / more
    priority = (importance * (1 + 8 * 2.0 ** (-tally.votes / 5))) ** 2
    return np.where(is_meta, META, priority)


def choose_statement(priorities: Mapping[int, float], fraction: float) -> int:
    """Choose a statement in proportion to its priority, by a random `fraction` (0 or more, under 1).

    `priorities` are those of the statements that this participant may still be asked about; their order changes
    nothing. Raises ValueError where there is none.

    >>> choose_statement({8: 1.0, 5: 3.0}, 0.7), choose_statement({8: 1.0, 5: 3.0}, 0.8)
    (5, 8)
    """
    if not priorities:
        raise ValueError("no statement to choose from")
    aim = fraction * sum(priorities[id] for id in sorted(priorities))
    for id in sorted(priorities):
        aim -= priorities[id]
        if aim < 0:
            return id
    return max(priorities)
