"""`antigone search`: what the search page finds."""

import json

import click

from antigone.accounts.commands import find_reader
from antigone.library.commands.groups import find_collection, json_option, print_json, read_lines
from antigone.library.search import Hit, Results
from antigone.library.search import search as search_passages


@click.command()
@click.argument("text")
@click.option(
    "--as", "email", metavar="EMAIL", help="Read what this person may read; a visitor's rights otherwise."
)
@click.option(
    "--collection", "names", multiple=True, metavar="NAME", help="Look only there; may be repeated."
)
@click.option(
    "--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many passages at most."
)
@json_option
def search(text: str, email: str | None, names: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find the passages that answer TEXT best. Exit code 1 when there is none.

    With - for TEXT, reads one question a line and prints one JSON object a line.
    """
    person = find_reader(email)
    collections = [find_collection(name) for name in names] or None
    if text == "-":
        for line in read_lines():
            results = search_passages(line, person=person, collections=collections, limit=limit)
            click.echo(json.dumps({"question": line, **_describe_results(results)}, ensure_ascii=False))
        return
    results = search_passages(text, person=person, collections=collections, limit=limit)
    if as_json:
        print_json(_describe_results(results))
    else:
        _print(results)
    if not results.hits:
        raise SystemExit(1)


def _print(results: Results) -> None:
    for wrong, right in results.repaired.items():
        click.echo(f"“{wrong}” stands in no document; searched for “{right}”.", err=True)
    for hit in results.hits:
        click.secho(f"{hit.passage.document.title}, {hit.passage.page.label}", bold=True)
        click.echo(f"{hit.passage.text}\n")


def _describe_results(results: Results) -> dict[str, object]:
    """Return the results for programs; `evidence` is how likely (0 to 1) they hold an answer."""
    return {
        "repaired": dict(results.repaired),
        "evidence": results.evidence,
        "passages": [_describe(hit) for hit in results.hits],
    }


def _describe(hit: Hit) -> dict[str, object]:
    """`start` and `end` are character offsets in the page's text."""
    passage = hit.passage
    return {
        "document": passage.document.title,
        "document_id": passage.document_id,
        "filename": passage.document.filename,
        "collection": passage.document.collection.slug,
        "page": passage.page.number,
        "page_label": passage.page.label,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "text": passage.text,
    }
