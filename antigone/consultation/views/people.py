"""Who asks, and which consultation that person may open: what one may not open is not there."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from antigone.accounts.models import Person
from antigone.consultation.cookies import read_participant
from antigone.consultation.models import Consultation, Participant
from antigone.errors import WrongInput

T = TypeVar("T")


def person_of(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


def require_person(request: HttpRequest) -> Person:
    return found(person_of(request))


def get_consultation(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation whose public pages the person may read."""
    return _get(Consultation.objects.readable_by(person_of(request)), slug)


def get_led(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation that the person leads."""
    return _get(Consultation.objects.led_by(person_of(request)), slug)


def get_moderated(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation whose statements the person decides on."""
    return _get(Consultation.objects.moderated_by(person_of(request)), slug)


def get_followed(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation whose queue and suspicions the person may read."""
    return _get(Consultation.objects.followed_by(person_of(request)), slug)


def found(thing: T | None) -> T:
    """Return what was looked for; where it is not there, nor may be known of, the page is not there either."""
    if thing is None:
        raise Http404
    return thing


def _get(consultations: QuerySet[Consultation], slug: str) -> Consultation:
    return found(consultations.filter(slug=slug).select_related("organisation").first())


def find_participant(request: HttpRequest, consultation: Consultation) -> tuple[Participant | None, bool]:
    """Return who votes with this browser, None where nobody has yet, and whether its cookie is of no use any more.

    It was forged, or its participant's votes were taken away: on a page that is read, one simply begins again.
    """
    try:
        number = read_participant(request.COOKIES, consultation.pk)
    except WrongInput:
        return None, True
    participant = consultation.participants.filter(pk=number).first() if number is not None else None
    return participant, number is not None and participant is None
