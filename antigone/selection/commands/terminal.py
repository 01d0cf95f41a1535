"""What the commands of the draw share: their language, their progress, their errors, their files."""

import json
import locale
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import click
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from antigone.core.sortition.errors import SortitionError
from antigone.errors import AntigoneError, WrongInput
from antigone.selection.wording import get_phase


def find_language() -> str:
    """Return the language of this terminal where it is one of ours, else the city's."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            code = (locale.normalize(value).partition("_")[0]).lower()
            return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return settings.LANGUAGE_CODE


def say(message: str) -> str:
    """Say what a command is for, and its options, in the language of the terminal."""
    with translation.override(find_language()):
        return gettext(message)


language_option = click.option(
    "--language",
    type=click.Choice([code for code, _name in settings.LANGUAGES]),
    help=say(gettext_noop("The language of what is printed; without it, the terminal’s.")),
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help=say(gettext_noop("Print JSON for programs."))
)


def in_language(command: Callable[..., None]) -> Callable[..., None]:
    """Run a command in the language asked for, and say its errors in it (as JSON where that was asked for)."""

    @wraps(command)
    def run(*, language: str | None, as_json: bool, **options: Any) -> None:
        with translation.override(language or find_language()):
            try:
                command(as_json=as_json, **options)
            except SortitionError as error:
                _refuse(error.code, error.explain(gettext), error.params, as_json=as_json)
            except AntigoneError as error:
                _refuse(
                    error.code, gettext(str(error.template)) % error.params, error.params, as_json=as_json
                )

    return run


def _refuse(code: str, sentence: str, params: Any, *, as_json: bool) -> None:
    if as_json:
        print_json({"error": {"code": code, "message": sentence, "params": dict(params)}})
        raise SystemExit(1)
    raise WrongInput(code, sentence)


def print_json(data: Any) -> None:
    """Print data for programs."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def read_file(path: Path) -> bytes:
    """Read a file that somebody named; what the system refuses is said in its words."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongInput(
            "unreadable_path",
            gettext_noop("“%(path)s” cannot be read (%(detail)s)."),
            path=str(path),
            detail=error.strerror or "",
        ) from error


def write_file(path: Path, data: bytes, *, is_secret: bool = False) -> None:
    """Write a file whole or not at all; one that is secret can be read by its owner alone."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, 0o600 if is_secret else 0o640)
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise WrongInput(
            "unwritable_path",
            gettext_noop("“%(path)s” cannot be written (%(detail)s). Nothing was kept of it."),
            path=str(path),
            detail=error.strerror or "",
        ) from error


class TerminalProgress:
    """Show where the engine stands; stop it, between two steps, at the first Ctrl+C."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None)
        self._is_cancelled = False

    def update(self, phase: str, done: int, total: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, description=get_phase(phase), completed=done, total=total)

    def is_cancelled(self) -> bool:
        """Tell whether Ctrl+C was typed."""
        return self._is_cancelled

    def cancel(self, _signal: int, _frame: FrameType | None) -> None:
        """Ask the engine to stop; a second Ctrl+C ends the program at once."""
        self._is_cancelled = True
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def show_progress() -> Iterator[TerminalProgress]:
    """Show a progress bar on the terminal while the engine works; nothing where nobody looks."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        progress = TerminalProgress(bar)
        before = signal.signal(signal.SIGINT, progress.cancel)
        try:
            yield progress
        finally:
            signal.signal(signal.SIGINT, before)
