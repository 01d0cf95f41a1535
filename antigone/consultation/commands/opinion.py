"""`antigone opinion`: the picture of a consultation, from the files that Polis exports."""

import errno
import json
import os
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console
from rich.table import Table
from rich.text import Text

from antigone.consultation.wording import name_group
from antigone.core.opinion import Export, OpinionError, Picture, draw_picture, read_export
from antigone.core.opinion.documents import describe_picture
from antigone.core.opinion.reading import COMMENTS, PARTICIPANTS, SUMMARY, VOTES
from antigone.errors import AntigoneError, WrongInput
from antigone.selection.commands.terminal import (
    find_language,
    language_option,
    print_json,
    read_file,
    say,
    write_file,
)

SIDES = {"agree": gettext_noop("agree"), "disagree": gettext_noop("disagree")}


def in_language(command: Callable[..., None]) -> Callable[..., None]:
    """Run a command in the language asked for, and say its errors in it."""

    @wraps(command)
    def run(*, language: str | None, **options: Any) -> None:
        with translation.override(language or find_language()):
            try:
                command(**options)
            except OpinionError as error:
                raise WrongInput(error.code, error.explain(_)) from error
            except AntigoneError as error:
                raise WrongInput(error.code, _(str(error.template)) % error.params) from error

    return run


@click.command(
    help=say(
        gettext_noop(
            "Draw the opinion picture of a consultation exported by Polis in FOLDER.\n\n"
            "FOLDER holds comments.csv, and votes.csv or participants-votes.csv. What is printed are counts; "
            "the JSON has the place and the group of each participant, and is not for publication.\n\n"
            "Exit code 0 when the picture is drawn, 1 when the files cannot be used."
        )
    )
)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option(
    "--groups",
    "source",
    type=click.Choice(["found", "exported"]),
    default="found",
    show_default=True,
    help=say(gettext_noop("The groups that Antigone finds, or those that the export holds.")),
)
@click.option(
    "--agree",
    type=click.Choice(["1", "-1"]),
    default="1",
    show_default=True,
    help=say(gettext_noop("How the files write to agree: some versions of Polis write -1.")),
)
@click.option(
    "--json",
    "out",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help=say(gettext_noop("Write the whole picture as JSON, for programs; - prints it instead.")),
)
@language_option
@in_language
def opinion(folder: Path, source: str, agree: str, out: Path | None) -> None:
    export = read_export(read_folder(folder), agree=int(agree))
    picture = draw_picture(
        export.count_votes(),
        rejected=export.rejected,
        meta=export.meta,
        groups=export.groups if source == "exported" else None,
    )
    if out is not None:
        described = describe_picture(picture, {one.id: one.text for one in export.statements})
        if str(out) == "-":
            print_json(described)
            return
        write_file(out, json.dumps(described, ensure_ascii=False, indent=1).encode())
    _print(Console(), export, picture, source)


def read_folder(folder: Path) -> Mapping[str, bytes]:
    if not folder.is_dir():
        raise WrongInput(
            "unreadable_path",
            gettext_noop("“%(path)s” cannot be read (%(detail)s)."),
            path=str(folder),
            detail=os.strerror(errno.ENOTDIR if folder.exists() else errno.ENOENT),
        )
    names = (SUMMARY, COMMENTS, VOTES, *PARTICIPANTS)
    return {name: read_file(folder / name) for name in names if (folder / name).exists()}


def _print(console: Console, export: Export, picture: Picture, source: str) -> None:
    if topic := export.summary.get("topic"):
        console.print(show_text(topic), style="bold")
    part = picture.participation
    line = _(
        "%(participants)d participants cast %(votes)d votes on %(statements)d statements (%(filled).0f %% of those "
        "possible; half of them %(median).0f or more). %(grouped)d voted enough to be in a group."
    )
    words = {
        "participants": part.participants,
        "votes": part.votes,
        "statements": part.statements,
        "filled": 100 * part.filled,
        "median": part.median_votes,
        "grouped": part.grouped,
    }
    console.print(line % words, highlight=False)
    console.print(picture.explain(_), style="bold", highlight=False)
    if picture.groups.are_clear:
        line = _("How clearly apart they stand (silhouette): %(silhouette).0f of 100.")
        console.print(line % {"silhouette": 100 * picture.groups.silhouette}, highlight=False)
    texts = {one.id: one.text for one in export.statements}
    _print_lists(console, picture, texts)
    _print_groups(console, picture, texts)
    if source == "exported":
        _print_comparison(console, export, picture)
    for file, column in export.unused:
        line = _("The column “%(column)s” of %(file)s is not known; it was not used.")
        console.print(show_text(line % {"file": file, "column": column}))


def _print_lists(console: Console, picture: Picture, texts: Mapping[int, str]) -> None:
    lists = (
        (_("Most participants agree"), picture.consensus.agree),
        (_("Most participants disagree"), picture.consensus.disagree),
        (_("A majority of every group agrees"), picture.shared.agree),
        (_("A majority of every group disagrees"), picture.shared.disagree),
        (_("What divides most"), picture.divisive),
    )
    for title, statements in lists:
        if statements:
            _print_statements(console, title, picture, statements, texts)


def _print_statements(
    console: Console, title: str, picture: Picture, statements: Iterable[int], texts: Mapping[int, str]
) -> None:
    """Print statements with the share of each group's votes that agree and disagree."""
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    table.add_column("", justify="right")
    table.add_column(_("statement"), overflow="fold", ratio=1)
    table.add_column(_("all"), justify="right")
    names = picture.groups.names if picture.groups.are_clear else ()
    for name in names:
        table.add_column(_("group %(name)s") % {"name": name_group(name)}, justify="right")
    for statement in statements:
        figures = picture.describe_statement(statement)
        sides = [
            (figures.agrees, figures.disagrees, figures.passes),
            *(figures.groups[name] for name in names),
        ]
        table.add_row(str(statement), show_text(texts[statement]), *[_write_shares(*side) for side in sides])
    console.print(table)


def _print_groups(console: Console, picture: Picture, texts: Mapping[int, str]) -> None:
    if not picture.groups.are_clear:
        return
    for name, size in picture.groups.sizes.items():
        words = {"name": name_group(name), "size": size}
        table = Table(
            title=_("What group %(name)s says more than the others (%(size)d participants)") % words,
            title_justify="left",
            title_style="bold",
            expand=True,
        )
        table.add_column("", justify="right")
        table.add_column(_("statement"), overflow="fold", ratio=1)
        table.add_column(_("they"))
        table.add_column(_("share"), justify="right")
        for one in picture.representative[name]:
            share = f"{100 * one.count / max(one.votes, 1):.0f} %"
            table.add_row(str(one.statement), show_text(texts[one.statement]), _(SIDES[one.side]), share)
        console.print(table)


def _print_comparison(console: Console, export: Export, picture: Picture) -> None:
    """Say how far our group-aware consensus is from the one that the export holds."""
    gaps = [
        abs(picture.describe_statement(one.id).consensus_agree - one.consensus)
        for one in export.statements
        if one.consensus is not None
    ]
    if gaps:
        words = {"count": len(gaps), "gap": f"{max(gaps):.0e}"}
        line = _(
            "The export holds the group-aware consensus of %(count)d statements: ours differs by %(gap)s at most."
        )
        console.print(line % words, highlight=False)


def show_text(text: str) -> Text:
    """Make what somebody wrote safe to print: no markup, no code that commands the terminal or turns the text."""
    return Text("".join(char for char in text.strip() if char.isprintable() or char == "\n"))


def _write_shares(agrees: int, disagrees: int, passes: int) -> str:
    votes = agrees + disagrees + passes
    return f"+{100 * agrees / votes:.0f} −{100 * disagrees / votes:.0f} %" if votes else "–"
