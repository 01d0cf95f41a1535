"""`antigone library check|rebuild|clean|resume`."""

from dataclasses import asdict

import click

from antigone.library import actions
from antigone.library.commands.groups import json_option, make_progress, print_json
from antigone.library.models import Document

_FAULTS = {
    "file_missing": "the file is not on the disk: restore it from a backup",
    "file_altered": "the file on the disk is not the one that was added: restore it from a backup",
    "withdrawn_but_found": "it is withdrawn, yet search finds it: run `antigone library rebuild`",
    "no_version": "it has no version: withdraw it",
    "old_version_found": "search finds an old version: run `antigone library rebuild`",
    "index": "run `antigone library rebuild`",
    "wrong_collection": "a passage is in another collection: run `antigone library rebuild`",
}


@click.command()
@json_option
def check(as_json: bool) -> None:
    """Compare the documents with their files and their passages; changes nothing.

    Exit code 0 when all is well, 1 when something is not.
    """
    faults = list(actions.find_faults())
    if as_json:
        print_json([asdict(fault) for fault in faults])
    else:
        for fault in faults:
            click.echo(f"{fault.subject}: {_FAULTS[fault.code]}.")
        click.echo(f"{len(faults)} faults." if faults else "All is well.")
    if faults:
        raise SystemExit(1)


@click.command()
def rebuild() -> None:
    """Cut and index every document again, from the text that was kept."""
    total = Document.objects.current().count()
    with make_progress() as progress:
        done = sum(1 for _ in progress.track(actions.rebuild_index(), total=total, description=""))
    click.echo(f"{done} documents indexed again.")


@click.command()
@json_option
def clean(as_json: bool) -> None:
    """Remove the files that no document names any more (after a crash, a refusal, a purge)."""
    cleaning = actions.clean_files()
    if as_json:
        print_json(asdict(cleaning))
    else:
        click.echo(f"{cleaning.files} files removed, {cleaning.bytes / 1e6:.1f} MB.")


@click.command()
def resume() -> None:
    """Hand the imports that were stopped to the background again."""
    click.echo(f"{actions.resume_imports()} imports go on.")
