"""The sessions: agenda, hearings, questions and their answers, documents, observations. What is published of each."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_noop as _

from antigone.convention.models import (
    AgendaItem,
    ConventionDocument,
    ExpertAnswer,
    Hearing,
    Observation,
    Question,
    Session,
)
from antigone.convention.opendata.columns import choice, instant, key, number, refers, text, yes_no
from antigone.convention.opendata.schema import Field, Kind, Scope, Table
from antigone.library.models import Document, Version


def read_hearings(scope: Scope) -> Iterable[Hearing]:
    """Give the published hearings, in the order of the sessions, numbered in that order."""
    published = scope.convention.hearings.filter(is_published=True).select_related("session")
    ordered = sorted(published, key=lambda one: (one.session.number if one.session else 0, one.pk))
    for index, hearing in enumerate(ordered, 1):
        hearing.order = index  # type: ignore[attr-defined]
        yield hearing


def read_expert_answers(scope: Scope) -> Iterable[ExpertAnswer]:
    """Give the answers in the order of the questions; the key of an answer is “question.rank”."""
    given = ExpertAnswer.objects.filter(question__convention=scope.convention).select_related("question")
    ranks: Counter[int] = Counter()
    for answer in given.order_by("question__number", "answered_at", "pk"):
        ranks[answer.question.number] += 1
        answer.key = f"{answer.question.number}.{ranks[answer.question.number]}"  # type: ignore[attr-defined]
        yield answer


def read_documents(scope: Scope) -> QuerySet[ConventionDocument]:
    """Give the documents that anybody may open in the library."""
    latest = Version.objects.filter(document=OuterRef("document")).order_by("-number")
    return (
        scope.convention.documents.filter(
            document__in=Document.objects.current().readable_by(None).values("pk")
        )
        .annotate(sha256=Subquery(latest.values("sha256")[:1]))
        .select_related("document")
        .order_by("position", "pk")
    )


def published_minutes(session: Session) -> str:
    return session.minutes if session.minutes_published_at else ""


def published_recording(session: Session) -> str:
    return session.recording if session.minutes_published_at else ""


def ask(name: str, meaning: str, **more: Any) -> Any:
    return refers(name, "sessions", meaning, is_required=False, **more)


SESSION_TABLES = (
    Table(
        name="sessions",
        meaning=_("The sessions, with their minutes once published."),
        model=Session,
        key="number",
        unique=(("number",),),
        read=lambda scope: scope.convention.sessions.order_by("number"),
        fields=(
            number("number", "Number of the session"),
            text("title", "Title", 200),
            instant("starts_at", "Beginning"),
            instant("ends_at", "End"),
            text("place", "Place", 200, required=False),
            yes_no("is_agenda_published", "Whether its agenda is published"),
            text(
                "recording",
                "Address of the recording; empty until the minutes are published",
                500,
                required=False,
                source=published_recording,
            ),
            text(
                "minutes",
                "Minutes; empty until they are published",
                100_000,
                required=False,
                source=published_minutes,
            ),
            instant("minutes_published_at", "When the minutes were published", required=False),
        ),
    ),
    Table(
        name="agenda",
        meaning=_("The agendas that are published."),
        model=AgendaItem,
        read=lambda scope: (
            AgendaItem.objects.filter(session__convention=scope.convention, session__is_agenda_published=True)
            .order_by("session__number", "starts_at", "pk")
            .select_related("session")
        ),
        fields=(
            refers("session", "sessions", "Number of the session"),
            instant("starts_at", "Beginning"),
            text("title", "Title", 200),
            text("description", "Description", 2_000, required=False),
        ),
    ),
    Table(
        name="hearings",
        meaning=_("The experts heard, with their declared interests."),
        model=Hearing,
        key="hearing",
        unique=(("hearing",),),
        read=read_hearings,
        adds=lambda line, now: {"is_published": True},
        fields=(
            number("hearing", "Number in this file", source="order", attribute=""),
            ask("session", "Number of the session"),
            text("expert_name", "Expert", 150),
            text("expert_title", "Function", 200, required=False),
            text("subject", "Subject", 300),
            text("interests", "Declared interests; empty where they are not known", 2_000, required=False),
            text("summary", "Summary", 20_000, required=False),
        ),
    ),
    Table(
        name="questions",
        meaning=_("What members asked the experts."),
        model=Question,
        key="number",
        unique=(("number",),),
        read=lambda scope: scope.convention.questions.order_by("number"),
        fields=(
            number("number", "Number of the question"),
            refers("hearing", "hearings", "Hearing it was asked at", is_required=False),
            refers(
                "member",
                "members",
                "Member who asked; empty where it was asked together",
                is_required=False,
            ),
            text("text", "Question", 2_000),
            choice("state", "What became of it", Question.State.values),
            instant("asked_at", "When it was asked"),
        ),
    ),
    Table(
        name="expert_answers",
        meaning=_("What experts answered, with their sources; a correction is another line."),
        model=ExpertAnswer,
        key="answer",
        unique=(("answer",),),
        read=read_expert_answers,
        fields=(
            key("answer", "Question and rank of the answer: 12.1", source="key"),
            refers("question", "questions", "Number of the question"),
            text("text", "Answer", 20_000),
            text("sources", "Sources, one a line", 5_000, required=False),
            instant("answered_at", "When it was answered"),
        ),
    ),
    Table(
        name="documents",
        meaning=_("Documents given to the members that everybody may open; an import finds those it has."),
        read=read_documents,
        unique=(("sha256",),),
        fields=(
            ask("session", "Number of the session; empty: for all of them"),
            text("title", "Title", 300, source="document.title"),
            text("publisher", "Who published it", 200, required=False, source="document.publisher"),
            Field(
                "published_date",
                Kind.DATE,
                "Day of its publication",
                is_required=False,
                source="document.published_date",
            ),
            text("sha256", "SHA-256 of the file", 64),
            instant("added_at", "When it was given to the members"),
        ),
    ),
    Table(
        name="observations",
        meaning=_("What the guarantors observed, once public."),
        model=Observation,
        read=lambda scope: scope.convention.observations.public(scope.now).order_by("written_at", "pk"),
        fields=(
            ask("session", "Number of the session"),
            text("text", "Observation", 20_000),
            instant("written_at", "When it was written"),
            instant("public_from", "When it became public"),
        ),
    ),
)
