"""The space of a member: their name in public, notes, money, calendar; closed to everybody else."""

import json

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Convention, Freeze, Member, Phase
from antigone.convention.views.exports import write_calendar
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens, move_to
from tests.convention.test_sessions import plan


def address(convention: Convention, rest: str = "") -> str:
    return f"/conventions/{convention.slug}/mon-espace/{rest}"


def test_only_a_member_has_a_space(
    convention: Convention,
    bob_member: Member,
    opens: Opens,
    bob: Person,
    alice: Person,
    esther: Person,
    farid: Person,
    jeanne: Person,
    olivia: Person,
    marc: Person,
) -> None:
    note = actions.write_note(convention=convention, text="SECRET-note", by=bob)
    places = ("", "nom/", "calendrier.ics", "mes-donnees.json", f"notes/{note.pk}/")
    assert all(opens(bob).get(address(convention, place)).status_code == 200 for place in places)
    for other in (alice, esther, farid, jeanne, olivia, marc):
        statuses = {place: opens(other).get(address(convention, place)).status_code for place in places}
        follows = other in (alice, esther)
        assert statuses.pop("calendrier.ics") == (200 if follows else 404)
        assert set(statuses.values()) == {404}
    assert opens(None).get(address(convention)).status_code == 302


def test_another_member_opens_no_note(
    convention: Convention, bob_member: Member, opens: Opens, bob: Person, marc: Person
) -> None:
    note = actions.write_note(convention=convention, text="SECRET-note", by=bob)
    other = convention.members.get(number=2)
    other.person = marc
    other.save()
    assert opens(marc).get(address(convention, f"notes/{note.pk}/")).status_code == 404
    assert opens(marc).post(address(convention, f"notes/{note.pk}/effacer/")).status_code == 404
    with pytest.raises(NotAllowed):
        actions.erase_note(note=note, by=marc)
    assert "SECRET-note" not in opens(marc).get(address(convention, "mes-donnees.json")).content.decode()


def test_chooses_a_name(convention: Convention, bob_member: Member, opens: Opens, bob: Person) -> None:
    response = opens(bob).post(address(convention, "pseudonyme/"), {"pseudonym": "  Gaston\u200b "})
    assert response.status_code == 302
    bob_member.refresh_from_db()
    assert bob_member.pseudonym == "Gaston"


@pytest.mark.parametrize(
    ("pseudonym", "code"),
    [
        ("x", "pseudonym_unreadable"),
        ("x" * 61, "pseudonym_unreadable"),
        ("···", "pseudonym_unreadable"),
        ("\u202e\u200b", "pseudonym_unreadable"),
        ("Bob Lefèvre", "pseudonym_is_name"),
        ("le grand LEFEVRE", "pseudonym_is_name"),
        ("Jean-Lefevre34", "pseudonym_is_name"),
        ("membre  2", "pseudonym_taken"),
        ("ESTHER", "pseudonym_taken"),
    ],
)
def test_refuses_a_name(
    convention: Convention, bob_member: Member, bob: Person, pseudonym: str, code: str
) -> None:
    bob_member.identity.name = "Bob Lefèvre"
    bob_member.identity.save()
    with pytest.raises(WrongInput) as refused:
        actions.choose_pseudonym(convention=convention, pseudonym=pseudonym, by=bob)
    assert refused.value.code == code


def test_consent_is_given_and_taken_back(
    convention: Convention, bob_member: Member, opens: Opens, bob: Person
) -> None:
    members = f"/conventions/{convention.slug}/membres/"
    opens(bob).post(address(convention, "nom/"), {"consent": "given"})
    page = opens(None).get(members).content.decode()
    assert "SECRET-Nom-1" in page
    assert "Basile" not in page
    actions.choose_pseudonym(convention=convention, pseudonym="secret nom", by=bob)
    opens(bob).post(address(convention, "nom/"), {"consent": "revoked"})
    page = opens(None).get(members).content.decode()
    assert "secret" not in page.lower()
    assert [consent.is_given for consent in bob_member.consents.all()] == [False, True]


def test_takes_consent_back_whatever_stands_against_it(
    convention: Convention, bob_member: Member, bob: Person, alice: Person, esther: Person
) -> None:
    actions.consent_to_name(convention=convention, by=bob)
    actions.let_member_leave(member=bob_member, by=alice)
    move_to(convention, Phase.CLOSED)
    freeze(convention, esther)
    assert actions.revoke_consent(convention=convention, by=bob).published_name == ""


def test_a_note_saved_twice_loses_nothing(
    convention: Convention, bob_member: Member, opens: Opens, bob: Person
) -> None:
    note = actions.write_note(convention=convention, text="Un", by=bob)
    place = address(convention, f"notes/{note.pk}/")
    assert opens(bob).post(place, {"text": "Deux", "version": "1"}).status_code == 302
    answer = opens(bob).post(place, {"text": "Trois", "version": "1"})
    assert answer.status_code == 409
    assert "Deux" in answer.content.decode()
    assert "Trois" in answer.content.decode()
    note.refresh_from_db()
    assert (note.text, note.version) == ("Deux", 2)
    assert opens(bob).post(place, {"text": "Trois", "version": "2"}).status_code == 302


def test_frozen_or_closed_takes_no_writing(
    convention: Convention, bob_member: Member, bob: Person, alice: Person, esther: Person
) -> None:
    session = plan(convention, alice)
    frozen = freeze(convention, esther)

    def refuse_all() -> None:
        for write in (
            lambda: actions.choose_pseudonym(convention=convention, pseudonym="Gaston", by=bob),
            lambda: actions.consent_to_name(convention=convention, by=bob),
            lambda: actions.ask_question(convention=convention, text="?", by=bob),
            lambda: actions.owe_indemnities(session=session, by=alice),
            lambda: actions.let_member_leave(member=bob_member, by=alice),
            lambda: actions.give_codes(convention=convention, by=alice),
            lambda: actions.publish_minutes(session=session, by=alice),
            lambda: actions.record_attendance(session=session, states={1: "present"}, by=alice),
            lambda: plan(convention, alice),
        ):
            with pytest.raises(NotPossible):
                write()

    refuse_all()
    frozen.delete()
    move_to(convention, Phase.CLOSED)
    refuse_all()


def test_takes_away_all_that_is_kept(
    convention: Convention, bob_member: Member, opens: Opens, bob: Person
) -> None:
    actions.write_note(convention=convention, text="À moi", by=bob)
    actions.ask_question(convention=convention, text="Combien ?", by=bob)
    kept = json.loads(opens(bob).get(address(convention, "mes-donnees.json")).content)
    assert kept["identity"]["name"] == "SECRET-Nom-1"
    assert kept["notes"][0]["text"] == "À moi"
    assert kept["questions"][0]["text"] == "Combien ?"
    assert "SECRET-Nom-2" not in json.dumps(kept)


def test_calendar_is_folded_and_escaped(convention: Convention, alice: Person) -> None:
    session = plan(convention, alice, title="Été; é" + "é" * 60, place="Salle 1,\nmairie")
    data = write_calendar([session], title="A", host="ville.example", stamp=timezone.now())
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    unfolded = data.decode().replace("\r\n ", "")
    assert "LOCATION:Salle 1\\,\\nmairie\r\n" in unfolded
    assert f"SUMMARY:A – Été\\; é{'é' * 60}\r\n" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == 1


def freeze(convention: Convention, guarantor: Person) -> Freeze:
    return Freeze.objects.create(
        convention=convention,
        phase=convention.phase,
        reason="Doute",
        frozen_at=timezone.now(),
        frozen_by=guarantor,
    )
