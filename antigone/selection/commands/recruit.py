"""`antigone recruit verify|purge`: check a draw of contacts without the database; erase what is due."""

from collections.abc import Iterator
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from antigone.core.sortition.contact_files import read_draw, read_rows
from antigone.core.sortition.contacts import Row, verify_contacts
from antigone.errors import WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.commands.terminal import in_language, json_option, language_option, print_json, say

SENTENCES = {
    ("rows", True): gettext_noop("The rows are those of the fingerprint."),
    ("rows", False): gettext_noop("The rows are not those of the fingerprint. Do not believe this draw."),
    ("contacts", True): gettext_noop("The seed gives those who were contacted, and nobody else."),
    ("contacts", False): gettext_noop(
        "The seed does not give those who were contacted. Do not believe this draw."
    ),
}


@click.group(help=say(gettext_noop("The invitations: check a draw of contacts, erase personal data.")))
def recruit() -> None:
    """Gather the commands."""


@recruit.command(
    help=say(
        gettext_noop(
            "Draw contacts again from FILE (contacts.jsonl) and tell whether they are the same; no network, no "
            "database, nothing of anybody.\n\nCompare the fingerprint printed with the one that was published: "
            "--root does. Exit code 0 when all of it holds, 1 when something does not."
        )
    )
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--root", default="", help=say(gettext_noop("The fingerprint that was published.")))
@json_option
@language_option
@in_language
def verify(file: Path, root: str, as_json: bool) -> None:
    try:
        with file.open("rb") as stream, file.open("rb") as again:
            draw = read_draw(stream, file.name)

            def start_again() -> Iterator[Row]:
                again.seek(0)
                return read_rows(again, file.name)

            holds = verify_contacts(start_again, draw)
    except OSError as error:
        raise WrongInput(
            "unreadable_path",
            gettext_noop("“%(path)s” cannot be read (%(detail)s)."),
            path=str(file),
            detail=error.strerror or "",
        ) from error
    is_published = not root or root == draw.root
    found = {"rows": holds[0] and is_published, "contacts": holds[1]}
    if as_json:
        print_json({"valid": all(found.values()), "root": draw.root, "seed": draw.seed, **found})
    else:
        click.echo(draw.root)
        for part, is_right in found.items():
            click.echo(f"{'✓' if is_right else '✗'} {_(SENTENCES[part, is_right])}")
    if not all(found.values()):
        raise SystemExit(1)


@recruit.command(
    help=say(
        gettext_noop("Erase now the personal data of the recruitments whose day has come (done hourly too).")
    )
)
@json_option
@language_option
@in_language
def purge(as_json: bool) -> None:
    count = recruiting.purge_due_recruitments()
    if as_json:
        print_json({"purged": count})
    else:
        click.echo(_("Recruitments erased: %(count)s.") % {"count": count})
