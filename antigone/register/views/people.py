"""Who asks for a page."""

from django.http import HttpRequest

from antigone.accounts.models import Person


def person_of(request: HttpRequest) -> Person | None:
    """Return who is signed in; None is a visitor."""
    return request.user if isinstance(request.user, Person) else None
