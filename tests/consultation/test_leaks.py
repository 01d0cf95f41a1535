"""Secrets are planted, then everything that the room serves to each person is searched for them.

The addresses are read from the room's own list, so that a page that is added is searched too.
"""

import io
import logging
import zipfile

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation import drawing
from antigone.consultation.cookies import name_cookie, seal_participant
from antigone.consultation.models import Consultation, Participant, Picture, Statement
from tests.consultation.conftest import Opens
from tests.consultation.planting import (
    QUERIES,
    Town,
    ask,
    find_secrets,
    list_addresses,
    photograph,
    plant,
    read_body,
)

# Nobody at all is served these.
NEVER = {"network", "personkey", "code", "key"}
TEAM = {"rejected", "waiting", "before", "moderator", "sheet", "draft"}
# What each may be served, and must be somewhere: else the search would pass because it looks at nothing.
SERVED: dict[str, set[str]] = {
    "visitor": set(),
    "voter": set(),
    "author": {"rejected", "waiting"},
    "marc": set(),
    "olivia": set(),
    "farid": set(),
    "esther": {"rejected", "waiting", "before", "moderator"},
    "chloe": {"rejected", "waiting", "before", "moderator", "sheet"},
    "alice": TEAM,
}
# Whoever has no part: what they are told of a draft is what they are told of nothing.
WITHOUT_PART = ("visitor", "voter", "marc", "olivia", "farid", "esther", "chloe")
METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
# Votes and statements are everybody's to send; a facilitator of another organisation begins their own consultations.
OPEN_TO_ALL = frozenset({"vote", "submit", "new", "import"})
SENT = {
    "title": "T", "text": "T", "texts": "T\nU", "lines": "T", "question": "T", "asked_by": "T", "use": "T",
    "action": "reject", "reason": "off_topic", "seen": "10:0", "note": "N", "into": "1", "email": "zoe@ville.example",
    "count": "3", "sites": "https://zoe.example", "options": "A\nB", "source": "S", "version": "1", "sheet": "9",
    "channel": "paper", "statement-1": "1", "state": "cleared", "opens_date": "2030-01-01",
    "closes_date": "2030-02-01", "confirm": "1", "code": "AAAA-AAAA",
}  # fmt: skip


@pytest.fixture
def town(consultation: Consultation, alice: Person, chloe: Person) -> Town:
    drawing._memories.clear()
    return plant(consultation, leader=alice, moderator=chloe)


@pytest.fixture
def browsers(
    town: Town,
    opens: Opens,
    alice: Person,
    chloe: Person,
    esther: Person,
    farid: Person,
    olivia: Person,
    marc: Person,
) -> dict[str, Client]:
    people = (alice, chloe, esther, farid, olivia, marc)
    found = {person.email.partition("@")[0]: opens(person) for person in people}
    return found | {
        "visitor": opens(None),
        "voter": vote_as(opens(None), town.consultation, town.voter),
        "author": vote_as(opens(None), town.consultation, town.author),
    }


def vote_as(browser: Client, consultation: Consultation, participant: Participant) -> Client:
    for is_embedded in (False, True):
        name = name_cookie(consultation.pk, is_embedded=is_embedded)
        browser.cookies[name] = seal_participant(consultation.pk, participant.pk)
    return browser


def is_there(response: HttpResponse) -> bool:
    return response.status_code == 200


@pytest.mark.parametrize("role", SERVED)
def test_nobody_is_served_what_is_not_theirs(
    role: str, town: Town, browsers: dict[str, Client], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    # The draft is read by its leader alone; she reads it here, and others in the test below.
    seen: set[str] = set()
    served = 0
    for address in list_addresses(town.consultation.slug, town.draft.slug):
        for query in QUERIES:
            response = ask(browsers[role], "GET", address + query)
            assert response.status_code < 500, address
            found = find_secrets(read_body(response))
            assert found <= SERVED[role], f"{address}{query} gives {role}: {found - SERVED[role]}"
            seen |= found
            served += is_there(response)
    assert seen == SERVED[role]
    assert served >= 60
    assert not find_secrets(" ".join(record.getMessage() for record in caplog.records))


def test_the_search_finds_what_is_planted(town: Town) -> None:
    """The search sees archives, headers and letters of either size; and all that it looks for is there."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("votes.csv", "SECRET-network-3")
    hidden = HttpResponse(archive.getvalue(), headers={"Location": "/secret-code-1/"})
    assert find_secrets(read_body(hidden)) == {"network", "code"}
    assert find_secrets(repr(photograph())) == NEVER | TEAM - {"moderator"}


@pytest.mark.parametrize("role", WITHOUT_PART)
def test_a_draft_is_told_from_nothing_by_nobody(role: str, town: Town, browsers: dict[str, Client]) -> None:
    drafts, nothings = list_addresses("a-venir"), list_addresses("jamais-vue")
    for draft, nothing in zip(drafts, nothings, strict=True):
        for method, data in (("GET", None), ("POST", SENT), *((method, None) for method in METHODS)):
            told, expected = (ask(browsers[role], method, address, data) for address in (draft, nothing))
            assert told.status_code == expected.status_code, (draft, method)
            assert not find_secrets(read_body(told)) - SERVED[role], (draft, method)


@pytest.mark.parametrize("role", ["visitor", "marc", "olivia", "farid", "esther"])
def test_nobody_without_a_part_changes_anything(role: str, town: Town, browsers: dict[str, Client]) -> None:
    before = photograph()
    for address in list_addresses(town.consultation.slug, town.draft.slug, without=OPEN_TO_ALL):
        for method, data in (("POST", SENT), *((method, None) for method in METHODS)):
            response = ask(browsers[role], method, address, data)
            assert response.status_code in (200, 302, 403, 404, 405), (address, method)
            assert not find_secrets(read_body(response)) - SERVED[role], (address, method)
    assert photograph() == before


def test_moderator_does_nothing_that_is_its_leaders(town: Town, browsers: dict[str, Client]) -> None:
    """What only those who lead it may do leaves the question, its rules, its team and its codes as they were."""
    kept = ("Consultation", "Moderator", "Choice", "DoorCode", "ProfileQuestion", "Picture", "Suspicion")
    before = photograph()
    for address in list_addresses(town.consultation.slug, without=OPEN_TO_ALL):
        assert ask(browsers["chloe"], "POST", address, SENT).status_code < 500, address
    # A sheet that she deletes, as she may, adds to the log of votes.
    Consultation.objects.filter(pk=town.consultation.pk).update(last_number=town.consultation.last_number)
    after = photograph()
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_votes_cast_on_line_are_no_sheet(town: Town, browsers: dict[str, Client]) -> None:
    on_line = Participant.objects.filter(consultation=town.consultation).online().values_list("pk", flat=True)
    before = photograph()
    for key in on_line:
        for role in ("chloe", "alice"):
            address = f"/consultations/vivre-ici/bulletins/{key}/"
            assert ask(browsers[role], "GET", address).status_code == 404
            assert ask(browsers[role], "POST", address, {"statement-1": "-1"}).status_code == 404
            assert ask(browsers[role], "POST", f"{address}supprimer/", {}).status_code == 404
    assert photograph() == before


def test_statement_is_withdrawn_by_its_author_alone(town: Town, browsers: dict[str, Client]) -> None:
    address = "/consultations/vivre-ici/voter/proposer/{}/retirer/"
    texts = dict(Statement.objects.values_list("pk", "text"))
    for role in ("visitor", "voter", "chloe", "alice"):
        for number in range(1, 11):
            assert ask(browsers[role], "POST", address.format(number), {}).status_code == 404
    assert dict(Statement.objects.values_list("pk", "text")) == texts
    assert ask(browsers["author"], "POST", address.format(10), {}).status_code == 302
    assert Statement.objects.get(consultation=town.consultation, number=10).text == ""


def test_cookie_of_one_consultation_opens_no_other(town: Town, opens: Opens) -> None:
    """A number sealed for another consultation, or another number under the same seal, is nobody's."""
    number, _point, seal = seal_participant(town.draft.pk, town.voter.pk).partition(".")
    own = seal_participant(town.consultation.pk, town.voter.pk).partition(".")[2]
    before = photograph()
    for forged in (f"{number}.{seal}", f"{town.author.pk}.{own}", f"{number}.", f"0{number}.{seal}"):
        browser = opens(None)
        browser.cookies[name_cookie(town.consultation.pk)] = forged
        page = ask(browser, "GET", "/consultations/vivre-ici/voter/revoir/")
        assert not find_secrets(read_body(page))
        assert ask(browser, "GET", "/consultations/vivre-ici/voter/effacer/").status_code == 404
        vote = ask(browser, "POST", "/consultations/vivre-ici/voter/", {"statement": "1", "vote": "-1"})
        assert vote.status_code == 422
    assert photograph() == before


def test_picture_of_another_consultation_is_not_there(town: Town, browsers: dict[str, Client]) -> None:
    kept = Picture.objects.create(
        consultation=town.draft, number=1, drawn_at=timezone.now(), fingerprint="f" * 64, title="SECRET-draft-7",
        frozen_at=timezone.now(),
    )  # fmt: skip
    for role in SERVED:
        told = ask(browsers[role], "GET", f"/consultations/vivre-ici/resultats/{kept.pk}/")
        assert told.status_code == 404
    data = ask(browsers["visitor"], "GET", f"/consultations/vivre-ici/donnees/?picture={'f' * 12}")
    assert data.status_code == 404


def test_own_pages_are_kept_by_no_cache(town: Town, browsers: dict[str, Client]) -> None:
    """What the cookie opens is neither stored on the way nor by a library's shared browser."""
    for path in ("", "revoir/", "mon-groupe/", "profil/", "effacer/", "proposer/"):
        page = ask(browsers["author"], "GET", f"/consultations/vivre-ici/voter/{path}")
        assert "no-store" in page.headers["Cache-Control"], path
    report = ask(browsers["author"], "GET", "/consultations/vivre-ici/resultats/")
    assert "no-store" in report.headers["Cache-Control"]


def test_administration_shows_nothing_of_the_room() -> None:
    """Operators have no part: no table of it can be opened in the administration."""
    shown = {model._meta.app_label for model in admin.site._registry}
    assert "consultation" not in shown
