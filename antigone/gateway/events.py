"""Reads the server-sent events of an engine's stream: whole ones, checked, without making them anew."""

from dataclasses import dataclass, field
from typing import Any

import orjson

MOST_BYTES = 1_000_000


class Garbled(ValueError):
    """What came is not a stream of events."""


@dataclass(slots=True)
class Block:
    """Whole events as they came, to be given on; `is_last` where the engine said that it is done."""

    data: bytes
    is_last: bool = False


@dataclass(slots=True)
class EventReader:
    """Feed it bytes as they come. It keeps the usage that the engine tells, and counts pieces where it tells none.

    >>> reader = EventReader(b"Tiny")
    >>> reader.feed(b'data: {"model":"tiny","choices":[{"delta":{"content":"Oui"}}]}\\n\\ndata: [DO')
    Block(data=b'data: {"model":"Tiny","choices":[{"delta":{"content":"Oui"}}]}\\n\\n', is_last=False)
    >>> reader.feed(b"NE]\\n\\n").is_last, reader.pieces
    (True, 1)
    """

    # The name of the model that is given on, whatever the engine calls it.
    public: bytes
    usage: dict[str, Any] | None = None
    pieces: int = 0
    # What every event of the stream says of itself, for the one that is added at its end.
    head: dict[str, Any] = field(default_factory=dict)
    pending: bytes = b""
    # Two ways in which servers write the name, each with what is written instead.
    names: tuple[tuple[bytes, bytes], ...] = ()

    def feed(self, data: bytes) -> Block:
        """Take what came, and return the whole events in it; raise Garbled where they are none, with none of them."""
        if b"\r" in data:
            data = data.replace(b"\r", b"")
        data = self.pending + data
        cut = data.rfind(b"\n\n") + 2
        if cut < 2:
            if len(data) > MOST_BYTES:
                raise Garbled
            self.pending = data
            return Block(b"")
        whole, self.pending = data[:cut], data[cut:]
        kept: list[bytes] = []
        for event in whole.split(b"\n\n"):
            if b"\n" in event or not event.startswith(b"data: {"):
                event = tidy(event)
            if event == b"data: [DONE]":
                return Block(self._write(kept), is_last=True)
            if event and self._is_given_on(event):
                kept.append(event)
        return Block(self._write(kept))

    def _write(self, events: list[bytes]) -> bytes:
        if not events:
            return b""
        data = b"\n\n".join(events) + b"\n\n"
        for old, new in self.names:
            data = data.replace(old, new)
        return data

    def _learn_name(self, name: object) -> None:
        """Note what the engine calls its model: not always what it was asked for, and perhaps a path of its disk."""
        said, public = orjson.dumps(name), orjson.dumps(self.public.decode())
        if isinstance(name, str) and said != public:
            self.names = tuple((b'"model":' + gap + said, b'"model":' + public) for gap in (b"", b" "))

    def _is_given_on(self, event: bytes) -> bool:
        """Look into an event: pieces are given on, usage is kept, an engine's comments and trouble are not."""
        try:
            said = orjson.loads(event[5:])
            choices = said.get("choices")
            if said.get("error") or not isinstance(choices, list):
                raise Garbled
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise Garbled from error
        usage = said.get("usage")
        if isinstance(usage, dict):
            self.usage = usage
        if choices:
            if not isinstance(choices[0], dict):
                raise Garbled
            if not self.pieces:
                self._learn_name(said.get("model"))
                self.head = {name: said[name] for name in ("id", "object", "created") if name in said}
            self.pieces += 1
            return True
        return False


def tidy(event: bytes) -> bytes:
    """Return what an event holds in one line, whatever else the engine wrote in it; nothing for comments.

    >>> tidy(b'id: 1\\ndata:{"choices":\\ndata: []}'), tidy(b": ping")
    (b'data: {"choices": []}', b'')
    """
    lines = event.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    data = [line[5:].strip() for line in lines if line.startswith(b"data:")]
    return b"data: " + b" ".join(data) if data else b""
