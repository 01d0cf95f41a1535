"""To be written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from antigone.convention.models import Convention
from antigone.convention.views.people import get_convention, person_of
from antigone.convention.views.shell import render_place


@require_safe
def conventions(request: HttpRequest) -> HttpResponse:
    listed = Convention.objects.readable_by(person_of(request)).select_related("organisation")
    return render(request, "convention/conventions.html", {"conventions": listed})


@require_safe
def convention(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    return render_place(request, "convention/page.html", convention, {}, place="convention:convention")


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    return render_place(request, "convention/page.html", convention, {}, place="convention:team")
