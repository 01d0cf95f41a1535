"""Drawings as numbers, for server-made SVG: each is shown beside its table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from antigone.selection.models import Target
from antigone.selection.wording import say_percent

HEIGHT = 40.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram, in a drawing 100 wide and `HEIGHT` high; and what it counts."""

    x: float
    y: float
    width: float
    height: float
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many respondents have which chance. `equal_x` is where everybody would be without targets."""

    bars: tuple[Bar, ...]
    equal_x: float
    equal: str
    last: str


def draw_histogram(bins: Sequence[int], width: float, equal: float, maximum: float) -> Histogram:
    """Draw the counts of people by chance, from 0 on, in steps of `width`; the last bar goes up to `maximum`."""
    most, step = max(bins), 100 / len(bins)
    tops = [*((place + 1) * width for place in range(len(bins) - 1)), max(maximum, len(bins) * width)]
    decimals = 0 if width >= 0.01 else 1 if width >= 0.001 else 2
    bars = tuple(
        Bar(
            x=place * step + step * 0.05,
            y=HEIGHT - HEIGHT * count / most,
            width=step * 0.9,
            height=HEIGHT * count / most,
            label=f"{say_percent(place * width, decimals)} – {say_percent(min(1.0, tops[place]), decimals)}",
            people=count,
        )
        for place, count in enumerate(bins)
    )
    last = len(bins) * width
    shown = say_percent(min(1.0, last), decimals)
    if maximum > last:
        shown = gettext("%(chance)s and more") % {"chance": say_percent((len(bins) - 1) * width, decimals)}
    return Histogram(bars, min(100.0, 100 * equal / last), say_percent(equal), shown)


@dataclass(frozen=True, slots=True)
class QuotaBar:
    """One target: its band, and where the seats stand in it, in a drawing 100 wide.

    `seats` are of the panel as drawn, `now` as it sits; without a panel, or where nobody left it, they are -1.
    """

    target: Target
    band_x: float
    band_width: float
    seats: int
    seats_width: float
    now: int = -1
    now_width: float = 0.0

    @property
    def is_met(self) -> bool:
        return self.target.min <= self.seats <= self.target.max

    @property
    def is_met_now(self) -> bool:
        return self.target.min <= self.now <= self.target.max


def draw_quotas(
    targets: Iterable[Target],
    size: int,
    seats: Mapping[tuple[str, str], int] | None = None,
    now: Mapping[tuple[str, str], int] | None = None,
) -> dict[str, list[QuotaBar]]:
    """Draw the targets by feature, all to one scale: that of the largest."""
    targets, drawn = list(targets), dict[str, list[QuotaBar]]()
    scale = max(min(target.max, size) for target in targets)
    for target in targets:
        pair = (target.feature, target.value)
        sitting = seats.get(pair, 0) if seats is not None else -1
        still = now.get(pair, 0) if now is not None else -1
        low, high = min(target.min, size), min(target.max, size)
        drawn.setdefault(target.feature, []).append(
            QuotaBar(
                target,
                band_x=min(99.0, 100 * low / scale),
                band_width=max(1.0, 100 * (high - low) / scale),
                seats=sitting,
                seats_width=min(100.0, max(0.0, 100 * sitting / scale)),
                now=still,
                now_width=min(100.0, max(0.0, 100 * still / scale)),
            )
        )
    return drawn
