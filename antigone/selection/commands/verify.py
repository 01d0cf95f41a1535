"""`antigone verify`: check the files of a draw, without a solver."""

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console

from antigone.core.sortition import Report, verify_files
from antigone.selection.commands.loading import FILE
from antigone.selection.commands.terminal import (
    in_language,
    json_option,
    language_option,
    print_json,
    read_file,
    say,
)

SIGNS = {"passed": "✓", "failed": "✗", "missing": "–"}
STYLES = {"passed": "green", "failed": "red", "missing": "dim"}


@click.command(
    help=say(
        gettext_noop(
            "Check the FILES of a draw in exact fractions, without a solver.\n\n"
            "The certificate alone says whether the chances are as fair as they can be; with the lottery, the "
            "commitment and the public draw, everything is checked from the pool to the panel.\n\n"
            "Exit code 0 when all that could be checked holds, 1 when something does not."
        )
    )
)
@click.argument("files", nargs=-1, required=True, metavar="FILES…", type=FILE)
@json_option
@language_option
@in_language
def verify(files: tuple[Path, ...], as_json: bool) -> None:
    report = verify_files({str(path): read_file(path) for path in files})
    if as_json:
        print_json(
            {
                "valid": report.is_valid,
                "complete": report.is_complete,
                "checks": [
                    {"name": check.name, "result": check.result, "sentence": check.explain(_)}
                    for check in report.checks
                ],
            }
        )
    else:
        _print(report)
    if not report.is_valid:
        raise SystemExit(1)


def _print(report: Report) -> None:
    console = Console()
    for check in report.checks:
        line = f"{SIGNS[check.result]} {check.explain(_)}"
        console.print(line, style=STYLES[check.result], highlight=False, markup=False)
    if not report.is_valid:
        console.print(_("Do not believe this draw."), style="bold")
    elif report.is_complete:
        console.print(_("All of it holds."), style="bold")
    else:
        console.print(_("What could be checked holds."), style="bold")
