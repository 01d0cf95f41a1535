"""Erase personal data at the day announced, or sooner; the draw of contacts can still be checked afterwards."""

from django.db import connection, transaction
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.selection.actions.recruitment.prepare import LIVING_STATES, get_register_path
from antigone.selection.actions.recruitment.rights import lock_recruitment, require_leader
from antigone.selection.counting import summarise_replies
from antigone.selection.models import Contact, Invitation, Recruitment, Reply


def purge_recruitment(*, recruitment: Recruitment, by: Person | None) -> Recruitment:
    """Erase names, addresses, numbers, codes and replies, and destroy the secret that salts the rows.

    What stays: number, stratum, household mark and salted hash of each row, whether it was drawn, and counts.
    `by` is None when the day has come, which nobody can put off.
    """
    if by is not None:
        require_leader(by, recruitment)
    with transaction.atomic():
        locked = lock_recruitment(recruitment, *LIVING_STATES)
        former = locked.file
        locked.summary = summarise_replies(locked)
        Reply.objects.filter(invitation__recruitment=locked).delete()
        # Who was invited can then not be told from the numbers that respondents of a draw keep.
        Invitation.objects.filter(recruitment=locked).update(
            contact=None, code_hash=None, noted_by=None, sent_at=None, noted_at=None
        )
        Contact.objects.filter(recruitment=locked).update(name="", address="", phone="")
        locked.callers.clear()
        locked.state, locked.purged_at = Recruitment.State.PURGED, timezone.now()
        locked.secret, locked.file, locked.columns, locked.plan = b"", "", [], {}
        locked.save()
        transaction.on_commit(_empty_log)
    if former:
        get_register_path(former).unlink(missing_ok=True)
    return locked


def _empty_log() -> None:
    """Have SQLite empty its write-ahead log, which still holds what was erased; it does so later where it is read."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def purge_due_recruitments() -> int:
    """Purge every recruitment whose day has come; returns how many."""
    due = list(Recruitment.objects.to_purge())
    for recruitment in due:
        purge_recruitment(recruitment=recruitment, by=None)
    return len(due)
