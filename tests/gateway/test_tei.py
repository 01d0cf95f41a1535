"""Text Embeddings Inference puts texts in order in its own way; programmes do not notice."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from pytest_django import Settings

from antigone.gateway import calls, checking
from antigone.gateway.engines import Engine
from antigone.gateway.models import Key
from tests.gateway.town import ask

TEI = Engine("TEI", "http://127.0.0.1:1/v1", "bge", kind="rerank", protocol="tei")
SAID = b'[{"index":1,"score":0.9},{"index":0,"score":0.2}]'


@pytest.fixture
def sent(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the engine was sent."""
    settings.ENGINES = (TEI,)
    sent: list[object] = []

    @asynccontextmanager
    async def post(_engine: Engine, _path: str, body: bytes) -> AsyncGenerator[SimpleNamespace]:
        sent.append(json.loads(body))
        yield SimpleNamespace(content_type="application/json")

    async def read_whole(*_given: object) -> bytes:
        return SAID

    for module in (calls, checking):
        monkeypatch.setattr(module, "post", post)
        monkeypatch.setattr(module, "read_whole", read_whole)
    return sent


def test_texts_are_put_in_order(key: Key, sent: list[object]) -> None:
    reply = ask("POST", "/v1/rerank", {"model": "bge", "query": "q", "documents": ["a", "b"], "top_n": 1})
    assert reply.json["results"] == [{"index": 1, "relevance_score": 0.9}]
    assert sent == [{"query": "q", "texts": ["a", "b"], "truncate": True}]


def test_check_asks_as_it_is_asked(sent: list[object]) -> None:
    async def check() -> list[bool | None]:
        return [step.is_right async for step in checking._check_request(TEI)]

    assert async_to_sync(check)() == [True]
    assert sent == [{"query": "Bonjour", "texts": ["Bonjour", "Au revoir"], "truncate": True}]
