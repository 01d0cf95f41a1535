"""What happens to every request and answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def refuse_oversized(get_response: Handler) -> Handler:
    return get_response


def choose_language(get_response: Handler) -> Handler:
    return get_response


def set_privacy_headers(get_response: Handler) -> Handler:
    return get_response


def explain_errors(get_response: Handler) -> Handler:
    return get_response
