"""The avis as delivered, the official answers and what follows from them, the members' grades and evaluation."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_noop as _

from antigone.convention.models import (
    Avis,
    FormerAnswer,
    Grade,
    Milestone,
    OfficialAnswer,
    Survey,
    SurveyQuestion,
    SurveySheet,
)
from antigone.convention.opendata.columns import choice, counts, date, instant, number, refers, text
from antigone.convention.opendata.schema import FLOOR, LEVELS, Scope, Table


def count_levels(levels: Iterable[Any]) -> list[int]:
    """Count levels from 1 to 5; nothing under the floor, where somebody could be recognised."""
    given = [level for level in levels if isinstance(level, int) and 1 <= level <= LEVELS]
    return [given.count(level) for level in range(1, LEVELS + 1)] if len(given) >= FLOOR else []


def read_grades(scope: Scope) -> Iterable[SimpleNamespace]:
    """Count the grades of each answer as it reads now: with those of former texts, a few could be told apart."""
    by_answer: dict[int, list[int]] = {}
    published = Grade.objects.filter(
        answer__proposal__convention=scope.convention,
        answer__published_at__isnull=False,
        answer_version=F("answer__version"),
    )
    for answer, level in published.order_by("answer__proposal__number").values_list("answer", "level"):
        by_answer.setdefault(answer, []).append(level)
    for answer, levels in by_answer.items():
        if counted := count_levels(levels):
            yield SimpleNamespace(answer_id=answer, counts=counted)


def read_surveys(scope: Scope) -> Iterable[Survey]:
    """Give the surveys that are closed: until then they are the members' alone."""
    closed = Survey.objects.filter(convention=scope.convention).closed()
    for index, survey in enumerate(closed.order_by("pk"), 1):
        survey.order = index  # type: ignore[attr-defined]
        yield survey


def read_survey_questions(scope: Scope) -> Iterable[SurveyQuestion]:
    """Give the questions of closed surveys with how many gave each level, in totals alone."""
    surveys = list(read_surveys(scope))
    sheets: dict[int, list[dict[str, Any]]] = {}
    for survey, answers in SurveySheet.objects.filter(survey__in=surveys).values_list("survey", "answers"):
        sheets.setdefault(survey, []).append(answers)
    questions = SurveyQuestion.objects.filter(survey__in=surveys)
    for question in questions.order_by("survey_id", "position", "pk"):
        levels = (sheet.get(str(question.pk)) for sheet in sheets.get(question.survey_id, []))
        is_level = question.kind == SurveyQuestion.Kind.LEVEL
        question.counts = count_levels(levels) if is_level else []  # type: ignore[attr-defined]
        yield question


def published(scope: Scope, path: str = "") -> dict[str, Any]:
    """Give the filter of what belongs to a published answer of this convention."""
    return {f"{path}proposal__convention": scope.convention, f"{path}published_at__isnull": False}


ANSWER_TABLES = (
    Table(
        name="avis",
        meaning=_("What stands around the adopted proposals in the avis, once delivered."),
        model=Avis,
        unique=(("language",),),
        read=lambda scope: scope.convention.avis.exclude(delivered_at=None).order_by("language"),
        fields=(
            text("language", "Language (ISO 639-1)", 8),
            text("preamble", "Preamble", 20_000, required=False),
            text("method", "Method", 20_000, required=False),
            instant("delivered_at", "When it was delivered"),
        ),
    ),
    Table(
        name="answers",
        meaning=_("What the elected officials answer to each adopted proposal, once published."),
        model=OfficialAnswer,
        key="proposal",
        unique=(("proposal",),),
        read=lambda scope: OfficialAnswer.objects.filter(**published(scope)).order_by("proposal__number"),
        adds=lambda line, now: {"saved_at": line["published_at"]},
        fields=(
            refers("proposal", "proposals", "Number of the proposal"),
            choice("status", "Answer", OfficialAnswer.Status.values),
            text("reasons", "Reasons", 20_000),
            text("commitment", "What is committed to", 5_000, required=False),
            date("commitment_due_date", "By when", required=False),
            text("answerer", "Who answers", 300),
            instant("published_at", "When it was published"),
        ),
    ),
    Table(
        name="former_answers",
        meaning=_("What an answer said before it was corrected, and why it was."),
        model=FormerAnswer,
        unique=(("answer", "number"),),
        read=lambda scope: FormerAnswer.objects.filter(**published(scope, "answer__")).order_by(
            "answer__proposal__number", "number"
        ),
        fields=(
            refers("answer", "answers", "Number of the proposal answered"),
            number("number", "Rank of this former answer"),
            choice("status", "Answer", OfficialAnswer.Status.values),
            text("reasons", "Reasons", 20_000),
            text("commitment", "What was committed to", 5_000, required=False),
            date("commitment_due_date", "By when", required=False),
            text("answerer", "Who answered", 300),
            instant("published_at", "When it was published"),
            instant("corrected_at", "When it was corrected"),
            text("why", "Why it was corrected", 2_000),
        ),
    ),
    Table(
        name="milestones",
        meaning=_("Steps towards what was committed to, and what shows that they are reached."),
        model=Milestone,
        read=lambda scope: Milestone.objects.filter(**published(scope, "answer__")).order_by(
            "answer__proposal__number", "due_date", "pk"
        ),
        fields=(
            refers("answer", "answers", "Number of the proposal answered"),
            text("title", "Step", 300),
            date("due_date", "By when"),
            choice("state", "Where it is", Milestone.State.values),
            text("report", "Report", 5_000, required=False),
            text("address", "Address of the proof", 500, required=False),
            instant("reported_at", "When it was reported", required=False),
        ),
    ),
    Table(
        name="grades",
        meaning=_("How the members grade each answer, from five grades on: totals only."),
        unique=(("answer",),),
        read=read_grades,
        fields=(
            refers("answer", "answers", "Number of the proposal answered"),
            counts("counts", "How many gave each level, from 1 to 5"),
        ),
    ),
    Table(
        name="surveys",
        meaning=_("Evaluations of the convention by its members."),
        model=Survey,
        key="survey",
        unique=(("survey",),),
        read=read_surveys,
        fields=(
            number("survey", "Number in this file", source="order", attribute=""),
            text("title", "Title", 200),
            instant("opened_at", "When it was opened"),
            instant("closed_at", "When it was closed", required=False),
        ),
    ),
    Table(
        name="survey_questions",
        meaning=_("Questions of the closed evaluations, with totals from five answers on."),
        model=SurveyQuestion,
        read=read_survey_questions,
        fields=(
            refers("survey", "surveys", "Number of the survey"),
            number("position", "Place of the question"),
            text("text", "Question", 300),
            choice("kind", "Answered by a level or in words", SurveyQuestion.Kind.values),
            counts("counts", "How many gave each level, from 1 to 5; empty under five answers", attribute=""),
        ),
    ),
)
