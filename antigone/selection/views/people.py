"""Who asks, and which draw that person may open: what one may not open is not there."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from antigone.accounts.models import Person
from antigone.selection.models import Computation, Draw

T = TypeVar("T")


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def require_person(request: HttpRequest) -> Person:
    return _found(person_of(request))


def get_readable_draw(request: HttpRequest, draw_id: int) -> Draw:
    """Return a draw whose public page the person may read."""
    return _found(_with_parts(Draw.objects.readable_by(person_of(request)), draw_id))


def get_followed_draw(request: HttpRequest, draw_id: int) -> Draw:
    """Return a draw of which the person may read everything."""
    return _found(_with_parts(Draw.objects.followed_by(person_of(request)), draw_id))


def get_prepared_draw(request: HttpRequest, draw_id: int) -> Draw:
    """Return a draw that the person prepares."""
    return _found(_with_parts(Draw.objects.prepared_by(person_of(request)), draw_id))


def get_computation(request: HttpRequest, draw_id: int, computation_id: int) -> Computation:
    """Return a computation of a draw of which the person may read everything."""
    computations = Computation.objects.readable_by(person_of(request)).select_related("draw", "asked_by")
    return _found(computations.filter(pk=computation_id, draw=draw_id).first())


def _with_parts(draws: QuerySet[Draw], draw_id: int) -> Draw | None:
    return (
        draws.filter(pk=draw_id)
        .select_related("organisation", "commitment__computation", "outcome", "saved_by")
        .first()
    )


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
