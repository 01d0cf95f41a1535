"""What somebody who looks for a way round would try."""

import importlib
import pkgutil
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.actions import create_person
from antigone.accounts.models import Group, Organisation, Person
from antigone.convention import actions, forms
from antigone.convention.actions.documents import open_documents
from antigone.convention.models import (
    Convention,
    Grade,
    Member,
    OfficialAnswer,
    Phase,
    Proposal,
    Session,
    Theme,
)
from antigone.errors import AntigoneError, NotAllowed, NotPossible, WrongInput
from antigone.library.models import Collection, Document
from antigone.selection import actions as draws
from antigone.selection.codes import hash_code, make_code
from antigone.selection.models import Draw, Respondent, Seat, SeatCode
from tests.convention.conftest import Opens, move_to
from tests.convention.test_leaks import list_addresses, town  # noqa: F401
from tests.convention.town import begin_convention

# What pages send beside the fields of forms.
SENT = "action number p v c phase consent payment erase remove outcome readers"
WRITES = re.compile('(INSERT INTO|UPDATE|DELETE FROM) "(convention|selection)_')
HUGE = ("9" * 30, "9" * 5_000)


@pytest.fixture
def elsewhere(
    convention: Convention, alice: Person, esther: Person, farid: Person, jeanne: Person
) -> Session:
    """The session of another convention of Alice's."""
    other = begin_convention(alice, guarantor=esther, official=farid, expert=jeanne)
    return hold_session(other)


def list_fields() -> set[str]:
    """Give the name of every field of every form of the room, and of those that pages send without a form."""
    names = set(SENT.split())
    for module in pkgutil.iter_modules(forms.__path__):
        for kind in vars(importlib.import_module(f"{forms.__name__}.{module.name}")).values():
            names |= set(getattr(kind, "base_fields", ()))
    return names


def hold_session(convention: Convention) -> Session:
    now = timezone.now()
    return Session.objects.create(
        convention=convention, number=1, title="S", starts_at=now, ends_at=now + timedelta(hours=8)
    )


def read_data(convention: Convention, opens: Opens, table: str) -> list[dict[str, object]]:
    address = f"/conventions/{convention.slug}/donnees/convention.json"
    rows: list[dict[str, object]] = opens(None).get(address).json()[table]
    return rows


def test_a_recording_is_in_no_file_before_its_minutes_are_public(
    convention: Convention, opens: Opens
) -> None:
    session = hold_session(convention)
    session.recording = "https://video.example/brouillon"
    session.save(update_fields=["recording"])
    assert read_data(convention, opens, "sessions")[0]["recording"] == ""
    session.minutes_published_at = timezone.now()
    session.save(update_fields=["minutes_published_at"])
    assert read_data(convention, opens, "sessions")[0]["recording"] == session.recording


def test_few_grades_of_a_former_text_are_not_to_be_subtracted(answered: Convention, opens: Opens) -> None:
    now = timezone.now()
    answer = OfficialAnswer.objects.create(
        proposal=answered.proposals.get(number=1), status="refused", reasons="Parce que", answerer="F", version=2,
        saved_at=now, published_at=now,
    )  # fmt: skip
    Grade.objects.bulk_create(
        Grade(answer=answer, member=member, level=4 if member.number > 3 else 1,
              answer_version=2 if member.number > 3 else 1, given_at=now)
        for member in answered.members.filter(number__lte=8)
    )  # fmt: skip
    assert read_data(answered, opens, "grades") == [{"answer": 1, "counts": [0, 0, 0, 5, 0]}]


def test_a_survey_that_is_open_is_the_members_own(
    convention: Convention, alice: Person, opens: Opens
) -> None:
    survey = actions.save_survey(convention=convention, title="Bilan", questions=[("Q ?", "level")], by=alice)
    actions.open_survey(survey=survey, by=alice)
    assert read_data(convention, opens, "surveys") == []
    actions.close_survey(survey=survey, by=alice)
    assert [row["title"] for row in read_data(convention, opens, "surveys")] == ["Bilan"]


def test_an_expert_who_was_sent_away_answers_nothing(
    convention: Convention, alice: Person, jeanne: Person, bob_member: Member, bob: Person, opens: Opens
) -> None:
    hearing = actions.plan_hearing(
        convention=convention, expert=jeanne, expert_name="J", subject="S", interests="Aucun", by=alice
    )
    question = actions.ask_question(convention=convention, text="Combien ?", by=bob)
    actions.send_question(question=question, hearing=hearing, by=alice)
    actions.dismiss(appointment=convention.appointments.get(person=jeanne), reason="Intérêts tus", by=alice)
    with pytest.raises(NotAllowed):
        actions.answer_question(question=question, text="Deux.", sources="A", by=jeanne)
    said = {"text": "Deux.", "sources": "A"}
    address = f"/conventions/{convention.slug}/questions/1/repondre/"
    assert opens(jeanne).post(address, said).status_code == 404


def test_who_was_asked_is_not_told_before_the_hearing_is_published(
    convention: Convention, alice: Person, jeanne: Person, bob_member: Member, bob: Person, opens: Opens
) -> None:
    hearing = actions.plan_hearing(
        convention=convention, expert=jeanne, expert_name="SECRET-E", subject="S", interests="Aucun", by=alice
    )
    question = actions.ask_question(convention=convention, text="Combien ?", by=bob)
    actions.send_question(question=question, hearing=hearing, by=alice)
    given = actions.answer_question(question=question, text="Deux.", sources="A", by=jeanne)
    theme = actions.save_theme(convention=convention, title="T", by=alice)
    proposal = actions.create_proposal(convention=convention, theme=theme, title="P", by=alice)
    paragraph = actions.add_paragraph(
        proposal=proposal, text="Un texte", sources=actions.Sources(expert_answers=[given]), by=alice
    )
    pages = [f"/conventions/{convention.slug}/{rest}" for rest in (
        "propositions/1/", f"paragraphes/{paragraph.pk}/", "questions/1/", "questions/",
    )]  # fmt: skip
    assert "Deux." in opens(None).get(pages[0]).content.decode()
    for page in pages:
        assert "SECRET-E" not in opens(None).get(page).content.decode()
    actions.publish_hearing(hearing=hearing, by=alice)
    assert "SECRET-E" in opens(None).get(pages[0]).content.decode()


def test_who_leaves_the_team_reads_the_members_documents_no_more(
    convention: Convention, alice: Person, ahmed: Person, esther: Person, bob_member: Member
) -> None:
    open_documents(bob_member)
    readers = Group.objects.get(name=f"convention-{convention.pk}-membres")
    collection = Collection.objects.create(
        name="C", slug="c", organisation=convention.organisation, audience=Collection.Audience.GROUPS
    )
    collection.readers.add(readers)
    document = Document.objects.create(collection=collection, title="D", filename="d.txt")
    appointment = actions.appoint(convention=convention, person=ahmed, role="facilitator", by=alice)
    team = Group.objects.create(
        organisation=convention.organisation, name=f"convention-{convention.pk}-equipe"
    )
    team.people.add(ahmed)
    assert Document.objects.readable_by(ahmed).filter(pk=document.pk).exists()
    actions.dismiss(appointment=appointment, reason="Autre poste", by=alice)
    assert not Document.objects.readable_by(ahmed).filter(pk=document.pk).exists()
    assert not team.people.exists()
    readers.people.add(esther)
    actions.step_down(convention=convention, reason="Départ", by=esther)
    assert list(readers.people.all()) == [bob_member.person]


def test_an_expert_is_not_let_into_what_is_the_members(
    prepared: Convention, alice: Person, jeanne: Person
) -> None:
    readers = Group.objects.create(
        organisation=prepared.organisation, name=f"convention-{prepared.pk}-membres"
    )
    prepared.appointments.filter(person=jeanne).delete()
    actions.appoint(convention=prepared, person=jeanne, role="expert", by=alice)
    assert not readers.people.exists()


@pytest.mark.parametrize("number", HUGE)
def test_a_number_without_measure_breaks_nothing(
    number: str, answered: Convention, alice: Person, farid: Person, opens: Opens
) -> None:
    base = f"/conventions/{answered.slug}"
    assert opens(farid).post(f"{base}/reponses/a-publier/", {"number": number}).status_code == 409
    hold_session(answered)
    move_to(answered, Phase.DELIBERATION)
    browser = opens(alice)
    assert browser.post(f"{base}/sessions/1/presences/", {f"seat-{number}": "present"}).status_code < 500
    sent = {"remove": number}
    assert browser.post(f"{base}/sessions/1/ordre-du-jour/changer/", sent).status_code == 404


def test_a_session_of_another_convention_is_refused(
    convention: Convention, elsewhere: Session, bob_member: Member, alice: Person
) -> None:
    collection = Collection.objects.create(
        name="C", slug="c", organisation=convention.organisation, audience=Collection.Audience.PUBLIC
    )
    document = Document.objects.create(collection=collection, title="D", filename="d.txt")
    for action, given in (
        (actions.attach_document, {"convention": convention, "document": document}),
        (actions.record_payment, {"member": bob_member, "kind": "other", "label": "", "amount": 1}),
    ):
        with pytest.raises(AntigoneError) as caught:
            action(**given, session=elsewhere, by=alice)
        assert caught.value.code == "session_elsewhere"
    assert not bob_member.payments.exists()


@pytest.mark.parametrize("role", ["guarantor", "elected_official"])
def test_who_prepares_the_draw_neither_watches_nor_answers(
    role: str, convention: Convention, alice: Person, city: Organisation
) -> None:
    both = create_person(email="both@ville.example", name="B", roles=["facilitator", role], organisation=city)
    with pytest.raises(NotPossible) as caught:
        actions.appoint(convention=convention, person=both, role=role, by=alice)
    assert caught.value.code == "prepares_its_draw"
    with pytest.raises(NotPossible) as caught:
        actions.appoint_by_email(convention=convention, email=both.email, role=role, by=alice)
    assert caught.value.code == "nobody_to_appoint"
    actions.appoint(convention=convention, person=both, role="facilitator", by=alice)


def test_who_has_left_the_team_does_not_sit(convention: Convention, alice: Person, esther: Person) -> None:
    actions.step_down(convention=convention, reason="Départ", by=esther)
    (_member, code), *_others = actions.give_codes(convention=convention, by=alice)
    with pytest.raises(NotPossible):
        actions.join_convention(code=code, by=esther)


def test_writers_are_not_named_in_the_order_of_their_seats(convention: Convention, opens: Opens) -> None:
    theme = Theme.objects.create(convention=convention, title="T", position=1)
    proposal = Proposal.objects.create(convention=convention, theme=theme, number=1, title="P")
    for number, name in ((1, "Zora"), (2, "Ali")):
        convention.members.filter(number=number).update(pseudonym=name)
    proposal.writers.set(convention.members.filter(number__lte=2))
    page = opens(None).get(f"/conventions/{convention.slug}/propositions/1/").content.decode()
    assert page.index("Ali") < page.index("Zora")


def test_words_without_a_name_have_no_hour(convention: Convention, bob_member: Member, bob: Person) -> None:
    named = actions.contribute(convention=convention, text="Avec mon nom", by=bob)
    unnamed = actions.contribute(convention=convention, text="Sans mon nom", by=bob, is_named=False)
    assert unnamed.member is None
    told = timezone.localtime(unnamed.written_at)
    assert (told.hour, told.minute, told.second, told.microsecond) == (0, 0, 0, 0)
    assert told.date() == timezone.localtime(named.written_at).date()


@pytest.mark.parametrize("title", ["Rejoindre", "Nouvelle", "Importer"])
def test_no_convention_hides_behind_another_page(title: str, alice: Person) -> None:
    convention = actions.create_convention(title=title, by=alice)
    assert convention.slug == f"{title.lower()}-2"


def test_the_draw_of_a_frozen_convention_waits_too(
    convention: Convention, alice: Person, esther: Person
) -> None:
    draw = Draw.objects.create(
        organisation=convention.organisation, title="T", size=1, people=1, stage="drawn"
    )
    convention.draw = draw
    convention.save(update_fields=["draw"])
    person = Respondent.objects.create(draw=draw, identifier="1", pseudonym="r0001")
    seat = Seat.objects.create(draw=draw, number=1, respondent=person, holder=person)
    code = make_code()
    SeatCode.objects.create(seat=seat, respondent=person, hash=hash_code(code), made_at=timezone.now())
    actions.freeze_convention(convention=convention, reason="Un doute", by=esther)
    for action, given in (
        (draws.make_codes, {"draw": draw, "is_for_all": True}),
        (draws.publish_draw, {"draw": draw}),
        (draws.name_cosigners, {"draw": draw, "people": []}),
        (draws.answer_by_phone, {"seat": seat, "holder_id": person.pk, "state": "declined"}),
    ):
        with pytest.raises(NotPossible) as caught:
            action(**given, by=alice)
        assert caught.value.code == "draw_stopped"
    # What somebody says of their own seat is theirs.
    assert draws.answer_by_code(code=code, is_coming=True).state == Seat.State.CONFIRMED


@pytest.mark.parametrize("role", ["alice", "esther", "farid", "bob"])
def test_reading_writes_nothing_and_no_words_break_a_page(
    role: str,
    town: Convention,  # noqa: F811
    opens: Opens,
    request: pytest.FixtureRequest,
) -> None:
    browser = opens(request.getfixturevalue(role))
    addresses = [address for address in list_addresses() if not address.endswith(("/rejoindre/", "/livrer/"))]
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        writing = [query["sql"] for query in queries if WRITES.match(query["sql"])]
        assert not writing, address
    for value in ("\0", "9" * 5_000):
        sent = dict.fromkeys(list_fields(), value)
        for address in addresses:
            assert browser.post(address, sent).status_code < 500, address


def test_a_code_of_nobody_and_a_used_one_get_the_same_answer(
    convention: Convention, alice: Person, bob: Person, opens: Opens
) -> None:
    (_member, code), *_others = actions.give_codes(convention=convention, by=alice)
    actions.join_convention(code=code, by=bob)
    told = set()
    for typed in (code, make_code(), "0", ""):
        with pytest.raises(WrongInput) as caught:
            actions.open_account(code=typed, email="x@mail.example", password="une phrase assez longue")
        told.add(str(caught.value))
    assert len(told) == 1
