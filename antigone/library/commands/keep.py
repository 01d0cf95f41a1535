"""`antigone library list|collections|withdraw|restore|purge`."""

from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.table import Table

from antigone.library import actions
from antigone.library.commands.groups import find_collection, find_document, json_option, print_json
from antigone.library.models import Collection, Document


@click.command("collections")
@json_option
def list_collections(as_json: bool) -> None:
    """List the collections: who may read each, how many documents it has."""
    rows = [
        {
            "collection": collection.slug,
            "name": collection.name,
            "audience": collection.audience,
            "documents": collection.document_count,
        }
        for collection in Collection.objects.with_document_count()
    ]
    _show(rows, as_json=as_json)


@click.command("list")
@click.option("--collection", "name", metavar="NAME", help="Only this one.")
@click.option("--withdrawn", is_flag=True, help="What was withdrawn, in place of what is current.")
@json_option
def list_documents(name: str | None, withdrawn: bool, as_json: bool) -> None:
    """List the documents with their numbers."""
    documents = Document.objects.exclude(withdrawn_at=None) if withdrawn else Document.objects.current()
    if name:
        documents = documents.filter(collection=find_collection(name))
    rows = [
        {
            "document": document.pk,
            "title": document.title,
            "collection": document.collection.slug,
            "published": document.published_date,
            "filename": document.filename,
        }
        for document in documents.select_related("collection")
    ]
    _show(rows, as_json=as_json)


@click.command()
@click.argument("document_id", metavar="DOCUMENT", type=click.IntRange(1))
@click.option("--reason", required=True, help="Kept with the document, for the librarians.")
def withdraw(document_id: int, reason: str) -> None:
    """Withdraw a document: nothing finds, quotes or opens it any more."""
    document = find_document(document_id)
    actions.withdraw_document(document=document, by=None, reason=reason)
    click.echo(f"“{document.title}” is withdrawn.")


@click.command()
@click.argument("document_id", metavar="DOCUMENT", type=click.IntRange(1))
def restore(document_id: int) -> None:
    """Put a withdrawn document back in the library."""
    document = find_document(document_id)
    actions.restore_document(document=document, by=None)
    click.echo(f"“{document.title}” is back in the library.")


@click.command()
@click.argument("document_id", metavar="DOCUMENT", type=click.IntRange(1))
@click.confirmation_option(prompt="Delete this document and all its versions for good?")
def purge(document_id: int) -> None:
    """Delete a withdrawn document for good; `antigone library clean` then removes its bytes."""
    document = find_document(document_id)
    actions.purge_document(document=document, by=None)
    click.echo(f"“{document.title}” is deleted.")


def _show(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        table = Table(*rows[0], box=None)
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        Console().print(table)
    else:
        click.echo("None.")
