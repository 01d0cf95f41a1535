"""Speaks to an engine, by the protocols that vLLM, llama.cpp, SGLang and Ray Serve LLM share."""

import asyncio
import math
import weakref
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, TypedDict, TypeVar

import aiohttp
import orjson
from django.utils.translation import gettext as _

from antigone.errors import Unavailable
from antigone.gateway.engines import Engine

T = TypeVar("T")
# An engine that sends a line longer than this is not speaking the protocol.
LINE_BYTES = 1_000_000
# One that writes more than this for each token it was allowed counts no tokens, and may never end.
CHARACTERS_A_TOKEN = 16
# Of scores or vectors: 64 vectors of 4,096 numbers take 6 MB.
ANSWER_BYTES = 16_000_000


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


# One pool of connections an event loop: a new client for every call costs tens of milliseconds.
_sessions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = (
    weakref.WeakKeyDictionary()
)


def _session() -> aiohttp.ClientSession:
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        # trust_env stays False: a proxy named in the environment would be a way out of the circuit.
        session = _sessions[loop] = aiohttp.ClientSession(
            # What an engine would set for one person must not come back with the next one's question.
            cookie_jar=aiohttp.DummyCookieJar(),
            json_serialize=lambda value: orjson.dumps(value).decode(),
            connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=30),
            read_bufsize=LINE_BYTES,
        )
    return session


async def close_session() -> None:
    """Close this event loop's connections."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


def run_alone(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, where no event loop runs: it has one of its own, and its own connections."""

    async def whole() -> T:
        try:
            return await work
        finally:
            await close_session()

    return asyncio.run(whole())


async def stream_chat(
    engine: Engine, messages: Sequence[Message], *, answer_tokens: int
) -> AsyncGenerator[str]:
    """Yield the engine's answer piece by piece, as it writes.

    Leaving the iterator closes the connection, so that the engine stops writing. Raises Unavailable when
    the engine cannot be reached, refuses, is silent for `engine.timeout_seconds` or stops in mid-answer;
    what was yielded until then was really written.
    """
    body = {
        "model": engine.model,
        "messages": list(messages),
        "stream": True,
        "temperature": 0,
        "max_tokens": answer_tokens,
    }
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=engine.timeout_seconds)
    async with _post(engine, "chat/completions", body, timeout) as answer:
        async for piece in _read_events(engine, answer.content, answer_tokens * CHARACTERS_A_TOKEN):
            yield piece


async def rerank(engine: Engine, question: str, texts: Sequence[str]) -> list[float]:
    """Return how well each text answers the question, by an engine that compares them: more is better.

    Scores of one call compare with each other and with nothing else. Raises Unavailable as `stream_chat` does,
    when the whole answer has not come within `engine.timeout_seconds`.
    """
    body = {"model": engine.model, "query": question, "documents": list(texts)}
    answer = await _ask(engine, "rerank", body)
    try:
        scores = {
            int(result["index"]): _read_number(result["relevance_score"]) for result in answer["results"]
        }
        return [scores[number] for number in range(len(texts))]
    except (LookupError, TypeError, ValueError) as error:
        raise _interrupted(engine) from error


async def embed(engine: Engine, texts: Sequence[str]) -> list[list[float]]:
    """Return the vector of each text, all of one length. Raises Unavailable as `rerank` does."""
    answer = await _ask(engine, "embeddings", {"model": engine.model, "input": list(texts)})
    try:
        vectors = {
            int(one["index"]): [_read_number(part) for part in one["embedding"]] for one in answer["data"]
        }
        if len({len(vector) for vector in vectors.values()} - {0}) != 1:
            raise ValueError(vectors)
        return [vectors[number] for number in range(len(texts))]
    except (LookupError, TypeError, ValueError) as error:
        raise _interrupted(engine) from error


def _read_number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


async def _ask(engine: Engine, path: str, body: Mapping[str, object]) -> Any:
    """Return what the engine answers at once, read from JSON."""
    timeout = aiohttp.ClientTimeout(total=engine.timeout_seconds, sock_connect=5)
    async with _post(engine, path, body, timeout) as answer:
        read = bytearray()
        async for piece in answer.content.iter_any():
            read += piece
            if len(read) > ANSWER_BYTES:
                raise _interrupted(engine)
    try:
        return orjson.loads(read)
    except orjson.JSONDecodeError as error:
        raise _interrupted(engine) from error


@asynccontextmanager
async def _post(
    engine: Engine, path: str, body: Mapping[str, object], timeout: aiohttp.ClientTimeout
) -> AsyncGenerator[aiohttp.ClientResponse]:
    """Give the engine's answer, to be read; raises Unavailable where it refuses, fails or is silent."""
    headers = {"Authorization": f"Bearer {engine.key}"} if engine.key else {}
    try:
        async with _session().post(
            f"{engine.url}/{path}", json=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                raise _refused(engine, answer.status)
            try:
                yield answer
            except TimeoutError:  # also a ClientError of aiohttp's
                raise
            except (aiohttp.ClientError, ConnectionError) as error:
                raise _interrupted(engine) from error
    except TimeoutError as error:
        raise Unavailable(
            "engine_silent",
            _("The model “%(engine)s” did not answer within %(seconds)s seconds."),
            engine=engine.name,
            seconds=engine.timeout_seconds,
        ) from error
    except (aiohttp.ClientError, ConnectionError, ValueError) as error:
        raise Unavailable(
            "engine_unreachable", _("The model “%(engine)s” cannot be reached."), engine=engine.name
        ) from error


async def _read_events(engine: Engine, content: aiohttp.StreamReader, most: int) -> AsyncGenerator[str]:
    """Yield the text of each server-sent event, `most` characters in all.

    A stream that ends without saying so has died.
    """
    async for line in content:
        if not line.startswith(b"data:"):
            continue
        data = line[5:].strip()
        if data == b"[DONE]":
            return
        try:
            event = orjson.loads(data)
            if "error" in event:
                raise _interrupted(engine)
            choices = event.get("choices") or []
            piece = choices[0].get("delta", {}).get("content") if choices else None
        except (orjson.JSONDecodeError, AttributeError, LookupError, TypeError) as error:
            raise _interrupted(engine) from error
        most -= len(str(piece or ""))
        if most < 0:
            raise _interrupted(engine)
        if piece:
            yield str(piece)
    raise _interrupted(engine)


def _refused(engine: Engine, status: int) -> Unavailable:
    return Unavailable(
        "engine_refused",
        _("The model “%(engine)s” refused the request (status %(status)s)."),
        engine=engine.name,
        status=status,
    )


def _interrupted(engine: Engine) -> Unavailable:
    return Unavailable(
        "engine_interrupted",
        _("The model “%(engine)s” stopped in the middle of its answer."),
        engine=engine.name,
    )
