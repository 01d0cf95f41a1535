"""`antigone search`: what the search page finds."""

import click

from antigone.accounts.models import Person
from antigone.errors import NotFound
from antigone.library.commands.groups import find_collection, json_option, print_json
from antigone.library.search import Hit
from antigone.library.search import search as search_passages


@click.command()
@click.argument("text")
@click.option(
    "--as", "email", metavar="EMAIL", help="Read what this person may read; a visitor's rights otherwise."
)
@click.option(
    "--collection", "names", multiple=True, metavar="NAME", help="Look only there; may be repeated."
)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@json_option
def search(text: str, email: str | None, names: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find the passages that answer TEXT best. Exit code 1 when there is none."""
    results = search_passages(
        text,
        person=_find_person(email),
        collections=[find_collection(name) for name in names] or None,
        limit=limit,
    )
    if as_json:
        print_json({"repaired": dict(results.repaired), "passages": [_describe(hit) for hit in results.hits]})
    else:
        for wrong, right in results.repaired.items():
            click.echo(f"“{wrong}” stands in no document; searched for “{right}”.", err=True)
        for hit in results.hits:
            click.secho(f"{hit.passage.document.title}, {hit.passage.page.label}", bold=True)
            click.echo(f"{hit.passage.text}\n")
    if not results.hits:
        raise SystemExit(1)


def _describe(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "document": passage.document_id,
        "title": passage.document.title,
        "page": passage.page.number,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "text": passage.text,
    }


def _find_person(email: str | None) -> Person | None:
    if not email:
        return None
    person = Person.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise NotFound("person_unknown", "Nobody here has the address “%(email)s”.", email=email)
    return person
