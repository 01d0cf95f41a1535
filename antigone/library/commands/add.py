"""`antigone library add`: files and folders into a collection."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from antigone.circuit.confinement import ConfinedReader
from antigone.errors import Unavailable, WrongInput
from antigone.library.actions import About, add_document, create_collection, open_reader
from antigone.library.actions.refusals import refuse
from antigone.library.commands.groups import find_collection, json_option, make_progress, print_json
from antigone.library.models import Collection, ImportedFile

State = ImportedFile.State
_NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A file to add, the name that the library gives it, or the reason why it cannot be added."""

    path: Path
    name: str
    refusal: WrongInput | None = None


@dataclass(slots=True)
class Report:
    """What became of the files so far."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("added", "new_version", "unchanged"), 0)
    )
    refused: list[dict[str, str]] = field(default_factory=list)
    stopped: str = ""

    def note_refusal(self, found: Found, error: WrongInput) -> None:
        self.refused.append({"path": str(found.path), "code": error.code, "reason": str(error)})

    def as_json(self) -> dict[str, Any]:
        return {**self.counts, "refused": self.refused, "stopped": self.stopped}


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(exists=True, path_type=Path)
)
@click.option("--collection", "name", required=True, metavar="NAME", help="Where they go.")
@click.option("--create", is_flag=True, help="Make the collection where there is none.")
@click.option(
    "--audience",
    type=click.Choice(Collection.Audience.values),
    default=Collection.Audience.GROUPS.value,
    show_default=True,
    help="Who may read a collection that --create makes.",
)
@click.option("--title", default="", help="For a single file; without it, the file's own title.")
@click.option("--publisher", default="", help="Who published them.")
@click.option("--source", default="", help="Deliberation, address, service…")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="When: 2026-03-31.")
@click.option("--licence", default="", help="What others may do with them.")
@click.option("--bring-back", is_flag=True, help="Also add what was withdrawn from the collection.")
@json_option
def add(
    paths: tuple[Path, ...],
    name: str,
    create: bool,
    audience: str,
    title: str,
    publisher: str,
    source: str,
    published: datetime | None,
    licence: str,
    bring_back: bool,
    as_json: bool,
) -> None:
    """Add files, and folders with all they hold, to a collection.

    Hidden files are skipped and links out of a folder are not followed. A file that the collection holds
    already changes nothing, so that a stopped import is resumed by the same command. In a folder, documents
    are known by their path below it: the same path with other contents is a new version.

    Exit code 0 when every file is in the library, 1 when some were refused.
    """
    files = [found for path in paths for found in find_files(path)]
    if title and len(files) > 1:
        raise click.UsageError(f"--title is for a single file; there are {len(files)}.")
    collection = _get_collection(name, create=create, audience=Collection.Audience(audience))
    about = About(title, publisher, source, published.date() if published else None, licence)
    report = add_files(files, collection, about, brings_back=bring_back)
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)
    if report.refused or report.stopped:
        raise SystemExit(1)


def find_files(path: Path) -> Iterator[Found]:
    """Give the file, or in order all that a folder holds; what cannot be read comes with the reason."""
    if not path.is_dir():
        yield Found(path, os.fsencode(path.name).decode("utf-8", "replace"))
        return
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        for name in sorted(names + links):
            if not name.startswith("."):
                yield from _find_file(Path(folder, name), path)
    for error in unreadable:
        yield Found(Path(error.filename), error.filename, refuse("unreadable", detail=error.strerror or ""))


def add_files(files: list[Found], collection: Collection, about: About, *, brings_back: bool) -> Report:
    """Add files one by one through one confined reader; one that fails leaves the others be."""
    report = Report()
    with make_progress() as progress, open_reader() as reader:
        for found in progress.track(files, description=""):
            progress.update(progress.task_ids[0], description=found.name[-_NAME_SHOWN:])
            try:
                outcome = _add_file(found, collection, about, reader, brings_back=brings_back)
                report.counts[outcome] += 1
            except WrongInput as error:
                report.note_refusal(found, error)
            except Unavailable as error:  # nothing is wrong with the files: go on when the machine can
                report.stopped = str(error)
                break
    return report


def _add_file(
    found: Found, collection: Collection, about: About, reader: ConfinedReader, *, brings_back: bool
) -> str:
    if found.refusal:
        raise found.refusal
    return add_document(
        collection=collection,
        filename=found.name,
        data=_read(found.path),
        by=None,
        about=about,
        brings_back=brings_back,
        reader=reader,
    ).state.value


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > settings.DOCUMENT_BYTES:
            raise refuse("too_large", what="bytes", size=size, limit=settings.DOCUMENT_BYTES)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise refuse("vanished") from error
    except OSError as error:
        raise refuse("unreadable", detail=error.strerror or "") from error


def _find_file(path: Path, root: Path) -> Iterator[Found]:
    """Give a file of a folder; a link to something in the same folder is left out, as that comes anyway."""
    name = os.fsencode(path.relative_to(root)).decode("utf-8", "replace")
    if path.is_symlink():
        if not _points_inside(path, root):
            yield Found(path, name, refuse("not_a_file"))
    elif stat.S_ISREG(path.lstat().st_mode):
        yield Found(path, name)
    else:
        yield Found(path, name, refuse("not_a_file"))


def _points_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve(strict=True).is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # broken, or a loop (an OSError since Python 3.13)
        return False


def _get_collection(name: str, *, create: bool, audience: Collection.Audience) -> Collection:
    existing = Collection.objects.filter(slug=name).first() or Collection.objects.filter(name=name).first()
    if existing is None and create:
        return create_collection(name=name, audience=audience)
    return existing or find_collection(name)


def _print(report: Report) -> None:
    counts = report.counts
    click.echo(
        f"{counts['added']} added, {counts['new_version']} new versions, {counts['unchanged']} unchanged, "
        f"{len(report.refused)} refused."
    )
    for refusal in report.refused:
        click.echo(f"  refused: {refusal['path']}: {refusal['reason']}", err=True)
    if report.stopped:
        click.echo(f"Stopped: {report.stopped} The same command goes on from here.", err=True)
