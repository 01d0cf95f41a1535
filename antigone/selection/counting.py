"""How replies stand beside the census: counts alone, which guarantors read too."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from antigone.selection.models import Recruitment, Reply, list_shares

NEEDS = ("childcare", "mobility", "plain_language")


@dataclass(frozen=True, slots=True)
class ReplyBar:
    """One value: its replies, its share among them and in the census, in a drawing 100 wide."""

    value: str
    replies: int
    share: float
    expected: float

    @property
    def is_short(self) -> bool:
        """Whether fewer said yes than half of what the census says."""
        return 2 * self.share < self.expected


def summarise_replies(recruitment: Recruitment) -> dict[str, Any]:
    """Count the replies by value, by need, by date and by channel; small enough to be kept when they go."""
    features = {feature: dict.fromkeys(values, 0) for feature, values in list_shares(recruitment).items()}
    needs, dates, channels = Counter[str](), Counter[str](), Counter[str]()
    replies = 0
    rows = Reply.objects.filter(invitation__recruitment=recruitment).order_by()
    for given, unavailable, interpreter, channel, *flags in rows.values_list(
        "features", "unavailable", "interpreter", "channel", *NEEDS
    ).iterator(chunk_size=2_000):
        replies += 1
        for feature, value in given.items():
            features[feature][value] += 1
        dates.update(unavailable)
        channels[channel] += 1
        needs.update(name for name, is_needed in zip(NEEDS, flags, strict=True) if is_needed)
        needs["interpreter"] += bool(interpreter)
    return {
        "replies": replies,
        "features": features,
        "needs": dict(needs),
        "dates": dict(dates),
        "channels": dict(channels),
        "states": recruitment.invitations.count_states(),
    }


def draw_replies(recruitment: Recruitment, summary: Mapping[str, Any]) -> dict[str, list[ReplyBar]]:
    """Draw the replies of each feature beside the census."""
    drawn = {}
    for feature, shares in list_shares(recruitment).items():
        numbers = {value: Fraction(str(share).replace(",", ".")) for value, share in shares.items()}
        total, replies = sum(numbers.values()), sum(summary["features"][feature].values())
        drawn[feature] = [
            ReplyBar(
                value,
                summary["features"][feature][value],
                100 * summary["features"][feature][value] / replies if replies else 0.0,
                float(100 * number / total),
            )
            for value, number in numbers.items()
        ]
    return drawn
