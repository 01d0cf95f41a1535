"""The database as an event loop sees it: asked in a thread, and never in the way of other requests."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import close_old_connections, connection

P = ParamSpec("P")
R = TypeVar("R")


async def run_in_database(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what `work` returns, run in the one thread of this process that asks the database for the gateway."""

    def whole() -> R:
        if not connection.in_atomic_block:
            close_old_connections()
        return work(*args, **kwargs)

    return await sync_to_async(whole, thread_sensitive=True)()


async def run_aside(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what long work returns, run in a thread of its own: a document being read holds up no other request."""

    def whole() -> R:
        try:
            return work(*args, **kwargs)
        finally:
            if not connection.in_atomic_block:
                connection.close()

    async with ThreadSensitiveContext():
        return await sync_to_async(whole, thread_sensitive=True)()
