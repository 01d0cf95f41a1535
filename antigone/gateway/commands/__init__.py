"""The gateway on the terminal: engines, keys."""

from antigone.gateway.commands.engines import engine
from antigone.gateway.commands.keys import key

__all__ = ["engine", "key"]
