"""The sessions, as everybody reads them: a line of time, and what happened at each."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from antigone.convention import rules
from antigone.convention.models import Convention, GroupRound, Hearing, Member, Observation, Session
from antigone.convention.views.markdown import write_html
from antigone.convention.views.people import found, get_convention, person_of
from antigone.convention.views.shell import render_place
from antigone.convention.wording import sort_key
from antigone.library.models import Document

PLACE = "convention:sessions"
# The OECD's principles ask for four days of meeting at least.
FEWEST_DAYS = 4


@require_safe
def sessions(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    follows = rules.can_follow(person_of(request), convention)
    listed = list(convention.sessions.prefetch_related("hearings", "agenda"))
    days = sum(session.days for session in listed)
    context = {
        "sessions": [_summarise(session, follows=follows) for session in listed],
        "days": days,
        "is_short": days < FEWEST_DAYS,
        "fewest_days": FEWEST_DAYS,
        "questions": convention.questions.exclude(state="withdrawn").count(),
        "documents": list_documents(request, convention).filter(session=None),
    }
    return render_place(request, "convention/sessions/sessions.html", convention, context, place=PLACE)


@require_safe
def session(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one session: each part to whom it is for."""
    convention = get_convention(request, slug)
    session = get_session(convention, number)
    person = person_of(request)
    follows = rules.can_follow(person, convention)
    shows_minutes = session.minutes_published_at is not None or follows
    observations = session.observations.select_related("written_by")
    if not rules.can_guarantee(person, convention):
        observations = observations.public(timezone.now())
    context: dict[str, Any] = {
        "session": session,
        "agenda": session.agenda.all() if session.is_agenda_published or follows else [],
        "practical": session.practical if follows or rules.get_member(person, convention) else "",
        "hearings": list_hearings(request, convention, follows=follows).filter(session=session),
        "questions": _list_questions(session),
        "documents": list_documents(request, convention).filter(session=session),
        "rounds": _list_rounds(session),
        "minutes": write_html(session.minutes) if shows_minutes and session.minutes else "",
        "recording": session.recording if shows_minutes else "",
        "observations": observations,
        "now": timezone.now(),
    }
    return render_place(request, "convention/sessions/session.html", convention, context, place=PLACE)


def get_session(convention: Convention, number: int) -> Session:
    return found(convention.sessions.filter(number=number).select_related("convention").first())


def list_documents(request: HttpRequest, convention: Convention) -> Any:
    """Give the documents of the convention that the person may read in the library."""
    readable = Document.objects.current().readable_by(person_of(request))
    return convention.documents.filter(document__in=readable).select_related("document", "session")


def list_hearings(request: HttpRequest, convention: Convention, *, follows: bool) -> Any:
    """Give the hearings that the person may read: those published, all of them to the team."""
    hearings = convention.hearings.select_related("session")
    return hearings if follows else hearings.published()


def _summarise(session: Session, *, follows: bool) -> dict[str, Any]:
    hearings: list[Hearing] = [
        hearing for hearing in session.hearings.all() if hearing.is_published or follows
    ]
    shows_agenda = session.is_agenda_published or follows
    return {
        "session": session,
        "agenda": list(session.agenda.all()) if shows_agenda else [],
        "hearings": hearings,
        "is_past": session.ends_at < timezone.now(),
    }


def _list_questions(session: Session) -> Any:
    questions = session.convention.questions.filter(hearing__session=session, hearing__is_published=True)
    return with_asker(questions.exclude(state="withdrawn")).order_by("number")


def with_asker(questions: Any) -> Any:
    """Load with questions whom they are of and for, without what lists do not show."""
    loaded = questions.select_related("member", "hearing")
    return loaded.defer("member__features", "hearing__summary", "hearing__interests")


def _list_rounds(session: Session) -> list[dict[str, Any]]:
    return [
        {"round": composed, "tables": list_tables(composed)}
        for composed in session.rounds.defer("record", "balance").prefetch_related(seated())
    ]


def seated() -> Prefetch[Any]:
    """Load who sits at the tables of rounds: names alone, since the features of many members take long to read."""
    return Prefetch("groups__members", Member.objects.only("pseudonym", "published_name"))


def list_tables(composed: GroupRound) -> list[tuple[int, list[str]]]:
    """Give each table of a round with its people, under the names they chose and in the order of these names."""
    return [
        (group.number, sorted((member.shown_name for member in group.members.all()), key=sort_key))
        for group in composed.groups.all()
    ]


def list_observations(convention: Convention, *, is_guarantor: bool) -> Any:
    """Give what the guarantors wrote: to everybody what is public now, to them all of it."""
    observations = Observation.objects.filter(convention=convention).select_related("session", "written_by")
    return observations if is_guarantor else observations.public(timezone.now())
