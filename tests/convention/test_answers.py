"""Each adopted proposal is answered, with reasons and by a date; what is late shows, what is corrected stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.actions.answers import AnswerText
from antigone.convention.models import (
    Convention,
    FormerAnswer,
    Freeze,
    Member,
    OfficialAnswer,
    Phase,
    Proposal,
    measure_answers,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.answering import (
    REASONS,
    adopt_proposals,
    first,
    grade_by_all,
    make_text,
    publish_answer,
)
from tests.convention.conftest import Opens, move_to

TODAY = timezone.localdate()


@pytest.mark.parametrize("reasons", ["", "   \n ", "Non.", "x" * 39 + "\n\n \t"])
def test_an_answer_has_reasons(answered: Convention, farid: Person, reasons: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        actions.save_answer(
            proposal=first(answered), text=make_text("refused", reasons, commitment=""), version=0, by=farid
        )
    assert refusal.value.code == "answer_without_reasons"


def test_the_tables_refuse_empty_reasons_too(answered: Convention) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialAnswer.objects.create(
            proposal=first(answered), status="refused", reasons="", answerer="X", saved_at=timezone.now()
        )


@pytest.mark.parametrize("status", ["accepted", "changed"])
def test_what_is_accepted_is_committed_to_with_a_date(
    answered: Convention, farid: Person, status: str
) -> None:
    proposal = first(answered)
    with pytest.raises(WrongInput) as refusal:
        actions.save_answer(proposal=proposal, text=make_text(status, commitment=" "), version=0, by=farid)
    assert refusal.value.code == "answer_without_commitment"
    undated = AnswerText(status, REASONS, "Farid", "Publier", None)
    with pytest.raises(WrongInput) as refusal:
        actions.save_answer(proposal=proposal, text=undated, version=0, by=farid)
    assert refusal.value.code == "commitment_without_date"


@pytest.mark.parametrize(
    ("status", "answerer", "code"),
    [("perhaps", "Farid", "answer_status_unknown"), ("refused", " ", "answer_without_answerer")],
)
def test_an_answer_says_what_and_who(
    answered: Convention, farid: Person, status: str, answerer: str, code: str
) -> None:
    with pytest.raises(WrongInput) as refusal:
        actions.save_answer(
            proposal=first(answered), text=make_text(status, answerer=answerer), version=0, by=farid
        )
    assert refusal.value.code == code


@pytest.mark.parametrize("name", ["alice", "esther", "jeanne", "olivia", "marc", "bob"])
def test_only_its_officials_answer(
    answered: Convention, bob_member: Member, request: pytest.FixtureRequest, name: str
) -> None:
    person = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        actions.save_answer(proposal=first(answered), text=make_text(), version=0, by=person)


def test_another_official_of_the_city_does_not_answer(answered: Convention, farid: Person) -> None:
    answered.appointments.filter(person=farid).delete()
    with pytest.raises(NotAllowed):
        actions.save_answer(proposal=first(answered), text=make_text(), version=0, by=farid)


@pytest.mark.parametrize("phase", [Phase.DELIBERATION, Phase.CLOSED])
def test_answers_belong_to_their_phases(answered: Convention, farid: Person, phase: Phase) -> None:
    answer = publish_answer(first(answered), farid)
    move_to(answered, phase)
    writings = [
        lambda: actions.save_answer(
            proposal=answered.proposals.get(number=2), text=make_text(), version=0, by=farid
        ),
        lambda: actions.correct_answer(
            answer=answer, text=make_text("refused"), why="Budget", version=1, by=farid
        ),
        lambda: actions.publish_answers(convention=answered, numbers=[2], by=farid),
        lambda: actions.add_milestone(answer=answer, title="A", due_date=TODAY, by=farid),
    ]
    for writing in writings:
        with pytest.raises(NotPossible) as refusal:
            writing()
        assert refusal.value.code == "phase_closed"


def test_a_frozen_convention_takes_no_answer(answered: Convention, farid: Person, esther: Person) -> None:
    Freeze.objects.create(
        convention=answered, phase="answers", reason="Vérifier", frozen_at=timezone.now(), frozen_by=esther
    )
    with pytest.raises(NotPossible) as refusal:
        actions.save_answer(proposal=first(answered), text=make_text(), version=0, by=farid)
    assert refusal.value.code == "convention_frozen"


def test_only_adopted_proposals_are_answered(answered: Convention, farid: Person) -> None:
    proposal = first(answered)
    proposal.state = Proposal.State.SET_ASIDE
    proposal.save()
    with pytest.raises(NotPossible) as refusal:
        actions.save_answer(proposal=proposal, text=make_text(), version=0, by=farid)
    assert refusal.value.code == "proposal_not_adopted"


def test_drafts_are_published_together_or_not_at_all(answered: Convention, farid: Person) -> None:
    for number in (1, 2):
        proposal = answered.proposals.get(number=number)
        actions.save_answer(proposal=proposal, text=make_text(), version=0, by=farid)
    with pytest.raises(NotPossible):
        actions.publish_answers(convention=answered, numbers=[1, 2, 3], by=farid)
    assert not OfficialAnswer.objects.published().exists()
    published = actions.publish_answers(convention=answered, numbers=[1, 2], by=farid)
    assert len({answer.published_at for answer in published}) == 1
    assert measure_answers(answered, TODAY).answered == 2


def test_the_second_to_write_sees_what_the_first_saved(
    answered: Convention, farid: Person, opens: Opens
) -> None:
    actions.save_answer(proposal=first(answered), text=make_text(), version=0, by=farid)
    mine = "Ce que j’écrivais pendant ce temps, et que je ne veux pas perdre."
    typed = {"status": "refused", "reasons": mine, "answerer": "Farid", "version": 0}
    page = opens(farid).post(f"/conventions/{answered.slug}/propositions/1/reponse/ecrire/", typed)
    assert page.status_code == 409
    assert mine in page.content.decode()
    assert REASONS in page.content.decode()
    assert OfficialAnswer.objects.get().reasons == REASONS


def test_a_draft_is_not_there_for_others(
    answered: Convention,
    farid: Person,
    bob: Person,
    bob_member: Member,
    request: pytest.FixtureRequest,
    opens: Opens,
) -> None:
    actions.save_answer(
        proposal=first(answered), text=make_text(reasons="CACHE-brouillon " + REASONS), version=0, by=farid
    )
    address = f"/conventions/{answered.slug}/propositions/1/reponse/"
    for reader in ("alice", "esther", "farid"):
        assert opens(request.getfixturevalue(reader)).get(address).status_code == 200
    for name in ("jeanne", "olivia", "marc", "bob", None):
        client = opens(request.getfixturevalue(name) if name else None)
        assert client.get(address).status_code == 404
        assert "CACHE" not in client.get(f"/conventions/{answered.slug}/reponses/").content.decode()
        assert client.get(f"/conventions/{answered.slug}/reponses/a-publier/").status_code in (302, 404)


@pytest.mark.parametrize("name", ["alice", "esther", "bob", "olivia", "marc", "jeanne"])
def test_pages_of_writing_are_not_there_for_others(
    answered: Convention,
    farid: Person,
    bob_member: Member,
    request: pytest.FixtureRequest,
    opens: Opens,
    name: str,
) -> None:
    publish_answer(first(answered), farid)
    client = opens(request.getfixturevalue(name))
    base = f"/conventions/{answered.slug}/propositions"
    assert client.get(f"{base}/2/reponse/ecrire/").status_code == 404
    assert client.get(f"{base}/1/reponse/corriger/").status_code == 404
    assert client.post(f"/conventions/{answered.slug}/reponses/a-publier/", {"number": 1}).status_code == 404


def test_the_deadline_shows_by_itself(answered: Convention, farid: Person, opens: Opens) -> None:
    publish_answer(first(answered), farid)
    address = f"/conventions/{answered.slug}/reponses/"
    assert measure_answers(answered, TODAY).overdue == 0
    assert "status-overdue" not in opens(None).get(address).content.decode()
    answered.answers_due_date = TODAY - timedelta(days=1)
    answered.save()
    page = opens(None).get(address).content.decode()
    assert page.count('<span class="status status-overdue">') == 3  # the promise, and two proposals
    assert measure_answers(answered, TODAY).overdue == 2
    assert measure_answers(answered, answered.answers_due_date).overdue == 0


def test_the_board_is_filtered(answered: Convention, farid: Person, opens: Opens) -> None:
    publish_answer(first(answered), farid, make_text("refused", commitment=""))
    address = f"/conventions/{answered.slug}/reponses/"
    refused = opens(None).get(address, {"etat": "refused"}).content.decode()
    assert "1. Proposition 1" in refused
    assert "2. Proposition 2" not in refused
    waiting = opens(None).get(address, {"etat": "waiting"}).content.decode()
    assert "1. Proposition 1" not in waiting
    assert opens(None).get(address, {"etat": "<script>"}).status_code == 200


def test_before_the_avis_the_board_says_nothing_of_proposals(convention: Convention, opens: Opens) -> None:
    adopt_proposals(convention, 1)
    assert (
        "Proposition 1" not in opens(None).get(f"/conventions/{convention.slug}/reponses/").content.decode()
    )


def test_a_correction_keeps_the_former_text(answered: Convention, farid: Person, opens: Opens) -> None:
    answer = publish_answer(first(answered), farid)
    text = make_text("changed", "Le conseil a examiné cette proposition et ne la suivra qu’en partie.")
    actions.correct_answer(answer=answer, text=text, why="Le budget a changé.", version=1, by=farid)
    former = FormerAnswer.objects.get()
    assert (former.reasons, former.status, former.number) == (REASONS, "accepted", 1)
    page = opens(None).get(f"/conventions/{answered.slug}/propositions/1/reponse/").content.decode()
    assert "Le budget a changé." in page
    assert REASONS in page
    assert "<del>" in page
    assert "<ins>" in page


def test_each_former_text_has_its_own_days(answered: Convention, farid: Person) -> None:
    answer = publish_answer(first(answered), farid)
    for version, status in ((1, "refused"), (2, "changed")):
        answer = actions.correct_answer(
            answer=answer, text=make_text(status), why="Parce que", version=version, by=farid
        )
    one, two = FormerAnswer.objects.all()
    assert one.published_at == answer.published_at
    assert one.corrected_at == two.published_at
    assert answer.version == 3


@pytest.mark.parametrize(
    ("text", "why", "version", "code"),
    [
        (make_text("refused"), "  ", 1, "correction_without_why"),
        (make_text("refused"), "Oui", 0, "answer_saved_since"),
        (make_text("refused", "Non."), "Oui", 1, "answer_without_reasons"),
        (make_text(), "Oui", 1, "correction_changes_nothing"),
    ],
)
def test_a_correction_is_refused(
    answered: Convention, farid: Person, text: AnswerText, why: str, version: int, code: str
) -> None:
    answer = publish_answer(first(answered), farid)
    with pytest.raises((NotPossible, WrongInput)) as refusal:
        actions.correct_answer(answer=answer, text=text, why=why, version=version, by=farid)
    assert refusal.value.code == code
    assert not FormerAnswer.objects.exists()


def test_what_is_published_is_not_changed_as_a_draft(answered: Convention, farid: Person) -> None:
    publish_answer(first(answered), farid)
    with pytest.raises(NotPossible) as refusal:
        actions.save_answer(proposal=first(answered), text=make_text("refused"), version=1, by=farid)
    assert refusal.value.code == "answer_published"


def test_unanswered_proposals_are_counted_for_the_closing(answered: Convention, farid: Person) -> None:
    actions.save_answer(proposal=first(answered), text=make_text(), version=0, by=farid)
    assert answered.proposals.unanswered().count() == 3
    actions.publish_answers(convention=answered, numbers=[1], by=farid)
    assert {proposal.number for proposal in answered.proposals.unanswered()} == {2, 3}


def test_hostile_words_are_shown_as_they_are(answered: Convention, farid: Person, opens: Opens) -> None:
    text = make_text(reasons='<script>alert("x")</script> {{ 1 }} =cmd|calc ' + REASONS)
    publish_answer(first(answered), farid, text)
    page = opens(None).get(f"/conventions/{answered.slug}/propositions/1/reponse/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_open_for_each_role(
    answered: Convention,
    farid: Person,
    bob_member: Member,
    request: pytest.FixtureRequest,
    opens: Opens,
    language: str,
) -> None:
    answer = publish_answer(first(answered), farid)
    actions.add_milestone(answer=answer, title="Délibération", due_date=TODAY, by=farid)
    Person.objects.update(language=language)
    base = f"/conventions/{answered.slug}"
    pages = {
        "farid": [
            "reponses/a-publier/",
            "propositions/2/reponse/ecrire/",
            "propositions/1/reponse/corriger/",
        ],
        "alice": ["reponses/a-publier/", f"propositions/1/reponse/etapes/{answer.milestones.get().pk}/"],
        "esther": ["reponses/a-publier/"],
        "bob": [],
    }
    for name, paths in pages.items():
        client = opens(request.getfixturevalue(name))
        for path in ["reponses/", "propositions/1/reponse/", *paths]:
            assert client.get(f"{base}/{path}").status_code == 200, (name, path)


def test_the_board_reads_three_as_it_reads_thirty(
    convention: Convention, farid: Person, opens: Opens
) -> None:
    few = adopt_proposals(convention, 3)
    move_to(convention, Phase.ANSWERS)
    client, address = opens(None), f"/conventions/{convention.slug}/reponses/"
    grade_by_all(publish_answer(few[0], farid), 6)
    with CaptureQueriesContext(
        connection,
    ) as small:
        assert client.get(address).status_code == 200
    convention.ballots.all().delete()
    convention.proposals.exclude(pk=few[0].pk).delete()
    theme = few[0].theme
    for number in range(2, 31):
        proposal = Proposal.objects.create(
            convention=convention, theme=theme, number=number, title=f"P{number}", state="adopted"
        )
        grade_by_all(publish_answer(proposal, farid), 6)
    with CaptureQueriesContext(connection) as large:
        assert client.get(address).status_code == 200
    assert len(large) == len(small)


def test_the_home_page_says_by_itself_what_is_late(answered: Convention, opens: Opens) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Convention.objects.filter(pk=answered.pk).update(answers_due_date=yesterday)
    assert "1 jour de retard" in opens(None).get("/").content.decode()
    Convention.objects.filter(pk=answered.pk).update(answers_due_date=timezone.localdate())
    assert "de retard" not in opens(None).get("/").content.decode()
