"""Note what fell in public: it names the panel."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition import Commitment, draw_panel
from antigone.core.sortition.commitments import Round, format_instant
from antigone.core.sortition.public_draw import Beacon, PublicDraw, Thrown
from antigone.errors import NotPossible
from antigone.selection.actions.cosign import require_cosignature
from antigone.selection.actions.rights import lock_stage, require_facilitator
from antigone.selection.commitments import read_commitment
from antigone.selection.models import Draw, Outcome, Respondent, Seat
from antigone.selection.results import read_panels
from antigone.selection.wording import translating_errors

Fallen = Sequence[Sequence[int]] | str
"""The series of numbers thrown, the last of which decides; or the signature of the beacon's round."""


def note_outcome(*, draw: Draw, fallen: Fallen, by: Person) -> Outcome:
    """Save the panel that public randomness names, its seats numbered in the order of pseudonyms.

    Refused before the instant that was announced, and where the randomness is not what was announced.
    """
    require_facilitator(by, draw)
    return name_panel(draw, fallen, by, timezone.now().replace(microsecond=0))


@transaction.atomic
def name_panel(draw: Draw, fallen: Fallen, by: Person, now: datetime) -> Outcome:
    """Draw the panel at an instant, which is now for everybody but the demonstration's past."""
    locked = lock_stage(draw, Draw.Stage.COMMITTED)
    require_cosignature(locked)
    if now < locked.commitment.announced_at:
        raise NotPossible(
            "too_early",
            gettext_noop("The lot is announced for %(instant)s (UTC). Draw it then, not before."),
            instant=format_instant(locked.commitment.announced_at),
        )
    commitment = read_commitment(locked.commitment)
    with translating_errors():
        outcome = _read_outcome(commitment, fallen, now)
        drawn = draw_panel(commitment, read_panels(locked.commitment.computation), outcome)
    _save_seats(locked, drawn)
    locked.stage = Draw.Stage.DRAWN
    locked.save(update_fields=["stage"])
    return Outcome.objects.create(
        draw=locked,
        document=drawn.outcome.describe(),
        panel=drawn.number,
        seal=drawn.seal,
        drawn_at=now,
        noted_by=by,
    )


def _read_outcome(commitment: Commitment, fallen: Fallen, now: datetime) -> Thrown | Beacon:
    """Take what fell for what was announced: the engine refuses what is of another kind."""
    if isinstance(fallen, str):
        number = commitment.source.number if isinstance(commitment.source, Round) else 0
        return Beacon(number, fallen)
    return Thrown(tuple(tuple(numbers) for numbers in fallen), now)


def _save_seats(draw: Draw, drawn: PublicDraw) -> None:
    people = dict(
        Respondent.objects.filter(draw=draw, pseudonym__in=drawn.members).values_list("pseudonym", "pk")
    )
    Seat.objects.bulk_create(
        [
            Seat(draw=draw, number=number, respondent_id=people[name], holder_id=people[name])
            for number, name in enumerate(drawn.members, 1)
        ]
    )
