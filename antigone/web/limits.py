"""How much one request may carry, counted before Django gathers it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
# Scope, receive and send, as the ASGI specification (3.0) has them.
Application = Callable[[Any, Any, Any], Awaitable[None]]


def limit_size(application: Application, most: int) -> Application:
    """Return the ASGI application with requests over `most` bytes cut short.

    Django writes the whole of a request to disk before the first middleware sees it. Here what passes the
    limit is thrown away and the request marked `antigone.oversized`; `middleware.refuse_oversized` answers.
    """

    async def limited(scope: Message, receive: Callable[[], Awaitable[Message]], send: Any) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        received, announced = 0, _announced(scope)

        async def count() -> Message:
            nonlocal received
            if "antigone.oversized" not in scope:
                message = {} if announced > most else await receive()
                received += len(message.get("body", b""))
                if max(received, announced) <= most:
                    return message
                scope["antigone.oversized"] = True
                return {"type": "http.request", "body": b"", "more_body": False}
            while (message := await receive())["type"] == "http.request":
                pass
            return message

        await application(scope, count, send)

    return limited


def _announced(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
