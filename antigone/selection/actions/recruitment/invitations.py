"""Export letters and calls, note who could not be reached or wants no more of it."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.tables import defuse, write_table
from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions.recruitment.rights import (
    lock_awaited,
    lock_recruitment,
    require_caller,
    require_leader,
    require_open,
)
from antigone.selection.codes import hash_code, make_code
from antigone.selection.models import Contact, Invitation, Recruitment, Reply

State = Invitation.State
ROWS_AT_ONCE = 200
NOTED = (State.UNREACHABLE, State.DECLINED, State.OPTED_OUT)


@dataclass(frozen=True, slots=True)
class Export:
    """A file to download, and how many lines it has under its header."""

    data: bytes
    count: int


def export_letters(*, recruitment: Recruitment, reminds: bool, by: Person) -> Export:
    """Give names, addresses and new personal codes, of those to be written to first or of those who did not answer.

    Codes are kept as hashes only: a second letter brings a new code, and ends the former one.
    """
    require_leader(by, recruitment)
    states = [State.SENT, State.UNREACHABLE] if reminds else [State.TO_SEND]
    with transaction.atomic():
        locked = lock_recruitment(recruitment, Recruitment.State.DRAWN)
        require_open(locked)
        chosen = list(
            Invitation.objects.filter(recruitment=locked, state__in=states)
            .exclude(contact__address="")
            .select_related("contact")
        )
        if not chosen:
            raise NotPossible("nobody_to_write_to", gettext_noop("There is nobody to write to."))
        now = timezone.now()
        rows: list[list[str | int]] = []
        for invitation in chosen:
            code = make_code()
            invitation.code_hash, invitation.sent_at, invitation.state = hash_code(code), now, State.SENT
            assert invitation.contact is not None
            contact = invitation.contact
            rows.append([str(invitation.number), defuse(contact.name), defuse(contact.address), code])
        Invitation.objects.bulk_update(chosen, ["code_hash", "sent_at", "state"], batch_size=ROWS_AT_ONCE)
    return Export(write_table(["number", "name", "address", "code"], rows), len(rows))


def export_calls(*, recruitment: Recruitment, by: Person) -> Export:
    """Give the numbers, names and telephones of those who have not answered; no code, and nothing changes."""
    require_leader(by, recruitment)
    require_open(recruitment)
    chosen = (
        Invitation.objects.awaited()
        .filter(recruitment=recruitment)
        .exclude(contact__phone="")
        .values_list("number", "contact__name", "contact__phone", "contact__stratum", "calls")
    )
    rows: list[list[str | int]] = [
        [str(number), defuse(name), phone, defuse(stratum), calls]
        for number, name, phone, stratum, calls in chosen
    ]
    return Export(write_table(["number", "name", "phone", "stratum", "calls"], rows), len(rows))


def note_call(*, invitation: Invitation, outcome: str, by: Person) -> None:
    """Note a call without a reply: nobody there, a no, or no more contact, which erases name and number at once."""
    require_caller(by, invitation.recruitment)
    if outcome not in NOTED:
        raise WrongInput(
            "outcome_unknown", gettext_noop("This is not how a call can end. Choose from the form.")
        )
    with transaction.atomic():
        locked = lock_awaited(invitation)
        Invitation.objects.filter(pk=locked.pk).update(calls=F("calls") + 1)
        close_invitation(locked, outcome, by=by)


def reopen_invitation(*, invitation: Invitation, by: Person) -> None:
    """Take a reply or a no back, to enter it again as the person wishes; who wants no more contact is left alone."""
    require_caller(by, invitation.recruitment)
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        require_open(invitation.recruitment)
        if locked.state not in (State.ANSWERED, State.DECLINED):
            raise NotPossible(
                "nothing_to_take_back",
                gettext_noop("This invitation has no answer that could be taken back."),
            )
        Reply.objects.filter(invitation=locked).delete()
        locked.state = State.SENT if locked.sent_at else State.TO_SEND
        locked.noted_at, locked.noted_by = timezone.now(), by
        locked.save(update_fields=["state", "noted_at", "noted_by"])


def close_invitation(locked: Invitation, state: str, *, by: Person | None) -> None:
    """Note the end of an invitation that is held: its code ends too, unless one may still be reached."""
    locked.state, locked.noted_at, locked.noted_by = state, timezone.now(), by
    if state != State.UNREACHABLE:
        locked.code_hash = None
    locked.save(update_fields=["state", "noted_at", "noted_by", "code_hash"])
    if state == State.OPTED_OUT and locked.contact_id:
        Contact.objects.filter(pk=locked.contact_id).update(name="", address="", phone="")
