"""What the guarantors saw, for everybody from the instant that they chose."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from antigone.convention import actions, rules
from antigone.convention.forms.sessions import ObservationForm
from antigone.convention.views.people import get_convention, person_of, require_person
from antigone.convention.views.sessions import PLACE, list_observations
from antigone.convention.views.shell import render_place


@require_http_methods(["GET", "HEAD", "POST"])
def observations(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is public; to guarantors all of it, with the form to write another."""
    convention = get_convention(request, slug)
    is_guarantor = rules.can_guarantee(person_of(request), convention)
    form = None
    if is_guarantor:
        form = ObservationForm(request.POST if request.method == "POST" else None, convention=convention)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            actions.write_observation(convention=convention, by=require_person(request), **form.cleaned_data)
            messages.success(request, _("Kept: nobody can remove it."))
            return redirect("convention:observations", slug)
    context = {
        "observations": list_observations(convention, is_guarantor=is_guarantor),
        "form": form,
        "now": timezone.now(),
    }
    status = 422 if form is not None and form.errors else 200
    template = "convention/sessions/observations.html"
    return render_place(request, template, convention, context, place=PLACE, status=status)
