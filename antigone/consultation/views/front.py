"""Being built."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from antigone.consultation.models import Consultation
from antigone.consultation.views.people import get_consultation, person_of
from antigone.consultation.views.shell import render_place


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    listed = Consultation.objects.readable_by(person_of(request))
    return render(request, "consultation/consultations.html", {"consultations": listed})


@require_safe
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_consultation(request, slug)
    return render_place(
        request, "consultation/page.html", consultation, {}, place="consultation:consultation"
    )


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_consultation(request, slug)
    return render_place(request, "consultation/page.html", consultation, {}, place="consultation:team")
