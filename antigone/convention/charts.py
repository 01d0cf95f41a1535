"""Pictures of the room, as numbers that templates draw; each comes with its table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from antigone.convention.wording import LEVELS

WIDTH = 600


@dataclass(frozen=True, slots=True)
class Band:
    """One level in a bar: how many gave it, its share in per cent, where it is drawn."""

    level: int
    label: str
    count: int
    share: float
    x: float
    width: float


def draw_levels(counts: Sequence[int], words: Mapping[int, object] = LEVELS) -> tuple[Band, ...]:
    """Lay out how many gave each level, from 1 up, in one bar of 600 units; empty where nobody gave any."""
    total = sum(counts)
    bands, x = [], 0.0
    for level, count in enumerate(counts, 1):
        width = WIDTH * count / total if total else 0.0
        bands.append(Band(level, str(words[level]), count, 100 * count / total if total else 0.0, x, width))
        x += width
    return tuple(bands)


@dataclass(frozen=True, slots=True)
class FeatureBar:
    """How many members have one value of a feature, beside its target where the draw had one; drawn 100 wide."""

    value: str
    members: int
    width: float
    target: tuple[int, int] | None
    target_x: float
    target_width: float

    @property
    def is_met(self) -> bool:
        return self.target is None or self.target[0] <= self.members <= self.target[1]


def draw_features(
    members: Iterable[Mapping[str, str]], targets: Mapping[tuple[str, str], tuple[int, int]]
) -> dict[str, list[FeatureBar]]:
    """Count the members by feature and value, all drawn to one scale; targets come in their own order, first."""
    counts = Counter(pair for features in members for pair in features.items())
    pairs = [*targets, *sorted(pair for pair in counts if pair not in targets)]
    scale = max([1, *counts.values(), *(high for _low, high in targets.values())])
    drawn: dict[str, list[FeatureBar]] = {}
    for feature, value in pairs:
        target = targets.get((feature, value))
        low, high = target or (0, 0)
        bar = FeatureBar(
            value=value,
            members=counts[feature, value],
            width=100 * counts[feature, value] / scale,
            target=target,
            target_x=min(99.0, 100 * low / scale),
            target_width=max(1.0, 100 * (high - low) / scale),
        )
        drawn.setdefault(feature, []).append(bar)
    return drawn


def write_bar(counts: Sequence[int]) -> SafeString:
    """Write the bar of `draw_levels` at once, for pages with hundreds of votes; words stand beside it."""
    rects = "".join(
        f'<rect class="level-{band.level}" x="{band.x:.1f}" width="{band.width:.1f}" height="28"/>'
        for band in draw_levels(counts)
        if band.count
    )
    frame = f'viewBox="0 0 {WIDTH} 28" preserveAspectRatio="none" aria-hidden="true"'
    return mark_safe(f'<svg class="vote-bar" {frame}>{rects}</svg>')  # noqa: S308 (numbers only)
