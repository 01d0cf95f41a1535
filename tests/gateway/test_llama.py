"""A real llama.cpp server, with a model that the test makes, answers over the real protocol."""

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync

from antigone.gateway.clients import close_session
from antigone.gateway.engines import Engine
from antigone.gateway.snapshot import Model, refresh
from antigone.gateway.speaking import stream_text

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("llama_cpp") is None, reason="llama.cpp is not built here: deploy/install llama"
)
SENTENCE = "« Le repas coûte 3 €. » [1] Bon appétit à tous."


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    from tests.tiny_model import write_tiny_model

    folder = tmp_path_factory.mktemp("llama")
    write_tiny_model(folder / "tiny.gguf", SENTENCE)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", "--model", str(folder / "tiny.gguf"), "--host", "127.0.0.1",
             "--port", str(port), "--n_ctx", "8192", "--n_threads", "1"],
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/v1/models", server, folder / "log")
        yield Engine(name="Llama", url=f"http://127.0.0.1:{port}/v1", model="tiny")
    finally:
        server.terminate()
        server.wait(10)


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
