"""A real llama.cpp server, with a model that the test makes, answers over the real protocol."""

import importlib.util
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from pytest_django import Settings

from antigone.gateway.clients import close_session
from antigone.gateway.engines import Engine
from antigone.gateway.models import Key, Usage
from antigone.gateway.snapshot import Model, refresh
from antigone.gateway.speaking import stream_text
from tests.gateway.town import ask, chat

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("llama_cpp") is None, reason="llama.cpp is not built here: deploy/install llama"
)
SENTENCE = "« Le repas coûte 3 €. » [1] Bon appétit à tous."


@contextmanager
def serve_llama(folder: Path, *options: str, pooled: bool = False) -> Iterator[str]:
    """Serve a tiny model that the test makes; give the address."""
    from tests.tiny_model import write_tiny_model

    write_tiny_model(folder / "tiny.gguf", SENTENCE, pooled=pooled)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", "--model", str(folder / "tiny.gguf"), "--host", "127.0.0.1",
             "--port", str(port), "--n_ctx", "8192", "--n_threads", "1", *options],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/v1/models", server, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serve_llama(tmp_path_factory.mktemp("llama")) as url:
        yield Engine(name="Llama", url=url, model="tiny")


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serve_llama(tmp_path_factory.mktemp("vectors"), "--embedding", "true", pooled=True) as url:
        yield Engine(name="Vecteurs", url=url, model="vectors", kind="embedding")


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_real_model_server_streams_its_answer(engine: Engine, db: None) -> None:
    model = Model(engine.model, engine.name, engine.kind, engines=(engine,))
    refresh()

    async def read() -> list[str]:
        try:
            question = [{"role": "user", "content": "Combien coûte le repas ?"}]
            return [piece async for piece in stream_text(model, question, answer_tokens=50)]  # type: ignore[arg-type]
        finally:
            await close_session()

    pieces = async_to_sync(read)()
    assert "".join(pieces).replace("\u200b", "") == SENTENCE
    assert len(pieces) > 5


def test_real_model_server_answers_programmes(key: Key, engine: Engine, settings: Settings) -> None:
    settings.ENGINES = (engine,)
    whole = ask("POST", "/v1/chat/completions", chat("tiny", max_tokens=50))
    assert whole.status == 200, whole.body
    assert whole.json["choices"][0]["message"]["content"].replace("\u200b", "") == SENTENCE
    assert whole.json["model"] == "tiny"
    assert whole.json["usage"]["completion_tokens"] > 5
    streamed = ask("POST", "/v1/chat/completions", chat("tiny", max_tokens=50, stream=True))
    *pieces, done = streamed.events
    written = "".join(piece["choices"][0]["delta"].get("content") or "" for piece in pieces)
    assert written.replace("\u200b", "") == SENTENCE
    assert done == "[DONE]"
    assert b".gguf" not in streamed.body  # a path of the engine's machine
    assert min(Usage.objects.values_list("output_tokens", flat=True)) > 5


def test_real_model_server_writes_what_a_schema_says(key: Key, engine: Engine, settings: Settings) -> None:
    settings.ENGINES = (engine,)
    schema = {"type": "object", "properties": {"ouvert": {"type": "boolean"}}, "required": ["ouvert"]}
    wanted = {"type": "json_object", "schema": schema}
    reply = ask("POST", "/v1/chat/completions", chat("tiny", max_tokens=60, response_format=wanted))
    assert set(json.loads(reply.json["choices"][0]["message"]["content"])) == {"ouvert"}


def test_real_model_server_makes_vectors(key: Key, embedder: Engine, settings: Settings) -> None:
    settings.ENGINES = (embedder,)
    reply = ask("POST", "/v1/embeddings", {"model": "vectors", "input": ["Bonjour", "Bonsoir"]})
    assert reply.status == 200, reply.body
    first, second = (one["embedding"] for one in reply.json["data"])
    assert len(first) == len(second) > 10
    assert first != second
    packed = ask(
        "POST", "/v1/embeddings", {"model": "vectors", "input": "Bonjour", "encoding_format": "base64"}
    )
    assert isinstance(packed.json["data"][0]["embedding"], str)
