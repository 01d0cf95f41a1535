"""The stronger doors: a code from a letter, an account. Either makes one participant, and finds them again."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.rights import lock_open
from antigone.consultation.models import Consultation, Participant
from antigone.errors import NotPossible, WrongInput
from antigone.selection.codes import normalise_code


def hash_door_code(consultation_id: int, code: str) -> str:
    """Give what is kept of a code as printed, for one consultation; of no use without the server's secret key."""
    text = f"{consultation_id}:{code}"
    return salted_hmac("antigone.consultation.codes", text, algorithm="sha256").hexdigest()


def seal_person(consultation_id: int, person_id: int) -> str:
    """Give what is kept of an account: nobody without the server's secret key can say whose it is."""
    text = f"{consultation_id}:{person_id}"
    return salted_hmac("antigone.consultation.people", text, algorithm="sha256").hexdigest()


def enter_with_code(*, consultation: Consultation, typed: str, now: datetime) -> Participant:
    """Return the participant of a code from a letter, made at its first use."""
    code = normalise_code(typed)
    with transaction.atomic():
        locked = lock_open(consultation, now)
        _require_door(locked, Consultation.Door.CODE)
        known = locked.codes.filter(hash=hash_door_code(locked.pk, code)).first() if code else None
        if known is None:
            raise WrongInput(
                "unknown_code",
                gettext_noop("This code is not one of ours. Check each sign of it on your letter."),
            )
        participant, _new = Participant.objects.get_or_create(
            consultation=locked, code=known, defaults={"joined_at": now}
        )
    return participant


def enter_with_account(*, consultation: Consultation, person: Person, now: datetime) -> Participant:
    """Return the participant of an account, made the first time; nothing that is kept names the person."""
    with transaction.atomic():
        locked = lock_open(consultation, now)
        _require_door(locked, Consultation.Door.SIGN_IN)
        participant, _new = Participant.objects.get_or_create(
            consultation=locked, person_key=seal_person(locked.pk, person.pk), defaults={"joined_at": now}
        )
    return participant


def _require_door(consultation: Consultation, door: str) -> None:
    if consultation.door != door:
        raise NotPossible(
            "another_door", gettext_noop("This consultation does not ask for that. Go to its page to vote.")
        )
