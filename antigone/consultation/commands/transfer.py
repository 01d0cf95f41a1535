"""`antigone consultation …`: a consultation comes from the files of Polis, or leaves in them."""

import random
from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from antigone.accounts.models import Organisation
from antigone.consultation.actions.imports import import_consultation
from antigone.consultation.commands.opinion import in_language, read_folder, show_text
from antigone.consultation.models import Consultation, Picture
from antigone.consultation.opendata.polis import make_export
from antigone.core.opinion import read_export, write_export
from antigone.errors import NotFound
from antigone.selection.commands.terminal import language_option, say, write_file

FOLDER = click.Path(path_type=Path)


@click.group(help=say(gettext_noop("Bring a consultation from the files of Polis, or write it in them.")))
def consultation() -> None:
    """Hold the two commands."""


@consultation.command(
    "import",
    help=say(
        gettext_noop(
            "Make a consultation of the files that Polis exported in FOLDER: comments.csv, and votes.csv or "
            "participants-votes.csv.\n\nIt is closed and in preparation: a facilitator completes and publishes it. "
            "Where anything is wrong, nothing is kept."
        )
    ),
)
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@click.option(
    "--organisation", required=True, help=say(gettext_noop("The short name of the organisation that asks."))
)
@click.option("--slug", default="", help=say(gettext_noop("What its address ends with; else its title.")))
@click.option("--title", default="", help=say(gettext_noop("Its title; else the topic of summary.csv.")))
@click.option(
    "--agree",
    type=click.Choice(["1", "-1"]),
    default="1",
    show_default=True,
    help=say(gettext_noop("How the files write to agree: some versions of Polis write -1.")),
)
@language_option
@in_language
def import_files(folder: Path, organisation: str, slug: str, title: str, agree: str) -> None:
    owner = Organisation.objects.filter(slug=organisation).first()
    if owner is None:
        raise NotFound(
            "organisation_unknown",
            gettext_noop("There is no organisation “%(slug)s” here."),
            slug=organisation,
        )
    export = read_export(read_folder(folder), agree=int(agree))
    imported = import_consultation(
        export=export, organisation=owner, by=None, now=timezone.now(), slug=slug, title=title
    )
    words = {
        "slug": imported.consultation.slug,
        "statements": imported.statements,
        "participants": imported.participants,
        "votes": imported.votes,
    }
    line = _(
        "Imported as “%(slug)s”: %(statements)d statements, %(participants)d participants, %(votes)d votes that hold."
    )
    click.echo(line % words)
    if imported.shift:
        click.echo(_("Polis counts from 0: the number of each statement is one more here."))
    for file, column in export.unused:
        line = _("The column “%(column)s” of %(file)s is not known; it was not used.")
        click.echo(show_text(line % {"file": file, "column": column}))


@consultation.command(
    "export",
    help=say(
        gettext_noop(
            "Write the consultation whose address ends with SLUG into FOLDER as Polis does, for another tool.\n\n"
            "The files have the votes of each participant, under numbers drawn for this export: they are not for "
            "publication."
        )
    ),
)
@click.argument("slug", metavar="SLUG")
@click.argument("folder", metavar="FOLDER", type=FOLDER)
@language_option
@in_language
def export_files(slug: str, folder: Path) -> None:
    found = Consultation.objects.filter(slug=slug).first()
    if found is None:
        raise NotFound(
            "consultation_unknown",
            gettext_noop("There is no consultation “%(slug)s”. The address of its page ends with this name."),
            slug=slug,
        )
    picture = Picture.objects.live().filter(consultation=found).first()
    export = make_export(found, picture, random.SystemRandom(), is_public=False)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in write_export(export).items():
        write_file(folder / name, content)
    count = len(export.participants)
    line = ngettext(
        "%(count)d participant’s votes are in %(folder)s.",
        "%(count)d participants’ votes are in %(folder)s.",
        count,
    )
    click.echo(line % {"count": count, "folder": folder})
