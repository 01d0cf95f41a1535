"""What a process of the server does beside answering: it looks for changes, moves usage rows, gives shares back, and
looks how the engines are.
"""

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Awaitable, Callable

from django.db import Error as DatabaseFailure

from antigone.errors import AntigoneError, Unavailable
from antigone.gateway import allowances, routing, snapshot
from antigone.gateway.clients import close_session, look
from antigone.gateway.databases import run_in_database
from antigone.gateway.engines import Engine
from antigone.gateway.metering import start_metering
from antigone.gateway.spool import keep_moving, stop_writers

logger = logging.getLogger(__name__)
REFRESH_SECONDS = 0.5
GIVE_BACK_SECONDS = 2.0
LOOK_SECONDS = 10.0
LOOK_TIMEOUT_SECONDS = 3.0


class Services:
    """Starts and stops with the server, one a process."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = threading.Event()
        self._mover = threading.Thread(target=keep_moving, args=[self._stopping], daemon=True, name="moving")

    async def start(self) -> None:
        """Begin; the first look at callers and models is done when this returns, if the database answers."""
        await _quietly(_refresh)
        for work, seconds in (
            (_refresh, REFRESH_SECONDS),
            (_give_back, GIVE_BACK_SECONDS),
            (_look_at_engines, LOOK_SECONDS),
            (_serve_waiting, 1.0),
        ):
            self._tasks.append(asyncio.create_task(_repeat(work, seconds)))
        self._mover.start()
        start_metering(self._stopping, routing.is_any_running)
        # What is loaded now stays: looking through it again and again for what can go stopped all answers for 70 ms.
        gc.collect()
        gc.freeze()

    async def stop(self) -> None:
        """End; what shares have left goes back to the others."""
        self._stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _quietly(lambda: _give_back(idle_seconds=0.0))
        await close_session()
        stop_writers()


async def _repeat(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _quietly(work)


async def _quietly(work: Callable[[], Awaitable[None]]) -> None:
    """Do work that is done again soon: what fails is for the log, and ends nothing."""
    try:
        await work()
    except (AntigoneError, DatabaseFailure, OSError) as error:
        logger.warning("%s: %s", getattr(work, "__name__", "work"), error)
    except (
        Exception
    ):  # an edge: without the looks at the database nobody would be let in until the next start
        logger.exception("%s failed.", getattr(work, "__name__", "work"))


async def _refresh() -> None:
    await run_in_database(snapshot.refresh)


async def _give_back(idle_seconds: float = GIVE_BACK_SECONDS) -> None:
    await run_in_database(allowances.give_back, idle_seconds=idle_seconds, now=time.time())


async def _serve_waiting() -> None:
    """Give those who wait the places of engines that may be asked again."""
    for model in snapshot.current().list_models():
        routing.serve_waiting(model)


async def _look_at_engines() -> None:
    """Look how each engine is that answers nobody just now."""
    engines = {engine for model in snapshot.current().list_models() for engine in model.engines}
    await asyncio.gather(*(_look_at(engine) for engine in engines))


async def _look_at(engine: Engine) -> None:
    health = routing.health_of(engine)
    if health.state is routing.State.UP and health.running:
        return
    try:
        await look(engine, LOOK_TIMEOUT_SECONDS)
    except Unavailable as error:
        if error.code == "engine_refused":  # it speaks, if not of its models
            health.turn(routing.State.UP if health.state is routing.State.UNKNOWN else health.state)
            return
        routing.note_failure(engine)
    else:
        routing.note_success(engine)
