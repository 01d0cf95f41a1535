"""What a member writes for themselves. Nobody else reads, saves or erases it.

It is no writing to the convention: a freeze or its end changes nothing to it.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import require_member
from antigone.convention.models import Convention, Member, Note
from antigone.errors import NotAllowed, NotPossible


@transaction.atomic
def write_note(*, convention: Convention, text: str, by: Person) -> Note:
    """Keep a new note of the member that `by` is."""
    return Note.objects.create(member=require_member(by, convention), text=text, saved_at=timezone.now())


@transaction.atomic
def save_note(*, note: Note, text: str, version: int, by: Person) -> Note:
    """Replace a note; raise NotPossible where it was saved from another window since `version` was read."""
    _require_own(note, by)
    kept = Note.objects.select_for_update().get(pk=note.pk)
    if kept.version != version:
        raise NotPossible(
            "note_changed",
            gettext_noop(
                "This note was saved from another window meanwhile. Yours is kept below, beside it."
            ),
        )
    kept.text, kept.version, kept.saved_at = text, version + 1, timezone.now()
    kept.save()
    return kept


@transaction.atomic
def erase_note(*, note: Note, by: Person) -> None:
    """Erase a note for good."""
    _require_own(note, by)
    note.delete()


def _require_own(note: Note, by: Person) -> None:
    if not Member.objects.of_person(by).filter(pk=note.member_id).exists():
        raise NotAllowed("not_own_note", gettext_noop("A note is opened by the member who wrote it, alone."))
