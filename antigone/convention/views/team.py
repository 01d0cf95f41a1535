"""Who is in the team, who leaves it; and what a guarantor alone may do: stop everything."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.convention import actions, rules
from antigone.convention.forms.conventions import AppointForm, QuietReasonForm, ReasonForm
from antigone.convention.models import Appointment, Convention
from antigone.convention.views.conventions import group_team
from antigone.convention.views.people import (
    found,
    get_convention_as,
    get_facilitated,
    get_followed,
    person_of,
    require_person,
)
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the team; take an appointment from its facilitators."""
    if request.method != "POST":
        return _show_team(request, get_followed(request, slug), AppointForm())
    convention = get_facilitated(request, slug)
    form = AppointForm(request.POST)
    if form.is_valid():
        try:
            appointed = actions.appoint_by_email(
                convention=convention, **form.cleaned_data, by=require_person(request)
            )
        except NotPossible as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("%(name)s is appointed.") % {"name": appointed.name})
            return redirect("convention:team", slug)
    return _show_team(request, convention, form, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, slug: str, appointment_id: int) -> HttpResponse:
    convention = get_facilitated(request, slug)
    person = person_of(request)
    appointment = found(convention.appointments.filter(pk=appointment_id).first())
    if not rules.can_dismiss(person, appointment):
        return redirect("convention:team", slug)
    kind = ReasonForm if convention.is_public else QuietReasonForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.dismiss(
                appointment=appointment, reason=form.cleaned_data["reason"], by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("%(name)s is no longer of the team.") % {"name": appointment.name})
            return redirect("convention:team", slug)
    context = {
        "form": form,
        "title": _("End the part of %(name)s") % {"name": appointment.name},
        "lead": _("Their name and the reason stay public.") if convention.is_public else "",
        "label": _("End their part"),
        "kind": "danger",
    }
    return _show_reason(request, convention, context, place="convention:team")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step_down(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention_as(request, slug, Appointment.Role.GUARANTOR)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.step_down(
                convention=convention, reason=form.cleaned_data["reason"], by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("You are no longer a guarantor of this convention."))
            return redirect("convention:conventions")
    context = {
        "form": form,
        "title": _("Step down as a guarantor"),
        "lead": _("Nobody but you can end your part. Your name and your reason stay public."),
        "label": _("Step down"),
        "kind": "danger",
    }
    return _show_reason(request, convention, context, place="convention:team")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop the convention, or let it go on where it is stopped."""
    convention = get_convention_as(request, slug, Appointment.Role.GUARANTOR)
    frozen = convention.freezes.filter(lifted_at=None).first()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = actions.lift_freeze if request.POST.get("action") == "lift" else actions.freeze_convention
        try:
            act(convention=convention, reason=form.cleaned_data["reason"], by=require_person(request))
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            done = _("The freeze is lifted.") if frozen else _("The convention is frozen.")
            messages.success(request, done)
            return redirect("convention:convention", slug)
    context = {
        "form": form,
        "title": _("Lift the freeze") if frozen else _("Freeze this convention"),
        "lead": _("Everything can be written again.")
        if frozen
        else _("Nothing can be written to it any more, by anybody, until a guarantor lifts the freeze."),
        "label": _("Lift the freeze") if frozen else _("Freeze"),
        "action": "lift" if frozen else "freeze",
        "kind": "main" if frozen else "danger",
    }
    return _show_reason(request, convention, context)


def _show_team(
    request: HttpRequest, convention: Convention, form: AppointForm, *, status: int = 200
) -> HttpResponse:
    person = person_of(request)
    groups = group_team(convention.appointments.select_related("person", "convention"))
    context = {
        "form": form,
        "groups": [
            (role, [(one, one.person == person, rules.can_dismiss(person, one)) for one in people])
            for role, people in groups
        ],
        "departures": convention.departures.all(),
    }
    return render_place(
        request, "convention/mandate/team.html", convention, context, place="convention:team", status=status
    )


def _show_reason(
    request: HttpRequest, convention: Convention, context: dict[str, object], *, place: str = ""
) -> HttpResponse:
    form = context["form"]
    assert isinstance(form, ReasonForm)
    status = 422 if form.errors else 200
    return render_place(
        request, "convention/mandate/reason.html", convention, context, place=place, status=status
    )
