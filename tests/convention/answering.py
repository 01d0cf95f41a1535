"""Proposals adopted with their votes, an opinion of a minority, and an answer: what the tests of answers begin with."""

from datetime import date, timedelta

from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.actions.answers import AnswerText
from antigone.convention.models import (
    Ballot,
    Convention,
    Grade,
    MinorityOpinion,
    OfficialAnswer,
    Paragraph,
    ParagraphVersion,
    Proposal,
    Theme,
)

REASONS = "Le conseil a examiné cette proposition et dit ici pourquoi."


def adopt_proposals(convention: Convention, number: int) -> list[Proposal]:
    """Put adopted proposals into two themes, each of two paragraphs with a closed vote."""
    themes = [
        Theme.objects.create(convention=convention, position=place, title=f"Thème {place}")
        for place in (1, 2)
    ]
    return [adopt_proposal(convention, themes[n % 2], n + 1) for n in range(number)]


def adopt_proposal(convention: Convention, theme: Theme, number: int) -> Proposal:
    now = timezone.now()
    proposal = Proposal.objects.create(
        convention=convention,
        theme=theme,
        number=number,
        title=f"Proposition {number}",
        state=Proposal.State.ADOPTED,
        adopted_at=now,
    )
    ballot = Ballot.objects.create(
        convention=convention,
        proposal=proposal,
        number=number,
        mode=Ballot.Mode.HANDS,
        state=Ballot.State.CLOSED,
        members=10,
        threshold=50,
        quorum=50,
        counts=[1, 0, 1, 5, 2],
        is_quorate=True,
        is_kept=True,
        opened_at=now,
        closed_at=now,
    )
    for place in (1, 2):
        text = f"Paragraphe {place} de la proposition {number}."
        paragraph = Paragraph.objects.create(proposal=proposal, position=place, text=text, kept_version=1)
        version = ParagraphVersion.objects.create(paragraph=paragraph, number=1, text=text, saved_at=now)
        ballot.versions.add(version)
    return proposal


def write_opinion(convention: Convention, proposal: Proposal | None, signatures: int = 3) -> MinorityOpinion:
    return MinorityOpinion.objects.create(
        convention=convention,
        proposal=proposal,
        number=convention.minority_opinions.count() + 1,
        title="Ce que nous aurions écrit",
        text="Nous aurions voulu aller plus loin.",
        written_at=timezone.now(),
        paper_signatures=signatures,
    )


def make_text(
    status: str = "accepted",
    reasons: str = REASONS,
    commitment: str = "Publier la liste",
    due: date | None = None,
    answerer: str = "Farid, adjoint",
) -> AnswerText:
    return AnswerText(
        status=status,
        reasons=reasons,
        answerer=answerer,
        commitment=commitment,
        commitment_due_date=due or timezone.localdate() + timedelta(days=200),
    )


def publish_answer(proposal: Proposal, by: Person, text: AnswerText | None = None) -> OfficialAnswer:
    actions.save_answer(proposal=proposal, text=text or make_text(), version=0, by=by)
    return actions.publish_answers(convention=proposal.convention, numbers=[proposal.number], by=by)[0]


def grade_by_all(answer: OfficialAnswer, number: int, level: int = 3) -> None:
    """Give the grade of the first members of the convention, for the text as it is."""
    Grade.objects.bulk_create(
        Grade(
            answer=answer,
            member=member,
            level=level,
            answer_version=answer.version,
            given_at=timezone.now(),
        )
        for member in answer.proposal.convention.members.all()[:number]
    )


def first(convention: Convention) -> Proposal:
    return convention.proposals.get(number=1)
