"""Clients that people use already work unmodified: they are told the address and a key, and nothing else."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_engine import serve_fake_engine
from tests.gateway.live import KEY, ROOT, Live, declare, serve

ENVIRONMENT = ROOT / ".venv-clients"
CLIENTS = ROOT / "tests" / "clients"
pytestmark = [
    pytest.mark.skipif(
        not (ENVIRONMENT / "installed").exists(),
        reason="the clients are not installed: deploy/install-clients",
    ),
    pytest.mark.xdist_group("clients"),
]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serve_fake_engine() as engine:
        engines = [
            *declare(engine, "fake", "fake-n4", "fake-n5", "fake-n5-itl20", "fake-tools"),
            *declare(engine, "fake-error503", "fake-disconnect3"),
            *declare(engine, "fake-vectors8", kind="embedding"),
            *declare(engine, "fake-tokens-vectors8", kind="embedding", takes_tokens=True),
            *declare(engine, "fake-rerank", kind="rerank"),
            *declare(engine, "fake-audio", kind="transcription"),
        ]  # fmt: skip
        with serve(tmp_path_factory.mktemp("clients"), engines) as live:
            live.start(worker=True)
            yield live


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    """Run a client, without a way to anything but this machine."""
    clean = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    done = subprocess.run(
        command,
        env={**clean, "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
    return done.stdout


@pytest.mark.parametrize(
    "name", ["openai_python", "langchain_client", "llamaindex_client", "litellm_client", "albert_client"]
)
def test_python_client_works_unmodified(live: Live, name: str, tmp_path: Path) -> None:
    assert (
        run([ENVIRONMENT / "bin/python", CLIENTS / f"{name}.py", live.url, KEY], tmp_path)
        .strip()
        .endswith("ok")
    )


def test_javascript_client_works_unmodified(live: Live, tmp_path: Path) -> None:
    assert (
        run(["node", CLIENTS / "openai.mjs", ENVIRONMENT / "node", live.url, KEY], tmp_path).strip() == "ok"
    )


def test_llm_command_works_unmodified(live: Live, tmp_path: Path) -> None:
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: antigone\n  model_name: fake-n5\n  api_base: {live.url}\n  api_key_name: antigone\n"
    )
    (tmp_path / "keys.json").write_text(json.dumps({"antigone": KEY}))
    said = run([ENVIRONMENT / "bin/llm", "-m", "antigone", "Bonjour"], tmp_path, LLM_USER_PATH=str(tmp_path))
    assert said.split() == ["mot"] * 5
