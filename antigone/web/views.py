"""The addresses that belong to no room: the theme, signs of life, and the pages that say what went wrong."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from antigone.web import explanations
from antigone.web.forms import ExampleForm
from antigone.web.theme import LOGO_TYPES

FOR_A_YEAR = cache_control(public=True, max_age=31_536_000, immutable=True)


@require_safe
@FOR_A_YEAR
def theme(request: HttpRequest) -> HttpResponse:
    """Answer the city's colours and fonts; the address changes with them."""
    return HttpResponse(settings.THEME.stylesheet, content_type="text/css; charset=utf-8")


@require_safe
@FOR_A_YEAR
def logo(request: HttpRequest) -> HttpResponse:
    """Answer the city's logo."""
    path = settings.THEME.logo
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type=LOGO_TYPES[path.suffix])


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    path = finders.find("web/favicon.svg")
    return HttpResponse(Path(str(path)).read_bytes(), content_type="image/svg+xml")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines find the public pages, not people's own."""
    return HttpResponse("User-agent: *\nDisallow: /compte/\nDisallow: /admin/\n", content_type="text/plain")


@require_safe
@cache_control(no_store=True)
def health(request: HttpRequest) -> JsonResponse:
    """Tell whether the database answers, for whoever watches the server."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "broken", "database": False}, status=503)
    return JsonResponse({"status": "ok", "database": True})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component, to whoever writes pages."""
    if not settings.DEBUG:
        raise Http404
    form = ExampleForm({"email": "chloe"}) if "errors" in request.GET else ExampleForm()
    page = Paginator(range(30), 10).get_page(request.GET.get("page", 2))
    return render(request, "web/styleguide.html", {"form": form, "page": page})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = _("The address or the form is not one that this server knows. Go back and try again.")
    return explanations.respond(request, 400, explanations.title_of(400), message, code="bad_request")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = _(
        "This page is for other people or other roles. Sign in with another account, or ask an operator."
    )
    return explanations.respond(request, 403, explanations.title_of(403), message, code="not_allowed")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = _(
        "It may have moved, or it may not be yours to see. Check the address, or start from the home page."
    )
    return explanations.respond(request, 404, explanations.title_of(404), message, code="not_found")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "The form was open for too long, or cookies are refused. Go back, reload the page and send it again."
    )
    return explanations.respond(request, 403, _("This form is out of date"), message, code="form_out_of_date")


def too_many(request: HttpRequest) -> HttpResponse:
    message = _("Wait a few minutes, then try again.")
    return explanations.respond(request, 429, explanations.title_of(429), message, code="too_many_requests")


def broken(request: HttpRequest) -> HttpResponse:
    message = gettext_noop(
        "It is not your doing. The error has been written down for the operators. Try again later."
    )
    return explanations.respond_plainly(request, 500, message, code="internal_error")
