"""Who asks for a page, and for whom there is one."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from antigone.accounts.models import Person
from antigone.gateway import rules

View = Callable[..., HttpResponse]


def person_of(request: HttpRequest) -> Person | None:
    """Return who is signed in; None is a visitor."""
    return request.user if isinstance(request.user, Person) else None


def signed_in(request: HttpRequest) -> Person:
    """Return who is signed in, on a page that asks for it."""
    assert isinstance(request.user, Person)
    return request.user


def for_developers(view: View) -> View:
    """Open a page to developers; to others it is not there."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not rules.is_developer(person_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(opened)


def for_operators(view: View) -> View:
    """Open a page to operators; to others it is not there."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not rules.is_operator(person_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(opened)
