"""The pages of the seats: letters and codes, calls, replacements, the proof for one; and what they say to whom."""

import csv
import io
import json
import logging

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from antigone.accounts.models import Person
from antigone.core.sortition.commitments import Membership, is_member
from antigone.core.sortition.pool import Person as PoolMember
from antigone.selection import actions
from antigone.selection.commitments import read_commitment
from antigone.selection.models import Draw, Replacement, Seat, SeatAnswer
from tests.selection.conftest import Opens
from tests.selection.test_seats import free_seat, replace, set_alternates, waiting

pytestmark = pytest.mark.django_db
SIEGE = "/siege/"


def address(name: str, *args: object) -> str:
    return reverse(f"selection:{name}", args=args)


def words_of(answer: object) -> str:
    """Give what a page says under its header."""
    return str(answer.content.decode().split("<main")[1].split("</main")[0])


@pytest.fixture
def facilitator(opens: Opens, alice: Person) -> Client:
    return opens(alice)


@pytest.fixture
def zoe(opens: Opens) -> Client:
    caches["memory"].clear()
    return opens(None)


@pytest.fixture
def published(sitting: Draw, alice: Person) -> Draw:
    """A published panel in which one seat was given again and another is free."""
    first, _second = free_seat(sitting, alice), free_seat(sitting, alice, "femme")
    set_alternates(sitting, *waiting(sitting, genre="femme")[:1], *waiting(sitting, first.holder)[:2])
    replace(sitting, first, alice)
    actions.publish_draw(draw=sitting, by=alice)
    return Draw.objects.get(pk=sitting.pk)


def test_letters_hold_codes_that_answer_on_the_page(facilitator: Client, zoe: Client, sitting: Draw) -> None:
    answer = facilitator.post(address("letters", sitting.pk), {"for_all": "no"})
    assert answer["Cache-Control"] == "private, no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    codes = [next(value for value in row.values() if value.count("-") == 2) for row in rows]
    assert len(codes) == 6
    assert facilitator.post(address("letters", sitting.pk), {"for_all": "no"}).status_code == 302
    asked = zoe.post(SIEGE, {"code": codes[0]})
    assert "La nuit" in words_of(asked)
    assert "SECRET-" not in words_of(asked)
    assert SeatAnswer.objects.count() == 0
    thanked = zoe.post(SIEGE, {"code": codes[0], "answer": "yes"})
    assert "SECRET-" not in words_of(thanked)
    assert "no-store" in thanked["Cache-Control"]
    zoe.post(SIEGE, {"code": codes[1], "answer": "no"})
    assert list(Seat.objects.order_by("number").values_list("state", flat=True))[:3] == [
        "confirmed", "declined", "drawn",
    ]  # fmt: skip
    page = words_of(facilitator.get(address("panel", sitting.pk)))
    assert not any(code in page for code in codes)


def test_wrong_and_used_codes_get_the_same_page(zoe: Client, sitting: Draw, alice: Person) -> None:
    code = actions.make_codes(draw=sitting, is_for_all=True, by=alice)[0][1]
    actions.answer_by_code(code=code, is_coming=True)
    pages = []
    for typed in (code, "0000-0000-0000"):
        for answer in ({}, {"answer": "no"}):
            refused = zoe.post(SIEGE, {"code": typed, **answer})
            assert refused.status_code == 422
            body = words_of(refused).replace(typed, "")
            pages.append(body.split("csrfmiddlewaretoken")[0] + body.split("csrfmiddlewaretoken")[1][90:])
    assert len(set(pages)) == 1
    assert Seat.objects.get(draw=sitting, number=1).state == "confirmed"


def test_tries_of_codes_are_counted(zoe: Client, settings: object) -> None:
    settings.TRIES = {"seat": (2, 60)}
    caches["memory"].clear()
    answers = [zoe.post(SIEGE, {"code": "0000-0000-0000"}).status_code for _try in range(3)]
    assert answers == [422, 422, 429]
    caches["memory"].clear()


def test_calls_are_noted_by_a_button(facilitator: Client, sitting: Draw) -> None:
    seat = sitting.seats.get(number=2)
    page = address("answer_by_phone", sitting.pk, seat.pk)
    assert facilitator.post(page, {"holder": seat.holder_id, "state": "declined"}).status_code == 302
    panel = words_of(facilitator.get(address("panel", sitting.pk)))
    assert address("replace", sitting.pk, seat.pk) in panel
    assert "Alice" in panel
    assert facilitator.post(page, {"holder": seat.holder_id, "state": "declined"}).status_code == 409
    assert facilitator.post(page, {"holder": "x"}).status_code == 422


def test_replacement_by_the_pages_and_the_second_window_that_comes_late(
    facilitator: Client, sitting: Draw, alice: Person
) -> None:
    seat, other = free_seat(sitting, alice), free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, genre="homme"))
    shown = words_of(facilitator.get(address("replace", sitting.pk, seat.pk)))
    name = str(sitting.alternates.get(number=1).respondent)
    assert name in shown
    form = {"newcomer": name, "reason": "declined"}
    assert facilitator.post(address("replace", sitting.pk, seat.pk), form).status_code == 302
    late = facilitator.post(address("replace", sitting.pk, other.pk), form)
    assert late.status_code == 409
    again = words_of(facilitator.get(address("replace", sitting.pk, other.pk)))
    assert str(sitting.alternates.get(number=2).respondent) in again
    assert Replacement.objects.count() == 1
    assert facilitator.get(address("replace", sitting.pk, seat.pk)).status_code == 302


def test_missing_targets_are_accepted_with_a_reason_that_everybody_reads(
    facilitator: Client, zoe: Client, sitting: Draw, alice: Person
) -> None:
    seat = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting, genre="femme")[:1])
    page = address("replace", sitting.pk, seat.pk)
    form = {"newcomer": str(sitting.alternates.get().respondent), "reason": "unreachable"}
    shown = words_of(facilitator.get(page))
    assert shown.count('name="decided_because"') == 2
    assert facilitator.post(page, form).status_code == 422
    assert facilitator.post(page, form | {"decided_because": "Urgence <i>"}).status_code == 302
    actions.publish_draw(draw=sitting, by=alice)
    public = words_of(zoe.get(address("draw", sitting.pk)))
    assert "Urgence &lt;i&gt;" in public
    assert "tag warn" in public


def test_replacing_without_alternates_says_what_to_do(
    facilitator: Client, sitting: Draw, alice: Person
) -> None:
    seat = free_seat(sitting, alice)
    answer = facilitator.get(address("replace", sitting.pk, seat.pk))
    assert answer.status_code == 409
    assert "<form" not in words_of(answer)


def test_public_page_shows_the_panel_as_drawn_and_as_it_sits(zoe: Client, published: Draw) -> None:
    page = words_of(zoe.get(address("draw", published.pk)))
    made = Replacement.objects.get()
    assert f"{made.former} → {made.newcomer}" in page
    assert 'class="sitting"' in page
    assert "SECRET-" not in page
    assert "CACHEE" not in page.upper()
    assert "Alice" not in page


def test_guarantor_reads_the_seats_and_has_no_button(opens: Opens, published: Draw, esther: Person) -> None:
    page = words_of(opens(esther).get(address("panel", published.pk)))
    assert "SECRET-" in page
    assert "<button" not in page
    assert Replacement.objects.get().former.identifier in page


def test_others_reach_nothing_of_the_seats(
    opens: Opens, published: Draw, olivia: Person, marc: Person, chloe: Person
) -> None:
    seat = published.seats.vacant().get()
    held = published.seats.held().first()
    for person in (olivia, marc, chloe, None):
        status = 302 if person is None else 404
        for page, form in [
            (address("letters", published.pk), {"for_all": "yes"}),
            (address("replace", published.pk, seat.pk), {"newcomer": "r0001", "reason": "declined"}),
            (
                address("answer_by_phone", published.pk, held.pk),
                {"holder": held.holder_id, "state": "confirmed"},
            ),
        ]:
            assert opens(person).post(page, form).status_code == status
        assert opens(person).get(address("replace", published.pk, seat.pk)).status_code == status
        for page in (address("draw", published.pk), address("membership", published.pk)):
            assert b"SECRET-" not in opens(person).get(page).content


def test_seat_of_another_draw_is_not_there(
    facilitator: Client, sitting: Draw, draw: Draw, alice: Person
) -> None:
    seat = free_seat(sitting, alice)
    assert facilitator.get(address("replace", draw.pk, seat.pk)).status_code == 404
    form = {"holder": seat.holder_id, "state": "confirmed"}
    assert facilitator.post(address("answer_by_phone", draw.pk, seat.pk), form).status_code == 404


def test_no_log_holds_a_code_or_an_identifier(
    facilitator: Client, zoe: Client, sitting: Draw, alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = actions.make_codes(draw=sitting, is_for_all=True, by=alice)[0][1]
    zoe.post(SIEGE, {"code": code})
    zoe.post(SIEGE, {"code": code, "answer": "no"})
    zoe.post(SIEGE, {"code": code, "answer": "no"})
    facilitator.get(address("replace", sitting.pk, sitting.seats.get(number=1).pk))
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert not any("SECRET-" in line or code in line for line in said)


def test_one_respondent_is_proved_to_be_in_the_pool(zoe: Client, published: Draw) -> None:
    person = published.respondents.get(pseudonym="r0007")
    page = words_of(zoe.post(address("membership", published.pk), {"person": "r0007"}))
    assert person.features["âge"] in page
    assert person.identifier not in page
    download = zoe.post(address("membership", published.pk), {"person": "r0007", "action": "download"})
    proof = json.loads(download.content)
    member = PoolMember(proof["person"]["id"], proof["person"]["features"], proof["person"]["household"])
    membership = Membership(member, proof["salt"], proof["index"], tuple(proof["path"]))
    commitment = read_commitment(published.commitment)
    assert is_member(commitment, membership)
    assert proof["root"] == published.commitment.root
    other = PoolMember("r0008", member.features, member.household)
    assert not is_member(commitment, Membership(other, *proof_parts(membership)))


def proof_parts(membership: Membership) -> tuple[str, int, tuple[str, ...]]:
    return membership.salt, membership.index, membership.path


def test_only_the_team_asks_by_identifier_or_before_the_files_are_public(
    facilitator: Client, zoe: Client, sitting: Draw, alice: Person
) -> None:
    page = address("membership", sitting.pk)
    assert zoe.get(page).status_code == 404
    assert zoe.post(page, {"person": "r0007"}).status_code == 404
    assert facilitator.post(page, {"person": "SECRET-3"}).status_code == 200
    actions.publish_draw(draw=sitting, by=alice)
    assert zoe.post(page, {"person": "r0007"}).status_code == 200
    missing = {zoe.post(page, {"person": name}).status_code for name in ("SECRET-3", "r9999")}
    assert missing == {422}


def test_pages_of_seats_ask_the_database_as_often_for_many_seats_as_for_few(
    facilitator: Client, zoe: Client, sitting: Draw, alice: Person, django_assert_max_num_queries: object
) -> None:
    actions.publish_draw(draw=sitting, by=alice)
    pages = [(facilitator, address("panel", sitting.pk)), (zoe, address("draw", sitting.pk))]

    def count() -> list[int]:
        counted = []
        for client, page in pages:
            with django_assert_max_num_queries(40) as caught:
                client.get(page)
            counted.append(len(caught))
        return counted

    seat = free_seat(sitting, alice)
    set_alternates(sitting, *waiting(sitting))
    replace(sitting, seat, alice)
    before = count()
    for gender in ("femme", "homme", "femme"):
        replace(sitting, free_seat(sitting, alice, gender), alice)
    assert count() == before
