"""What the pages of the assistant ask of models: text as it is written, vectors, scores. Through the same guards."""

import asyncio
import math
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal, TypedDict

import orjson
from django.utils.translation import gettext_noop

from antigone.errors import Unavailable
from antigone.gateway.calls import Counted, answer_whole, finish, open_stream
from antigone.gateway.clients import interrupted
from antigone.gateway.guards import BYTES_A_TOKEN, Call, let_in
from antigone.gateway.models import Endpoint
from antigone.gateway.snapshot import Model, current, refresh

# One that writes more than this for each token it was allowed counts no tokens, and may never end.
CHARACTERS_A_TOKEN = 16


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


def list_models(kind: str) -> list[Model]:
    """Return the models of that kind that an engine runs, in the order in which the city declared them."""
    return [model for model in refresh(at_least_every=1.0).list_models(kind) if model.engines]


def list_offered() -> list[Model]:
    """Return all models that programmes may ask for, those that are built in too."""
    return refresh(at_least_every=1.0).list_models()


def find_first(kind: str) -> Model | None:
    """Return the first model of that kind; None when the city declared none."""
    return next(iter(list_models(kind)), None)


async def stream_text(
    model: Model, messages: Sequence[Message], *, answer_tokens: int
) -> AsyncGenerator[str]:
    """Yield the model's answer piece by piece, as it writes.

    Leaving the iterator closes the connection, so that the engine stops writing. Raises Unavailable when no engine
    can be reached, all refuse, are silent for too long or stop in mid-answer, and what a guard refuses; what was
    yielded until then was really written.
    """
    body = {
        "messages": list(messages),
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "max_tokens": answer_tokens,
    }
    stream = await open_stream(_make_call(model, Endpoint.CHAT, "chat/completions", body))
    most = answer_tokens * CHARACTERS_A_TOKEN
    async with aclosing(stream.blocks()) as blocks:
        async for block in blocks:
            for piece in _read_pieces(block):
                most -= len(piece)
                if most < 0:
                    raise interrupted(stream.engine)
                yield piece


@asynccontextmanager
async def counted(model: Model, size: int) -> AsyncGenerator[None]:
    """Take an answer that is made in this block past the guards, and count it, as those of engines are."""
    call = Call(current().assistant, Endpoint.CHAT.value, model, "", {}, size)
    async with Counted(call):
        await let_in(call)
        yield
        call.prompt_tokens = size // BYTES_A_TOKEN
    await finish(call, 200)


async def rerank(
    model: Model, question: str, texts: Sequence[str], *, seconds: float | None = None
) -> list[float]:
    """Return how well each text answers the question, by a model that compares them: more is better.

    Scores of one call compare with each other and with nothing else. Raises Unavailable as `stream_text` does, and
    when the whole answer has not come within `seconds`.
    """
    body = {"query": question, "documents": list(texts)}
    call = _make_call(model, Endpoint.RERANK, "rerank", body)
    answer = await _hurry(call, seconds)
    try:
        scores = {
            int(result["index"]): _read_number(result["relevance_score"]) for result in answer["results"]
        }
        return [scores[number] for number in range(len(texts))]
    except (LookupError, TypeError, ValueError) as error:
        raise _garbled(call) from error


async def embed(model: Model, texts: Sequence[str], *, seconds: float | None = None) -> list[list[float]]:
    """Return the vector of each text, all of one length. Raises Unavailable as `rerank` does."""
    call = _make_call(model, Endpoint.EMBEDDINGS, "embeddings", {"input": list(texts)})
    answer = await _hurry(call, seconds)
    try:
        vectors = {
            int(one["index"]): [_read_number(part) for part in one["embedding"]] for one in answer["data"]
        }
        if len({len(vector) for vector in vectors.values()} - {0}) != 1:
            raise ValueError(vectors)
        return [vectors[number] for number in range(len(texts))]
    except (LookupError, TypeError, ValueError) as error:
        raise _garbled(call) from error


def _make_call(model: Model, endpoint: Endpoint, path: str, body: dict[str, Any]) -> Call:
    return Call(current().assistant, endpoint.value, model, path, body, size=len(orjson.dumps(body)))


async def _hurry(call: Call, seconds: float | None) -> dict[str, Any]:
    """Return the answer, where it comes in time."""
    try:
        async with asyncio.timeout(seconds):
            return await answer_whole(call)
    except TimeoutError as error:
        raise Unavailable(
            "engine_silent",
            gettext_noop("The model “%(engine)s” did not answer within %(seconds)s seconds."),
            engine=call.model.title,
            seconds=seconds,
        ) from error


def _garbled(call: Call) -> Unavailable:
    return interrupted(call.engine or call.model.engines[0])


def _read_number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _read_pieces(block: bytes) -> list[str]:
    """Return the pieces of text in whole events of a stream."""
    pieces = []
    for event in block.split(b"\n\n"):
        choices = orjson.loads(event[5:])["choices"] if event else []
        delta: Mapping[str, Any] = (
            choices[0].get("delta") or {} if choices and isinstance(choices[0], dict) else {}
        )
        if piece := delta.get("content"):
            pieces.append(str(piece))
    return pieces
