"""Whatever is typed, sent or forged, no page breaks and nothing is written that was not to be."""

import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation import actions, drawing
from antigone.consultation.actions.submissions import submit_statement, withdraw_statement
from antigone.consultation.cookies import name_cookie, seal_participant
from antigone.consultation.models import Consultation, Moderator, Participant, Statement, Vote
from antigone.core.opinion import WITHDRAWN
from antigone.errors import AntigoneError, NotAllowed, NotPossible
from tests.consultation.conftest import Opens
from tests.consultation.planting import Town, ask, list_addresses, photograph, plant
from tests.consultation.test_leaks import SENT, vote_as

HOSTILE = {
    "nothing shown": "\0\u202e\u200b",
    "too large a number": "9" * 40,
    "too long": "<é>" * 3_400,
    "a formula": "=HYPERLINK(\"http://x\")\r\nSet-Cookie: a=b",
}  # fmt: skip
# Beside what the forms of test_leaks hold.
MORE = (
    "vote", "important", "next", "kind", "decision", "different", "person", "moderation", "door", "embedders",
    "statement_length", "visit_cap", "statements_each", "publishes_matrix", "statement", "context", "texts",
)  # fmt: skip
ASKED = ("q", "show", "sort", "page", "affirmation", "channel", "model", "state")


@pytest.fixture
def town(consultation: Consultation, alice: Person, chloe: Person) -> Town:
    drawing._memories.clear()
    return plant(consultation, leader=alice, moderator=chloe)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_is_typed_breaks_a_page(
    value: str, town: Town, opens: Opens, alice: Person, chloe: Person
) -> None:
    sent = dict.fromkeys([*SENT, *MORE], value)
    for person in (None, alice, chloe):
        browser = vote_as(opens(person), town.consultation, town.voter)
        for address in list_addresses(town.consultation.slug):
            file = SimpleUploadedFile("a.csv", b"\xff\xfe\0" + value.encode())
            # Where no such picture is, nothing else is looked at.
            for asked in (ASKED, ("picture",)):
                assert browser.get(address, dict.fromkeys(asked, value)).status_code < 500, address
            caches["memory"].clear()
            assert browser.post(address, {**sent, "file": file}).status_code < 500, (address, person)


def test_page_of_one_consultation_changes_nothing_of_another(
    town: Town, opens: Opens, alice: Person, chloe: Person
) -> None:
    """Rows of the first are asked for under the name of the second, by who leads both."""
    other = town.draft
    other.opens_date = timezone.localdate() - timedelta(days=1)
    other.closes_date = timezone.localdate() + timedelta(days=1)
    other.published_at = timezone.now()
    other.save()
    Moderator.objects.create(consultation=other, person=chloe, named_by=alice)
    before = photograph_of(town.consultation)
    for person in (alice, chloe):
        browser = vote_as(opens(person), town.consultation, town.author)
        for address in list_addresses(other.slug):
            assert ask(browser, "POST", address, SENT).status_code < 500, address
    assert photograph_of(town.consultation) == before


def photograph_of(consultation: Consultation) -> dict[str, list[Any]]:
    """Take down what belongs to a consultation."""
    kept = (
        "statements",
        "participants",
        "moderators",
        "pictures",
        "codes",
        "choices",
        "suspicions",
        "decisions",
    )
    found = {name: sorted(getattr(consultation, name).values_list(), key=repr) for name in kept}
    votes = Vote.objects.filter(participant__consultation=consultation)
    return found | {
        "votes": sorted(votes.values_list()),
        "lines": list(consultation.vote_changes.values_list()),
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://ailleurs.example"},
        {"origin": "null"},
        {"referer": "https://ailleurs.example/testserver"},
        {"origin": "http://testserver.ailleurs.example"},
    ],
)
def test_page_of_another_site_neither_votes_nor_erases(
    headers: dict[str, str], town: Town, opens: Opens
) -> None:
    Consultation.objects.filter(pk=town.consultation.pk).update(embedders="https://ville.example")
    before = photograph()
    browser = vote_as(opens(None), town.consultation, town.voter)
    for path, sent in (("", {"statement": "1", "vote": "-1"}), ("integre/effacer/", {})):
        answer = browser.post(f"/consultations/vivre-ici/voter/{path}", sent, headers=headers)
        assert answer.status_code == 403, path
    assert photograph() == before


def test_other_forms_of_participants_need_the_token_of_their_page(town: Town) -> None:
    before = photograph()
    browser = vote_as(Client(enforce_csrf_checks=True), town.consultation, town.author)
    for path in ("effacer/", "proposer/", "proposer/10/retirer/", "profil/", "entrer/"):
        answer = ask(browser, "POST", f"/consultations/vivre-ici/voter/{path}", {"text": "Un jardin de plus"})
        assert answer.status_code in (403, 302), path
    assert photograph() == before


def test_cookie_of_who_erased_everything_votes_no_more(town: Town, opens: Opens) -> None:
    copied = seal_participant(town.consultation.pk, town.voter.pk)
    actions.forget_participant(
        consultation=town.consultation, participant_id=town.voter.pk, now=timezone.now()
    )
    browser = opens(None)
    browser.cookies[name_cookie(town.consultation.pk)] = copied
    before = photograph()
    for path in ("", "proposer/"):
        ask(browser, "POST", f"/consultations/vivre-ici/voter/{path}", {"statement": "1", "vote": "1"})
    assert photograph() == before


def try_all(town: Town, by: Person) -> dict[str, Callable[[], object]]:
    """Give every writing of the room, as `by` would do it now; what is added to the room is added here."""
    one, now = town.consultation, timezone.now()
    sheet = one.participants.get(channel=Participant.Channel.PAPER)
    first = one.statements.get(number=1)
    rest: dict[str, Any] = {"by": by, "now": now}
    seen = {number: last_decision(one, number) for number in (1, 2, 9, 10)}
    sheets = [actions.Sheet("7", {1: 1})]
    vote = actions.NewVote(one.pk, town.voter.pk, 1, WITHDRAWN)
    voter: dict[str, Any] = {"consultation": one, "participant_id": town.voter.pk, "now": now}
    return {
        "cast_vote": lambda: actions.cast_vote(vote, now=now),
        "submit_statement": lambda: submit_statement(**voter, text="Un jardin de plus", network=""),
        "enter_sheets": lambda: actions.enter_sheets(
            consultation=one, channel="paper", sheets=sheets, **rest
        ),
        "correct_sheet": lambda: actions.correct_sheet(participant=sheet, votes={1: -1}, **rest),
        "delete_sheet": lambda: actions.delete_sheet(participant=sheet, reason="Parce que", **rest),
        "add_seeds": lambda: actions.add_seeds(consultation=one, texts=["Un jardin de plus"], **rest),
        "merge_statement": lambda: actions.merge_statement(statement=first, into=2, seen=seen[1], **rest),
        "edit_statement": lambda: actions.edit_statement(statement=first, text="Autre", seen=seen[1], **rest),
        "accept_statements": lambda: actions.accept_statements(consultation=one, seen={10: 0}, **rest),
        "reject_statements": lambda: actions.reject_statements(
            consultation=one, seen={2: seen[2]}, reason="hateful", **rest
        ),
        "mark_meta": lambda: actions.mark_meta(consultation=one, seen={2: seen[2]}, is_meta=True, **rest),
        "freeze_picture": lambda: actions.freeze_picture(consultation=one, title="T", **rest),
    }


def last_decision(consultation: Consultation, number: int) -> int:
    decisions = consultation.decisions.filter(statement__number=number)
    return decisions.order_by("-pk").values_list("pk", flat=True).first() or 0


# Whoever takes part writes these without a name; the others are of who leads or moderates.
PARTICIPANTS = {"cast_vote", "submit_statement"}
# Before its day a consultation has no vote; after it, no vote changes but what a person takes back.
NOT_WHILE_CLOSED = PARTICIPANTS | {"enter_sheets", "correct_sheet", "add_seeds", "merge_statement"}
# Read whole from a file; rights of participants.
ELSEWHERE = {"import_consultation", "forget_participant", "cast_votes"}


def test_every_action_is_tried(town: Town, alice: Person) -> None:
    written = {name for name in actions.__all__ if inspect.isfunction(getattr(actions, name))}
    assert written - ELSEWHERE <= set(try_all(town, alice))


@pytest.mark.parametrize("name", sorted(NOT_WHILE_CLOSED))
@pytest.mark.parametrize("how", ["closed", "over", "announced", "draft"])
def test_closed_consultation_takes_nothing(name: str, how: str, town: Town, alice: Person) -> None:
    today, changes = timezone.localdate(), Consultation.objects.filter(pk=town.consultation.pk)
    moved: dict[str, dict[str, Any]] = {
        "closed": {"closed_at": timezone.now()},
        "over": {"closes_date": today - timedelta(days=1)},
        "announced": {"opens_date": today + timedelta(days=1)},
        "draft": {"published_at": None},
    }
    changes.update(**moved[how])
    town.consultation.refresh_from_db()
    if name in ("add_seeds", "merge_statement") and how in ("announced", "draft"):
        return  # statements are prepared before the first day
    before = photograph()
    with pytest.raises(NotPossible):
        try_all(town, alice)[name]()
    assert photograph() == before


@pytest.mark.parametrize("who", ["marc", "olivia", "farid", "esther"])
def test_nobody_without_a_part_writes_by_any_action(
    who: str, town: Town, request: pytest.FixtureRequest
) -> None:
    before = photograph()
    for name, action in try_all(town, request.getfixturevalue(who)).items():
        if name not in PARTICIPANTS:
            with pytest.raises(NotAllowed):
                action()
    assert photograph() == before


def test_who_led_it_before_leads_it_no_more(town: Town, alice: Person) -> None:
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    before = photograph()
    for name, action in try_all(town, alice).items():
        if name not in PARTICIPANTS:
            with pytest.raises(NotAllowed):
                action()
    assert photograph() == before


@pytest.mark.parametrize("state", Statement.State.values)
def test_withdrawal_wins_over_whatever_was_decided(state: str, town: Town) -> None:
    """A text taken away stays away: no moderator who still has it before them brings it back."""
    mine = Statement.objects.filter(consultation=town.consultation, number=10)
    mine.update(
        state=state, merged_into=town.consultation.statements.get(number=1) if state == "merged" else None
    )
    withdraws: dict[str, Any] = {
        "consultation": town.consultation,
        "participant_id": town.author.pk,
        "number": 10,
    }
    if state == Statement.State.WITHDRAWN:
        with pytest.raises(AntigoneError):
            withdraw_statement(**withdraws, now=timezone.now())
        return
    withdraw_statement(**withdraws, now=timezone.now())
    leader = town.consultation.created_by
    assert leader is not None
    with pytest.raises(NotPossible):
        actions.accept_statements(consultation=town.consultation, seen={10: 0}, by=leader, now=timezone.now())
    assert mine.get().text == ""
