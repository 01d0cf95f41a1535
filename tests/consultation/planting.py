"""A consultation with a secret in everything that is not everybody's, and every address of the room."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.pictures import freeze_picture
from antigone.consultation.drawing import refresh_picture
from antigone.consultation.models import (
    Consultation,
    DoorCode,
    ModerationDecision,
    Moderator,
    Participant,
    ProfileOption,
    ProfileQuestion,
    Statement,
    Suspicion,
)
from antigone.consultation.urls import urlpatterns
from tests.consultation.town import add_votes, make_camps

# What the parts of an address stand for; a new name needs a line here, else the search would pass it by.
NOWHERE = 999_999
# Statements, by their numbers.
EDITED, REJECTED, WAITING = 1, 9, 10
TABLES = ("statements", "votes", "participants", "codes", "nowhere")
ROWS: dict[str, type[Any]] = {
    "sheet": Participant,
    "delete_sheet": Participant,
    "edit_profile": ProfileQuestion,
    "delete_profile": ProfileQuestion,
    "dismiss_moderator": Moderator,
    "decide_suspicion": Suspicion,
}
QUERIES = ("", "?q=e&show=rejected&affirmations&toutes&sort=votes&encore", "?show=accepted&affirmation=10")


@dataclass(frozen=True, slots=True)
class Town:
    """The consultation that everybody reads, the one that is being prepared, and two of those who vote."""

    consultation: Consultation
    draft: Consultation
    voter: Participant
    author: Participant


def plant(consultation: Consultation, *, leader: Person, moderator: Person) -> Town:
    """Plant a secret of each kind; the number after it, where there is one, tells whose it is."""
    now = timezone.now()
    people = make_camps(consultation)
    voter, author = people[0], people[1]
    moderator.name = "SECRET-moderator"
    moderator.save(update_fields=["name"])
    plant_statements(consultation, author, moderator)
    for number, person in enumerate(people):
        person.network = f"SECRET-network-{number}"
        person.person_key = f"SECRET-personkey-{number}"
        person.code = DoorCode.objects.create(consultation=consultation, hash=f"SECRET-code-{number}")
        person.save()
    (sheet,) = add_votes(consultation, [[1, 1, 0, 1, -1, 0, 1, -1]])
    sheet.channel, sheet.sheet, sheet.entered_by = Participant.Channel.PAPER, "SECRET-sheet-1", moderator
    sheet.save()
    question = ProfileQuestion.objects.create(consultation=consultation, text="Votre âge ?")
    option = ProfileOption.objects.create(question=question, text="Moins de 30 ans")
    author.profile.create(question=question, option=option)
    suspicion = Suspicion.objects.create(
        consultation=consultation, kind="burst", key="SECRET-key-1", first_at=now, last_at=now, found_at=now
    )
    suspicion.participants.set(people[:6])
    refresh_picture(consultation, now)
    freeze_picture(consultation=consultation, by=leader, title="Au printemps", now=now)
    return Town(consultation, plant_draft(consultation, leader), voter, author)


def plant_statements(consultation: Consultation, author: Participant, moderator: Person) -> None:
    """Add a statement that was rejected after votes, one that waits, and an accepted one with its words before."""
    for number, state in ((REJECTED, Statement.State.REJECTED), (WAITING, Statement.State.WAITING)):
        text = f"SECRET-{state.value}-{number}"
        made = Statement.objects.create(
            consultation=consultation, number=number, text=text, key=text.lower(), state=state, author=author,
            created_at=timezone.now() - timedelta(days=1),
        )  # fmt: skip
        if state == Statement.State.REJECTED:
            author.votes.create(statement=made, value=1, cast_at=timezone.now())
            decide(made, ModerationDecision.Kind.REJECT, moderator, reason="hateful")
    consultation.last_statement = WAITING
    consultation.save(update_fields=["last_statement"])
    edited = consultation.statements.get(number=EDITED)
    decide(edited, ModerationDecision.Kind.EDIT, moderator, before="SECRET-before-1")


def decide(statement: Statement, kind: str, moderator: Person, **more: str) -> None:
    ModerationDecision.objects.create(
        consultation=statement.consultation, statement=statement, kind=kind, decided_at=timezone.now(),
        decided_by=moderator, **more,
    )  # fmt: skip


def plant_draft(consultation: Consultation, leader: Person) -> Consultation:
    """Prepare another consultation of the same organisation, every word of which is a secret."""
    draft = Consultation.objects.create(
        organisation=consultation.organisation, slug="a-venir", title="SECRET-draft-1", question="SECRET-draft-2",
        context="SECRET-draft-3", asked_by="SECRET-draft-4", use="SECRET-draft-5", created_by=leader,
        last_statement=1,
    )  # fmt: skip
    Statement.objects.create(
        consultation=draft, number=1, text="SECRET-draft-6", key="secret draft 6", is_seed=True,
        state=Statement.State.ACCEPTED, created_at=timezone.now(),
    )  # fmt: skip
    return draft


def list_addresses(*slugs: str, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Give every address of the room for the consultations named, filled with what is there and what is not."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        assert pattern.name
        names = [name for name in pattern.pattern.converters if name != "slug"]
        if pattern.name in without:
            continue
        for slug in slugs if "slug" in pattern.pattern.converters else ("",):
            for values in itertools.product(*(list_values(pattern.name, name) for name in names)):
                filled = dict(zip(names, values, strict=True)) | ({"slug": slug} if slug else {})
                yield reverse(f"consultation:{pattern.name}", kwargs=filled)


def list_values(address: str, name: str) -> tuple[object, ...]:
    """Give what may fill a part of an address: every row of what it names, and one that is not there."""
    if name == "number":
        return EDITED, REJECTED, WAITING, NOWHERE
    if name == "table":
        return TABLES
    if name == "picture_id":
        pictures = apps.get_model("consultation", "Picture")
        return (*pictures.objects.values_list("pk", flat=True), NOWHERE)
    assert name in ("pk", "suspicion_id"), f"say in ROWS what <{name}> of “{address}” is"
    assert address in ROWS, f"say in ROWS what <{name}> of “{address}” is"
    return (*ROWS[address].objects.values_list("pk", flat=True), NOWHERE)


def ask(browser: Client, method: str, address: str, data: dict[str, str] | None = None) -> Any:
    """Send a request as the first of its minute: limits are tested elsewhere."""
    caches["memory"].clear()
    if data is None:
        return browser.generic(method, address)
    return browser.post(address, data)


def read_body(response: Any) -> str:
    """Give the words of a page, of a file, and of those in an archive; and of its headers."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    return headers + content.decode(errors="replace")


def find_secrets(text: str) -> set[str]:
    return set(re.findall(r"secret-([a-z]+)", text.casefold()))


def photograph() -> dict[str, list[tuple[Any, ...]]]:
    """Take down every row of the room."""
    models = apps.get_app_config("consultation").get_models(include_auto_created=True)
    return {model.__name__: sorted(model._base_manager.values_list(), key=repr) for model in models}
