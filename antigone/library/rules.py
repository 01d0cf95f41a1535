"""Who may read and who may look after what. A visitor is None."""

from antigone.accounts.models import Person
from antigone.library.models import Collection, Document


def can_read(person: Person | None, collection: Collection) -> bool:
    """Tell whether `person` may read what is current in the collection."""
    return Collection.objects.readable_by(person).filter(pk=collection.pk).exists()


def can_keep(person: Person | None, collection: Collection) -> bool:
    """Tell whether `person` is one of the librarians: they add, withdraw and restore."""
    return Collection.objects.kept_by(person).filter(pk=collection.pk).exists()


def can_open(person: Person | None, document: Document) -> bool:
    """Tell whether `person` may open the document, its pages, its images and all its versions."""
    return Document.objects.openable_by(person).filter(pk=document.pk).exists()
