"""Embeddings and rerank: many small requests."""

import base64
from array import array
from typing import Any

from antigone.gateway.api.fields import check_embeddings, check_rerank
from antigone.gateway.api.requests import Request
from antigone.gateway.api.writing import make_call
from antigone.gateway.calls import answer_whole
from antigone.gateway.models import Endpoint


async def embed(request: Request) -> None:
    """POST /v1/embeddings."""
    body, size = await request.read_json()
    call = make_call(request, Endpoint.EMBEDDINGS, "embeddings", body, size, check=check_embeddings)
    async with request.watched():
        answer = await answer_whole(call)
        if call.body.get("encoding_format") == "base64":
            for one in answer.get("data") or ():
                pack_vector(one)
        await request.answer_json(answer)


async def rerank(request: Request) -> None:
    """POST /v1/rerank."""
    call = make_call(request, Endpoint.RERANK, "rerank", *await request.read_json(), check=check_rerank)
    async with request.watched():
        await request.answer_json(await answer_whole(call))


def pack_vector(one: Any) -> None:
    """Write a vector as 32-bit numbers in base64, where an engine wrote it as a list.

    >>> one = {"embedding": [1.0, 0.5]}
    >>> pack_vector(one)
    >>> one
    {'embedding': 'AACAPwAAAD8='}
    """
    if isinstance(one, dict) and isinstance(one.get("embedding"), list):
        one["embedding"] = base64.b64encode(array("f", one["embedding"]).tobytes()).decode()
