"""What those who were drawn say of their seat: yes, no, or no after all; by telephone or with the code of a letter."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions.rights import lock_stage, require_facilitator
from antigone.selection.codes import hash_code, make_code, normalise_code
from antigone.selection.models import Draw, Seat, SeatAnswer, SeatCode


def answer_by_phone(*, seat: Seat, holder_id: int, state: str, by: Person) -> Seat:
    """Note what the holder said on the telephone; refused where the seat is somebody else's by now.

    A no becomes a yes as long as nobody was called to the seat. A code not used yet becomes useless.
    """
    require_facilitator(by, seat.draw)
    return note_answer(seat, holder_id, state, by, timezone.now())


@transaction.atomic
def note_answer(seat: Seat, holder_id: int, state: str, by: Person, now: datetime) -> Seat:
    """Note an answer at an instant, which is now for everybody but the demonstration's past."""
    lock_stage(seat.draw, Draw.Stage.DRAWN)
    locked = Seat.objects.select_related("draw").get(pk=seat.pk)
    if locked.holder_id != holder_id:
        raise NotPossible(
            "seat_given", gettext_noop("This seat was given to somebody else meanwhile. Reload the page.")
        )
    return _save_answer(locked, state, SeatAnswer.How.PHONE, now, by)


def find_seat(*, code: str) -> Seat:
    """Give the seat that a code may answer for; raise WrongInput, the same for every code that may not."""
    typed = normalise_code(code)
    waiting = SeatCode.objects.filter(used_at=None, hash=hash_code(typed or ""))
    found = waiting.select_related("seat__draw__organisation").first()
    seat = found.seat if found else None
    if (
        found is None
        or seat is None
        or found.respondent_id != seat.holder_id
        or seat.state != Seat.State.DRAWN
    ):
        raise WrongInput(
            "code_without_seat",
            gettext_noop(
                "No seat waits for an answer under this code. Compare it with your letter; if you have answered "
                "already, your answer is kept. To change it, call the team."
            ),
        )
    return seat


@transaction.atomic
def answer_by_code(*, code: str, is_coming: bool) -> Seat:
    """Confirm or decline the seat of a letter; a code answers once."""
    seat = find_seat(code=code)
    lock_stage(seat.draw, Draw.Stage.DRAWN, even_stopped=True)
    # Somebody else may have answered while the draw was waited for.
    seat = find_seat(code=code)
    state = Seat.State.CONFIRMED if is_coming else Seat.State.DECLINED
    return _save_answer(seat, state, SeatAnswer.How.CODE, timezone.now())


def make_codes(*, draw: Draw, is_for_all: bool, by: Person) -> list[tuple[Seat, str]]:
    """Make the codes of the letters, kept as hashes only: for those who wait for a letter, in order of seats.

    With `is_for_all`, for everybody who has not answered: the codes sent before become worthless.
    """
    require_facilitator(by, draw)
    now = timezone.now()
    with transaction.atomic():
        locked = lock_stage(draw, Draw.Stage.DRAWN)
        seats = list(locked.seats.filter(state=Seat.State.DRAWN).select_related("holder"))
        known = set(SeatCode.objects.filter(seat__draw=locked).values_list("seat", "respondent"))
        if not is_for_all:
            seats = [seat for seat in seats if (seat.pk, seat.holder_id) not in known]
        made = [(seat, make_code()) for seat in seats]
        SeatCode.objects.filter(seat__in=seats, used_at=None).delete()
        SeatCode.objects.bulk_create(
            [
                SeatCode(seat=seat, respondent=seat.holder, hash=hash_code(code), made_by=by, made_at=now)
                for seat, code in made
            ]
        )
    return made


def _save_answer(
    seat: Seat, state: str, how: SeatAnswer.How, now: datetime, by: Person | None = None
) -> Seat:
    if state not in Seat.ANSWERS[Seat.State(seat.state)]:
        raise NotPossible(
            "seat_answered", gettext_noop("This seat has another answer by now. Reload the page to read it.")
        )
    seat.state = state
    seat.save(update_fields=["state"])
    SeatCode.objects.filter(seat=seat, respondent=seat.holder, used_at=None).update(used_at=now)
    SeatAnswer.objects.create(seat=seat, respondent=seat.holder, state=state, how=how, by=by, at=now)
    return seat
