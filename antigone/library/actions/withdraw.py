"""Take documents out of the library, and bring them back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotPossible
from antigone.library.actions.add import require_librarian
from antigone.library.actions.passages import reindex_document
from antigone.library.index import remove_passages
from antigone.library.models import Document


@transaction.atomic
def withdraw_document(*, document: Document, by: Person | None, reason: str) -> None:
    """Take a document away: from now on nothing finds, quotes or opens it. Its file waits for a purge."""
    require_librarian(by, document.collection)
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.withdrawn_at:
        raise NotPossible(
            "already_withdrawn",
            gettext_noop("“%(title)s” is withdrawn already. There is nothing to do."),
            title=document.title,
        )
    document.withdrawn_at = timezone.now()
    document.withdrawn_by = by
    document.withdrawal_reason = reason
    document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    remove_passages([document.pk])


@transaction.atomic
def restore_document(*, document: Document, by: Person | None) -> None:
    """Bring a withdrawn document back as it was, from the pages that were kept."""
    require_librarian(by, document.collection)
    document = _get_withdrawn(document)
    document.withdrawn_at = document.withdrawn_by = None
    document.withdrawal_reason = ""
    document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    reindex_document(document)


@transaction.atomic
def purge_document(*, document: Document, by: Person | None) -> None:
    """Delete a withdrawn document for good with its versions; `clean_files` then removes the bytes."""
    require_librarian(by, document.collection)
    _get_withdrawn(document).delete()


def _get_withdrawn(document: Document) -> Document:
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.withdrawn_at is None:
        raise NotPossible(
            "not_withdrawn",
            gettext_noop("“%(title)s” is not withdrawn. Withdraw it first."),
            title=document.title,
        )
    return document
