"""Codes by letter, the poster, the sites that show the vote: for who leads, given once, changed in public."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.codes import make_codes
from antigone.consultation.actions.entering import enter_with_code, hash_door_code
from antigone.consultation.models import Choice, Consultation, DoorCode
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.codes import normalise_code
from tests.consultation.conftest import Opens

LEADING = ["codes", "sites"]


@pytest.fixture
def lettered(consultation: Consultation) -> Consultation:
    consultation.door = Consultation.Door.CODE
    consultation.save()
    return consultation


def post(opens: Opens, person: Person, name: str, **typed: Any) -> Any:
    return opens(person).post(reverse(f"consultation:{name}", args=["vivre-ici"]), typed)


def test_codes_are_given_once_and_only_sealed_here(
    lettered: Consultation, alice: Person, opens: Opens
) -> None:
    given = post(opens, alice, "codes", count=30)
    assert given["Content-Disposition"] == 'attachment; filename="codes-vivre-ici.csv"'
    assert "no-store" in given["Cache-Control"]
    rows = list(csv.reader(io.StringIO(given.content.decode())))
    codes = [code for code, _address in rows[1:]]
    assert rows[0] == ["code", "address"]
    assert len(set(codes)) == 30
    assert all(normalise_code(code) == code for code in codes)
    kept = list(DoorCode.objects.values_list("hash", flat=True))
    assert kept == sorted(hash_door_code(lettered.pk, code) for code in codes)
    page = opens(alice).get(reverse("consultation:codes", args=["vivre-ici"])).content.decode()
    assert not [code for code in codes if code in page]


def test_code_opens_the_door_and_is_counted(lettered: Consultation, alice: Person, opens: Opens) -> None:
    first, _second = make_codes(consultation=lettered, count=2, by=alice)
    enter_with_code(consultation=lettered, typed=first.lower(), now=timezone.now())
    context = opens(alice).get(reverse("consultation:codes", args=["vivre-ici"])).context
    assert (context["total"], context["used"]) == (2, 1)


def test_no_cell_is_a_formula(lettered: Consultation, alice: Person, opens: Opens) -> None:
    text = post(opens, alice, "codes", count=200).content.decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if not cell[0].isalnum()]


@pytest.mark.parametrize("count", [0, -1, 50_001, "x", ""])
def test_count_that_cannot_be_made_makes_nothing(
    lettered: Consultation, alice: Person, opens: Opens, count: object
) -> None:
    assert post(opens, alice, "codes", count=count).status_code == 422
    assert not DoorCode.objects.exists()


def test_most_codes_hold_over_several_times(
    lettered: Consultation, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antigone.consultation.actions.codes.MOST_CODES", 5)
    make_codes(consultation=lettered, count=3, by=alice)
    with pytest.raises(WrongInput, match="at most 2 more"):
        make_codes(consultation=lettered, count=3, by=alice)
    assert lettered.codes.count() == 3


def test_codes_need_a_door_that_asks_for_them(consultation: Consultation, alice: Person) -> None:
    with pytest.raises(NotPossible):
        make_codes(consultation=consultation, count=1, by=alice)
    consultation.door = Consultation.Door.CODE
    consultation.closed_at = timezone.now()
    consultation.save()
    with pytest.raises(NotPossible):
        make_codes(consultation=consultation, count=1, by=alice)


def test_moderator_makes_no_code(lettered: Consultation, chloe: Person) -> None:
    with pytest.raises(NotAllowed):
        make_codes(consultation=lettered, count=1, by=chloe)


def test_leading_pages_are_there_for_who_leads_alone(
    consultation: Consultation,
    alice: Person,
    chloe: Person,
    marc: Person,
    olivia: Person,
    farid: Person,
    esther: Person,
    opens: Opens,
) -> None:
    for name in LEADING:
        address = reverse(f"consultation:{name}", args=["vivre-ici"])
        assert opens(alice).get(address).status_code == 200
        for person in (chloe, marc, olivia, farid, esther):
            assert opens(person).get(address).status_code == 404, (name, person)
            assert opens(person).post(address, {"count": 1, "sites": ""}).status_code == 404
        assert opens(None).get(address).status_code in (302, 404)
        assert opens(None).post(address, {"count": 1}).status_code in (302, 404)


def test_poster_is_for_the_team(
    consultation: Consultation, alice: Person, chloe: Person, marc: Person, olivia: Person, opens: Opens
) -> None:
    for name in ("poster", "poster_code"):
        address = reverse(f"consultation:{name}", args=["vivre-ici"])
        for person in (alice, chloe):
            assert b"<svg" in opens(person).get(address).content
        for other in (marc, olivia, None):
            assert opens(other).get(address).status_code == 404


def test_sites_of_a_published_consultation_change_with_a_public_reason(
    consultation: Consultation, alice: Person, opens: Opens
) -> None:
    typed = {"sites": "https://www.Ville.example\nhttps://quartier.example/"}
    assert post(opens, alice, "sites", **typed, reason=" ").status_code == 422
    assert not Choice.objects.exists()
    assert post(opens, alice, "sites", **typed, reason="Le site du quartier le demande.").status_code == 302
    consultation.refresh_from_db()
    assert consultation.embedders == "https://www.ville.example\nhttps://quartier.example"
    choice = Choice.objects.get()
    assert (choice.before, choice.after, choice.made_by) == ("", consultation.embedders, alice)
    shown = opens(None).get(reverse("consultation:embedded", args=["vivre-ici"]))
    policy = shown["Content-Security-Policy"].partition("frame-ancestors")[2].partition(";")[0]
    assert policy.split()[-2:] == ["https://www.ville.example", "https://quartier.example"]


def test_sites_that_stay_the_same_are_no_change(
    consultation: Consultation, alice: Person, opens: Opens
) -> None:
    post(opens, alice, "sites", sites="", reason="Rien.")
    assert not Choice.objects.exists()


def test_sites_of_a_draft_need_no_reason(consultation: Consultation, alice: Person, opens: Opens) -> None:
    consultation.published_at = None
    consultation.save()
    assert post(opens, alice, "sites", sites="https://a.example").status_code == 302
    consultation.refresh_from_db()
    assert consultation.embedders == "https://a.example"
    assert not Choice.objects.exists()


def test_line_that_is_not_a_site_is_named(consultation: Consultation, alice: Person, opens: Opens) -> None:
    answer = post(opens, alice, "sites", sites="https://a.example\nhttps://*.b.example", reason="x")
    assert answer.status_code == 422
    assert "https://*.b.example" in answer.content.decode()
    consultation.refresh_from_db()
    assert consultation.embedders == ""
