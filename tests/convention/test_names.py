"""No page joins a name to a pseudonym: the names are planted, then everything served to each role is searched."""

import re

import pytest

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Convention, Member
from tests.convention.conftest import Opens
from tests.convention.test_questions import address
from tests.convention.test_sessions import plan

PLACES = (
    "membres/",
    "membres/sieges/",
    "membres/sieges/1/",
    "membres/indemnites/",
    "membres/indemnites/fichier.csv",
    "sessions/",
    "sessions/nouvelle/",
    "sessions/1/",
    "sessions/1/modifier/",
    "sessions/1/ordre-du-jour/",
    "sessions/1/presences/",
    "sessions/1/compte-rendu/",
    "sessions/1/documents/",
    "sessions/1/groupes/",
    "sessions/1/groupes/1/",
    "sessions/1/groupes/1/refaire.json",
    "auditions/",
    "auditions/nouvelle/",
    "a-repondre/",
    "questions/",
    "questions/1/",
    "observations/",
    "mon-espace/",
    "mon-espace/nom/",
    "mon-espace/mes-donnees.json",
)
NAME = re.compile(r"SECRET-(?:Nom|06|besoin)-\d+")


@pytest.fixture
def lived(
    convention: Convention, bob_member: Member, alice: Person, bob: Person, jeanne: Person
) -> Convention:
    """A convention in which something of everything has happened."""
    session = plan(convention, alice, practical="")
    actions.record_attendance(session=session, states=dict.fromkeys(range(1, 11), "present"), by=alice)
    actions.owe_indemnities(session=session, by=alice)
    actions.compose_round(session=session, number=3, by=alice)
    hearing = actions.plan_hearing(
        convention=convention, session=session, expert=jeanne, expert_name="Jeanne", subject="Eau",
        interests="Aucun", by=alice,
    )  # fmt: skip
    actions.publish_hearing(hearing=hearing, by=alice)
    question = actions.ask_question(convention=convention, text="Combien ?", by=bob)
    actions.send_question(question=question, hearing=hearing, by=alice)
    actions.let_member_leave(member=convention.members.get(number=10), by=alice)
    return convention


def serve_all(opens: Opens, convention: Convention, reader: Person | None) -> dict[str, str]:
    browser = opens(reader)
    answers = {place: browser.get(address(convention, place)) for place in PLACES}
    return {place: answer.content.decode() for place, answer in answers.items() if answer.status_code == 200}


def test_nobody_but_the_team_reads_a_name(
    lived: Convention,
    opens: Opens,
    esther: Person,
    farid: Person,
    jeanne: Person,
    olivia: Person,
    marc: Person,
) -> None:
    sitting = lived.members.get(number=2)
    chantal = Person.objects.create_person(email="chantal@mail.example", name="Chantal")
    sitting.person = chantal
    sitting.save()
    for reader in (None, esther, farid, jeanne, olivia, marc, chantal):
        for place, page in serve_all(opens, lived, reader).items():
            named = set(NAME.findall(page))
            allowed = {"SECRET-Nom-2", "SECRET-06-0002", "SECRET-besoin-2"} if reader == chantal else set()
            assert named <= allowed, (reader, place)
            assert "SECRET-Bob" not in page, (reader, place)


def test_a_member_reads_their_own_name_alone(lived: Convention, opens: Opens, bob: Person) -> None:
    for page in serve_all(opens, lived, bob).values():
        assert set(NAME.findall(page)) <= {"SECRET-Nom-1", "SECRET-06-0001", "SECRET-besoin-1"}


def test_no_page_of_the_team_joins_a_name_to_a_pseudonym(
    lived: Convention, opens: Opens, alice: Person
) -> None:
    pages = serve_all(opens, lived, alice)
    named = {place for place, page in pages.items() if NAME.search(page)}
    assert named == {
        "membres/sieges/",
        "membres/sieges/1/",
        "membres/indemnites/",
        "membres/indemnites/fichier.csv",
        "sessions/1/presences/",
    }
    known = [member.pseudonym for member in lived.members.all()]
    assert not any(pseudonym in pages[place] for place in named for pseudonym in known)


def test_no_public_page_shows_who_sits_where(lived: Convention, opens: Opens) -> None:
    keys = {str(pk) for pk in lived.members.values_list("pk", flat=True)}
    for page in serve_all(opens, lived, None).values():
        values = set(re.findall(r'value="(\d+)"', page))
        assert not values & keys


def test_forms_of_the_team_name_members_one_way(lived: Convention, opens: Opens, alice: Person) -> None:
    """Nothing in the markup, such as a key, joins the pages with names to the pages with pseudonyms."""
    page = opens(alice).get(address(lived, "questions/")).content.decode()
    assert 'value="Basile"' in page
    sheet = opens(alice).get(address(lived, "sessions/1/presences/")).content.decode()
    assert 'name="seat-1"' in sheet


def test_errors_name_nobody(lived: Convention, opens: Opens, alice: Person, farid: Person) -> None:
    for reader in (alice, farid, None):
        for place in (
            "membres/sieges/99/",
            "membres/indemnites/payer/",
            "questions/99/",
            "sessions/9/groupes/1/",
        ):
            for answer in (
                opens(reader).get(address(lived, place)),
                opens(reader).post(address(lived, place)),
            ):
                assert not NAME.search(answer.content.decode())
