"""Who asks, and which convention that person may open: what one may not open is not there."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.models import Convention, Member

T = TypeVar("T")


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def require_person(request: HttpRequest) -> Person:
    return found(person_of(request))


def get_convention(request: HttpRequest, slug: str) -> Convention:
    """Return a convention whose public pages the person may read."""
    return _get(Convention.objects.readable_by(person_of(request)), slug)


def get_facilitated(request: HttpRequest, slug: str) -> Convention:
    """Return a convention that the person facilitates."""
    return _get(Convention.objects.facilitated_by(person_of(request)), slug)


def get_followed(request: HttpRequest, slug: str) -> Convention:
    """Return a convention of which the person reads everything, as its facilitator or guarantor."""
    return _get(Convention.objects.followed_by(person_of(request)), slug)


def get_convention_as(request: HttpRequest, slug: str, *roles: str) -> Convention:
    """Return a convention to which the person is appointed in one of these roles."""
    return _get(Convention.objects.with_appointment(person_of(request), *roles), slug)


def get_membership(request: HttpRequest, slug: str) -> tuple[Convention, Member]:
    """Return a convention in which the person sits, and the member that they are."""
    convention = get_convention(request, slug)
    return convention, found(rules.get_member(person_of(request), convention))


def found(thing: T | None) -> T:
    """Return what was looked for; where it is not there, nor may be known of, the page is not there either."""
    if thing is None:
        raise Http404
    return thing


def _get(conventions: QuerySet[Convention], slug: str) -> Convention:
    return found(conventions.filter(slug=slug).select_related("organisation", "draw").first())
