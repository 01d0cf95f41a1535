"""What stands around every page of a convention: where it is, whether it is frozen, where one can go."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from antigone.convention.models import Appointment, Convention, Member, Phase
from antigone.convention.views.people import person_of

# The places of a convention, for everybody: the name of the address, what it is called.
PLACES = [
    ("convention:convention", _("Mandate")),
    ("convention:members", _("Members")),
    ("convention:sessions", _("Sessions")),
    ("convention:proposals", _("Proposals")),
    ("convention:avis", _("Avis")),
    ("convention:answers", _("Answers")),
    ("convention:data", _("Open data")),
]
OWN_PLACE = ("convention:own", _("My space"))
TEAM_PLACE = ("convention:team", _("Team"))


@dataclass(frozen=True, slots=True)
class Place:
    """A link of the menu of a convention."""

    href: str
    label: str
    is_current: bool


def render_place(
    request: HttpRequest,
    template: str,
    convention: Convention,
    context: dict[str, Any],
    *,
    place: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of a convention; `place` is the name of the address that the menu shows as open.

    Adds `convention`, `role` (how the person is appointed, or ""), `own_member` (who the person sits as, or None),
    `can_facilitate`, `can_guarantee`, `can_follow`, `can_answer`, `freeze`, `phases`, `places`. Three queries.
    """
    person = person_of(request)
    appointment = Appointment.objects.of_person(person).filter(convention=convention).first()
    role = appointment.role if appointment is not None else ""
    member = Member.objects.of_person(person).filter(convention=convention, left_at=None).first()
    follows = role in (Appointment.Role.FACILITATOR, Appointment.Role.GUARANTOR)
    shell = {
        "convention": convention,
        "role": role,
        "own_member": member,
        "can_facilitate": role == Appointment.Role.FACILITATOR,
        "can_guarantee": role == Appointment.Role.GUARANTOR,
        "can_answer": role == Appointment.Role.ELECTED_OFFICIAL,
        "can_follow": follows,
        "freeze": convention.freezes.filter(lifted_at=None).first(),
        "phases": list_phases(convention),
        "places": _list_places(convention, place, is_member=member is not None, follows=follows),
    }
    return render(request, template, {**shell, **context}, status=status)


def list_phases(convention: Convention) -> list[tuple[str, str]]:
    """Return each phase's name and whether it is "past", "current" or "to-come"."""
    order = list(Phase)
    now = order.index(Phase(convention.phase))
    return [
        (str(phase.label), "past" if index < now else "current" if index == now else "to-come")
        for index, phase in enumerate(order)
    ]


def _list_places(convention: Convention, current: str, *, is_member: bool, follows: bool) -> list[Place]:
    places = [*PLACES, *([OWN_PLACE] if is_member else []), *([TEAM_PLACE] if follows else [])]
    return [
        Place(reverse(name, args=[convention.slug]), str(label), name == current) for name, label in places
    ]
