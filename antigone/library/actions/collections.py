"""Make collections from the command line; operators change them in the administration pages."""

import secrets

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation, Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.library.actions.withdraw import purge_document, withdraw_document
from antigone.library.models import Collection, Document


@transaction.atomic
def create_collection(*, name: str, audience: Collection.Audience) -> Collection:
    """Make a collection of the city's own organisation; it has no librarians yet but the operator."""
    slug = slugify(name)[:50]
    if not slug:
        raise WrongInput(
            "collection_name",
            gettext_noop("“%(name)s” has no letter. Give the collection a name."),
            name=name,
        )
    if Collection.objects.filter(slug=slug).exists():
        raise NotPossible(
            "collection_exists",
            gettext_noop("There is a collection “%(slug)s” already. Choose another name."),
            slug=slug,
        )
    return Collection.objects.create(name=name, slug=slug, audience=audience, organisation=_get_city())


@transaction.atomic
def create_own_collection(*, name: str, description: str, owner: Person) -> Collection:
    """Make a collection for a person's programmes: that person alone reads it and looks after it."""
    name = " ".join(name.split())[:200]
    if not name or owner.organisation is None:
        raise WrongInput(
            "collection_name",
            gettext_noop("“%(name)s” has no letter. Give the collection a name."),
            name=name,
        )
    return Collection.objects.create(
        name=name,
        slug=f"programme-{secrets.token_hex(8)}",
        description=description,
        audience=Collection.Audience.GROUPS,
        organisation=owner.organisation,
        owner=owner,
    )


@transaction.atomic
def delete_own_collection(*, collection: Collection, by: Person) -> None:
    """Delete a collection that the person's programmes made, with its documents, for good."""
    collection = Collection.objects.select_for_update().get(pk=collection.pk)
    for document in collection.documents.all():
        delete_own_document(document=document, by=by)
    _require_owner(collection, by)
    collection.imports.all().delete()
    collection.delete()


@transaction.atomic
def delete_own_document(*, document: Document, by: Person) -> None:
    """Delete a document of such a collection for good; `clean_files` then removes the bytes."""
    _require_owner(document.collection, by)
    if document.withdrawn_at is None:
        withdraw_document(document=document, by=by, reason="API")
    purge_document(document=document, by=by)


def _require_owner(collection: Collection, by: Person) -> None:
    if collection.owner_id is None or collection.owner_id != by.pk:
        raise NotAllowed(
            "collection_not_own",
            gettext_noop("Programmes delete what they made themselves, and nothing else of the library."),
        )


def _get_city() -> Organisation:
    city = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY).order_by("pk").first()
    return city or Organisation.objects.create(
        name=settings.THEME.city, slug=slugify(settings.THEME.city)[:50], kind=Organisation.Kind.AUTHORITY
    )
