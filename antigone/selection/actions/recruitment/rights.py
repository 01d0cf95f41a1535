"""What every action of a recruitment asks first: who, and at which state."""

from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible
from antigone.selection import rules
from antigone.selection.models import Invitation, Recruitment


def require_leader(by: Person, recruitment: Recruitment) -> None:
    """Raise NotAllowed unless `by` leads this recruitment."""
    if not rules.can_lead(by, recruitment):
        raise NotAllowed(
            "not_leader",
            gettext_noop("Only a facilitator of the organisation of this recruitment may do this."),
        )


def require_caller(by: Person, recruitment: Recruitment) -> None:
    """Raise NotAllowed unless `by` may enter replies."""
    if not rules.can_call(by, recruitment):
        raise NotAllowed(
            "not_caller",
            gettext_noop("Only a facilitator of this recruitment, or a caller named by one, may do this."),
        )


def lock_recruitment(recruitment: Recruitment, *states: str) -> Recruitment:
    """Hold the recruitment until the end of the transaction; raise NotPossible where it is at another state."""
    locked = Recruitment.objects.select_for_update().get(pk=recruitment.pk)
    if locked.state not in states:
        raise NotPossible(
            "recruitment_at_another_state",
            gettext_noop("This recruitment is at another stage now. Reload its page to see where it is."),
        )
    return locked


def lock_awaited(invitation: Invitation) -> Invitation:
    """Hold an invitation until the end of the transaction; raise NotPossible unless a reply to it may be taken."""
    locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    require_open(Recruitment.objects.get(pk=locked.recruitment_id))
    if not locked.is_awaited:
        raise NotPossible(
            "invitation_answered", gettext_noop("This invitation was answered already. Look at its reply.")
        )
    return locked


def require_open(recruitment: Recruitment) -> None:
    """Raise NotPossible where replies are not taken any more, or not yet."""
    if not Recruitment.objects.open_to_replies().filter(pk=recruitment.pk).exists():
        raise NotPossible(
            "replies_closed",
            gettext_noop("Replies to this recruitment are taken until %(day)s, once the contacts are drawn."),
            day=recruitment.reply_date.isoformat(),
        )


def is_past_purge(recruitment: Recruitment) -> bool:
    """Tell whether personal data may not be kept any more."""
    return recruitment.purge_date <= timezone.localdate()
