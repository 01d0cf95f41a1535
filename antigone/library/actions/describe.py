"""Correct what is said of a document: its title, who published it, when."""

from dataclasses import asdict

from django.db import transaction

from antigone.accounts.models import Person
from antigone.library.actions.add import About, require_librarian
from antigone.library.actions.passages import reindex_document
from antigone.library.models import Document


@transaction.atomic
def describe_document(*, document: Document, by: Person | None, about: About) -> None:
    """Replace all that people say of a document, empty fields too; search then knows its new title."""
    require_librarian(by, document.collection)
    document = Document.objects.select_for_update().get(pk=document.pk)
    is_retitled = document.title != about.title
    for name, value in asdict(about).items():
        setattr(document, name, value)
    document.save(update_fields=list(asdict(about)))
    if is_retitled and document.withdrawn_at is None:
        reindex_document(document)
