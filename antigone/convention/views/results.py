"""Ballots as pages show them: the distribution, the majority level, the share and what was needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from antigone.convention.charts import Band, draw_levels
from antigone.convention.models import Ballot
from antigone.convention.wording import KEPT_FROM, LEVELS
from antigone.core.deliberation.judgment import find_majority_level

ORIGINS = ngettext_lazy("%(total)s origin", "%(total)s origins", "total")
OPINIONS = ngettext_lazy("%(total)s minority opinion", "%(total)s minority opinions", "total")
TO_VOTE = ngettext_lazy("%(total)s paragraph to vote on", "%(total)s paragraphs to vote on", "total")


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

    @property
    def strip(self) -> SafeString:
        """Draw the counts as the rectangles of a bar, for lists of many."""
        return format_html_join(
            "",
            '<rect class="level-{}" x="{}" width="{}" height="28"/>',
            ((band.level, f"{band.x:.1f}", f"{band.width:.1f}") for band in self.bands if band.count),
        )

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        return draw_levels(self.counts)


def list_results(ballots: Iterable[Ballot]) -> list[Result]:
    return [Result(ballot) for ballot in ballots]


def say_count(words: Any, total: int) -> str:
    """Say how many there are of something, in one of the sentences above."""
    return str(words % {"total": total})


def say_result(result: Result) -> str:
    """Say a result in a few words, for lists of many."""
    said = _("%(high)s of %(voters)s at “Good” or “Very good”") % {
        "high": result.high,
        "voters": result.voters,
    }
    return said if result.ballot.is_quorate else " ".join([said, _("(no quorum)")])
