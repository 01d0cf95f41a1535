"""One thread a process writes the votes that the door takes: all that wait, in one transaction, then each is told.

While one batch is being committed the next one gathers, so that the disk is waited for once for many votes. A vote is
answered after the commit that holds it, never before.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import Error as DatabaseFailure
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.consultation.actions.voting import Cast, NewVote, cast_votes
from antigone.errors import AntigoneError, Unavailable

logger = logging.getLogger(__name__)
# Votes of one transaction; votes that may wait: some seconds of a storm, beyond which one is told to come back.
MOST_TOGETHER = 400
MOST_WAITING = 4_000

Outcome = Cast | AntigoneError


@dataclass(frozen=True, slots=True)
class Waiting:
    """A vote, and who waits for what becomes of it."""

    vote: NewVote
    future: asyncio.Future[Outcome]
    loop: asyncio.AbstractEventLoop


class Writer:
    """Writes votes; its thread starts with the first one and has a connection to the database of its own."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._has_votes = threading.Condition()
        self._thread: threading.Thread | None = None

    async def cast(self, vote: NewVote) -> Cast:
        """Cast a vote, and return once it is safe on the disk; raise what forbids it, or that nothing was saved."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._put(Waiting(vote, future, loop))
        outcome = await future
        if isinstance(outcome, AntigoneError):
            raise outcome
        return outcome

    def _put(self, waiting: Waiting) -> None:
        with self._has_votes:
            if len(self._waiting) >= MOST_WAITING:
                raise not_saved()
            self._waiting.append(waiting)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._write, daemon=True, name="votes")
                self._thread.start()
            self._has_votes.notify()

    def _take(self) -> list[Waiting]:
        with self._has_votes:
            while not self._waiting:
                self._has_votes.wait()
            return [self._waiting.popleft() for _vote in range(min(len(self._waiting), MOST_TOGETHER))]

    def _write(self) -> None:
        while True:
            batch = self._take()
            # Whatever happens, nobody waits for ever: a fault of ours ends this thread, and the next vote starts one.
            outcomes: Sequence[Outcome] = [not_saved()] * len(batch)
            try:
                outcomes = write_batch([one.vote for one in batch])
            finally:
                _tell(batch, outcomes)


def write_batch(votes: Sequence[NewVote]) -> Sequence[Outcome]:
    """Cast votes in one transaction; where the database refuses it, none is cast and each is told so."""
    try:
        if connection.connection is not None and not connection.is_usable():
            connection.close()  # the database was started again, or dropped a connection that was quiet for long
        return cast_votes(votes, now=timezone.now())
    except DatabaseFailure as error:
        logger.warning("%d votes were not saved: %s", len(votes), error)
        connection.close()
        return [not_saved()] * len(votes)


def not_saved() -> Unavailable:
    return Unavailable(
        "votes_not_saved",
        gettext_noop("Your vote could not be saved just now: nothing was recorded. Try again in a moment."),
    )


def _tell(batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    """Give their outcomes to those who wait, waking each of their loops once."""
    for loop in {one.loop for one in batch}:
        told = [
            (one.future, outcome) for one, outcome in zip(batch, outcomes, strict=True) if one.loop is loop
        ]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, told)


def _resolve(told: Sequence[tuple[asyncio.Future[Outcome], Outcome]]) -> None:
    for future, outcome in told:
        if not future.done():  # whoever waited may have left
            future.set_result(outcome)
