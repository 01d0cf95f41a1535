"""To be written."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from antigone.convention.views.people import get_convention
from antigone.convention.views.shell import render_place


@require_safe
def data(request: HttpRequest, slug: str) -> HttpResponse:
    convention = get_convention(request, slug)
    return render_place(request, "convention/page.html", convention, {}, place="convention:data")
