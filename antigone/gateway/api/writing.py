"""Chat and completions: whole, or as they are written."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any

from antigone.gateway.api.fields import ENDPOINT_KINDS, KEPT_BACK, check_chat, check_completions, check_kind
from antigone.gateway.api.requests import Header, Request
from antigone.gateway.calls import Stream, answer_whole, open_stream, write_event
from antigone.gateway.guards import Call, find_model
from antigone.gateway.models import Endpoint
from antigone.gateway.snapshot import Caller, Model, Snapshot

EVENTS: tuple[Header, ...] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
)
# A client, or what stands between, may give up on a connection that says nothing.
KEEP_ALIVE_SECONDS = 10.0
Check = Callable[[Mapping[str, Any], Model], None]
KEEP_ALIVE = b": still there\n\n"


async def chat(request: Request) -> None:
    """POST /v1/chat/completions."""
    await _write(request, Endpoint.CHAT, "chat/completions", check_chat)


async def complete(request: Request) -> None:
    """POST /v1/completions."""
    await _write(request, Endpoint.COMPLETIONS, "completions", check_completions)


async def _write(request: Request, endpoint: Endpoint, path: str, check: Check) -> None:
    call = make_call(request, endpoint, path, *await request.read_json(), check=check)
    async with request.watched():
        if not call.body.get("stream"):
            await request.answer_json(await answer_whole(call))
        elif call.model.engines:
            await send_stream(request, call)
        else:
            await _send_at_once(request, call)


def make_call(
    request: Request,
    endpoint: Endpoint,
    path: str,
    body: dict[str, Any],
    size: int,
    *,
    check: Check,
) -> Call:
    """Return the call that a request asks for, once it is known who asks, which model, and that it is well formed."""
    snapshot, caller = request.find_caller()
    return build_call(snapshot, caller, endpoint, path, body, size, check=check)


def build_call(
    snapshot: Snapshot,
    caller: Caller,
    endpoint: Endpoint,
    path: str,
    body: dict[str, Any],
    size: int,
    *,
    check: Check,
) -> Call:
    """Return the call that a caller asks for; raises NotFound and WrongInput where it asks wrong."""
    model = find_model(snapshot, caller, body.get("model"))
    check_kind(model, ENDPOINT_KINDS[endpoint])
    check(body, model)
    for name in KEPT_BACK.intersection(body):
        del body[name]
    return Call(caller, endpoint.value, model, path, body, size)


async def send_stream(request: Request, call: Call) -> None:
    """Send an answer as it is written; its status is the engine's, unless the engine takes too long to say it."""
    wants_usage = bool((call.body.get("stream_options") or {}).get("include_usage"))
    # Asked of the engine in any case: it alone counts its tokens.
    call.body["stream_options"] = {"include_usage": True}
    opening = asyncio.get_running_loop().create_task(open_stream(call))
    is_waited_for = False
    try:
        while not (await asyncio.wait([opening], timeout=KEEP_ALIVE_SECONDS))[0]:
            await _say_still_there(request)
        is_waited_for = True
    finally:
        if not is_waited_for:
            opening.add_done_callback(_leave_unread)
            opening.cancel()
    stream = opening.result()
    with stream.held():
        if not request.has_begun:
            await request.begin(200, EVENTS)
        await _send_blocks(request, stream)
    usage = stream.write_usage() if wants_usage else b""
    await request.write(usage + b"data: [DONE]\n\n", is_last=True)


async def _send_blocks(request: Request, stream: Stream) -> None:
    """Send the blocks of a stream, and say now and then that it goes on where the engine is silent."""
    heart = Heart(request)
    try:
        async with aclosing(stream.blocks()) as blocks:
            async for block in blocks:
                await request.write(block)
                heart.beat()
    finally:
        heart.stop()


class Heart:
    """Says that a stream goes on, each time that nothing was sent for a while."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._sent_at = self._loop.time()
        self._timer = self._loop.call_later(KEEP_ALIVE_SECONDS, self._look)

    def beat(self) -> None:
        """Note that something was sent just now."""
        self._sent_at = self._loop.time()

    def stop(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()  # it may wait for a slow reader still: nothing is said after the end

    def _look(self) -> None:
        silent = self._loop.time() - self._sent_at
        if silent >= KEEP_ALIVE_SECONDS and (self._task is None or self._task.done()):
            self._task = self._loop.create_task(self._request.write(KEEP_ALIVE))
        self._timer = self._loop.call_later(max(KEEP_ALIVE_SECONDS - silent, 1.0), self._look)


async def _say_still_there(request: Request) -> None:
    """Begin the answer where the engine takes its time: what fails from here on is said in an event."""
    if not request.has_begun:
        await request.begin(200, EVENTS)
    await request.write(KEEP_ALIVE)


def _leave_unread(opening: asyncio.Task[Stream]) -> None:
    """Close a stream that opened just as whoever asked left."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().leave()


async def _send_at_once(request: Request, call: Call) -> None:
    """Send the whole answer of a model that is built in as a stream of one piece."""
    wants_usage = bool((call.body.get("stream_options") or {}).get("include_usage"))
    body = await answer_whole(call)
    head = {
        "id": body["id"],
        "object": "chat.completion.chunk",
        "created": body.get("created", int(time.time())),
        "model": body["model"],
    }
    choice = body["choices"][0]
    pieces = [
        {"choices": [{"index": 0, "delta": choice["message"], "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]},
    ]
    if wants_usage:
        pieces.append({"choices": [], "usage": body["usage"]})
    await request.begin(200, EVENTS)
    events = b"".join(write_event({**head, **piece}) for piece in pieces)
    await request.write(events + b"data: [DONE]\n\n", is_last=True)
