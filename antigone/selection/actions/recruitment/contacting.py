"""Draw whom to contact by a seed, and check such a draw again from what stays of the rows for ever."""

import secrets
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.contacts import (
    ContactDraw,
    Quota,
    Row,
    choose_rows,
    share_contacts,
    verify_contacts,
)
from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions.recruitment.rights import is_past_purge, lock_recruitment, require_leader
from antigone.selection.models import Contact, Invitation, Recruitment

MOST_INVITED = 50_000
ROWS_READ_AT_ONCE = 5_000
ROWS_AT_ONCE = 500


def draw_contacts(
    *, recruitment: Recruitment, size: int, seed: str, by: Person, one_per_household: bool = False
) -> Recruitment:
    """Draw and number those who are invited. The seed must be one that nobody knew before the fingerprint."""
    require_leader(by, recruitment)
    seed = " ".join(seed.split())
    if not seed or len(seed) > 200 or not 0 < size <= min(recruitment.rows, MOST_INVITED):
        raise WrongInput(
            "contacts_unreadable",
            gettext_noop("Write a seed, and how many to contact: from 1 to %(limit)s."),
            limit=min(recruitment.rows, MOST_INVITED),
        )
    quotas = {quota.stratum: quota.contacts for quota in list_quotas(recruitment, size)}
    chosen = choose_rows(lambda: _read_places(recruitment), quotas, seed, one_per_household=one_per_household)
    with transaction.atomic():
        locked = lock_recruitment(recruitment, Recruitment.State.READY)
        if is_past_purge(locked):
            raise NotPossible(
                "data_to_erase", gettext_noop("The day of the erasure has come: nobody is invited.")
            )
        if locked.seed_due_at is not None and locked.seed_due_at > timezone.now():
            raise NotPossible(
                "seed_too_early",
                gettext_noop("The seed is announced for later. Draw the contacts then, not before."),
            )
        locked.state, locked.size, locked.seed = Recruitment.State.DRAWN, size, seed
        locked.one_per_household, locked.drawn_at, locked.drawn_by = one_per_household, timezone.now(), by
        locked.save(update_fields=["state", "size", "seed", "one_per_household", "drawn_at", "drawn_by"])
        _invite(locked, chosen)
    return locked


def announce_seed(*, recruitment: Recruitment, event: str, due_at: datetime, by: Person) -> None:
    """Say in public where the seed will come from and when, once and for all: it is then not drawn before.

    Whoever chooses a seed could try many until somebody in particular is drawn; who announced it cannot.
    """
    require_leader(by, recruitment)
    if due_at <= timezone.now() or not event.strip():
        raise WrongInput(
            "seed_not_to_come",
            gettext_noop("Say where the seed will come from, and an instant that is still to come."),
        )
    with transaction.atomic():
        locked = lock_recruitment(recruitment, Recruitment.State.READY)
        if locked.seed_due_at is not None:
            raise NotPossible("seed_announced", gettext_noop("The seed is announced already, and stays so."))
        note_announcement(locked, event, due_at, timezone.now())


def note_announcement(recruitment: Recruitment, event: str, due_at: datetime, now: datetime) -> None:
    """Note an announcement of an instant, which is now for everybody but the demonstration's past."""
    recruitment.seed_event, recruitment.seed_due_at, recruitment.seed_announced_at = event, due_at, now
    recruitment.save(update_fields=["seed_event", "seed_due_at", "seed_announced_at"])


def list_quotas(recruitment: Recruitment, size: int) -> tuple[Quota, ...]:
    """Give how many are contacted in each stratum, and why."""
    return share_contacts(recruitment.strata, size)


def check_contacts(recruitment: Recruitment) -> tuple[bool, bool]:
    """Tell whether the rows are those of the fingerprint, and whether the seed gives those who were contacted."""
    return verify_contacts(lambda: read_rows(recruitment), make_contact_draw(recruitment))


def make_contact_draw(recruitment: Recruitment) -> ContactDraw:
    """Give the draw of contacts as the engine takes it."""
    contacted = Contact.objects.filter(recruitment=recruitment, is_drawn=True)
    return ContactDraw(
        recruitment.root,
        recruitment.seed,
        recruitment.size,
        recruitment.one_per_household,
        frozenset(contacted.values_list("number", flat=True)),
    )


def read_rows(recruitment: Recruitment) -> Iterator[Row]:
    """Give what stays of each row, in order."""
    found = Contact.objects.filter(recruitment=recruitment).order_by("number")
    for number, stratum, household, hash_ in found.values_list(
        "number", "stratum", "household", "hash"
    ).iterator(chunk_size=ROWS_READ_AT_ONCE):
        yield Row(number, stratum, household, bytes(hash_))


def _read_places(recruitment: Recruitment) -> Iterator[tuple[int, str, str]]:
    found = Contact.objects.filter(recruitment=recruitment).order_by()
    return found.values_list("number", "stratum", "household").iterator(chunk_size=ROWS_READ_AT_ONCE)


def _invite(recruitment: Recruitment, chosen: list[int]) -> None:
    """Give each contact a number of its own, by lot, so that it says nothing of the row."""
    places = list(range(1, len(chosen) + 1))
    secrets.SystemRandom().shuffle(places)
    for batch in _batch(list(zip(chosen, places, strict=True))):
        contacts = Contact.objects.filter(recruitment=recruitment, number__in=[number for number, _ in batch])
        contacts.update(is_drawn=True)
        keys = dict(contacts.values_list("number", "pk"))
        Invitation.objects.bulk_create(
            Invitation(recruitment=recruitment, contact_id=keys[number], number=place)
            for number, place in batch
        )


def _batch(pairs: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    for start in range(0, len(pairs), ROWS_AT_ONCE):
        yield pairs[start : start + ROWS_AT_ONCE]
