"""A small set of targets that no panel meets together: lift any one of them and there is a panel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from antigone.core.sortition.feasibility import PanelFinder, Side
from antigone.core.sortition.phrases import Say, fill, gettext_noop
from antigone.core.sortition.pool import Target, Targets


@dataclass(frozen=True, slots=True, order=True)
class Bound:
    """The minimum, or the maximum, of one target."""

    feature: str
    value: str
    is_minimum: bool
    seats: int

    def explain(self, say: Say = str) -> str:
        """Say the bound in words.

        >>> Bound("age", "18-29", True, 8).explain()
        'at least 8 “18-29” (age)'
        """
        template = (
            gettext_noop("at least {seats} “{value}” ({feature})")
            if self.is_minimum
            else gettext_noop("at most {seats} “{value}” ({feature})")
        )
        return fill(template, {"seats": self.seats, "value": self.value, "feature": self.feature}, say)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Bounds that cannot hold together; with `by_households`, only because a household sends one person."""

    bounds: tuple[Bound, ...]
    by_households: bool

    def explain(self, say: Say = str) -> str:
        """Say the conflict in words.

        >>> print(Conflict((Bound("age", "18-29", True, 8),), False).explain())
        No panel can have at least 8 “18-29” (age).
        """
        return fill(gettext_noop("No panel can have {bounds}."), {"bounds": self.list_bounds(say)}, say)

    def list_bounds(self, say: Say = str) -> str:
        """Say the bounds one after the other, and whether the conflict is the households'."""
        words = say(gettext_noop(" together with ")).join(bound.explain(say) for bound in self.bounds)
        if not self.by_households:
            return words
        return fill(
            gettext_noop("{bounds} when a household sends at most one person"), {"bounds": words}, say
        )


class ConflictFinder:
    """Finds conflicts among the targets of one pool."""

    def __init__(self, finder: PanelFinder, targets: Targets) -> None:
        """Take the targets in the order of the rows of `finder.types`: as `sort_targets` gives them."""
        self.finder = finder
        self.targets = targets.targets
        last = 1 + len(self.targets)
        self.households = [Side(row, False) for row in range(last, len(finder.types.matrix))]
        self.sides = [Side(row, is_lower) for row in range(1, last) for is_lower in (True, False)]

    def find_conflict(self, lifted: Iterable[Side] = (), seated: int = -1) -> tuple[list[Side], bool]:
        """Give sides that cannot hold together (and with somebody of the type `seated`), none of them needless.

        To be called where there is no panel. Also tells whether the households' rows are needed.
        """
        gone = list(lifted)
        blamed = set(self.finder.find_blame(gone, seated).tolist())
        spared = [side for side in self.sides if side.row not in blamed and side not in gone]
        if self._is_impossible(gone + spared, seated):
            gone += spared
        by_households = bool(self.households) and not self._is_impossible(gone + self.households, seated)
        if not by_households:
            gone += self.households
        kept = [side for side in self.sides if side not in gone]
        for side in sorted(kept, key=self._weigh):
            if self._is_impossible([*gone, side], seated):
                gone.append(side)
        return [side for side in kept if side not in gone], by_households

    def is_explained(self, sides: Sequence[Side], by_households: bool, seated: int) -> bool:
        """Tell whether a conflict found for one type excludes another one too, with none of its sides needless."""
        others = [side for side in self.sides if side not in sides]
        lifted = others if by_households else others + self.households
        if not self._is_impossible(lifted, seated):
            return False
        if by_households and self._is_impossible(others + self.households, seated):
            return False
        return not any(self._is_impossible([*lifted, side], seated) for side in sides)

    def describe(self, sides: Iterable[Side], by_households: bool) -> Conflict:
        """Name the sides by the targets they are bounds of."""
        return Conflict(tuple(sorted(self._name(side) for side in sides)), by_households)

    def _name(self, side: Side) -> Bound:
        target: Target = self.targets[side.row - 1]
        seats = target.min if side.is_lower else target.max
        return Bound(target.feature, target.value, side.is_lower, seats)

    def _weigh(self, side: Side) -> tuple[int, int]:
        """Order sides so that those that bind least are lifted first, and what remains is easy to see."""
        target = self.targets[side.row - 1]
        return (target.min, side.row) if side.is_lower else (self.finder.types.size - target.max, side.row)

    def _is_impossible(self, lifted: Iterable[Side], seated: int) -> bool:
        return self.finder.find_panel(lifted, seated) is None and self.finder.is_certain
