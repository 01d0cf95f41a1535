"""What participants may say of themselves: the questions, their answers, the shares of the inhabitants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.choices import record_choice
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.models import Choice, Consultation, ProfileOption, ProfileQuestion
from antigone.errors import NotPossible

MOST_QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A question as somebody wrote it; `options` are answers, each with its share in % where it is known."""

    text: str
    source: str
    options: Sequence[tuple[str, Decimal | None]]

    def write(self) -> str:
        """Write it in full, as it stands in the public list of changes."""
        answers = "\n".join(
            f"{text} ({share} %)" if share is not None else text for text, share in self.options
        )
        return "\n".join(part for part in (self.text, answers, self.source) if part)


@transaction.atomic
def save_profile_question(
    *,
    consultation: Consultation,
    question_id: int | None,
    draft: ProfileDraft,
    reason: str,
    by: Person,
    now: datetime,
) -> ProfileQuestion:
    """Add a question, or change it; answers that participants gave keep their meaning: theirs are not reworded."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    question = _find_question(locked, question_id)
    before = read_draft(question) if question else None
    if question is None:
        if locked.profile_questions.count() >= MOST_QUESTIONS:
            raise NotPossible(
                "too_many_profile_questions",
                gettext_noop("There are %(most)d questions already: people would leave. Delete one first."),
                most=MOST_QUESTIONS,
            )
        last = locked.profile_questions.order_by("position").last()
        question = ProfileQuestion(consultation=locked, position=last.position + 1 if last else 0)
    elif before and question.answers.exists():
        _check_answered(before, draft)
    if locked.is_public and before != draft:
        change = (before.write() if before else "", draft.write())
        record_choice(locked, Choice.Kind.TEXT, change, reason, by, now)
    question.text, question.source = draft.text, draft.source
    question.save()
    _save_options(question, draft)
    return question


@transaction.atomic
def delete_profile_question(
    *, consultation: Consultation, question_id: int, reason: str, by: Person, now: datetime
) -> None:
    """Take a question away with the answers that it was given."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    question = _find_question(locked, question_id)
    if question is None:
        return
    if locked.is_public:
        record_choice(locked, Choice.Kind.TEXT, (read_draft(question).write(), ""), reason, by, now)
    question.delete()


def read_draft(question: ProfileQuestion) -> ProfileDraft:
    options = [(option.text, option.share) for option in question.options.all()]
    return ProfileDraft(question.text, question.source, options)


def _find_question(consultation: Consultation, question_id: int | None) -> ProfileQuestion | None:
    if question_id is None:
        return None
    question = consultation.profile_questions.filter(pk=question_id).first()
    if question is None:
        raise NotPossible(
            "profile_question_gone",
            gettext_noop(
                "Somebody deleted this question while you were writing. Add it again if you need it."
            ),
        )
    return question


def _check_answered(before: ProfileDraft, draft: ProfileDraft) -> None:
    """Refuse to change the words that participants answered; the shares, their source and new answers may change."""
    kept = {text for text, _share in draft.options}
    if before.text != draft.text or not {text for text, _share in before.options} <= kept:
        raise NotPossible(
            "profile_question_answered",
            gettext_noop(
                "Participants have answered this question: its words and its answers stay. "
                "Delete it and write another one."
            ),
        )


def _save_options(question: ProfileQuestion, draft: ProfileDraft) -> None:
    """Save the answers in their order; one that keeps its words keeps who chose it."""
    known = {option.text: option for option in question.options.all()}
    for position, (text, share) in enumerate(draft.options):
        option = known.pop(text, None) or ProfileOption(question=question, text=text)
        option.share, option.position = share, position
        option.save()
    question.options.filter(pk__in=[option.pk for option in known.values()]).delete()
