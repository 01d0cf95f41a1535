"""What a person or a programme is told when something did not work: one page, one fragment, one object."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from antigone.errors import AntigoneError


def explain(request: HttpRequest, error: AntigoneError) -> HttpResponse:
    """Answer an error of the rooms with its status and its sentence."""
    return respond(request, error.status, title_of(error.status), say(error), code=error.code)


def say(error: AntigoneError) -> str:
    """Return the error's sentence in the language of the page."""
    sentence = _(str(error.template))
    return sentence % error.params if error.params else sentence


def title_of(status: int) -> str:
    """Return what a status means, in plain words."""
    return {
        403: _("You may not do this"),
        404: _("This page does not exist"),
        409: _("This is not possible now"),
        413: _("This is too large"),
        422: _("Something is to be corrected"),
        429: _("Too many tries"),
        500: _("Something broke on our side"),
        503: _("A part of the machine does not answer"),
    }.get(status, _("This request cannot be answered"))


def respond(request: HttpRequest, status: int, title: str, message: str, *, code: str) -> HttpResponse:
    """Answer in the form that the client takes: an object for programmes, a fragment for htmx, or a page."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"error": {"code": code, "message": message, "status": status}}, status=status)
    words = {"title": title, "message": message, "status": status}
    if request.headers.get("HX-Request"):
        fragment = {"kind": "error", "title": title, "text": message}
        return HttpResponse(render_to_string("web/components/notice.html", fragment), status=status)
    return HttpResponse(render_to_string("web/error.html", words, request), status=status)


def respond_plainly(
    request: HttpRequest, status: int, message: str, *, code: str, **params: object
) -> HttpResponse:
    """Answer without a person, a session or the database: before they are there, or when they broke."""
    with translation.override(cookie_language(request)):
        title, sentence = title_of(status), _(message) % params
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            return JsonResponse(
                {"error": {"code": code, "message": sentence, "status": status}}, status=status
            )
        words = {"title": title, "message": sentence, "status": status, "theme": settings.THEME}
        return HttpResponse(render_to_string("web/broken.html", words), status=status)


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer a request that carries more than this server takes."""
    message = gettext_noop(
        "What you sent is larger than the %(megabytes)d MB taken at once. Send it in parts."
    )
    limit = getattr(request, "scope", {}).get("antigone.oversized") or settings.REQUEST_BYTES
    megabytes = limit // 1_000_000
    return respond_plainly(request, 413, message, code="request_too_large", megabytes=megabytes)


def cookie_language(request: HttpRequest) -> str:
    """Return the language of the cookie where it is one of ours, else the city's."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
