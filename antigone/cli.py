"""The command line: `antigone …`. Each room brings its own commands; a room is loaded only when asked."""

import os
import sys
from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "accounts": "antigone.accounts.commands:accounts",
    "ask": "antigone.assistant.commands:ask",
    "convention": "antigone.convention.commands:convention",
    "consultation": "antigone.consultation.commands:consultation",
    "conversations": "antigone.assistant.commands:conversations",
    "demo": "antigone.portal.commands:demo",
    "draw": "antigone.selection.commands:draw",
    "engine": "antigone.gateway.commands:engine",
    "key": "antigone.gateway.commands:key",
    "embed": "antigone.assistant.commands:embed",
    "library": "antigone.library.commands:library",
    "opinion": "antigone.consultation.commands:opinion",
    "recruit": "antigone.selection.commands:recruit",
    "reveal": "antigone.selection.commands:reveal",
    "run": "antigone.portal.commands:run",
    "search": "antigone.library.commands:search",
    "setup": "antigone.portal.commands:setup",
    "targets": "antigone.selection.commands:targets",
    "verify": "antigone.selection.commands:verify",
    "worker": "antigone.portal.commands:worker",
}


class Rooms(click.Group):
    """Find a command in the room that holds it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        _start_django()
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version=__import__("antigone").__version__, prog_name="antigone")
def antigone() -> None:
    """A city's own AI under its citizens' rule.

    Exit codes: 0 done, 1 refused or failed (the reason is printed), 2 the command was not understood.
    """


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
    import django  # noqa: PLC0415 (slow import: not needed to print --help)

    django.setup()


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what fails is said in one sentence, never as a stack trace."""
    # Many small products: a thread for each core would only wait for the others.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        antigone.main(arguments, prog_name="antigone", standalone_mode=True)
    except BrokenPipeError:
        # The reader (`| head`) left: nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        if not (message := _explain(error)) or os.environ.get("ANTIGONE_DEBUG") == "1":
            raise
        click.echo(f"antigone: {message}", err=True)
        sys.exit(1)


def _explain(error: Exception) -> str:
    """Return the sentence of an error that was foreseen, else nothing."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 (slow import)
    from django.db import DatabaseError  # noqa: PLC0415 (slow import)

    from antigone.errors import AntigoneError  # noqa: PLC0415 (slow import)

    foreseen: tuple[Any, ...] = (AntigoneError, ImproperlyConfigured, OSError)
    if isinstance(error, foreseen):
        return str(error)
    if isinstance(error, DatabaseError):
        return (
            f"the database answered: {str(error).strip()}. "
            "If this Antigone was never started here, run `antigone setup` first."
        )
    return ""
