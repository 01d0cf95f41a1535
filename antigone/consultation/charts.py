"""Pictures of opinions, as SVG that the server writes; words or a table say the same beside each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from antigone.consultation.placing import Standing
from antigone.consultation.wording import name_group

WIDTH = 600
EDGE = 48
# Fewer votes have no share in per cent.
LEAST_VOTES = 5
# The largest mark: a map of few people stays small, rather than all blots.
LARGEST = 28
# Numbers of statements that can be told apart on the map.
MOST_NUMBERS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """How votes fall on three sides; without shares where they are few."""

    agrees: int
    disagrees: int
    passes: int

    @property
    def votes(self) -> int:
        return self.agrees + self.disagrees + self.passes

    @property
    def has_shares(self) -> bool:
        return self.votes >= LEAST_VOTES

    @property
    def agree(self) -> int:
        return self._share(self.agrees)

    @property
    def disagree(self) -> int:
        return self._share(self.disagrees)

    @property
    def other(self) -> int:
        return self._share(self.passes)

    def _share(self, count: int) -> int:
        return round(100 * count / self.votes) if self.votes else 0

    @property
    def svg(self) -> SafeString:
        """Give the bar, which says nothing that the words beside it do not."""
        return draw_bar(self.agrees, self.disagrees, self.passes) if self.has_shares else SafeString("")


def draw_bar(agrees: int, disagrees: int, passes: int) -> SafeString:
    """Draw three sides in one bar of 600 units: agree, pass, disagree; hidden from screen readers."""
    votes = max(agrees + disagrees + passes, 1)
    rects, x = "", 0.0
    for side, count in (("agree", agrees), ("pass", passes), ("disagree", disagrees)):
        width = WIDTH * count / votes
        if count:
            rects += f'<rect class="side-{side}" x="{x:.1f}" width="{width:.1f}" height="20"/>'
        x += width
    frame = f'class="opinion-bar" viewBox="0 0 {WIDTH} 20" preserveAspectRatio="none" aria-hidden="true"'
    return mark_safe(f"<svg {frame}>{rects}</svg>")  # noqa: S308 (numbers only)


@dataclass(frozen=True, slots=True)
class Frame:
    """From the plane of opinions to the drawing: `scale` units for one, `left` and `top` being its corner."""

    scale: float
    left: float
    top: float
    height: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Give the place on the drawing, whose y goes down."""
        return EDGE + (x - self.left) * self.scale, EDGE + (self.top - y) * self.scale

    def keep_inside(self, x: float, y: float) -> tuple[float, float]:
        """Give the place on the drawing, at its edge where it is outside."""
        right, down = self.place(x, y)
        return min(max(right, 12.0), WIDTH - 12.0), min(max(down, 12.0), self.height - 12.0)


def draw_map(
    figures: Mapping[str, Any], standing: Standing | None = None, *, with_statements: bool = False
) -> SafeString:
    """Draw the opinion map: a mark for the people of each cell, a shape, a colour and a letter for each group.

    `standing` adds who looks at it. Empty where there is nothing to draw.
    """
    cells = figures["map"]["cells"]
    if not cells:
        return SafeString("")
    frame = _lay_frame(cells, figures["map"]["side"])
    largest = max(people for *_place, people in cells)
    unit = max(figures["map"]["side"] * frame.scale / 2, 5.0)
    is_clear = figures["clear_groups"]
    marks = [
        _draw_mark(
            int(name) if is_clear else 0, *frame.place(x, y), unit * (0.35 + 0.65 * (people / largest) ** 0.5)
        )
        for x, y, name, people in sorted(cells, key=lambda cell: -cell[3])
    ]
    layers = [mark_safe("".join(marks))]  # noqa: S308 (numbers only)
    if with_statements:
        layers.append(_write_numbers(figures, frame))
    if is_clear:
        layers.append(_write_letters(cells, frame))
    if standing is not None:
        x, y = frame.keep_inside(standing.x, standing.y)
        layers.append(_draw_you(x, y))
    return format_html(
        '<svg class="opinion-map" viewBox="0 0 {} {}" role="img" aria-labelledby="map-title">'
        '<title id="map-title">{}</title>{}</svg>',
        WIDTH,
        f"{frame.height:.0f}",
        _describe_map(figures, standing),
        format_html_join("", "{}", ((layer,) for layer in layers)),
    )


def _draw_you(x: float, y: float) -> SafeString:
    """Mark the place of who looks at the map, the word above it or, at the top, below."""
    return format_html(
        '<g class="map-you"><circle cx="{0}" cy="{1}" r="11"/><circle cx="{0}" cy="{1}" r="3"/>'
        '<text x="{0}" y="{2}">{3}</text></g>',
        f"{x:.1f}",
        f"{y:.1f}",
        f"{y - 17 if y > 34 else y + 30:.1f}",
        _("You"),
    )


def _lay_frame(cells: list[list[float]], side: float) -> Frame:
    """Fit the cells into the width, and into a height that is that of a screen at most; few are not blown up."""
    xs, ys = [cell[0] for cell in cells], [cell[1] for cell in cells]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    inner = WIDTH - 2 * EDGE
    scale = min(inner / max(wide, 1e-9), inner * 0.8 / max(high, 1e-9), 2 * LARGEST / side)
    left = (max(xs) + min(xs)) / 2 - inner / scale / 2
    height = max(high * scale, inner * 0.4) + 2 * EDGE
    top = (max(ys) + min(ys)) / 2 + (height - 2 * EDGE) / scale / 2
    return Frame(scale, left, top, height)


def _draw_mark(group: int, x: float, y: float, size: float) -> str:
    """Draw one mark: a disc, a square, a triangle, a diamond or a turned triangle, by group."""
    kind, name = group % 5, f"group-{group % 8}"
    if kind == 0:
        return f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
    if kind == 1:
        left, top, side = x - 0.9 * size, y - 0.9 * size, f"{1.8 * size:.1f}"
        return f'<rect class="{name}" x="{left:.1f}" y="{top:.1f}" width="{side}" height="{side}"/>'
    corners = {
        2: [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        3: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)],
        4: [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
    }[kind]
    points = " ".join(f"{x + right * size:.1f},{y + down * size:.1f}" for right, down in corners)
    return f'<polygon class="{name}" points="{points}"/>'


def draw_key(group: int) -> SafeString:
    """Draw the mark of a group for a list or a table; its letter stands beside it."""
    mark = _draw_mark(group, 8, 8, 6)
    return mark_safe(f'<svg class="map-key" viewBox="0 0 16 16" aria-hidden="true">{mark}</svg>')  # noqa: S308


def _write_letters(cells: list[list[float]], frame: Frame) -> SafeString:
    """Write the letter of each group amid its people."""
    sums: dict[int, list[float]] = {}
    for x, y, name, people in cells:
        total = sums.setdefault(int(name), [0.0, 0.0, 0.0])
        total[0] += x * people
        total[1] += y * people
        total[2] += people
    placed = [(name_group(name), frame.place(x / n, y / n)) for name, (x, y, n) in sorted(sums.items())]
    return format_html_join(
        "",
        '<text class="map-letter" x="{}" y="{}">{}</text>',
        ((f"{x:.1f}", f"{y + 8:.1f}", letter) for letter, (x, y) in placed),
    )


def _write_numbers(figures: Mapping[str, Any], frame: Frame) -> SafeString:
    """Write the numbers of the statements that weigh most, towards those who agree with them."""
    ranked = sorted(figures["statements"].items(), key=lambda pair: -pair[1]["extremity"])[:MOST_NUMBERS]
    farthest = max([pair[1]["extremity"] for pair in ranked], default=0.0)
    if farthest <= 0:
        return SafeString("")
    reach = (WIDTH - 2 * EDGE) / 2 / frame.scale
    placed = (
        (number, frame.keep_inside(*(reach * part / farthest for part in one["position"])))
        for number, one in ranked
    )
    return format_html_join(
        "",
        '<text class="map-number" x="{}" y="{}">{}</text>',
        ((f"{x:.1f}", f"{y + 4:.1f}", number) for number, (x, y) in placed),
    )


def _describe_map(figures: Mapping[str, Any], standing: Standing | None) -> str:
    """Say in a sentence what the map shows."""
    people = figures["participation"]["grouped"]
    if figures["clear_groups"]:
        sizes = ", ".join(f"{name_group(int(name))} {size}" for name, size in figures["group_sizes"].items())
        said = _("Opinion map: %(people)d participants, in the groups %(sizes)s.") % {
            "people": people,
            "sizes": sizes,
        }
    else:
        said = _("Opinion map: %(people)d participants, without clear groups.") % {"people": people}
    if standing is not None and standing.group is not None:
        said += " " + _("You are in group %(name)s.") % {"name": name_group(standing.group)}
    elif standing is not None:
        said += " " + _("Your own place is marked.")
    return said
