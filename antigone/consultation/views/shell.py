"""What stands around every page of a consultation: where it is, and where one can go."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from antigone.consultation import rules
from antigone.consultation.models import Consultation
from antigone.consultation.views.people import person_of

# The places of a consultation, for everybody: the name of the address, what it is called.
PLACES = [
    ("consultation:consultation", _("The question")),
    ("consultation:vote", _("Have my say")),
    ("consultation:statements", _("Statements")),
    ("consultation:report", _("Results")),
    ("consultation:decisions", _("Moderation")),
    ("consultation:data", _("Open data")),
]
TEAM_PLACE = ("consultation:team", _("Team"))


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the menu of a consultation."""

    href: str
    label: str
    is_current: bool


def render_place(
    request: HttpRequest,
    template: str,
    consultation: Consultation,
    context: dict[str, Any],
    *,
    place: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of a consultation; `place` is the name of the address that the menu shows as open.

    Adds `consultation`, `state` (of today), `can_lead`, `can_moderate`, `can_follow`, `places`.
    """
    person = person_of(request)
    follows = person is not None and rules.can_follow(person, consultation)
    shell = {
        "consultation": consultation,
        "state": consultation.find_state(timezone.localdate()),
        "can_lead": follows and rules.can_lead(person, consultation),
        "can_moderate": follows and rules.can_moderate(person, consultation),
        "can_follow": follows,
        "places": _list_places(consultation, place, follows=follows),
    }
    return render(request, template, {**shell, **context}, status=status)


def _list_places(consultation: Consultation, current: str, *, follows: bool) -> list[Place]:
    places = [*PLACES, *([TEAM_PLACE] if follows else [])]
    return [
        Place(reverse(name, args=[consultation.slug]), str(label), name == current) for name, label in places
    ]
