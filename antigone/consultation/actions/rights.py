"""What every action asks first: may this person do it, and does the consultation take it now."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation import rules
from antigone.consultation.models import Consultation, State
from antigone.errors import NotAllowed, NotPossible


def lock_consultation(consultation: Consultation) -> Consultation:
    """Hold the consultation until the end of the transaction: its numbers, its rules, its days."""
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def lock_open(consultation: Consultation, now: datetime) -> Consultation:
    """Hold a consultation that takes votes now; raise NotPossible where it does not."""
    locked = lock_consultation(consultation)
    require_open(locked, now)
    return locked


def require_open(consultation: Consultation, now: datetime) -> None:
    """Raise NotPossible unless the consultation takes votes now."""
    state = consultation.find_state(timezone.localdate(now))
    if state == State.CLOSED:
        raise NotPossible(
            "consultation_closed",
            gettext_noop("“%(title)s” is closed: it takes no vote any more. Its results can be read."),
            title=consultation.title,
        )
    if state != State.OPEN:
        raise NotPossible(
            "consultation_not_open",
            gettext_noop("“%(title)s” is not open yet. Come back from its first day on."),
            title=consultation.title,
        )


def require_open_door(consultation: Consultation) -> None:
    """Raise NotPossible unless whoever comes may vote, without a code or an account."""
    if consultation.door != Consultation.Door.OPEN:
        raise NotPossible("door_closed", gettext_noop("Come in first: this consultation asks who may vote."))


def require_leader(by: Person, consultation: Consultation) -> None:
    """Raise NotAllowed unless `by` leads this consultation."""
    if not rules.can_lead(by, consultation):
        raise NotAllowed(
            "not_its_leader",
            gettext_noop("Only a facilitator of this consultation’s organisation may do this."),
        )


def require_moderator(by: Person, consultation: Consultation) -> None:
    """Raise NotAllowed unless `by` moderates this consultation."""
    if not rules.can_moderate(by, consultation):
        raise NotAllowed(
            "not_its_moderator", gettext_noop("Only a moderator of this consultation may do this.")
        )
