"""Unusual votes: what was seen, how many people it is, what was decided and why; never who."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from antigone.consultation.actions.suspicions import decide_suspicion
from antigone.consultation.figures import LEAST_PEOPLE
from antigone.consultation.forms.integrity import SuspicionForm
from antigone.consultation.models import Suspicion
from antigone.consultation.routing import find_live_picture
from antigone.consultation.views.people import get_consultation, get_led, require_person
from antigone.consultation.views.results import Results
from antigone.consultation.views.shell import render_place

PLACE = "consultation:report"


@dataclass(frozen=True, slots=True)
class Told:
    """A suspicion as everybody reads it; `people` is None where they are too few to be counted in public."""

    suspicion: Suspicion
    people: int | None


@require_safe
def suspicions(request: HttpRequest, slug: str) -> HttpResponse:
    """List what was seen and decided: nothing is taken out without a word."""
    consultation = get_consultation(request, slug)
    found = consultation.suspicions.annotate(people=Count("participants"))
    picture = find_live_picture(consultation)
    context = {
        "told": [Told(one, one.people if one.people >= LEAST_PEOPLE else None) for one in found],
        "results": Results(consultation, picture) if picture else None,
    }
    return render_place(request, "consultation/integrity/suspicions.html", consultation, context, place=PLACE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Clear them, or set them apart, for a public reason; decided again if need be."""
    consultation = get_led(request, slug)
    suspicion = get_object_or_404(Suspicion, pk=pk, consultation=consultation)
    form = SuspicionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decide_suspicion(
            suspicion=suspicion,
            state=form.cleaned_data["state"],
            reason=form.cleaned_data["reason"],
            by=require_person(request),
            now=timezone.now(),
        )
        messages.success(
            request, _("Your decision is public, with its reason. The results follow in a moment.")
        )
        return redirect("consultation:suspicions", slug)
    context = {"suspicion": suspicion, "people": suspicion.participants.count(), "form": form}
    return render_place(
        request,
        "consultation/integrity/decide.html",
        consultation,
        context,
        place=PLACE,
        status=422 if form.errors else 200,
    )
