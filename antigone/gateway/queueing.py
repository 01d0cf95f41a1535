"""Who goes next to the engines of a model, when all are busy: organisations in turn, each one's requests in order."""

import asyncio
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from antigone.errors import AntigoneError
from antigone.gateway.engines import Engine


@dataclass(eq=False, slots=True)
class Ticket:
    """A request that waits for an engine; once called, it holds a place on `engine`, or the reason why it has none."""

    organisation_id: int | None
    loop: asyncio.AbstractEventLoop
    called: asyncio.Event = field(default_factory=asyncio.Event)
    engine: Engine | None = None
    error: AntigoneError | None = None

    def call(self, *, engine: Engine | None = None, error: AntigoneError | None = None) -> None:
        """Tell whoever waits, from any thread."""
        self.engine, self.error = engine, error
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.called.set)


@dataclass(slots=True)
class Line:
    """The requests that wait for one model; not safe between threads by itself.

    An organisation that sends a thousand requests at once does not make another one, that sends its first, wait for
    more than its turn.
    """

    waiting: OrderedDict[int | None, deque[Ticket]] = field(default_factory=OrderedDict)
    length: int = 0

    def join(self, ticket: Ticket) -> None:
        """Wait behind the organisation's own requests."""
        self.waiting.setdefault(ticket.organisation_id, deque()).append(ticket)
        self.length += 1

    def leave(self, ticket: Ticket) -> None:
        """Wait no more."""
        own = self.waiting.get(ticket.organisation_id)
        if own is not None and ticket in own:
            own.remove(ticket)
            self.length -= 1
            if not own:
                del self.waiting[ticket.organisation_id]

    def pop(self) -> Ticket:
        """Take out the first request of the organisation whose turn it is; that organisation then waits for its next.

        >>> loop = asyncio.new_event_loop()
        >>> line = Line()
        >>> for organisation in (1, 1, 1, 2):
        ...     line.join(Ticket(organisation, loop))
        >>> [line.pop().organisation_id for _ in range(4)]
        [1, 2, 1, 1]
        >>> loop.close()
        """
        organisation_id, own = next(iter(self.waiting.items()))
        ticket = own.popleft()
        self.length -= 1
        if own:
            self.waiting.move_to_end(organisation_id)
        else:
            del self.waiting[organisation_id]
        return ticket
