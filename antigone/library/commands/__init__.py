"""The library on the terminal, for operators."""

from antigone.library.commands.add import add
from antigone.library.commands.groups import library
from antigone.library.commands.keep import list_collections, list_documents, purge, restore, withdraw
from antigone.library.commands.search import search
from antigone.library.commands.upkeep import check, clean, rebuild, resume

for _command in (
    add,
    check,
    clean,
    list_collections,
    list_documents,
    purge,
    rebuild,
    restore,
    resume,
    withdraw,
):
    library.add_command(_command)

__all__ = ["library", "search"]
