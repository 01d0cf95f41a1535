"""Pictures of the room, as numbers that templates draw; each comes with its table."""

from collections.abc import Mapping, Sequence
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


def write_bar(counts: Sequence[int]) -> SafeString:
    """Write the bar of `draw_levels` at once, for pages with hundreds of votes; words stand beside it."""
    rects = "".join(
        f'<rect class="level-{band.level}" x="{band.x:.1f}" width="{band.width:.1f}" height="28"/>'
        for band in draw_levels(counts)
        if band.count
    )
    frame = f'viewBox="0 0 {WIDTH} 28" preserveAspectRatio="none" aria-hidden="true"'
    return mark_safe(f'<svg class="vote-bar" {frame}>{rects}</svg>')  # noqa: S308 (numbers only)
