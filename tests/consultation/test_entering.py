"""The stronger doors: one participant a code, one an account, found again from any browser."""

import pytest
from django.core.cache import caches
from django.utils import timezone
from pytest_django import Settings

from antigone.accounts.models import Person
from antigone.consultation.actions.entering import enter_with_account, enter_with_code, hash_door_code
from antigone.consultation.cookies import name_cookie, read_participant
from antigone.consultation.models import Consultation, DoorCode, Participant
from antigone.errors import NotPossible, WrongInput
from antigone.selection.codes import make_code
from tests.consultation.conftest import Opens

ENTER = "/consultations/vivre-ici/voter/entrer/"
VOTE = "/consultations/vivre-ici/voter/"


@pytest.fixture
def code(consultation: Consultation) -> str:
    """A code of a letter; the consultation asks for one."""
    consultation.door = Consultation.Door.CODE
    consultation.save()
    code = make_code()
    DoorCode.objects.create(consultation=consultation, hash=hash_door_code(consultation.pk, code))
    return code


def test_code_makes_one_participant_from_any_browser(
    consultation: Consultation, code: str, opens: Opens
) -> None:
    found = []
    for typed in (code, f" {code.lower().replace('-', ' ')} "):
        visitor = opens(None)
        assert visitor.get(VOTE).headers["Location"] == ENTER
        assert visitor.post(ENTER, {"code": typed}).headers["Location"] == VOTE
        assert b'name="vote"' in visitor.get(VOTE).content
        cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
        found.append(read_participant(cookies, consultation.pk))
    assert len(set(found)) == 1
    assert Participant.objects.get().pk == found[0]


@pytest.mark.parametrize("typed", ["", "0000-0000-0001", "<b>", "x" * 90, "٣" * 12])
def test_wrong_code_says_so_and_makes_nobody(
    consultation: Consultation, code: str, opens: Opens, typed: str
) -> None:
    visitor = opens(None)
    response = visitor.post(ENTER, {"code": typed})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert name_cookie(consultation.pk) not in visitor.cookies
    assert not Participant.objects.exists()


def test_code_of_another_consultation_opens_nothing(consultation: Consultation, code: str) -> None:
    assert hash_door_code(consultation.pk, code) != hash_door_code(consultation.pk + 1, code)
    DoorCode.objects.all().delete()
    DoorCode.objects.create(consultation=consultation, hash=hash_door_code(consultation.pk + 1, code))
    with pytest.raises(WrongInput) as told:
        enter_with_code(consultation=consultation, typed=code, now=timezone.now())
    assert told.value.code == "unknown_code"


def test_codes_are_not_tried_without_end(
    consultation: Consultation, code: str, opens: Opens, settings: Settings
) -> None:
    caches["memory"].clear()
    settings.TRIES = {**settings.TRIES, "door_code": (2, 600)}
    visitor = opens(None)
    statuses = [visitor.post(ENTER, {"code": "0000"}).status_code for _try in range(3)]
    assert statuses == [422, 422, 429]
    assert visitor.post(ENTER, {"code": code}).status_code == 429


def test_account_makes_one_participant_and_names_nobody(
    consultation: Consultation, chloe: Person, opens: Opens
) -> None:
    Consultation.objects.update(door=Consultation.Door.SIGN_IN)
    for _browser in range(2):
        browser = opens(chloe)
        assert browser.get(VOTE).headers["Location"] == ENTER
        assert browser.post(ENTER).headers["Location"] == VOTE
        assert browser.get(VOTE).status_code == 200
    participant = Participant.objects.get()
    kept = [str(getattr(participant, field.attname)) for field in Participant._meta.concrete_fields]
    assert participant.person_key
    assert len(participant.person_key) == 64
    assert not any(text in kept for text in (chloe.email, chloe.name))


def test_account_is_asked_of_a_visitor(consultation: Consultation, opens: Opens) -> None:
    Consultation.objects.update(door=Consultation.Door.SIGN_IN)
    visitor = opens(None)
    page = visitor.get(ENTER)
    assert "?next=/consultations/vivre-ici/voter/entrer/" in page.content.decode()
    assert visitor.post(ENTER).status_code == 404
    assert not Participant.objects.exists()


def test_one_door_is_not_the_other(consultation: Consultation, code: str, chloe: Person) -> None:
    with pytest.raises(NotPossible) as told:
        enter_with_account(consultation=consultation, person=chloe, now=timezone.now())
    assert told.value.code == "another_door"


def test_door_leads_to_the_votes_where_it_asks_nothing(consultation: Consultation, opens: Opens) -> None:
    assert opens(None).get(ENTER).headers["Location"] == VOTE
