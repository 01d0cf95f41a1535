"""Which engine answers: the least busy of those that are well; who waits, and how long; which engines are left alone.

An engine that failed three times in a row is left alone for two seconds, then twice as long each time it fails again;
meanwhile one request at a time finds out whether it is back. What is known here is known to one process.
"""

import asyncio
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext_noop

from antigone.errors import Unavailable
from antigone.gateway.engines import Engine
from antigone.gateway.queueing import Line, Ticket
from antigone.gateway.snapshot import Model

MOST_FAILURES = 3
REST_SECONDS = 2.0
MOST_REST_SECONDS = 60.0
# Requests that wait for one model, in one process: beyond, one is told to come back.
MOST_WAITING = 2_000


class State(StrEnum):
    """How an engine is, as far as this process knows."""

    UNKNOWN = "unknown"
    UP = "up"
    TIRED = "tired"
    DOWN = "down"


@dataclass(slots=True)
class Health:
    """What this process knows of an engine. `since`: seconds since 1970; `rests_until`: of the monotonic clock."""

    running: int = 0
    failures: int = 0
    rests: int = 0
    rests_until: float = 0.0
    state: State = State.UNKNOWN
    since: float = field(default_factory=time.time)

    def turn(self, state: State) -> None:
        if state != self.state:
            self.state, self.since = state, time.time()


_health: dict[tuple[str, str], Health] = {}
_lines: dict[str, Line] = {}
_lock = threading.Lock()


def health_of(engine: Engine) -> Health:
    """Return what is known of an engine, by its address and model."""
    return _health.get((engine.url, engine.model)) or _health.setdefault((engine.url, engine.model), Health())


def is_well(engine: Engine) -> bool:
    """Tell whether an engine is asked at all."""
    return health_of(engine).rests_until <= time.monotonic()


def count_waiting(model: Model) -> int:
    """Return how many requests wait for the model in this process."""
    line = _lines.get(model.name)
    return line.length if line else 0


def is_any_running() -> bool:
    """Tell whether any engine works for this process just now."""
    return any(health.running for health in list(_health.values()))


def forget() -> None:
    """Forget all that is known of engines."""
    with _lock:
        _health.clear()
        _lines.clear()


async def take_engine(model: Model, organisation_id: int | None, tried: frozenset[Engine]) -> Engine:
    """Return an engine with a place taken on it, one that was not tried if it can be; wait for one in turn.

    `give_engine` gives the place back. Raises Unavailable where every engine is left alone, or none was free in time.
    """
    with _lock:
        line = _lines.get(model.name) or _lines.setdefault(model.name, Line())
        if not line.length and (engine := _find_free(model, tried)):
            health_of(engine).running += 1
            return engine
        if not any(map(is_well, model.engines)):
            raise none_well(model)
        if line.length >= MOST_WAITING:
            raise none_free(model)
        ticket = Ticket(organisation_id, asyncio.get_running_loop())
        line.join(ticket)
    try:
        async with asyncio.timeout(settings.QUEUE_SECONDS):
            await ticket.called.wait()
    except TimeoutError:
        _leave(model, line, ticket)
        raise none_free(model) from None
    except asyncio.CancelledError:
        _leave(model, line, ticket)
        raise
    if ticket.engine is None:
        raise ticket.error or none_free(model)
    return ticket.engine


def give_engine(model: Model, engine: Engine) -> None:
    """Give a place back, to whose turn it is."""
    with _lock:
        health_of(engine).running -= 1
    serve_waiting(model)


def serve_waiting(model: Model) -> None:
    """Give free places to those who wait; where no engine is well, tell them all."""
    with _lock:
        line = _lines.get(model.name)
        while line is not None and line.length:
            engine = _find_free(model, frozenset())
            if engine is not None:
                health_of(engine).running += 1
                line.pop().call(engine=engine)
            elif not any(map(is_well, model.engines)):
                line.pop().call(error=none_well(model))
            else:
                return


def note_success(engine: Engine) -> None:
    """Note that an engine answered, well or to say that the request was wrong."""
    health = health_of(engine)
    health.failures = health.rests = 0
    health.rests_until = 0.0
    health.turn(State.UP)


def note_failure(engine: Engine) -> None:
    """Note that an engine did not answer, or failed; after some in a row it is left alone for a while."""
    health = health_of(engine)
    health.failures += 1
    if health.failures < MOST_FAILURES:
        health.turn(State.TIRED)
        return
    health.rests_until = time.monotonic() + min(REST_SECONDS * 2**health.rests, MOST_REST_SECONDS)
    health.rests = min(health.rests + 1, 10)
    health.turn(State.DOWN)


def _leave(model: Model, line: Line, ticket: Ticket) -> None:
    """Wait no more; a place that was given meanwhile goes to the next one."""
    with _lock:
        line.leave(ticket)
    if ticket.engine is not None:
        give_engine(model, ticket.engine)


def _find_free(model: Model, tried: frozenset[Engine]) -> Engine | None:
    """Return the least busy engine that is well and has a free place, of those not tried yet if one has."""
    free = [engine for engine in model.engines if is_well(engine) and _has_place(engine)]
    free = [engine for engine in free if engine not in tried] or free
    if len(free) < 2:
        return free[0] if free else None
    return min(free, key=lambda engine: health_of(engine).running / engine.concurrency)


def _has_place(engine: Engine) -> bool:
    """Tell whether an engine can take one more; one that failed is first tried by a single request."""
    health = health_of(engine)
    # Several processes share an engine: each has its part of the places.
    most = -(-engine.concurrency // settings.WORKERS)
    return health.running < (1 if health.failures >= MOST_FAILURES else most)


def none_well(model: Model) -> Unavailable:
    return Unavailable(
        "engines_down",
        gettext_noop(
            "No engine of the model “%(model)s” answers for now. Try again in a moment, or choose another."
        ),
        model=model.title,
        seconds=5,
    )


def none_free(model: Model) -> Unavailable:
    return Unavailable(
        "engines_busy",
        gettext_noop("All engines of the model “%(model)s” are busy. Try again in a moment."),
        model=model.title,
        seconds=5,
    )
