"""Errors as OpenAI's object, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation.trans_real import parse_accept_lang_header

from antigone.errors import AntigoneError

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
}
# What the house says of a wrong form is, for programmes, a wrong request.
STATUSES = {422: 400}
# A client that waits longer than this gives up by itself.
MOST_RETRY_SECONDS = 60


def status_of(error: AntigoneError) -> int:
    """Return the HTTP status that programmes are told."""
    return STATUSES.get(error.status, error.status)


def describe_error(error: AntigoneError, language: str) -> dict[str, Any]:
    """Return OpenAI's object of an error: `message` for people, `code` for programmes (docs/errors.md)."""
    with override(language):
        message = gettext(error.template) % {name: str(value) for name, value in error.params.items()}
    status = status_of(error)
    return {
        "message": message,
        "type": TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
        "param": error.params.get("param"),
        "code": error.code,
    }


def list_headers(error: AntigoneError) -> list[tuple[bytes, bytes]]:
    """Return the headers that tell a client whether, and when, to try again."""
    status = status_of(error)
    if status == 401:
        return [(b"www-authenticate", b"Bearer"), (b"x-should-retry", b"false")]
    if status not in (429, 503):
        return [(b"x-should-retry", b"false")]
    seconds = int(str(error.params.get("seconds", 1 if status == 503 else 60)))
    should = b"true" if seconds <= MOST_RETRY_SECONDS and error.code != "request_over_limit" else b"false"
    return [(b"retry-after", b"%d" % seconds), (b"x-should-retry", should)]


def choose_language(headers: Mapping[bytes, bytes]) -> str:
    """Return the language that a request asks for, among the city's; the city's first where it asks for none."""
    offered = dict(settings.LANGUAGES)
    for language, _weight in parse_accept_lang_header(headers.get(b"accept-language", b"").decode("latin-1")):
        if language.partition("-")[0] in offered:
            return language.partition("-")[0]
    return settings.LANGUAGE_CODE
