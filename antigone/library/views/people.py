"""Who asks, and what that person may open: what one may not open is not there."""

from typing import TypeVar

from django.http import Http404, HttpRequest

from antigone.accounts.models import Person
from antigone.library.models import Collection, Document, Import, Version

T = TypeVar("T")


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def require_person(request: HttpRequest) -> Person:
    """Return who is signed in: never None, which actions take for the operator at the command line."""
    return _found(person_of(request))


def get_document(request: HttpRequest, document_id: int) -> Document:
    documents = Document.objects.openable_by(person_of(request)).select_related("collection")
    return _found(documents.filter(pk=document_id).first())


def get_version(request: HttpRequest, document_id: int, version_id: int | str | None) -> Version:
    """Return a version of a document that the person may open, the latest when none is asked for."""
    document = get_document(request, document_id)
    versions = document.versions.select_related("document__collection")
    if version_id is None:
        return versions.latest()
    return _found(versions.filter(pk=version_id).first() if _is_number(version_id) else None)


def get_kept_collection(request: HttpRequest, slug: str) -> Collection:
    return _found(Collection.objects.kept_by(person_of(request)).filter(slug=slug).first())


def get_kept_document(request: HttpRequest, document_id: int) -> Document:
    kept = Collection.objects.kept_by(person_of(request))
    return _found(Document.objects.filter(pk=document_id, collection__in=kept).first())


def get_kept_import(request: HttpRequest, import_id: int) -> Import:
    imports = Import.objects.kept_by(person_of(request)).select_related("collection", "asked_by")
    return _found(imports.filter(pk=import_id).first())


def _is_number(value: int | str) -> bool:
    return str(value).isdecimal() and len(str(value)) < 19  # what the database's integers hold


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
