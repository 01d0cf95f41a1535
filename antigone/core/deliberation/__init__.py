"""How people decide together: judgments, small groups, versions that can be compared and followed to their origins.

`judge` and `rank` are majority judgment on five levels; `compose_groups` spreads people over small groups, round after
round; `compare` shows what changed between two versions of a paragraph; `Ancestry` says where each version comes from,
and what became of each contribution. Pure Python and numpy; usable alone.
"""

from antigone.core.deliberation.differences import Piece, compare
from antigone.core.deliberation.errors import DeliberationError
from antigone.core.deliberation.grouping import (
    Balance,
    Participant,
    Round,
    Spread,
    compose_groups,
    count_meetings,
    score,
)
from antigone.core.deliberation.judgment import LEVELS, Verdict, find_majority_level, judge, rank
from antigone.core.deliberation.provenance import Ancestry

__all__ = [
    "LEVELS",
    "Ancestry",
    "Balance",
    "DeliberationError",
    "Participant",
    "Piece",
    "Round",
    "Spread",
    "Verdict",
    "compare",
    "compose_groups",
    "count_meetings",
    "find_majority_level",
    "judge",
    "rank",
    "score",
]
