"""The front pages: which conventions there are, and one of them, the question first."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from antigone.convention import rules
from antigone.convention.checklist import Item, count_answers, list_items
from antigone.convention.deadlines import list_promises, tell_deadline
from antigone.convention.models import Appointment, Convention, MandateChange, Phase
from antigone.convention.views.people import get_convention, person_of
from antigone.convention.views.shell import render_place
from antigone.selection.models import Draw

ROLES = (
    Appointment.Role.GUARANTOR,
    Appointment.Role.EXPERT,
    Appointment.Role.FACILITATOR,
    Appointment.Role.ELECTED_OFFICIAL,
)


@require_safe
def conventions(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    readable = list_promises(Convention.objects.readable_by(person), timezone.localdate())
    context = {
        "public": [(one, deadline) for one, deadline in readable if one.is_public],
        "drafts": [one for one, _deadline in readable if not one.is_public],
        "can_create": rules.can_create(person),
    }
    return render(request, "convention/conventions.html", context)


@require_safe
def convention(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is asked, what is promised and by when, where it is, who, under which rules."""
    convention = get_convention(request, slug)
    now = timezone.now()
    adopted, answered = count_answers(convention)
    person, draw = person_of(request), convention.draw
    shown = Draw.objects.readable_by(person).filter(pk=draw.pk).exists() if draw else False
    context = {
        "deadline": tell_deadline(
            convention, adopted=adopted, answered=answered, today=timezone.localdate(now)
        ),
        "steps": list_steps(convention),
        "team": group_team(convention.appointments.all()),
        "items": list_items(convention, now),
        "sessions": convention.sessions.all(),
        "freezes": convention.freezes.select_related("frozen_by", "lifted_by"),
        "changes": list_changes(convention),
        "departures": convention.departures.all(),
        "observations": convention.observations.public(now).count(),
        "surveys": convention.surveys.closed(),
        # Read by the page for a member alone.
        "open_surveys": convention.surveys.opened(),
        "draw": draw if shown else None,
    }
    return render_place(
        request, "convention/mandate/front.html", convention, context, place="convention:convention"
    )


def group_team(appointments: Iterable[Appointment]) -> list[tuple[str, list[Appointment]]]:
    """Give who is appointed in each role, in the order in which the public reads them."""
    ordered = sorted(appointments, key=lambda one: (ROLES.index(Appointment.Role(one.role)), one.pk))
    return [
        (str(Appointment.Role(role).label), list(people))
        for role, people in groupby(ordered, key=lambda one: one.role)
    ]


def list_steps(convention: Convention) -> list[tuple[str, str, date | None]]:
    """Give each phase, whether it is "past", "current" or "to-come", and the day it opened or is planned for."""
    opened = {opening.phase: timezone.localdate(opening.opened_at) for opening in convention.openings.all()}
    planned = {
        Phase.DELIBERATION: convention.starts_date,
        Phase.ANSWERS: convention.ends_date,
        Phase.FOLLOW_UP: convention.answers_due_date,
    }
    order = list(Phase)
    now = order.index(Phase(convention.phase))
    return [
        (
            str(phase.label),
            "past" if index < now else "current" if index == now else "to-come",
            opened.get(phase) if index <= now else planned.get(phase),
        )
        for index, phase in enumerate(order)
    ]


def list_changes(convention: Convention) -> list[tuple[str, MandateChange]]:
    """Give each change of the mandate, with the name of what it changes."""
    return [
        (str(Convention._meta.get_field(change.field).verbose_name), change)  # type: ignore[union-attr]
        for change in convention.mandate_changes.all()
    ]


def group_items(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Give the items of the checklist phase by phase."""
    return [(str(phase.label), list(some)) for phase, some in groupby(items, key=lambda item: item.phase)]
