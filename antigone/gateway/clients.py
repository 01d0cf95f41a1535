"""Speaks to engines, by the protocols that vLLM, llama.cpp, SGLang, Ray Serve LLM and TEI share."""

import asyncio
import socket
import weakref
from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from typing import Any, TypeVar

import aiohttp
import orjson
from aiohttp.abc import ResolveResult
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils.translation import gettext_noop
from yarl import URL

from antigone.errors import AntigoneError, Unavailable, WrongInput
from antigone.gateway.engines import Engine
from antigone.gateway.networks import check_url, is_allowed

T = TypeVar("T")
# An engine that sends a line longer than this is not speaking the protocol.
LINE_BYTES = 1_000_000
# Of one answer: 2,048 vectors of 4,096 numbers take 200 MB, and nobody needs them at once.
ANSWER_BYTES = 64_000_000
CONNECT_SECONDS = 5
# What an engine says when the request itself is wrong; everything else but 200 is the engine's own trouble.
WRONG = frozenset({400, 413, 415, 422})

# One pool of connections an event loop: a new client for every call costs tens of milliseconds.
_sessions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = (
    weakref.WeakKeyDictionary()
)


class Resolver(aiohttp.ThreadedResolver):
    """Looks names up, and knows of no address that is not on the city's networks."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        allowed = [one for one in found if is_allowed(one["host"])]
        if not allowed:
            raise OSError(f"{host} is not on the city's networks")
        return allowed


def _session() -> aiohttp.ClientSession:
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        # trust_env stays False: a proxy named in the environment would be a way out of the circuit.
        session = _sessions[loop] = aiohttp.ClientSession(
            # What an engine would set for one person must not come back with the next one's question.
            cookie_jar=aiohttp.DummyCookieJar(),
            # How many at a time is the business of `routing`.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30, resolver=Resolver()),
            read_bufsize=LINE_BYTES,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
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

    return async_to_sync(whole)()


@contextmanager
def explained(engine: Engine, *, is_open: bool = True) -> Iterator[None]:
    """Raise Unavailable for whatever goes wrong with a connection; `is_open` once the engine has begun to answer."""
    try:
        yield
    except TimeoutError as error:  # also an OSError, and one of aiohttp's
        raise Unavailable(
            "engine_silent",
            gettext_noop("The model “%(engine)s” did not answer within %(seconds)s seconds."),
            engine=engine.name,
            seconds=engine.timeout_seconds,
        ) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise (interrupted(engine) if is_open else unreachable(engine)) from error


@asynccontextmanager
async def post(
    engine: Engine, path: str, body: bytes | aiohttp.FormData
) -> AsyncGenerator[aiohttp.ClientResponse]:
    """Send a request to an engine, and give its answer to be read; leaving closes what was not read to its end.

    Raises WrongInput where the engine says that the request is wrong, Unavailable where it cannot be reached, refuses,
    is silent for `engine.timeout_seconds` or stops while it is being read.
    """
    url, headers, timeout = prepare(engine, path)
    if not isinstance(body, bytes):
        headers = {name: value for name, value in headers.items() if name != "Content-Type"}
    with explained(engine, is_open=False):
        answer = await _session().post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False
        )
    async with answer:
        with explained(engine):
            if answer.status != 200:
                raise await _explain(engine, answer)
            yield answer


def write_rerank(engine: Engine, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request to put texts in order as the engine reads it.

    >>> write_rerank(Engine("E", "u", "m", protocol="tei"), {"query": "q", "documents": ["a", {"text": "b"}]})
    {'query': 'q', 'texts': ['a', 'b'], 'truncate': True}
    """
    if engine.protocol != "tei":
        return {**body, "model": engine.model}
    texts = [one.get("text", "") if isinstance(one, dict) else one for one in body["documents"]]
    return {"query": body["query"], "texts": texts, "truncate": True}


def read_rerank(engine: Engine, said: Any, most: int | None = None) -> Any:
    """Return an engine's order of texts as all but Text Embeddings Inference write it.

    >>> read_rerank(Engine("E", "u", "m", protocol="tei"), [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}], 1)
    {'results': [{'index': 1, 'relevance_score': 0.9}]}
    """
    if engine.protocol != "tei" or not isinstance(said, list):
        return said
    try:
        found = [{"index": one["index"], "relevance_score": one["score"]} for one in said]
        found.sort(key=lambda one: -one["relevance_score"])
    except (LookupError, TypeError) as error:
        raise interrupted(engine) from error
    return {"results": found[:most]}


async def read_whole(engine: Engine, answer: aiohttp.ClientResponse) -> bytes:
    """Return all that the engine answers; raise Unavailable past what any answer needs."""
    length = answer.content_length
    if length is not None and length <= LINE_BYTES:
        return await answer.read()
    read = bytearray()
    async for piece in answer.content.iter_any():
        read += piece
        if (
            len(read) > ANSWER_BYTES
        ):  # the engine does as it is asked: no other one is tried, and it is not left alone
            raise WrongInput(
                "answer_too_large",
                gettext_noop("The answer has more than %(most)s bytes. Ask for less at a time."),
                most=ANSWER_BYTES,
            )
    return bytes(read)


async def look(engine: Engine, seconds: float) -> list[str]:
    """Return the names of the models that an engine lists; raise Unavailable where it does not answer in time."""
    url, headers, _timeout = prepare(engine, "models")
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        with explained(engine, is_open=False):
            async with _session().get(url, headers=headers, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise refused(engine, answer.status)
                return [str(model["id"]) for model in orjson.loads(await answer.read())["data"]]
    except (LookupError, TypeError) as error:
        raise unreachable(engine) from error


def prepare(engine: Engine, path: str) -> tuple[URL, Mapping[str, str], aiohttp.ClientTimeout]:
    """Return what is the same for every request to that address of an engine, where it may be spoken to at all.

    Raises Unavailable where its address is not on the city's networks; whoever asked is not told the address.
    """
    try:
        return _prepare(engine, path, settings.ENGINE_NETWORKS)
    except WrongInput as error:
        raise Unavailable(
            "engine_elsewhere",
            gettext_noop(
                "The model “%(engine)s” is not where an engine may stand: see `antigone engine check`."
            ),
            engine=engine.name,
        ) from error


@lru_cache(maxsize=1_000)
def _prepare(
    engine: Engine, path: str, networks: Any
) -> tuple[URL, Mapping[str, str], aiohttp.ClientTimeout]:
    check_url(engine.url)
    base = engine.url
    if engine.protocol == "tei" and path == "rerank":
        base = base.removesuffix("/v1")
    headers = {"Content-Type": "application/json"}
    if engine.key:
        headers["Authorization"] = f"Bearer {engine.key}"
    timeout = aiohttp.ClientTimeout(
        total=None, sock_connect=CONNECT_SECONDS, sock_read=engine.timeout_seconds
    )
    return URL(f"{base}/{path}"), headers, timeout


async def _explain(engine: Engine, answer: aiohttp.ClientResponse) -> AntigoneError:
    """Return what an answer other than 200 means: the request is wrong, or the engine is not well."""
    if answer.status not in WRONG:
        return refused(engine, answer.status)
    try:
        body = orjson.loads((await answer.content.read(LINE_BYTES))[:LINE_BYTES])
        said = body.get("error", body)
        message = said.get("message") or said.get("detail") if isinstance(said, dict) else said
    except (orjson.JSONDecodeError, AttributeError):
        message = ""
    return WrongInput(
        "engine_rejected",
        gettext_noop("The model “%(engine)s” does not take this request: %(problem)s"),
        engine=engine.name,
        problem=str(message or answer.status)[:1_000],
    )


def unreachable(engine: Engine) -> Unavailable:
    return Unavailable(
        "engine_unreachable", gettext_noop("The model “%(engine)s” cannot be reached."), engine=engine.name
    )


def refused(engine: Engine, status: int) -> Unavailable:
    return Unavailable(
        "engine_refused",
        gettext_noop("The model “%(engine)s” refused the request (status %(status)s)."),
        engine=engine.name,
        status=status,
    )


def interrupted(engine: Engine) -> Unavailable:
    return Unavailable(
        "engine_interrupted",
        gettext_noop("The model “%(engine)s” stopped in the middle of its answer."),
        engine=engine.name,
    )
