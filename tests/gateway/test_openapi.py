"""The description of `/v1` says what the server does: every address, and, asked at random, never a fault of ours."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from antigone.gateway.api.application import DESCRIPTION, make_application
from tests.fake_engine import serve_fake_engine
from tests.gateway.live import KEY, ROOT, Live, declare, serve

MODELS = {
    "ChatRequest": "fake",
    "CompletionRequest": "fake",
    "ResponseRequest": "fake",
    "EmbeddingRequest": "fake-vectors8",
    "RerankRequest": "fake-rerank",
}
PROGRAMME = ROOT / ".venv-clients" / "bin" / "schemathesis"


def test_every_address_is_described_and_no_other() -> None:
    described = {
        (path, method.upper())
        for path, methods in json.loads(DESCRIPTION.read_text())["paths"].items()
        for method in methods
    }
    served = {
        (route.path.replace(":path", ""), method)  # type: ignore[attr-defined]
        for route in make_application().routes
        for method in route.endpoint.handlers  # type: ignore[attr-defined]
    }
    assert described == served


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serve_fake_engine() as engine:
        engines = [
            *declare(engine, "fake"),
            *declare(engine, "fake-vectors8", kind="embedding", takes_tokens=True),
            *declare(engine, "fake-rerank", kind="rerank"),
            *declare(engine, "fake-audio", kind="transcription"),
        ]
        with serve(tmp_path_factory.mktemp("openapi"), engines) as live:
            live.start()
            yield live


@pytest.mark.skipif(not PROGRAMME.exists(), reason="schemathesis is not installed: deploy/install-clients")
@pytest.mark.xdist_group("clients")
def test_asked_at_random_the_server_keeps_to_its_description(live: Live, tmp_path: Path) -> None:
    """Right and wrong requests of every kind: never a 5xx, and answers as described."""
    described = json.loads(DESCRIPTION.read_text())
    for schema, model in MODELS.items():  # that of a key's own: unknown ones are refused before anything else
        described["components"]["schemas"][schema]["properties"]["model"] = {"const": model}
    (tmp_path / "openapi.json").write_text(json.dumps(described))
    clean = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    root = live.url.removesuffix("/v1")
    command = [
        PROGRAMME, "run", "openapi.json", "--url", root, "--header", f"Authorization: Bearer {KEY}", "--workers", "2",
        "--max-examples", "25", "--request-timeout", "60", "--seed", "1",
        "--phases", "examples,coverage,fuzzing", "--generation-database", "none",
        "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
        env={**clean, "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
