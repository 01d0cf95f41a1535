"""The checklist of a convention for its team: what to publish, which draw, the next phase."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from antigone.convention import actions
from antigone.convention.checklist import list_items, list_obstacles, next_phase
from antigone.convention.forms.conventions import AddressForm, DrawForm
from antigone.convention.models import Convention, Phase
from antigone.convention.views.conventions import group_items
from antigone.convention.views.people import get_facilitated, get_followed, require_person
from antigone.convention.views.shell import render_place
from antigone.errors import NotPossible, WrongInput
from antigone.web.explanations import say


@login_required
@require_safe
def phases(request: HttpRequest, slug: str) -> HttpResponse:
    return _show(request, get_followed(request, slug))


@login_required
@require_POST
def record(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            actions.record_publication(convention=convention, **form.cleaned_data, by=require_person(request))
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("The publication is recorded."))
            return redirect("convention:phases", slug)
    return _show(request, convention, address_form=form, status=422)


@login_required
@require_POST
def attach(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    form = DrawForm(request.POST, convention=convention)
    if form.is_valid():
        try:
            actions.attach_draw(
                convention=convention, draw=form.cleaned_data["draw"], by=require_person(request)
            )
        except (NotPossible, WrongInput) as error:
            form.add_error(None, say(error))
        else:
            messages.success(request, _("This draw seats the members of the convention."))
            return redirect("convention:phases", slug)
    return _show(request, convention, draw_form=form, status=422)


@login_required
@require_POST
def open_next(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_facilitated(request, slug)
    actions.open_phase(convention=convention, phase=request.POST.get("phase", ""), by=require_person(request))
    messages.success(request, _("The phase is open."))
    return redirect("convention:phases", slug)


def _show(
    request: HttpRequest,
    convention: Convention,
    *,
    address_form: AddressForm | None = None,
    draw_form: DrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    upcoming = next_phase(convention)
    is_over = convention.phase == Phase.CLOSED
    items = list_items(convention, now)
    context = {
        "groups": group_items(items),
        "upcoming": None if is_over else upcoming,
        "obstacles": [] if is_over else list_obstacles(convention, upcoming, now),
        "address_form": address_form or AddressForm(),
        "draw_form": (draw_form or DrawForm(convention=convention))
        if convention.phase == Phase.SELECTION and (convention.draw is None or convention.draw.is_prepared)
        else None,
    }
    return render_place(
        request, "convention/mandate/phases.html", convention, context, place="convention:team", status=status
    )
