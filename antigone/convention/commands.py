"""`antigone convention …`: a convention leaves as open data, or comes back from it."""

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation
from antigone.convention import actions
from antigone.convention.models import Convention
from antigone.convention.opendata.parsing import read_convention
from antigone.convention.opendata.unpacking import MOST_BYTES
from antigone.convention.opendata.writing import open_scope, write_json, write_zip
from antigone.errors import NotFound

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def convention() -> None:
    """Export a convention as open data, import one of the past."""


@convention.command("export")
@click.argument("slug")
@click.option(
    "--out",
    type=FILE,
    help="Write this file: JSON, or CSV files where its name ends with .zip; else print JSON.",
)
def export_convention(slug: str, out: Path | None) -> None:
    """Write everything that is public about the convention whose address ends with SLUG."""
    found = Convention.objects.public().filter(slug=slug).first()
    if found is None:
        raise NotFound(
            "convention_unknown",
            gettext_noop(
                "There is no public convention “%(slug)s”. The address of its page ends with this name."
            ),
            slug=slug,
        )
    scope = open_scope(found, timezone.now())
    if out is None:
        for piece in write_json(scope):
            click.echo(piece, nl=False)
    elif out.suffix.lower() == ".zip":
        with out.open("wb") as file:
            write_zip(file, scope)
    else:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(write_json(scope))


@convention.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--organisation", required=True, help="The short name of the organisation whose convention it was."
)
@click.option("--sources", default="", help="Where the facts come from, where the file does not say it.")
@click.option("--check", is_flag=True, help="Say what is wrong with the file, and import nothing.")
def import_convention(file: Path, organisation: str, sources: str, check: bool) -> None:
    """Import a past convention from a JSON document or a ZIP of CSV files; it can then be read and not changed."""
    with file.open("rb") as opened:
        read = read_convention(opened.read(MOST_BYTES + 1))
    for fault in read.faults:
        click.echo(str(fault), err=True)
    if read.faults:
        raise click.ClickException("nothing was imported.")
    if check:
        click.echo("The file holds together.")
        return
    owner = Organisation.objects.filter(slug=organisation).first()
    if owner is None:
        raise NotFound(
            "organisation_unknown",
            gettext_noop("There is no organisation “%(slug)s” here."),
            slug=organisation,
        )
    imported = actions.import_convention(file=read, organisation=owner, by=None, sources=sources)
    click.echo(f"/conventions/{imported.convention.slug}/")
    if imported.documents_left_out:
        click.echo(f"{imported.documents_left_out} documents are not in this library: left out.", err=True)
