"""Pools and targets from the files that are named on the command line, CSV or JSON."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from antigone.core.sortition import Pool, Targets, read_pool, read_targets
from antigone.core.sortition.documents import load_pool, load_targets
from antigone.core.sortition.reading import read_flexibility
from antigone.selection.commands.terminal import read_file, say

Flexibility = Mapping[tuple[str, str], tuple[int, int]]
FILE = click.Path(dir_okay=False, path_type=Path)
Command = Callable[..., Any]

_ARGUMENTS = (
    click.argument("pool", metavar="POOL", type=FILE),
    click.argument("targets", metavar="TARGETS", type=FILE),
    click.option(
        "--size", type=int, help=say(gettext_noop("How many people sit (JSON targets say it already)."))
    ),
    click.option(
        "--households", is_flag=True, help=say(gettext_noop("At most one person of each address sits."))
    ),
    click.option(
        "--address",
        multiple=True,
        metavar="COLUMN",
        help=say(gettext_noop("A column of the address, once for each; without it, columns of usual names.")),
    ),
    click.option(
        "--id",
        "id_column",
        default="",
        metavar="COLUMN",
        help=say(
            gettext_noop("The column of the identifier; without it, one of a usual name, or the first.")
        ),
    ),
    click.option(
        "--time-limit",
        type=click.FloatRange(min=0.1),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help=say(
            gettext_noop("After this long, the best found so far, with a bound on what could be better.")
        ),
    ),
)


def pool_and_targets(command: Command) -> Command:
    """Give a command the arguments that name a pool and its targets."""
    for argument in reversed(_ARGUMENTS):
        command = argument(command)
    return command


def load_targets_file(path: Path, size: int | None) -> tuple[Targets, Flexibility]:
    """Read targets, and how far they may be changed, from CSV or JSON."""
    data = read_file(path)
    if data.lstrip().startswith(b"{"):
        targets = load_targets(data, file=path.name)
        if size not in (None, targets.size):
            words = {"size": size, "other": targets.size}
            raise click.UsageError(
                _("--size is %(size)d; the targets are those of a panel of %(other)d.") % words
            )
        return targets, {}
    if size is None:
        raise click.UsageError(_("Say how many people sit: --size 40."))
    return read_targets(data, size, file=path.name), read_flexibility(data, file=path.name)


def load_pool_file(
    path: Path, targets: Targets, *, id_column: str, address: tuple[str, ...], households: bool
) -> Pool:
    """Read people from CSV or JSON, checked against the targets."""
    data = read_file(path)
    if data.lstrip().startswith(b"{"):
        return load_pool(data, targets, file=path.name)
    return read_pool(
        data, targets, id_column=id_column, address_columns=address, households=households, file=path.name
    )
