"""What comes after an answer: the grades of the members, in a field of their own, and the steps of a commitment."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import (
    Convention,
    Grade,
    Member,
    Milestone,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.answering import (
    first,
    grade_by_all,
    make_text,
    publish_answer,
)
from tests.convention.conftest import Opens

TODAY = timezone.localdate()


def test_grades_stand_beside_the_status(
    answered: Convention, farid: Person, bob: Person, bob_member: Member, opens: Opens
) -> None:
    answer = publish_answer(first(answered), farid)
    address = f"/conventions/{answered.slug}/propositions/1/reponse/"
    sent = opens(bob).post(address + "noter/", {"level": 2, "comment": "Trop tard", "version": 1})
    assert sent.status_code == 302
    answer.refresh_from_db()
    assert answer.status == "accepted"
    assert Grade.objects.get().level == 2
    actions.grade_answer(answer=answer, level=5, comment="", version=1, by=bob)
    assert Grade.objects.get().level == 5


def test_few_grades_are_counted_and_not_shown(answered: Convention, farid: Person, opens: Opens) -> None:
    answer = publish_answer(first(answered), farid)
    grade_by_all(answer, 4)
    Grade.objects.update(comment="SECRET-commentaire")
    address, visitor = f"/conventions/{answered.slug}/propositions/1/reponse/", opens(None)
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = visitor.get(address).content.decode()
    assert "4 grades so far" in page
    assert "Partly taken up" not in page
    assert "SECRET" not in page
    Grade.objects.create(
        answer=answer,
        member=answered.members.last(),
        level=5,
        given_at=timezone.now(),
        answer_version=1,
        comment="Enfin",
    )
    page = visitor.get(address).content.decode()
    assert "Partly taken up" in page
    assert "Enfin" in page
    assert "SECRET-Nom" not in page


def test_a_grade_of_a_former_text_is_told_apart(
    answered: Convention, farid: Person, bob: Person, bob_member: Member
) -> None:
    answer = publish_answer(first(answered), farid)
    grade_by_all(answer, 6)
    answer = actions.correct_answer(
        answer=answer, text=make_text("refused"), why="Budget", version=1, by=farid
    )
    with pytest.raises(NotPossible) as refusal:
        actions.grade_answer(answer=answer, level=1, comment="", version=1, by=bob)
    assert refusal.value.code == "answer_corrected_since"
    actions.grade_answer(answer=answer, level=1, comment="", version=2, by=bob)
    tally = Grade.objects.all().tally()
    assert tally[answer.pk, True].counts == (1, 0, 0, 0, 0)
    assert tally[answer.pk, False].counts == (0, 0, 5, 0, 0)


@pytest.mark.parametrize("name", ["alice", "esther", "farid", "jeanne", "olivia"])
def test_only_members_grade(
    answered: Convention, farid: Person, request: pytest.FixtureRequest, name: str
) -> None:
    answer = publish_answer(first(answered), farid)
    with pytest.raises(NotAllowed):
        actions.grade_answer(answer=answer, level=3, comment="", version=1, by=request.getfixturevalue(name))


def test_a_grade_is_a_level_of_a_published_answer(
    answered: Convention, farid: Person, bob: Person, bob_member: Member
) -> None:
    draft = actions.save_answer(proposal=first(answered), text=make_text(), version=0, by=farid)
    with pytest.raises(NotPossible):
        actions.grade_answer(answer=draft, level=3, comment="", version=1, by=bob)
    answer = actions.publish_answers(convention=answered, numbers=[1], by=farid)[0]
    for level in (0, 6):
        with pytest.raises(WrongInput):
            actions.grade_answer(answer=answer, level=level, comment="", version=1, by=bob)


def test_who_left_grades_no_more(
    answered: Convention, farid: Person, bob: Person, bob_member: Member
) -> None:
    answer = publish_answer(first(answered), farid)
    bob_member.left_at = timezone.now()
    bob_member.save()
    with pytest.raises(NotAllowed):
        actions.grade_answer(answer=answer, level=3, comment="", version=1, by=bob)


def test_a_late_step_shows_by_itself(
    answered: Convention, farid: Person, alice: Person, opens: Opens
) -> None:
    answer = publish_answer(first(answered), farid)
    step = actions.add_milestone(answer=answer, title="Délibération", due_date=TODAY, by=alice)
    address = f"/conventions/{answered.slug}/propositions/1/reponse/"
    assert "is-late" not in opens(None).get(address).content.decode()
    Milestone.objects.update(due_date=TODAY - timedelta(days=1))
    assert "is-late" in opens(None).get(address).content.decode()
    assert "status-overdue" in opens(None).get(f"/conventions/{answered.slug}/reponses/").content.decode()
    assert list(answer.milestones.overdue(TODAY)) == [step]
    actions.report_milestone(milestone=step, state="done", report="Votée", address="", by=farid)
    assert "is-late" not in opens(None).get(address).content.decode()


@pytest.mark.parametrize(
    ("state", "report", "address", "code"),
    [
        ("done", " ", "", "milestone_without_proof"),
        ("abandoned", "", "https://ville.example/", "milestone_without_reason"),
        ("finished", "Oui", "", "milestone_state_unknown"),
    ],
)
def test_a_report_shows_something(
    answered: Convention, farid: Person, state: str, report: str, address: str, code: str
) -> None:
    answer = publish_answer(first(answered), farid)
    step = actions.add_milestone(answer=answer, title="Délibération", due_date=TODAY, by=farid)
    with pytest.raises(WrongInput) as refusal:
        actions.report_milestone(milestone=step, state=state, report=report, address=address, by=farid)
    assert refusal.value.code == code


def test_a_step_that_is_over_stays_as_it_is(answered: Convention, farid: Person) -> None:
    answer = publish_answer(first(answered), farid)
    step = actions.add_milestone(answer=answer, title="Délibération", due_date=TODAY, by=farid)
    actions.report_milestone(milestone=step, state="abandoned", report="Sans objet", address="", by=farid)
    with pytest.raises(NotPossible):
        actions.report_milestone(milestone=step, state="done", report="Si", address="", by=farid)


@pytest.mark.parametrize("name", ["esther", "jeanne", "olivia", "bob"])
def test_others_do_not_follow_up(
    answered: Convention,
    farid: Person,
    bob_member: Member,
    request: pytest.FixtureRequest,
    opens: Opens,
    name: str,
) -> None:
    person = request.getfixturevalue(name)
    answer = publish_answer(first(answered), farid)
    step = actions.add_milestone(answer=answer, title="Délibération", due_date=TODAY, by=farid)
    with pytest.raises(NotAllowed):
        actions.add_milestone(answer=answer, title="B", due_date=TODAY, by=person)
    with pytest.raises(NotAllowed):
        actions.report_milestone(milestone=step, state="done", report="C", address="", by=person)
    base = f"/conventions/{answered.slug}/propositions/1/reponse/etapes/"
    assert opens(person).get(f"{base}{step.pk}/").status_code == 404
    assert opens(person).post(base, {"title": "B", "due_date": "2027-01-01"}).status_code == 404
