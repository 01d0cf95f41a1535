"""Which recruitment a person may open, and for what: the others are not there."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from antigone.selection.models import Recruitment
from antigone.selection.views.people import person_of


def get_led(request: HttpRequest, recruitment_id: int) -> Recruitment:
    """Return a recruitment that the person leads."""
    return _find(Recruitment.objects.led_by(person_of(request)), recruitment_id)


def get_counted(request: HttpRequest, recruitment_id: int) -> Recruitment:
    """Return a recruitment of which the person may read the counts."""
    return _find(Recruitment.objects.counted_by(person_of(request)), recruitment_id)


def get_called(request: HttpRequest, recruitment_id: int) -> Recruitment:
    """Return a recruitment that takes replies, for which the person may enter them."""
    called = Recruitment.objects.called_by(person_of(request))
    return _find(called.open_to_replies(), recruitment_id)


def get_announced(request: HttpRequest, recruitment_id: int) -> Recruitment:
    """Return a recruitment whose notice everybody reads."""
    return _find(Recruitment.objects.announced(), recruitment_id)


def _find(recruitments: QuerySet[Recruitment], recruitment_id: int) -> Recruitment:
    found = recruitments.filter(pk=recruitment_id).select_related("organisation", "draw", "drawn_by").first()
    if found is None:
        raise Http404
    return found
