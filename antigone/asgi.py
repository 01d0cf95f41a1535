"""The application that the server runs: `/v1` to the gateway, votes to their door, pages to Django."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

from antigone.web.limits import limit_size

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
django = get_asgi_application()

from antigone.consultation.door import open_door  # noqa: E402 (its tables are there once Django is)
from antigone.gateway.api.application import make_application  # noqa: E402
from antigone.gateway.services import Services  # noqa: E402

pages = open_door(limit_size(django, settings.REQUEST_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
programmes = make_application()


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Give a request to whom it is for."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/v1/"):
        await programmes(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def live(receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Start and stop, with the server, what runs beside the requests."""
    services = Services()
    while (message := await receive())["type"] != "lifespan.shutdown":
        if message["type"] == "lifespan.startup":
            await services.start()
            await send({"type": "lifespan.startup.complete"})
    await services.stop()
    await send({"type": "lifespan.shutdown.complete"})
