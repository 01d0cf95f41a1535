"""The demonstration: an invented town, its people, its documents, its draws, its consultations, its conventions."""

import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from antigone.accounts.actions import create_demo_people
from antigone.accounts.models import Group, Organisation, Person
from antigone.assistant.actions import suggest_question
from antigone.consultation.actions.demo import load_demo_consultations
from antigone.convention.actions import load_demo_conventions
from antigone.errors import NotPossible
from antigone.gateway.actions import load_demo_gateway
from antigone.library.actions import About, add_document, open_reader
from antigone.library.models import Collection, Document
from antigone.selection.actions import load_demo_draws
from antigone.selection.actions.recruitment import load_demo_recruitment

DEMO_FOLDER = settings.BASE_DIR / "deploy" / "demo"


def load_demo(report: Callable[[int, int, str], None] = lambda done, total, name: None) -> int:
    """Make the invented town's people, documents, draws, consultations and conventions; done twice, it adds nothing.

    `report` is told how many documents are done, of how many, and which comes next. Returns how many
    documents the demonstration has.
    """
    manifest = tomllib.loads((DEMO_FOLDER / "manifest.toml").read_text())
    create_demo_people()
    collections = {entry["slug"]: _make_collection(entry) for entry in manifest["collections"]}
    entries = manifest["documents"]
    with open_reader() as reader:
        for done, entry in enumerate(entries):
            report(done, len(entries), entry["title"])
            path = (DEMO_FOLDER / entry["file"]).resolve()
            add_document(
                collection=collections[entry["collection"]],
                filename=path.name,
                data=path.read_bytes(),
                by=None,
                about=About(
                    title=entry["title"],
                    publisher=entry.get("publisher", ""),
                    source=entry.get("source", ""),
                    published_date=entry.get("published"),
                    licence=entry.get("licence", ""),
                ),
                reader=reader,
            )
    _suggest(DEMO_FOLDER / "questions.toml")
    alice = _find("alice")
    load_demo_draws(folder=DEMO_FOLDER / "selection", by=alice)
    load_demo_recruitment(by=alice)
    load_demo_consultations(folder=DEMO_FOLDER / "consultation", by=alice)
    load_demo_conventions(
        folder=DEMO_FOLDER / "convention",
        by=alice,
        member=_find("bob"),
        team=[_find(name) for name in ("esther", "farid", "jeanne")],
    )
    load_demo_gateway(by=_find("david"), now=timezone.now())
    report(len(entries), len(entries), "")
    return len(entries)


def _find(name: str) -> Person:
    return Person.objects.get(email=f"{name}@valmont.example")


@transaction.atomic
def _make_collection(entry: dict[str, Any]) -> Collection:
    collection, _created = Collection.objects.get_or_create(
        slug=entry["slug"],
        defaults={
            "name": entry["name"],
            "description": entry["description"],
            "audience": entry["audience"],
            "organisation": Organisation.objects.get(slug="valmont"),
        },
    )
    collection.librarians.set(Group.objects.filter(name="Documentalistes"))
    return collection


def _suggest(path: Path) -> None:
    """Suggest the questions that are marked so and that the documents really answer."""
    for entry in tomllib.loads(path.read_text())["questions"]:
        if entry.get("suggested"):
            document = Document.objects.get(filename=Path(entry["file"]).name)
            with suppress(NotPossible):
                suggest_question(document=document, question=entry["question"], by=None)
