"""One call to a model, from the guards to its usage row: whole, or as a stream.

A call ends in one place (`finish`): what it took is measured, limits are corrected, and its row is safe on the disk
before whoever asked is told that it is over. An engine that fails before anything was given on is replaced by another
one, and nobody sees it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import orjson

from antigone.errors import AntigoneError, Unavailable
from antigone.gateway import routing
from antigone.gateway.allowances import settle
from antigone.gateway.clients import explained, interrupted, post, read_rerank, read_whole, write_rerank
from antigone.gateway.engines import Engine
from antigone.gateway.events import Block, EventReader
from antigone.gateway.guards import BYTES_A_TOKEN, Call, let_in
from antigone.gateway.metering import Impact, describe, measure_call
from antigone.gateway.snapshot import BUILT_IN
from antigone.gateway.spool import write_row

T = TypeVar("T")
# Whoever asked left before the answer was there: nginx's number, for want of a standard one.
LEFT = 499
# What a row has place for: a name from the settings may be a path, and one row too long would hold up all.
NAME_CHARACTERS = 120
_background: set[asyncio.Task[Any]] = set()


async def answer_whole(call: Call) -> dict[str, Any]:
    """Return a model's whole answer, as OpenAI's object, with what it took in `usage`.

    Raises what a guard refuses, WrongInput where the engine does not take the request, Unavailable where no engine
    answers. Whatever happens, the request is counted.
    """
    async with Counted(call):
        await let_in(call)
        if call.model.engines:
            body = await _try_engines(call, _ask_whole)
        else:
            body = await _answer_built_in(call)
        _count_tokens(call, body.get("usage"))
    impact = await finish(call, 200)
    body["model"] = call.model.name
    body["usage"] = describe_usage(call, body.get("usage"), impact)
    return body


class Counted:
    """Count a call that ends badly in this block, with the reason."""

    __slots__ = ("call",)

    def __init__(self, call: Call) -> None:
        self.call = call

    async def __aenter__(self) -> None:
        return

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, AntigoneError):
            await finish(self.call, error.status, error.code)
        elif error is not None:  # whoever asked left, or a fault of ours: counted, even so
            has_left = isinstance(error, asyncio.CancelledError | GeneratorExit)
            status, code = (LEFT, "client_left") if has_left else (500, "fault")
            if has_left and self.call.engine is not None and not self.call.prompt_tokens:
                self.call.prompt_tokens = self.call.size // BYTES_A_TOKEN  # read by the engine, even so
            task = asyncio.get_running_loop().create_task(finish(self.call, status, code))
            _background.add(task)
            task.add_done_callback(_background.discard)
            with suppress(Unavailable):
                await asyncio.shield(task)  # the loop of who asked may end right after


async def finish(call: Call, status: int, error: str = "") -> Impact:
    """Count what a call took; return once its usage is safe on the disk."""
    now = time.perf_counter()
    impact = measure_call(
        call.model,
        call.engine,
        prompt_tokens=call.prompt_tokens,
        output_tokens=call.output_tokens,
        seconds=now - call.started,
    )
    if call.reserved is not None:
        settle(call.reserved, tokens=call.prompt_tokens + call.output_tokens, energy_wh=impact.energy_wh)
    caller = call.caller
    await write_row(
        (
            call.at,
            caller.organisation_id,
            caller.use_id,
            caller.key_id,
            call.endpoint,
            call.model.name[:NAME_CHARACTERS],
            call.engine.name[:NAME_CHARACTERS] if call.engine else "",
            status,
            error,
            call.prompt_tokens,
            call.output_tokens,
            round((call.first_at - call.started) * 1_000) if call.first_at is not None else None,
            round((now - call.started) * 1_000),
            impact.energy_wh,
            impact.carbon_g,
            impact.method,
        )
    )
    return impact


def describe_usage(call: Call, said: Any, impact: Impact) -> dict[str, Any]:
    """Return OpenAI's object of usage, as the engine said it, with what the request took of energy."""
    usage: dict[str, Any] = said if isinstance(said, dict) else {}
    usage["prompt_tokens"] = call.prompt_tokens
    if call.endpoint in ("chat", "completions"):
        usage["completion_tokens"] = call.output_tokens
    usage["total_tokens"] = call.prompt_tokens + call.output_tokens
    usage["impacts"] = describe(impact)
    return usage


def _count_tokens(call: Call, said: Any) -> None:
    """Take the engine's own count; where it gives none, about as many as the request is long."""
    usage = said if isinstance(said, dict) else {}
    call.prompt_tokens = _read_count(usage.get("prompt_tokens"), call.size // BYTES_A_TOKEN)
    call.output_tokens = _read_count(usage.get("completion_tokens"), call.output_tokens)


def _read_count(said: Any, otherwise: int) -> int:
    return said if type(said) is int and 0 <= said < 1_000_000_000 else otherwise


async def _try_engines(call: Call, ask: Callable[[Call, Engine], Awaitable[T]]) -> T:
    """Return what the first engine answers that does; `ask` gives its place back, whatever happens."""
    tried: frozenset[Engine] = frozenset()
    while True:
        call.engine = engine = await routing.take_engine(call.model, call.caller.organisation_id, tried)
        try:
            answer = await ask(call, engine)
        except Unavailable:
            routing.note_failure(engine)
            tried |= {engine}
            if len(tried) >= len(call.model.engines):
                raise
        except AntigoneError:  # the engine is well: it says what is wrong with the request
            routing.note_success(engine)
            raise
        else:
            routing.note_success(engine)
            return answer


async def _ask_whole(call: Call, engine: Engine) -> dict[str, Any]:
    try:
        async with post(engine, call.path, write_request(call, engine)) as answer:
            call.first_at = time.perf_counter()
            read = await read_whole(engine, answer)
            if call.make_form is not None and answer.content_type != "application/json":
                return {"text": read.decode(errors="replace")}  # a transcription as plain text
            body = orjson.loads(read)
            if call.path == "rerank":
                body = read_rerank(engine, body, call.body.get("top_n"))
            if not _is_answer(call, body):
                raise ValueError(type(body))
            return dict(body)
    finally:
        routing.give_engine(call.model, engine)


# What an answer holds, as a list of objects, by what was asked.
HELD = {"chat": "choices", "completions": "choices", "embeddings": "data", "rerank": "results"}


def _is_answer(call: Call, body: object) -> bool:
    """Tell whether an engine's answer is one: another engine may do better where it is not."""
    if not isinstance(body, dict):
        return False
    held = HELD.get(call.endpoint)
    listed = body.get(held) if held else []
    return isinstance(listed, list) and all(isinstance(one, dict) for one in listed)


def write_request(call: Call, engine: Engine) -> bytes | aiohttp.FormData:
    """Return a request as the engine reads it."""
    if call.make_form is not None:
        return call.make_form(engine.model)
    if call.path == "rerank":
        return orjson.dumps(write_rerank(engine, call.body))
    return orjson.dumps({**call.body, "model": engine.model})


async def _answer_built_in(call: Call) -> dict[str, Any]:
    _model, answer = BUILT_IN[call.model.name]
    body = await answer(call.body, call.caller.person_id)
    call.first_at = time.perf_counter()
    return body


@dataclass(slots=True)
class Stream:
    """An answer that has begun: read its blocks to the end, or close them, and it is counted."""

    call: Call
    engine: Engine
    reader: EventReader
    answer: aiohttp.ClientResponse
    # What came first, on which one knew that the engine answers.
    first: Block
    # Gives the engine its place and its connection back.
    opened: AsyncExitStack
    is_begun: bool = False

    async def blocks(self) -> AsyncGenerator[bytes]:
        """Yield whole events as they come, as the engine wrote them; raises Unavailable where it stops on the way.

        When this ends its usage is safe on the disk.
        """
        self.is_begun = True
        async with Counted(self.call):
            try:
                async with self.opened, aclosing(self._read()) as blocks:
                    async for block in blocks:
                        yield block
            except Unavailable:
                routing.note_failure(self.engine)
                raise
            finally:
                self.call.output_tokens = self.reader.pieces
                _count_tokens(self.call, self.reader.usage)
        impact = await finish(self.call, 200)
        self.reader.usage = describe_usage(self.call, self.reader.usage, impact)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Close the stream after this block, should it end before anything was read: the place would stay taken."""
        try:
            yield
        finally:
            if not self.is_begun:
                self.leave()

    def leave(self) -> None:
        """Close a stream of which nobody reads a block; what it took until here is counted."""

        async def close() -> None:
            async with Counted(self.call):
                await self.opened.aclose()
                raise asyncio.CancelledError

        task = asyncio.get_running_loop().create_task(close())
        _background.add(task)
        task.add_done_callback(_background.discard)

    def write_usage(self) -> bytes:
        """Return the event that tells what the whole took, once all blocks were read."""
        event = {**self.reader.head, "model": self.call.model.name, "choices": [], "usage": self.reader.usage}
        return write_event(event)

    async def _read(self) -> AsyncGenerator[bytes]:
        block = self.first
        if block.data:
            yield block.data
        with explained(self.engine):
            while not block.is_last:
                data = await self.answer.content.readany()
                if not data:
                    raise interrupted(self.engine)  # a stream that ends without saying so has died
                block = self.reader.feed(data)
                if block.data:
                    yield block.data


async def open_stream(call: Call) -> Stream:
    """Return a model's answer once it has begun; raises as `answer_whole` does. Whatever happens, it is counted."""
    async with Counted(call):
        await let_in(call)
        return await _try_engines(call, _open)


async def _open(call: Call, engine: Engine) -> Stream:
    reader = EventReader(call.model.name.encode())
    async with AsyncExitStack() as opened:
        opened.callback(routing.give_engine, call.model, engine)
        answer = await opened.enter_async_context(post(engine, call.path, write_request(call, engine)))
        block = reader.feed(b"")
        while not (block.data or block.is_last):
            data = await answer.content.readany()
            if not data:
                raise interrupted(engine)
            block = reader.feed(data)
        call.first_at = time.perf_counter()
        return Stream(call, engine, reader, answer, block, opened.pop_all())


def write_event(event: object) -> bytes:
    """Return a server-sent event that holds JSON."""
    return b"data: " + orjson.dumps(event) + b"\n\n"
