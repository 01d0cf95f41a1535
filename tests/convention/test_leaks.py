"""Names are planted, then everything that the room serves to each person is searched for them.

The addresses are read from the room's own list, so that a page that is added is searched too.
"""

import io
import itertools
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from antigone.accounts.models import Organisation, Person
from antigone.convention.actions import load_demo_conventions
from antigone.convention.models import (
    AgendaItem,
    Convention,
    Hearing,
    Identity,
    Member,
    Note,
    Observation,
    OfficialAnswer,
    Payment,
    Session,
)
from antigone.convention.urls import urlpatterns
from antigone.convention.views.shell import PLACES
from antigone.convention.wording import sort_key
from antigone.selection.models import Draw, Respondent, Seat
from tests.convention.conftest import Opens

DEMO = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "convention"
SLUG = "convention-citoyenne-sur-la-ville-la-nuit"
ANSWERED = "convention-citoyenne-sur-leau"
# What an address may hold besides the name of the convention and what is in it.
NOWHERE = 999_999
WORDS: dict[str, tuple[object, ...]] = {
    "number": (1, 9, NOWHERE),
    "language": ("fr", "en"),
    "table": ("members", "questions", "nowhere"),
}
# What people of the team read, or members, but nobody else.
NOT_PUBLIC = {"minutes", "agenda", "practical", "hearing", "observation", "draft", "payment"}
# What a role must be served somewhere: else the search would pass because it looks at nothing.
SERVED = {
    "visitor": set(),
    "stranger": set(),
    "operator": set(),
    "expert": set(),
    "official": {"draft"},
    "member": {"practical"},
    "guarantor": {"observation", "minutes"},
    "facilitator": {"name", "contact", "minutes"},
}  # fmt: skip
# Who somebody is: for the facilitators alone, and one's own.
NAMES = {"name", "contact", "needs"}
REFUSED = {
    "visitor": NOT_PUBLIC | NAMES | {"note", "seat"},
    "stranger": NOT_PUBLIC | NAMES | {"note", "seat"},
    "operator": NOT_PUBLIC | NAMES | {"note", "seat"},
    "expert": NAMES | {"note", "seat", "observation", "draft", "payment"},
    "official": NAMES | {"note", "seat", "observation", "payment"},
    "member": NAMES | {"note", "seat", "observation", "draft"},
    "guarantor": NAMES | {"note"},
    "facilitator": {"note"},
}


@pytest.fixture
def town(
    city: Organisation, alice: Person, esther: Person, farid: Person, jeanne: Person, bob: Person
) -> Convention:
    """The conventions of the demonstration, with a secret in everything that is not public."""
    people = (
        (alice, "Alice Morel"),
        (esther, "Esther Kouassi"),
        (farid, "Farid Haddad"),
        (jeanne, "Jeanne Astier"),
    )
    for person, name in people:
        person.name = name
        person.save(update_fields=["name"])
    load_demo_conventions(folder=DEMO, by=alice, member=bob, team=[esther, farid, jeanne])
    for convention in Convention.objects.filter(organisation=city):
        plant(convention, esther)
    return Convention.objects.get(slug=SLUG)


def plant(convention: Convention, guarantor: Person) -> None:
    now = timezone.now()
    draw = Draw.objects.create(
        organisation=convention.organisation, title=convention.title, size=40, people=40
    )
    convention.draw = draw
    convention.save(update_fields=["draw"])
    for member in Member.objects.filter(convention=convention):
        respondent = Respondent.objects.create(
            draw=draw, identifier=f"SECRET-seat-{member.number}", pseudonym=f"SECRET-seat-{member.number}"
        )
        member.seat = Seat.objects.create(
            draw=draw, number=member.number, respondent=respondent, holder=respondent
        )
        member.save(update_fields=["seat"])
        own = {"name": f"SECRET-name-{member.number}", "contact": f"SECRET-contact-{member.number}"}
        Identity.objects.update_or_create(
            member=member,
            defaults=own
            | {"needs": f"SECRET-needs-{member.number}", "identifier": f"SECRET-seat-{member.number}"},
        )
        Note.objects.create(member=member, text=f"SECRET-note-{member.number}", saved_at=now)
        Payment.objects.create(
            member=member, kind="other", label=f"SECRET-payment-{member.number}", amount=1, owed_at=now
        )
    plant_unpublished(convention, guarantor)


def plant_unpublished(convention: Convention, guarantor: Person) -> None:
    now = timezone.now()
    Session.objects.filter(convention=convention).update(practical="SECRET-practical")
    last = Session.objects.create(
        convention=convention,
        number=9,
        title="Session à venir",
        starts_at=now + timedelta(days=30),
        ends_at=now + timedelta(days=31),
        minutes="SECRET-minutes",
        recording="https://SECRET-minutes.example",
    )
    AgendaItem.objects.create(session=last, starts_at=last.starts_at, title="SECRET-agenda")
    Hearing.objects.create(
        convention=convention, session=last, expert_name="SECRET-hearing", subject="SECRET-hearing",
        interests="SECRET-hearing",
    )  # fmt: skip
    Observation.objects.create(
        convention=convention,
        text="SECRET-observation",
        written_at=now,
        written_by=guarantor,
        public_from=now + timedelta(days=30),
    )
    for proposal in convention.proposals.filter(state="adopted", answer=None)[:1]:
        OfficialAnswer.objects.create(
            proposal=proposal, status="accepted", reasons="SECRET-draft", answerer="Farid", saved_at=now
        )


def list_addresses() -> Iterator[str]:
    """Give every address of the room, filled with what is there and what is not."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        names = [name for name in pattern.pattern.converters if name != "slug"]
        for slug in (SLUG, ANSWERED) if "slug" in pattern.pattern.converters else ("",):
            for values in itertools.product(*(list_values(name, slug) for name in names)):
                filled = dict(zip(names, values, strict=True)) | ({"slug": slug} if slug else {})
                yield reverse(f"convention:{pattern.name}", kwargs=filled)


def list_values(name: str, slug: str) -> tuple[object, ...]:
    """Give what may fill a part of an address: a row of the table that it names, else the number 1; and nothing."""
    if name in WORDS:
        return WORDS[name]
    models = {model.__name__.lower(): model for model in apps.get_app_config("convention").get_models()}
    model = models.get(name.removesuffix("_id").replace("_", ""))
    if model is None:
        return (1, NOWHERE)
    rows = model._base_manager.order_by("pk")
    owned = any(field.name == "convention" for field in model._meta.fields)
    row = (rows.filter(convention__slug=slug) if owned else rows).first()
    return (row.pk, NOWHERE) if row else (NOWHERE,)


def read_text(content: bytes) -> str:
    """Give the words of a page or of a file, those of archives and PDF included."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))
    return content.decode(errors="replace")


def find_secrets(text: str, own: int | None = None) -> set[str]:
    """Give the kinds of secrets in a text, save those of the member who reads it."""
    found = re.findall(r"SECRET-([a-z]+)(?:-(\d+))?", text)
    return {kind for kind, number in found if own is None or number != str(own)}


def open_all(browser: Client) -> Iterator[tuple[str, Any]]:
    for address in list_addresses():
        yield address, browser.get(address)


@pytest.mark.parametrize("role", REFUSED)
def test_nobody_is_served_what_is_not_theirs(
    role: str,
    town: Convention,
    opens: Opens,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    fixtures = {
        "stranger": "marc", "operator": "olivia", "expert": "jeanne", "official": "farid", "member": "bob",
        "guarantor": "esther", "facilitator": "alice",
    }  # fmt: skip
    person = request.getfixturevalue(fixtures[role]) if role in fixtures else None
    own = town.members.get(person=person).number if role == "member" else None
    served, seen = 0, set()
    for address, response in open_all(opens(person)):
        assert response.status_code < 500, address
        shown = read_text(b"".join(response.streaming_content) if response.streaming else response.content)
        seen |= find_secrets(shown, own)
        leaked = seen & REFUSED[role]
        assert not leaked, f"{address} gives {role}: {leaked}"
        served += response.status_code == 200
    assert served >= 2 * len(PLACES)
    assert seen >= SERVED[role]
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert not find_secrets(logged)


def test_the_search_finds_what_is_planted(town: Convention) -> None:
    """The open data of a facilitator's own identity page would be found: the search sees archives and PDF."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("content.xml", "SECRET-name-3")
    assert find_secrets(read_text(archive.getvalue())) == {"name"}
    assert find_secrets("SECRET-name-3 SECRET-note-4", own=3) == {"note"}
    assert Identity.objects.filter(name="SECRET-name-3").count() == 2


def test_what_is_sent_without_right_says_nothing(town: Convention, opens: Opens, marc: Person) -> None:
    browser = opens(marc)
    for address in list_addresses():
        response = browser.post(address, {"name": "x"})
        assert response.status_code < 500, address
        assert not find_secrets(response.content.decode(errors="replace")), address


def test_open_data_has_no_seat(town: Convention, opens: Opens) -> None:
    """The number of a member in the files follows the names, not the seats of the draw."""
    for number, member in enumerate(town.members.order_by("-pseudonym"), 1):
        Member.objects.filter(pk=member.pk).update(number=1_000 + number)
    exported = opens(None).get(f"/conventions/{SLUG}/donnees/convention.json").json()
    names = [member["name"] for member in exported["members"]]
    assert names == sorted(names, key=sort_key)
    assert [member["member"] for member in exported["members"]] == list(range(1, 41))
