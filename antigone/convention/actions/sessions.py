"""The sessions: when and where, their agenda, who was there, their minutes."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import AgendaItem, Attendance, Convention, Phase, Session
from antigone.errors import NotPossible, WrongInput

PLANNED_IN = (Phase.PREPARATION, Phase.SELECTION, Phase.DELIBERATION)


@transaction.atomic
def plan_session(
    *,
    convention: Convention,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    by: Person,
    place: str = "",
    practical: str = "",
) -> Session:
    """Plan a session; it gets the next number."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *PLANNED_IN)
    _check_instants(starts_at, ends_at)
    last = locked.sessions.aggregate(last=Max("number"))["last"] or 0
    return Session.objects.create(
        convention=locked,
        number=last + 1,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        practical=practical,
    )


@transaction.atomic
def change_session(
    *,
    session: Session,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    practical: str,
    version: int,
    by: Person,
) -> Session:
    """Save when, where and how; raise NotPossible where somebody saved it since `version` was read."""
    kept = _hold(session, by, version)
    _check_instants(starts_at, ends_at)
    kept.title, kept.starts_at, kept.ends_at = title, starts_at, ends_at
    kept.place, kept.practical, kept.version = place, practical, version + 1
    kept.save()
    return kept


@transaction.atomic
def add_agenda_item(
    *, session: Session, starts_at: datetime, title: str, by: Person, description: str = ""
) -> AgendaItem:
    """Add a point to the agenda of a session, which stands in the order of time."""
    require_facilitator(by, session.convention)
    lock_convention(session.convention, *PLANNED_IN)
    return AgendaItem.objects.create(
        session=session, starts_at=starts_at, title=title, description=description
    )


@transaction.atomic
def remove_agenda_item(*, item: AgendaItem, by: Person) -> None:
    require_facilitator(by, item.session.convention)
    lock_convention(item.session.convention, *PLANNED_IN)
    item.delete()


@transaction.atomic
def publish_agenda(*, session: Session, by: Person) -> None:
    """Show the agenda to everybody; it may still be corrected, in the eyes of everybody."""
    require_facilitator(by, session.convention)
    lock_convention(session.convention, *PLANNED_IN)
    if not session.agenda.exists():
        raise NotPossible(
            "agenda_empty", gettext_noop("This agenda has no point yet: add one, then publish it.")
        )
    Session.objects.filter(pk=session.pk).update(is_agenda_published=True)


@transaction.atomic
def record_attendance(*, session: Session, states: Mapping[int, str], by: Person) -> None:
    """Note who was there, by number of seat; whoever is not in `states` stays as they were."""
    require_facilitator(by, session.convention)
    locked = lock_convention(session.convention, Phase.DELIBERATION)
    if not set(states.values()) <= set(Attendance.State.values):
        raise WrongInput(
            "attendance_unknown",
            gettext_noop("Somebody is present, excused or absent. Choose from the sheet."),
        )
    Attendance.objects.bulk_create(
        (
            Attendance(session=session, member=member, state=states[member.number])
            for member in locked.members.filter(number__in=states)
        ),
        update_conflicts=True,
        unique_fields=["session", "member"],
        update_fields=["state"],
    )


@transaction.atomic
def write_minutes(*, session: Session, minutes: str, recording: str, version: int, by: Person) -> Session:
    """Save the minutes and where the recording is; raise NotPossible where somebody else saved meanwhile."""
    kept = _hold(session, by, version, Phase.DELIBERATION)
    kept.minutes, kept.recording, kept.version = minutes, recording, version + 1
    kept.save()
    return kept


@transaction.atomic
def publish_minutes(*, session: Session, by: Person) -> None:
    """Show the minutes or the recording to everybody."""
    require_facilitator(by, session.convention)
    lock_convention(session.convention, Phase.DELIBERATION)
    kept = Session.objects.get(pk=session.pk)
    if not (kept.minutes or kept.recording):
        raise NotPossible(
            "minutes_empty",
            gettext_noop("There is nothing to publish: write the minutes, or say where the recording is."),
        )
    kept.minutes_published_at = kept.minutes_published_at or timezone.now()
    kept.save(update_fields=["minutes_published_at"])


def _hold(session: Session, by: Person, version: int, *phases: str) -> Session:
    """Return the session as it is now, held, unless somebody saved it since `version` was read."""
    require_facilitator(by, session.convention)
    lock_convention(session.convention, *(phases or PLANNED_IN))
    kept = Session.objects.select_for_update().get(pk=session.pk)
    if kept.version != version:
        raise NotPossible(
            "session_changed",
            gettext_noop(
                "Somebody else saved this session meanwhile. What you wrote is kept below, beside what they saved: "
                "put both together, then save."
            ),
        )
    return kept


def _check_instants(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise WrongInput(
            "session_crossed", gettext_noop("This ends before it begins. Correct one of the two.")
        )
