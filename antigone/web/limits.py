"""How much one request may carry, counted before Django gathers it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
# Scope, receive and send, as the ASGI specification (3.0) has them.
Application = Callable[[Any, Any, Any], Awaitable[None]]


def limit_size(application: Application, most: int) -> Application:
    """Return the ASGI application with requests over `most` bytes cut short.

    Django writes the whole of a request to disk before the first middleware sees it. Here an oversized one is
    handed over empty and marked `antigone.oversized`; `web.middleware.refuse_oversized` answers it with 413.
    """

    async def limited(scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        received = 0
        if _announced(scope) > most:
            scope["antigone.oversized"] = True

        async def count() -> Message:
            nonlocal received
            if scope.get("antigone.oversized"):
                return {"type": "http.request", "body": b"", "more_body": False}
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                scope["antigone.oversized"] = True
                return {"type": "http.request", "body": b"", "more_body": False}
            return message

        await application(scope, count, send)

    return limited


def _announced(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
