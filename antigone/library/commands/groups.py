"""The group of commands, and what they share: which collection, which document, how a result is printed."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import click
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from antigone.errors import NotFound
from antigone.library.models import Collection, Document

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
@click.pass_context
def library(context: click.Context) -> None:
    """Add documents, withdraw them, and look after the library."""
    context.with_resource(translation.override("en"))


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print what a program can read.")(command)


def print_json(thing: object) -> None:
    click.echo(json.dumps(thing, ensure_ascii=False, indent=2, default=str))


def find_collection(name: str) -> Collection:
    """Return the collection of that short name or full name."""
    found = Collection.objects.filter(slug=name).first() or Collection.objects.filter(name=name).first()
    if found is None:
        raise NotFound("collection_unknown", "There is no collection “%(slug)s”.", slug=name)
    return found


def find_document(document_id: int) -> Document:
    found = Document.objects.select_related("collection").filter(pk=document_id).first()
    if found is None:
        raise NotFound(
            "document_unknown",
            "There is no document %(document)s. `antigone library list` gives the numbers.",
            document=document_id,
        )
    return found


def read_lines() -> Iterator[str]:
    """Give the lines of standard input that say something."""
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def make_progress() -> Progress:
    """Return a progress bar that shows on a terminal only."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
