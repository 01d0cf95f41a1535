"""The members say what each answer is worth to them, beside what the officials say of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.answers import ANSWERING
from antigone.convention.actions.rights import lock_convention, require_member
from antigone.convention.models import Grade, OfficialAnswer
from antigone.convention.wording import GRADES
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def grade_answer(*, answer: OfficialAnswer, level: int, comment: str, version: int, by: Person) -> Grade:
    """Keep what the member that `by` is thinks of a published answer; it may be said again, the last one counts.

    `version` is the text that the member has read: an answer corrected meanwhile is to be read first.
    """
    convention = answer.proposal.convention
    member = require_member(by, convention)
    lock_convention(convention, *ANSWERING)
    held = OfficialAnswer.objects.published().filter(pk=answer.pk).first()
    if held is None:
        raise NotPossible("grade_before_answer", gettext_noop("There is no published answer to grade yet."))
    if held.version != version:
        raise NotPossible(
            "answer_corrected_since",
            gettext_noop("This answer was corrected meanwhile. Read it again, then grade it."),
        )
    if level not in GRADES:
        raise WrongInput("grade_not_a_level", gettext_noop("A grade is one of the five levels. Choose one."))
    grade, _created = Grade.objects.update_or_create(
        answer=held,
        member=member,
        defaults={
            "level": level,
            "comment": comment.strip(),
            "answer_version": version,
            "given_at": timezone.now(),
        },
    )
    return grade
