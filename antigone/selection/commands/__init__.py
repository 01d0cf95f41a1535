"""The draw on the terminal, and the check of the invitations."""

from antigone.selection.commands.draw import draw
from antigone.selection.commands.public import reveal
from antigone.selection.commands.recruit import recruit
from antigone.selection.commands.targets import targets
from antigone.selection.commands.verify import verify

__all__ = ["draw", "recruit", "reveal", "targets", "verify"]
