"""Ballots as pages show them: the distribution, the majority level, the share and what was needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from antigone.convention.charts import Band, draw_levels
from antigone.convention.models import Ballot
from antigone.convention.wording import KEPT_FROM, LEVELS
from antigone.core.deliberation.judgment import find_majority_level


@dataclass(frozen=True)
class Result:
    """A closed ballot in figures; nothing is read from the database."""

    ballot: Ballot

    @property
    def counts(self) -> list[int]:
        counts: list[int] = self.ballot.counts or [0] * len(LEVELS)
        return counts

    @property
    def voters(self) -> int:
        return sum(self.counts)

    @property
    def high(self) -> int:
        """Count the judgments at the levels that keep a text."""
        return sum(self.counts[KEPT_FROM - 1 :])

    @property
    def share(self) -> float:
        return 100 * self.high / self.voters if self.voters else 0.0

    @property
    def majority(self) -> str:
        level = find_majority_level(self.counts)
        return str(LEVELS[level]) if level else ""

    @property
    def needed_voters(self) -> int:
        """Count how many members had to take part for the quorum."""
        return -(-self.ballot.quorum * self.ballot.members // 100)

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        return draw_levels(self.counts)


def list_results(ballots: Iterable[Ballot]) -> list[Result]:
    return [Result(ballot) for ballot in ballots]
