"""How much one request may carry, counted before Django gathers it; how often one may ask."""

from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.http import HttpRequest, parse_cookie
from django.utils.translation import gettext_noop

from antigone.errors import TooManyTries

Message = MutableMapping[str, Any]
# Scope, receive and send, as the ASGI specification (3.0) has them.
Application = Callable[[Any, Any, Any], Awaitable[None]]


def limit_size(application: Application, most: int, visitors_most: int | None = None) -> Application:
    """Return the ASGI application with requests over `most` bytes cut short, a visitor's over `visitors_most`.

    Django writes the whole of a request to disk before the first middleware sees it. Here what passes the
    limit is thrown away and the request marked `antigone.oversized` with it; `middleware.refuse_oversized`
    answers.
    """

    async def limited(scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        received, announced = 0, _announced(scope)
        limit = most if visitors_most is None else visitors_most

        async def count() -> Message:
            nonlocal received, limit
            if "antigone.oversized" not in scope:
                message = {} if announced > most else await receive()
                received += len(message.get("body", b""))
                if max(received, announced) > limit < most and await _is_signed_in(scope):
                    limit = most
                if max(received, announced) <= limit:
                    return message
                scope["antigone.oversized"] = limit
                return {"type": "http.request", "body": b"", "more_body": False}
            while (message := await receive())["type"] == "http.request":
                pass
            return message

        await application(scope, count, send)

    return limited


def refuse_flood(request: HttpRequest, action: str) -> None:
    """Count a try; raise `TooManyTries` past what TRIES allows one person, or one network of visitors.

    Counted in the memory of the process alone: what a visitor does leaves no trace on a disk.
    """
    count_try(action, str(request.user.pk or find_network(request.META.get("REMOTE_ADDR", ""))))


def refuse_flood_of_all(action: str) -> None:
    """Count a try of anybody's; raise `TooManyTries` past what TRIES allows everybody together."""
    count_try(action, "all")


def count_try(action: str, who: str) -> None:
    """Count a try of `who`, as the caller names them; raise `TooManyTries` past what TRIES allows each."""
    most, seconds = settings.TRIES[action]
    key = f"{action}:{who}"
    memory = caches["memory"]
    memory.add(key, 0, seconds)
    with suppress(ValueError):  # its time ended just now
        if memory.incr(key) > most:
            raise TooManyTries("too_many_tries", gettext_noop("Wait a few minutes, then try again."))


def find_network(address: str, bits: int = 64) -> str:
    """Return the address of a visitor; of an IPv6 one the first bits, 64 of which a household or a company is given.

    Some are given 56: 256 networks, where a limit on networks matters.
    """
    if ":" not in address:
        return address
    mapped = ip_address(address.partition("%")[0])
    if isinstance(mapped, IPv6Address) and mapped.ipv4_mapped:
        return str(mapped.ipv4_mapped)
    return str(ip_network((mapped, bits), strict=False))


async def _is_signed_in(scope: Message) -> bool:
    cookies = parse_cookie(
        b";".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    )
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    return bool(key) and await SessionStore(key).aget(SESSION_KEY) is not None


def _announced(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
