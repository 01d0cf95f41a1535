"""The evaluation survey: written, opened, answered once by each member without a name, closed."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator, require_member
from antigone.convention.models import Convention, Member, Phase, Survey, SurveyQuestion, SurveySheet
from antigone.convention.models.surveys import FLOOR, LEVELS
from antigone.errors import NotPossible, WrongInput

WHILE_SITTING = (Phase.DELIBERATION, Phase.ANSWERS, Phase.FOLLOW_UP)
MOST_WORDS = 2_000


@transaction.atomic
def save_survey(
    *,
    convention: Convention,
    title: str,
    questions: Sequence[tuple[str, str]],
    by: Person,
    survey: Survey | None = None,
) -> Survey:
    """Write a survey, or write it again before it opens; `questions` are pairs of a text and its kind."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *WHILE_SITTING)
    if not questions:
        raise WrongInput("survey_without_question", gettext_noop("A survey asks one question at least."))
    if survey is None:
        survey = Survey(convention=locked)
    else:
        survey = _lock_survey(survey, locked)
        if not survey.is_draft:
            raise NotPossible(
                "survey_opened", gettext_noop("This survey has been opened: its questions stay.")
            )
        survey.questions.all().delete()
    survey.title = title
    survey.save()
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(survey=survey, position=position, text=text, kind=kind)
        for position, (text, kind) in enumerate(questions)
    )
    return survey


@transaction.atomic
def open_survey(*, survey: Survey, by: Person) -> Survey:
    """Let the members answer."""
    require_facilitator(by, survey.convention)
    survey = _lock_survey(survey, lock_convention(survey.convention, *WHILE_SITTING))
    if not survey.is_draft:
        raise NotPossible("survey_opened", gettext_noop("This survey has been opened: its questions stay."))
    survey.opened_at = timezone.now()
    survey.save(update_fields=["opened_at"])
    return survey


@transaction.atomic
def answer_survey(*, survey: Survey, answers: Mapping[int, int | str], by: Person) -> None:
    """Keep what a member answers, {question pk: level or words}, and apart from it that they answered.

    Both tables are written anew each time, in orders that say nothing of who came when.
    """
    member = require_member(by, survey.convention)
    survey = _lock_survey(survey, lock_convention(survey.convention, *WHILE_SITTING))
    if not survey.is_open:
        raise NotPossible("survey_not_open", gettext_noop("This survey is not open."))
    if survey.answered_by.filter(pk=member.pk).exists():
        raise NotPossible("survey_answered", gettext_noop("You have answered this survey: once is enough."))
    kept = _check_answers(survey, answers)
    _forget_order(survey, member, kept)
    survey.answers += 1
    survey.save(update_fields=["answers"])


@transaction.atomic
def close_survey(*, survey: Survey, by: Person) -> Survey:
    """Show what was answered; forget who answered, and whatever too few answered."""
    require_facilitator(by, survey.convention)
    survey = _lock_survey(survey, lock_convention(survey.convention, *WHILE_SITTING))
    if not survey.is_open:
        raise NotPossible("survey_not_open", gettext_noop("This survey is not open."))
    survey.closed_at = timezone.now()
    survey.save(update_fields=["closed_at"])
    survey.answered_by.clear()
    sheets = list(survey.sheets.all())
    for question in map(str, survey.questions.values_list("pk", flat=True)):
        if sum(question in sheet.answers for sheet in sheets) < FLOOR:
            for sheet in sheets:
                sheet.answers.pop(question, None)
    SurveySheet.objects.bulk_update(sheets, ["answers"])
    return survey


def _lock_survey(survey: Survey, convention: Convention) -> Survey:
    """Read the survey again, under the lock of its convention."""
    return Survey.objects.get(pk=survey.pk, convention=convention)


def _check_answers(survey: Survey, answers: Mapping[int, int | str]) -> dict[str, int | str]:
    """Return the answers that say something, to the questions of this survey."""
    kinds = dict(survey.questions.values_list("pk", "kind"))
    kept: dict[str, int | str] = {}
    for pk, given in answers.items():
        is_level = kinds.get(pk) == SurveyQuestion.Kind.LEVEL and given in range(1, LEVELS + 1)
        is_words = kinds.get(pk) == SurveyQuestion.Kind.WORDS and isinstance(given, str)
        if not is_level and not is_words:
            raise WrongInput(
                "survey_answer_refused", gettext_noop("An answer is not one that the survey offers.")
            )
        if is_level:
            kept[str(pk)] = given
        elif isinstance(given, str) and given.strip():
            kept[str(pk)] = given.strip()[:MOST_WORDS]
    if not kept:
        raise WrongInput("survey_sheet_empty", gettext_noop("Answer one question at least."))
    return kept


def _forget_order(survey: Survey, member: Member, answers: dict[str, int | str]) -> None:
    """Write who answered in the order of the seats, the sheets in the order of new keys drawn by lot."""
    answered = sorted([*survey.answered_by.values_list("number", "pk"), (member.number, member.pk)])
    contents = [*survey.sheets.values_list("answers", flat=True), answers]
    survey.answered_by.clear()
    # Row by row: `add` would write them in an order of its own.
    told = Survey.answered_by.through
    told.objects.bulk_create(told(survey=survey, member_id=pk) for _number, pk in answered)
    survey.sheets.all().delete()
    sheets = [SurveySheet(survey=survey, answers=content) for content in contents]
    SurveySheet.objects.bulk_create(sorted(sheets, key=lambda sheet: sheet.pk))
