"""How long work tells where it stands, and how it is stopped."""

from time import monotonic
from typing import Protocol

from antigone.core.sortition.errors import Cancelled


class Progress(Protocol):
    """What a page or a terminal shows while a distribution is computed."""

    def update(self, phase: str, done: int, total: int) -> None:
        """Tell that `done` of `total` steps of a phase (`levels`, `panels`, `weights`, `proof`) are made."""

    def is_cancelled(self) -> bool:
        """Return whether somebody asked to stop."""


class NoProgress:
    """Show nothing and never stop."""

    def update(self, phase: str, done: int, total: int) -> None:
        """Show nothing."""

    def is_cancelled(self) -> bool:
        """Return that nobody asked to stop."""
        return False


class Budget:
    """The time that is left, and the progress that is told while it passes."""

    def __init__(self, seconds: float, progress: Progress | None = None) -> None:
        self._end = monotonic() + seconds
        self._progress = progress or NoProgress()

    def part(self, share: float) -> "Budget":
        """Give a share of the time that is left, told by the same progress."""
        return Budget(share * self.left, self._progress)

    def tell(self, phase: str, done: int, total: int) -> None:
        """Tell progress; raise `Cancelled` where somebody asked to stop."""
        if self._progress.is_cancelled():
            raise Cancelled
        self._progress.update(phase, done, total)

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked to stop: `tell` will raise."""
        return self._progress.is_cancelled()

    @property
    def left(self) -> float:
        """Seconds that are left, never under zero."""
        return max(0.0, self._end - monotonic())

    @property
    def is_spent(self) -> bool:
        """Whether the time is over."""
        return self.left == 0.0
