"""What happens to every request and answer.

Each works in both worlds, so that an asynchronous view is reached without a change of thread and a
stream passes through as it comes.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware

from antigone.errors import AntigoneError
from antigone.web import explanations

Handler = Callable[[HttpRequest], Any]
PERMISSIONS = ", ".join(
    f"{power}=()" for power in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)


@sync_and_async_middleware
def refuse_oversized(get_response: Handler) -> Handler:
    """Answer 413 to a request that says it carries more than REQUEST_BYTES, or proved to (`web.limits`)."""

    def refuse(request: HttpRequest) -> HttpResponseBase | None:
        return explanations.too_large(request) if is_oversized(request) else None

    return _wrap(get_response, before=refuse)


def is_oversized(request: HttpRequest) -> bool:
    """Tell whether a request is over the limit, without reading it."""
    if getattr(request, "scope", {}).get("antigone.oversized"):
        return True
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > settings.REQUEST_BYTES


@sync_and_async_middleware
def choose_language(get_response: Handler) -> Handler:
    """Speak the language of the person's account, the cookie's, or the city's: never the browser's.

    The person is loaded here, so that `request.user` is at hand in asynchronous views too.
    """

    def activate(request: HttpRequest) -> None:
        preferred = getattr(request.user, "language", "") if _has_session(request) else ""
        language = preferred or explanations.cookie_language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def label(request: HttpRequest, response: HttpResponseBase) -> None:
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ["Cookie"])

    if not iscoroutinefunction(get_response):
        return _wrap(get_response, before=activate, after=label)

    async def answer(request: HttpRequest) -> HttpResponseBase:
        if _has_session(request):
            request.user = await request.auser()
        activate(request)
        response: HttpResponseBase = await get_response(request)
        label(request, response)
        return response

    return answer


@sync_and_async_middleware
def set_privacy_headers(get_response: Handler) -> Handler:
    """Give the page no power over the machine that shows it, and let no cache keep a person's pages."""

    def seal(request: HttpRequest, response: HttpResponseBase) -> None:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Nor a visitor's question, on a machine that others use after them.
        if _has_session(request) or request.method == "POST":
            response.headers.setdefault("Cache-Control", "private, no-store")

    return _wrap(get_response, after=seal)


def list_safe_headers(*, is_framed: bool) -> list[tuple[str, str]]:
    """Give the headers that Django and this file set on the answer to a form, for what answers without them.

    `is_framed`: the answer may be shown within a page of another site.
    """
    headers = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", settings.SECURE_REFERRER_POLICY),
        ("cross-origin-opener-policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", PERMISSIONS),
        ("cache-control", "private, no-store"),
    ]
    if not is_framed:
        headers += [
            ("x-frame-options", settings.X_FRAME_OPTIONS),
            ("content-security-policy", build_policy()),
        ]
    if settings.HTTPS:
        headers.append(("strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return headers


@sync_and_async_middleware
def explain_errors(get_response: Handler) -> Handler:
    """Turn an error of the rooms into a page, a fragment or an object that says what to do."""

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return explanations.explain(request, error) if isinstance(error, AntigoneError) else None

    answer = _wrap(get_response)
    answer.process_exception = process_exception  # type: ignore[attr-defined]
    return answer


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _wrap(
    get_response: Handler,
    *,
    before: Callable[[HttpRequest], HttpResponseBase | None] = lambda request: None,
    after: Callable[[HttpRequest, HttpResponseBase], None] = lambda request, response: None,
) -> Handler:
    """Return a middleware of the same world as what it wraps; an answer of `before` ends the request."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            response = before(request)
            if response is None:
                response = await get_response(request)
                after(request, response)
            return response

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = before(request)
        if response is None:
            response = get_response(request)
            after(request, response)
        return response

    return answer
