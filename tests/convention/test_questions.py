"""A question goes to an expert and back; hearings declare their interests; documents have their readers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from antigone.accounts.actions import create_person
from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Convention, Hearing, Member, Question, Session
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens
from tests.convention.test_sessions import place, plan


@pytest.fixture
def session(convention: Convention, alice: Person) -> Session:
    return plan(convention, alice)


@pytest.fixture
def hearing(session: Session, alice: Person, jeanne: Person) -> Hearing:
    """Jeanne is heard, and everybody knows it."""
    hearing = actions.plan_hearing(
        convention=session.convention,
        session=session,
        expert=jeanne,
        expert_name="Jeanne",
        subject="Les modèles",
        interests="Aucun",
        by=alice,
    )
    actions.publish_hearing(hearing=hearing, by=alice)
    return hearing


def address(convention: Convention, rest: str = "") -> str:
    return f"/conventions/{convention.slug}/{rest}"


def test_a_question_goes_and_comes_back(
    convention: Convention,
    hearing: Hearing,
    bob_member: Member,
    opens: Opens,
    alice: Person,
    bob: Person,
    jeanne: Person,
) -> None:
    assert opens(bob).post(address(convention, "questions/poser/"), {"text": "Combien ?"}).status_code == 302
    question = address(convention, "questions/1/")
    assert "Basile" in opens(None).get(question).content.decode()
    assert opens(jeanne).post(f"{question}repondre/", {"text": "2", "sources": "A"}).status_code == 404
    assert opens(alice).post(f"{question}envoyer/", {"hearing": hearing.pk}).status_code == 302
    assert "Combien ?" in opens(jeanne).get(address(convention, "a-repondre/")).content.decode()
    assert opens(jeanne).post(f"{question}repondre/", {"text": "Deux.", "sources": " \n"}).status_code == 422
    said = {"text": "Deux.", "sources": "https://ville.example/rapport\nRapport, p. 3"}
    assert opens(jeanne).post(f"{question}repondre/", said).status_code == 302
    assert opens(jeanne).post(f"{question}repondre/", {**said, "text": "Trois."}).status_code == 302
    page = opens(None).get(question).content.decode()
    assert page.index("Trois.") < page.index("Deux.")
    assert 'href="https://ville.example/rapport"' in page
    assert "Rapport, p. 3" in page
    assert "Trois." in opens(bob).get(address(convention, "mon-espace/")).content.decode()
    assert "Trois." in opens(None).get(address(convention, "questions/?state=answered")).content.decode()


def test_a_facilitator_writes_down_what_is_said_aloud(
    convention: Convention, hearing: Hearing, bob_member: Member, opens: Opens, alice: Person
) -> None:
    ask = address(convention, "questions/poser/")
    assert (
        opens(alice).post(ask, {"text": "Pourquoi ?", "name": "Basile", "hearing": hearing.pk}).status_code
        == 302
    )
    assert opens(alice).post(ask, {"text": "Et ensuite ?"}).status_code == 302
    assert opens(alice).post(ask, {"text": "Qui ?", "name": "Inconnu"}).status_code == 422
    first, second = convention.questions.all()
    assert (first.member, second.member) == (bob_member, None)
    actions.send_question(question=first, hearing=hearing, by=alice)
    answer = actions.answer_question(question=first, text="Parce que.", sources="Note", by=alice)
    assert answer.is_spoken
    page = opens(None).get(address(convention, "questions/1/")).content.decode()
    assert "Parce que." in page
    assert '<span class="tag">' in page


def test_states_go_one_way(
    convention: Convention, hearing: Hearing, bob_member: Member, alice: Person, bob: Person, jeanne: Person
) -> None:
    question = actions.ask_question(convention=convention, text="Un ?", by=bob)
    with pytest.raises(NotPossible):
        actions.answer_question(question=question, text="A", sources="B", by=alice)
    with pytest.raises(NotAllowed):
        actions.withdraw_question(question=question, by=alice)
    actions.send_question(question=question, hearing=hearing, by=alice)
    actions.answer_question(question=question, text="A", sources="B", by=jeanne)
    for late in (
        lambda: actions.send_question(question=question, hearing=hearing, by=alice),
        lambda: actions.withdraw_question(question=question, by=bob),
    ):
        with pytest.raises(NotPossible):
            late()
    other = actions.ask_question(convention=convention, text="Deux ?", by=bob)
    actions.withdraw_question(question=other, by=bob)
    assert Question.objects.get(pk=other.pk).state == "withdrawn"


def test_only_the_expert_asked_answers(
    convention: Convention, hearing: Hearing, bob_member: Member, alice: Person, bob: Person, opens: Opens
) -> None:
    other = create_person(email="k@labo.example", name="Karim", roles=["expert"])
    actions.appoint(convention=convention, person=other, role="expert", by=alice)
    question = actions.ask_question(convention=convention, text="Un ?", by=bob, hearing=hearing)
    actions.send_question(question=question, hearing=hearing, by=alice)
    with pytest.raises(NotAllowed):
        actions.answer_question(question=question, text="A", sources="B", by=other)
    with pytest.raises(NotAllowed):
        actions.ask_question(convention=convention, text="?", by=other)
    assert "Un ?" not in opens(other).get(address(convention, "a-repondre/")).content.decode()
    assert opens(bob).get(address(convention, "a-repondre/")).status_code == 404
    assert opens(other).post(address(convention, "questions/poser/"), {"text": "?"}).status_code == 404


def test_interests_are_declared(session: Session, alice: Person, farid: Person, opens: Opens) -> None:
    said = {"expert_name": "Paul", "subject": "Eau", "interests": " "}
    with pytest.raises(WrongInput):
        actions.plan_hearing(convention=session.convention, by=alice, **said)
    with pytest.raises(WrongInput):
        actions.plan_hearing(
            convention=session.convention, by=alice, **{**said, "interests": "Aucun", "expert": farid}
        )
    page = address(session.convention, "auditions/nouvelle/")
    assert opens(alice).post(page, said).status_code == 422
    assert opens(alice).post(page, {**said, "interests": "SECRET-aucun"}).status_code == 302
    public = address(session.convention, "auditions/")
    assert "SECRET-aucun" not in opens(None).get(public).content.decode()
    planned = session.convention.hearings.get()
    opens(alice).post(address(session.convention, f"auditions/{planned.pk}/publier/"))
    assert "SECRET-aucun" in opens(None).get(public).content.decode()


def test_the_second_to_save_a_hearing_loses_nothing(hearing: Hearing, opens: Opens, alice: Person) -> None:
    page = address(hearing.convention, f"auditions/{hearing.pk}/")
    said = {"expert_name": "Jeanne", "subject": "Les données", "interests": "Aucun", "version": 1}
    assert opens(alice).post(page, said).status_code == 302
    answer = opens(alice).post(page, {**said, "subject": "L’énergie"})
    assert answer.status_code == 409
    assert "Les données" in answer.content.decode()
    assert "L’énergie" in answer.content.decode()


def test_documents_have_the_readers_chosen(
    session: Session, opens: Opens, alice: Person, bob: Person, bob_member: Member, farid: Person
) -> None:
    page = place(session, "documents/")
    for readers, title in (("public", "Rapport public"), ("members", "Dossier SECRET-membres")):
        file = SimpleUploadedFile(f"{readers}.txt", f"Un texte pour {readers}.".encode())
        said = {"file": file, "title": title, "readers": readers}
        assert opens(alice).post(page, said).status_code == 302
    assert "Rapport public" in opens(None).get(place(session)).content.decode()
    for reader in (None, farid):
        assert "SECRET-membres" not in opens(reader).get(place(session)).content.decode()
    closed = session.documents.get(document__title__startswith="Dossier").document
    assert "SECRET-membres" in opens(bob).get(address(session.convention, "mon-espace/")).content.decode()
    assert opens(bob).get(f"/documents/{closed.pk}/").status_code == 200
    assert opens(farid).get(f"/documents/{closed.pk}/").status_code == 404
    actions.let_member_leave(member=bob_member, by=alice)
    assert opens(bob).get(f"/documents/{closed.pk}/").status_code == 404
    empty = SimpleUploadedFile("vide.pdf", b"%PDF-1.4 rien")
    answer = opens(alice).post(page, {"file": empty, "title": "", "readers": "public"})
    assert answer.status_code == 422


def test_public_pages_read_as_much_for_three_as_for_thirty(
    convention: Convention, opens: Opens, alice: Person, jeanne: Person, bob: Person, bob_member: Member
) -> None:
    def fill(number: int) -> None:
        for index in range(number):
            session = plan(convention, alice, title=f"S{index}")
            actions.add_agenda_item(session=session, starts_at=session.starts_at, title="A", by=alice)
            actions.publish_agenda(session=session, by=alice)
            heard = actions.plan_hearing(
                convention=convention,
                session=convention.sessions.get(number=1),
                expert=jeanne,
                expert_name="Jeanne",
                subject="Eau",
                interests="Aucun",
                by=alice,
            )
            actions.publish_hearing(hearing=heard, by=alice)
            asked = actions.ask_question(convention=convention, text="?", by=bob, hearing=heard)
            actions.send_question(question=asked, hearing=heard, by=alice)
            actions.answer_question(question=asked, text="A", sources="B", by=jeanne)

    pages = ("sessions/", "sessions/1/", "auditions/", "questions/", "observations/")

    def count() -> list[int]:
        return [_count(opens, address(convention, page)) for page in pages]

    fill(3)
    few = count()
    fill(27)
    assert count() == few
    assert min(few) > 3


def _count(opens: Opens, page: str) -> int:
    browser = opens(None)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(page).status_code == 200
    return len(queries)
