"""Make collections from the command line; operators change them in the administration pages."""

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation
from antigone.errors import NotPossible, WrongInput
from antigone.library.models import Collection


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


def _get_city() -> Organisation:
    city = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY).order_by("pk").first()
    return city or Organisation.objects.create(
        name=settings.THEME.city, slug=slugify(settings.THEME.city)[:50], kind=Organisation.Kind.AUTHORITY
    )
