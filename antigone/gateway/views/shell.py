"""What stands around every page of developers: where one can go."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from antigone.gateway import rules
from antigone.gateway.views.people import person_of

# The name of the address, what it is called, whether operators go there too.
PLACES = [
    ("gateway:keys", _("Keys"), False),
    ("gateway:limits", _("Limits"), True),
    ("gateway:usage", _("What was used"), True),
    ("gateway:playground", _("Try a model"), False),
    ("gateway:engines", _("Models"), True),
]


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the menu."""

    href: str
    label: str
    is_current: bool


def render_place(
    request: HttpRequest, template: str, context: dict[str, Any], *, place: str = "", status: int = 200
) -> HttpResponse:
    """Render a page of developers; `place` is the name of the address that the menu shows as open."""
    is_developer = rules.is_developer(person_of(request))
    places = [
        Place(reverse(name), str(label), name == place)
        for name, label, is_operators in PLACES
        if is_developer or is_operators
    ]
    return render(request, template, {"places": places, **context}, status=status)
