"""What every action asks first: is this person the draw's facilitator, and is the draw where it must be."""

from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible
from antigone.selection import rules
from antigone.selection.models import Draw


def require_facilitator(by: Person, draw: Draw) -> None:
    """Raise NotAllowed unless `by` prepares this draw."""
    if not rules.can_prepare(by, draw):
        raise NotAllowed(
            "not_facilitator",
            gettext_noop("Only a facilitator of the organisation of this draw may do this."),
        )


def lock_prepared(draw: Draw) -> Draw:
    """Hold the draw until the end of the transaction; raise NotPossible once it is committed to, or stopped."""
    locked = Draw.objects.select_for_update().get(pk=draw.pk)
    require_running(locked)
    if not locked.is_prepared:
        raise NotPossible(
            "draw_committed",
            gettext_noop(
                "This draw is committed to: nothing of it changes any more. Make a new draw to change something."
            ),
        )
    return locked


def lock_stage(draw: Draw, stage: Draw.Stage, *, even_stopped: bool = False) -> Draw:
    """Hold the draw until the end of the transaction; raise NotPossible where it is at another stage, or stopped.

    `even_stopped`: for what somebody says of their own seat with a code, and for a guarantor's refusal.
    """
    locked = Draw.objects.select_for_update().get(pk=draw.pk)
    if not even_stopped:
        require_running(locked)
    if locked.stage != stage:
        raise NotPossible(
            "draw_at_another_stage",
            gettext_noop("This draw is at another stage now. Reload its page to see where it is."),
        )
    return locked


def require_running(draw: Draw) -> None:
    """Raise NotPossible where something stops this draw, such as a guarantor's freeze."""
    if rules.is_stopped(draw):
        raise NotPossible(
            "draw_stopped",
            gettext_noop(
                "A guarantor has frozen the convention that this draw is for: nothing of it changes until a guarantor "
                "lifts the freeze."
            ),
        )
