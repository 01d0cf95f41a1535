"""The figures of a picture → what the page of results says, statement by statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from antigone.consultation.charts import LEAST_VOTES, Bar, draw_key
from antigone.consultation.figures import LEAST_PEOPLE
from antigone.consultation.models import Consultation, Picture, Statement
from antigone.consultation.wording import name_group

LISTED = 5
# A share that moves less than this many points is not worth a line.
LEAST_MOVE = 5


@dataclass(frozen=True, slots=True)
class GroupBar:
    """What one group voted on a statement."""

    name: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class Line:
    """A statement with its figures; `text` is empty where it was taken out after the picture."""

    number: int
    text: str
    bar: Bar
    groups: tuple[GroupBar, ...]
    important: int
    is_meta: bool
    side: str = ""


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A group: its letter, its mark on the map, how many it has, what it says more than the others."""

    name: str
    key: SafeString
    size: int
    share: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that looks otherwise without the participants who are looked at."""

    line: Line
    without: Bar


@dataclass(frozen=True, slots=True)
class Apart:
    """What changes without the participants who are being looked at."""

    without: int
    clear_groups: bool
    groups: int
    gains: tuple[Line, ...]
    losses: tuple[Line, ...]
    moves: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        return not (self.gains or self.losses or self.moves)


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One answer: how many gave it (None: fewer than 5), its share of the answers, that of the inhabitants."""

    option: str
    people: int | None
    share: int | None
    inhabitants: float | None
    gap: int | None

    @property
    def signed_gap(self) -> str:
        """Write the difference in points, with its sign."""
        return "–" if self.gap is None else f"{self.gap:+d}".replace("-", "−").replace("+0", "0")


@dataclass(frozen=True, slots=True)
class ProfileTable:
    """One question that participants answered about themselves."""

    question: str
    source: str
    answered: int
    rows: tuple[ProfileRow, ...]


class Results:
    """A picture read with the texts of the statements that are public now."""

    def __init__(self, consultation: Consultation, picture: Picture) -> None:
        self.figures: Mapping[str, Any] = picture.figures
        accepted = consultation.statements.filter(state=Statement.State.ACCEPTED)
        self.texts: dict[int, str] = dict(accepted.values_list("number", "text"))
        self.clear_groups: bool = self.figures["clear_groups"]
        self.participation: Mapping[str, Any] = self.figures["participation"]

    @property
    def are_enough(self) -> bool:
        """Whether more than counts may be shown."""
        return bool(self.participation["participants"] >= LEAST_PEOPLE)

    @property
    def off_line(self) -> int:
        """How many participants voted on paper or by telephone."""
        channels = self.figures["channels"]
        return int(channels.get("paper", 0) + channels.get("phone", 0))

    def make_line(self, number: int, side: str = "") -> Line:
        one = self.figures["statements"][str(number)]
        groups = one["groups"].items() if self.clear_groups else ()
        return Line(
            number=number,
            text=self.texts.get(number, ""),
            bar=_read_bar(one),
            groups=tuple(GroupBar(name_group(int(name)), _read_bar(counts)) for name, counts in groups),
            important=one["important"],
            is_meta=one["out"],
            side=side,
        )

    def make_lines(self, numbers: Iterable[int], side: str = "") -> list[Line]:
        return [self.make_line(number, side) for number in numbers]

    @property
    def shared(self) -> list[Line]:
        """Give what a majority of every group agrees on, then what it disagrees with."""
        if not self.clear_groups:
            return []
        sides = self.figures["shared"]
        return [*self.make_lines(sides["agree"], "agree"), *self.make_lines(sides["disagree"], "disagree")]

    @property
    def consensus(self) -> list[Line]:
        """Give what most participants agree on or not, but for what every group shares."""
        told = {line.number for line in self.shared}
        sides = self.figures["consensus"]
        lines = [*self.make_lines(sides["agree"], "agree"), *self.make_lines(sides["disagree"], "disagree")]
        return [line for line in lines if line.number not in told]

    @property
    def divisive(self) -> list[Line]:
        return self.make_lines(self.figures["divisive"])

    @property
    def groups(self) -> list[GroupPart]:
        if not self.clear_groups:
            return []
        return [
            GroupPart(
                name=name_group(int(name)),
                key=draw_key(int(name)),
                size=size,
                share=round(100 * size / max(self.participation["grouped"], 1)),
                lines=tuple(
                    self.make_line(one["statement"], one["side"])
                    for one in self.figures["representative"].get(name, ())
                ),
            )
            for name, size in self.figures["group_sizes"].items()
        ]

    @property
    def important(self) -> list[Line]:
        """Give the statements that most participants called important to them."""
        counted = [(-one["important"], int(number)) for number, one in self.figures["statements"].items()]
        return self.make_lines(number for count, number in sorted(counted)[:LISTED] if -count >= LEAST_PEOPLE)

    @property
    def numbers(self) -> list[int]:
        return sorted(int(number) for number in self.figures["statements"])

    @property
    def profile(self) -> list[ProfileTable]:
        return [
            ProfileTable(
                one["question"],
                one["source"],
                one["answered"],
                tuple(_read_profile(option, one["answered"]) for option in one["options"]),
            )
            for one in self.figures.get("profile", ())
            if one["answered"] >= LEAST_PEOPLE
        ]

    @property
    def looked_at(self) -> int:
        return int(self.figures.get("looked_at", 0))

    @property
    def apart(self) -> Apart | None:
        """Say what changes without the participants who are looked at; None where there are too few of them."""
        other = self.figures.get("apart")
        if other is None:
            return None
        # Lists of one kind are compared: what every group shares, where both pictures have groups.
        kind = "shared" if self.clear_groups and other["clear_groups"] else "consensus"
        whole, rest = ([*one[kind]["agree"], *one[kind]["disagree"]] for one in (self.figures, other))
        moves = []
        for number in self.numbers:
            counts = other["statements"].get(str(number))
            line = self.make_line(number)
            without = _read_bar(counts) if counts else Bar(0, 0, 0)
            if _is_moved(line.bar, without):
                moves.append(Difference(line, without))
        moves.sort(key=lambda one: -abs(one.line.bar.agree - one.without.agree))
        return Apart(
            without=self.looked_at,
            clear_groups=other["clear_groups"],
            groups=len(other["group_sizes"]),
            gains=tuple(self.make_lines(number for number in rest if number not in whole)),
            losses=tuple(self.make_lines(number for number in whole if number not in rest)),
            moves=tuple(moves[: 2 * LISTED]),
        )


def say_groups(results: Results) -> str:
    """Say in one sentence whether there are groups."""
    if results.clear_groups:
        words = {
            "count": len(results.figures["group_sizes"]),
            "grouped": results.participation["grouped"],
        }
        return (
            _("%(grouped)d participants voted on enough statements to be in one of %(count)d groups.") % words
        )
    return _("There are no clear groups: opinions do not fall into camps.")


def _read_bar(counts: Mapping[str, int]) -> Bar:
    return Bar(counts["agrees"], counts["disagrees"], counts["passes"])


def _is_moved(bar: Bar, without: Bar) -> bool:
    if min(bar.votes, without.votes, bar.votes - without.votes) < LEAST_VOTES:
        return False  # a difference of few votes would show how these few voted
    moved = max(abs(bar.agree - without.agree), abs(bar.disagree - without.disagree))
    return moved >= LEAST_MOVE


def _read_profile(option: Mapping[str, Any], answered: int) -> ProfileRow:
    people, inhabitants = option["people"], option["share"]
    share = None if people is None else round(100 * people / answered)
    gap = None if share is None or inhabitants is None else round(share - inhabitants)
    return ProfileRow(option["option"], people, share, inhabitants, gap)
