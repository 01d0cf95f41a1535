"""Being built."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from antigone.consultation.views.people import get_consultation
from antigone.consultation.views.shell import render_place


@require_safe
def statements(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_consultation(request, slug)
    return render_place(request, "consultation/page.html", consultation, {}, place="consultation:statements")


@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_consultation(request, slug)
    return render_place(request, "consultation/page.html", consultation, {}, place="consultation:decisions")
