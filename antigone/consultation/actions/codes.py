"""Codes for the letters of a consultation: given once, kept as keyed hashes only."""

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.entering import hash_door_code
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.models import Consultation, DoorCode
from antigone.errors import NotPossible, WrongInput
from antigone.selection.codes import make_code

MOST_CODES = 50_000


@transaction.atomic
def make_codes(*, consultation: Consultation, count: int, by: Person) -> list[str]:
    """Return new codes, as they are printed: nobody can read them here a second time."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    if locked.door != Consultation.Door.CODE:
        raise NotPossible(
            "codes_without_door",
            gettext_noop("“%(title)s” asks for no code. Choose first that one votes with a code by letter."),
            title=locked.title,
        )
    if locked.closed_at is not None:
        raise NotPossible(
            "codes_after_close",
            gettext_noop("“%(title)s” is closed: codes made now would open nothing."),
            title=locked.title,
        )
    left = MOST_CODES - locked.codes.count()
    if not 1 <= count <= left:
        raise WrongInput(
            "too_many_codes",
            gettext_noop(
                "%(count)d codes cannot be made: at least 1, and at most %(left)d more for this consultation."
            ),
            count=count,
            left=left,
        )
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(make_code())
    # In the order of the hashes: the place of a row never says in which letter its code was.
    hashes = sorted(hash_door_code(locked.pk, code) for code in codes)
    DoorCode.objects.bulk_create(
        (DoorCode(consultation=locked, hash=hash) for hash in hashes), batch_size=1_000
    )
    return list(codes)
