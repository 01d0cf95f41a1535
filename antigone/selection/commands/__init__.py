"""The draw on the terminal."""

from antigone.selection.commands.draw import draw
from antigone.selection.commands.public import reveal
from antigone.selection.commands.targets import targets
from antigone.selection.commands.verify import verify

__all__ = ["draw", "reveal", "targets", "verify"]
