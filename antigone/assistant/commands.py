"""The assistant on the terminal."""

import json
from functools import partial
from typing import Any

import click
from django.conf import settings
from django.utils import translation
from rich.console import Console
from rich.text import Text

from antigone.accounts.commands import find_reader
from antigone.assistant import actions
from antigone.assistant.answers import Answer, Sentence
from antigone.assistant.asking import answer_question, find_model
from antigone.assistant.exports import describe_source
from antigone.assistant.wording import explain_outcome, explain_reason, name_mark
from antigone.core.grounding import Mark
from antigone.gateway.speaking import find_first
from antigone.library.commands.groups import (
    find_collection,
    json_option,
    make_progress,
    print_json,
    read_lines,
)
from antigone.library.models import Passage

_STYLES = {Mark.CITED: "bold", Mark.SUPPORTED: "green", Mark.UNVERIFIED: "red"}


@click.command()
@click.argument("question")
@json_option
@click.option(
    "--collection", "names", multiple=True, metavar="NAME", help="Look only there; may be repeated."
)
@click.option(
    "--as", "email", metavar="EMAIL", help="Read what this person may read; a visitor's rights otherwise."
)
@click.option(
    "--engine", "engine_name", metavar="NAME", default="", help="Who answers; “extraits” for quotes alone."
)
@click.option(
    "--language",
    type=click.Choice(["fr", "en"]),
    default="fr",
    show_default=True,
    help="Of the marks and reasons.",
)
def ask(
    question: str, as_json: bool, names: tuple[str, ...], email: str | None, engine_name: str, language: str
) -> None:
    """Answer QUESTION with the city's documents, each sentence with its source.

    Exit code 0 when it is answered, 1 when nothing was found or the question cannot be taken. With - for
    QUESTION, reads one question a line and prints one JSON object a line.
    """
    answer_one = partial(
        answer_question,
        person=find_reader(email),
        model=find_model(engine_name),
        collections=[find_collection(name) for name in names] or None,
    )
    with translation.override(language):
        if question == "-":
            for line in read_lines():
                click.echo(json.dumps(describe_answer(answer_one(line)), ensure_ascii=False))
            return
        answer = answer_one(question)
        if as_json:
            print_json(describe_answer(answer))
        else:
            _print(answer)
    if answer.abstained:
        raise SystemExit(1)


def describe_answer(answer: Answer) -> dict[str, Any]:
    """Return the answer for programs: `start` and `end` are character offsets in the page's text."""
    sources = {source.number: source for source in answer.sources}

    def describe_sentence(sentence: Sentence) -> dict[str, Any]:
        return {
            "text": sentence.text,
            "mark": sentence.mark.value,
            "is_main": sentence.is_main,
            "citations": [
                {
                    "document": sources[citation.source].title,
                    "document_id": sources[citation.source].document_id,
                    "filename": sources[citation.source].filename,
                    "page": sources[citation.source].page,
                    "page_label": sources[citation.source].page_label,
                    "start": citation.start,
                    "end": citation.end,
                    "quote": citation.quote,
                }
                for citation in sentence.citations
            ],
            "reasons": [{"code": reason.code, **reason.params} for reason in sentence.reasons],
        }

    return {
        "question": answer.question,
        "answer": answer.text if not answer.abstained else explain_outcome(answer.outcome),
        "sentences": [describe_sentence(sentence) for sentence in answer.sentences],
        "abstained": answer.abstained,
        "outcome": answer.outcome.value,
        "looked_at": [describe_source(source) for source in answer.sources] if answer.abstained else [],
        "confidence": answer.confidence,
        "understood": answer.understood,
        "repaired": dict(answer.repaired),
        "engine": answer.engine,
        "fallback": answer.fallback,
        "invented_references": answer.invented_references,
    }


def _print(answer: Answer) -> None:
    console = Console(highlight=False)
    if answer.fallback:
        console.print(Text(answer.fallback, style="red"))
    if answer.abstained:
        console.print(explain_outcome(answer.outcome))
    for sentence in answer.sentences:
        references = "".join(f" [{number}]" for number in dict.fromkeys(c.source for c in sentence.citations))
        reasons = " ".join(explain_reason(reason) for reason in sentence.reasons)
        mark = name_mark(sentence.mark) + (f": {reasons}" if reasons and not sentence.citations else "")
        console.print(
            Text(f"{sentence.text}{references}", style=_STYLES[sentence.mark]), Text(f"({mark})", style="dim")
        )
    if answer.sources:
        console.print()
    for source in answer.sources:
        console.print(Text(f"[{source.number}] {describe_source(source)}", style="dim"))


@click.command()
def embed() -> None:
    """Have the embedding engine make a vector of each passage, so that questions find it by its meaning.

    Passages that have one of its model already are left alone, so that what was stopped is resumed by the same
    command. The worker does it too, some thousands an hour. Exit code 1 when there is no such engine, or it fails.
    """
    model = find_first("embedding")
    if model is None:
        raise click.ClickException(
            "ANTIGONE_ENGINES has no engine of the kind “embedding”: see docs/settings.md."
        )
    total = Passage.objects.without_vector(model.name).count()
    done = 0
    with translation.override("en"), make_progress() as progress:
        task = progress.add_task("", total=total)
        for number in actions.embed_passages(model):
            done += number
            progress.update(task, completed=done)
    click.echo(f"{done} passages have a new vector.")


@click.group()
def conversations() -> None:
    """What people asked, which the operator cannot read."""


@conversations.command()
def purge() -> None:
    """Delete the conversations whose days are over (the worker does it every hour)."""
    count = actions.delete_expired_conversations()
    click.echo(f"{count} conversations deleted; they are kept {settings.CONVERSATION_DAYS} days.")
