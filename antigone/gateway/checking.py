"""What is wrong with an engine, step by step, and what to do: `antigone engine check`."""

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from antigone.errors import AntigoneError, Unavailable
from antigone.gateway.clients import look, post, read_rerank, read_whole, write_rerank
from antigone.gateway.engines import Engine
from antigone.gateway.events import EventReader, Garbled
from antigone.gateway.networks import check_url, is_allowed

LOOK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at: `is_right` None where it does not matter much, with what to do."""

    name: str
    is_right: bool | None
    found: str
    advice: str = ""


async def check_engine(engine: Engine) -> AsyncGenerator[Step]:
    """Yield what is found, step by step; after the first that is wrong nothing more can be known."""
    for look_at in (_check_address, _check_port, _check_list, _check_request):
        async for step in look_at(engine):
            yield step
            if step.is_right is False:
                return


async def _check_address(engine: Engine) -> AsyncGenerator[Step]:
    host = urlsplit(engine.url).hostname or ""
    try:
        check_url(engine.url)
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except AntigoneError as error:
        yield Step(
            "address", False, str(error), "Name its network in ANTIGONE_ENGINE_NETWORKS, if it is the city's."
        )
        return
    except OSError as error:
        yield Step(
            "address", False, f"{host} is not known ({error.strerror}).", "Write its number, or mend the DNS."
        )
        return
    addresses = sorted({str(entry[4][0]) for entry in found})
    allowed = [address for address in addresses if is_allowed(address)]
    shown = ", ".join(addresses)
    if not allowed:
        advice = "Name its network in ANTIGONE_ENGINE_NETWORKS, if it is the city's."
        yield Step("address", False, f"{host} is {shown}, which is on none of the city's networks.", advice)
    else:
        yield Step("address", True, f"{host} is {', '.join(allowed)}.")


async def _check_port(engine: Engine) -> AsyncGenerator[Step]:
    parts = urlsplit(engine.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    started = time.perf_counter()
    try:
        async with asyncio.timeout(5):
            _reader, writer = await asyncio.open_connection(parts.hostname, port)
    except TimeoutError:
        yield Step(
            "port", False, f"Port {port} does not answer within 5 seconds.", "Look at the firewall between."
        )
        return
    except OSError as error:
        advice = (
            "Start the server, or look at the port and at the address it listens on (0.0.0.0, not 127.0.0.1)."
        )
        yield Step("port", False, f"Port {port} is closed ({error.strerror}).", advice)
        return
    writer.close()
    yield Step("port", True, f"Port {port} is open ({(time.perf_counter() - started) * 1_000:.1f} ms).")


async def _check_list(engine: Engine) -> AsyncGenerator[Step]:
    try:
        names = await look(engine, LOOK_SECONDS)
    except Unavailable as error:
        status = error.params.get("status")
        if status in (401, 403):
            yield Step(
                "models", False, f"The server refuses the key (status {status}).", "Give it the server's key."
            )
        elif status == 404:
            yield Step("models", None, "There is no list of models here.", "Does the address end with /v1?")
        else:
            yield Step("models", None, str(error), "Does the address end with /v1?")
        return
    if engine.model in names or not names:
        yield Step("models", True, f"“{engine.model}” is listed.")
    else:
        shown = ", ".join(names[:10])
        yield Step(
            "models", None, f"“{engine.model}” is not listed; the server has: {shown}.", "Write one of these."
        )


async def _check_request(engine: Engine) -> AsyncGenerator[Step]:
    """Ask the smallest real thing of the engine's kind."""
    asked: dict[str, tuple[str, dict[str, Any], Callable[[dict[str, Any]], str]]] = {
        "embedding": (
            "embeddings",
            {"input": ["Bonjour"]},
            lambda body: f"A vector of {len(body['data'][0]['embedding'])} numbers.",
        ),
        "rerank": (
            "rerank",
            {"query": "Bonjour", "documents": ["Bonjour", "Au revoir"]},
            lambda body: f"{len(body['results'])} texts are in order.",
        ),
    }
    if engine.kind == "transcription":
        yield Step("request", None, "Transcription is not tried: it needs a recording.")
        return
    if engine.kind == "chat":
        async for step in _check_stream(engine):
            yield step
        return
    path, request, describe = asked[engine.kind]
    is_rerank = engine.kind == "rerank"
    sent = write_rerank(engine, request) if is_rerank else {**request, "model": engine.model}
    started = time.perf_counter()
    try:
        async with post(engine, path, orjson.dumps(sent)) as answer:
            body = read_rerank(engine, orjson.loads(await read_whole(engine, answer)))
        found = describe(body)
    except AntigoneError as error:
        yield Step("request", False, str(error), _advise(error))
    except (orjson.JSONDecodeError, LookupError, TypeError):
        yield Step(
            "request", False, "The answer is not that of the protocol.", "Is it a model of another kind?"
        )
    else:
        yield Step("request", True, f"{found} ({(time.perf_counter() - started) * 1_000:.0f} ms)")


async def _check_stream(engine: Engine) -> AsyncGenerator[Step]:
    request = {
        "model": engine.model,
        "messages": [{"role": "user", "content": "Bonjour"}],
        "max_tokens": 8,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    reader = EventReader(b"")
    started, first, is_over = time.perf_counter(), 0.0, False
    try:
        async with post(engine, "chat/completions", orjson.dumps(request)) as answer:
            async for data in answer.content.iter_any():
                is_over = reader.feed(data).is_last or is_over
                first = first or time.perf_counter() - started
    except AntigoneError as error:
        yield Step("request", False, str(error), _advise(error))
        return
    except Garbled:
        reader.pieces = 0
    if not reader.pieces:
        yield Step(
            "request", False, "The answer is not a stream of events.", "Is this server OpenAI-compatible?"
        )
        return
    yield Step("request", True, f"It writes: {reader.pieces} pieces, the first after {first * 1_000:.0f} ms.")
    if not is_over:
        yield Step("end", False, "The stream does not end with [DONE].", "A proxy may cut it: look between.")
    if reader.usage is None:
        yield Step(
            "usage",
            None,
            "It tells no usage: tokens are counted by the pieces.",
            "Bring the server up to date.",
        )
    else:
        yield Step("usage", True, "It counts its tokens.")


def _advise(error: AntigoneError) -> str:
    status = error.params.get("status")
    if status in (401, 403):
        return "Give it the server's key."
    if status == 404:
        return "Is the name of the model the server's own, and does the address end with /v1?"
    if error.code == "engine_silent":
        return "It may be loading its weights, or be too busy: look at the server's own log."
    return "Look at the server's own log."
