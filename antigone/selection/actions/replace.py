"""Call somebody to a seat that fell free: one at a time, the one whom the order names, with the reasons."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions.rights import lock_stage, require_facilitator
from antigone.selection.models import Draw, Replacement, Respondent, Seat, SeatCode
from antigone.selection.replacing import Choice, Table, choose_newcomers


def replace_member(
    *, seat: Seat, newcomer: str, reason: str, decided_because: str = "", by: Person
) -> Replacement:
    """Give a free seat to `newcomer` (pseudonym), who must be one whom the order names as things are now.

    Where the order alone does not decide (see `replacing.choose_newcomers`), a reason is asked for. Two people at
    once seat one person: the second is told that the seats changed.
    """
    require_facilitator(by, seat.draw)
    table = Table.read(seat.draw)
    choices = {choice.newcomer: choice for choice in choose_newcomers(seat.draw)}
    if newcomer not in choices:
        raise _changed()
    choice = choices[newcomer]
    if choice.needs_reason and not decided_because.strip():
        raise WrongInput(
            "replacement_without_reason",
            gettext_noop(
                "The order alone does not decide here. Write why %(newcomer)s is called; everybody reads it."
            ),
            newcomer=newcomer,
        )
    return seat_newcomer(seat, choice, table, reason, decided_because, by, timezone.now())


@transaction.atomic
def seat_newcomer(
    seat: Seat, choice: Choice, table: Table, reason: str, decided_because: str, by: Person, now: datetime
) -> Replacement:
    """Save a choice made for a table of seats, at an instant; refused where the table changed since."""
    draw = lock_stage(seat.draw, Draw.Stage.DRAWN)
    if Table.read(draw) != table:
        raise _changed()
    locked = Seat.objects.select_related("holder").get(pk=seat.pk)
    if not locked.is_vacant:
        raise NotPossible("seat_not_free", gettext_noop("This seat is not free: its holder has not said no."))
    former, came = locked.holder, Respondent.objects.get(draw=draw, pseudonym=choice.newcomer)
    locked.holder, locked.state = came, Seat.State.DRAWN
    locked.save(update_fields=["holder", "state"])
    SeatCode.objects.filter(seat=locked, used_at=None).delete()
    return Replacement.objects.create(
        seat=locked,
        former=former,
        newcomer=came,
        reason=reason,
        keeps_targets=choice.keeps_targets,
        explanation=choice.explanation,
        decided_because=decided_because.strip() if choice.needs_reason else "",
        by=by,
        at=now,
    )


def _changed() -> NotPossible:
    return NotPossible(
        "seats_changed",
        gettext_noop(
            "The seats changed while you were deciding. Look at who is called now, then decide again."
        ),
    )
