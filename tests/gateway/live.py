"""A server of ours in a process of its own, on a database of its own: `/v1` as programmes meet it."""

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.fake_engine import FakeEngine, find_port

ROOT = Path(__file__).resolve().parents[2]
KEY = "antigone_" + "l" * 43
PREPARE = """
import hashlib, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
import django
django.setup()
from antigone.portal.commands import prepare
prepare()
from antigone.accounts.models import Organisation, Person
from antigone.gateway.models import Key
from antigone.register.models import Use
for number, secret in enumerate(sys.argv[1:]):
    house = Organisation.objects.create(name=f"Maison {number}", slug=f"maison-{number}", kind="research")
    person = Person.objects.create_person(email=f"d{number}@maison.example", name="D", organisation=house)
    names = {"name": f"Essai {number}", "slug": f"essai-{number}"}
    use = Use.objects.create(**names, purpose="-", audience="research", organisation=house, state="active")
    Key.objects.create(
        use=use, person=person, name="K", prefix=secret[:14], secret_sha256=hashlib.sha256(secret.encode()).hexdigest()
    )
"""
DO = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
import django
django.setup()
from antigone.gateway.models import *
from antigone.gateway.spool import move_rows
"""


@dataclass
class Live:
    """A folder of data, and the servers on it."""

    folder: Path
    environment: dict[str, str]
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[-1]}/v1"

    def start(self, *, worker: bool = False) -> int:
        """Start one more server on the same data; return its port once it answers."""
        port = find_port()
        command = [sys.executable, "-c", "from antigone.cli import main; main()", "run"]
        command.append("--worker" if worker else "--no-worker")
        with (self.folder / f"{port}.log").open("wb") as log:
            server = subprocess.Popen(
                command, env={**self.environment, "PORT": str(port)}, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.servers.append(server)
        self.ports.append(port)
        for _turn in range(600):
            assert server.poll() is None, (self.folder / f"{port}.log").read_text()
            if ask(port, "GET", "/v1/health")[0] == 200:
                return port
            time.sleep(0.05)
        raise AssertionError((self.folder / f"{port}.log").read_text())

    def kill(self) -> None:
        """Kill the last server as a power cut would."""
        os.killpg(self.servers[-1].pid, signal.SIGKILL)
        self.servers.pop().wait(10)
        self.ports.pop()

    def stop(self) -> None:
        for server in self.servers:
            os.killpg(server.pid, signal.SIGTERM)
        for server in self.servers:
            server.wait(30)

    def do(self, code: str) -> str:
        """Run some lines with the tables at hand, in another process; return what they print."""
        done = subprocess.run(
            [sys.executable, "-c", DO + code],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.strip()


@lru_cache
def prepare(keys: Sequence[str]) -> Path:
    """Make a database with a use and a key a house, once for this process of tests; return its folder."""
    folder = Path(tempfile.mkdtemp(prefix="antigone-live-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = {**os.environ, "ANTIGONE_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", PREPARE, *keys], env=environment, cwd=ROOT, check=True)
    return folder


@contextmanager
def serve(
    folder: Path, engines: Sequence[Mapping[str, object]], *, keys: Sequence[str] = (KEY,), **settings: str
) -> Iterator[Live]:
    """Prepare a database with a use and a key a house, and give it; nothing is started yet."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANTIGONE_")},
        "ANTIGONE_DATA": str(folder / "server"),
        "ANTIGONE_ENGINES": json.dumps(engines),
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    shutil.copytree(prepare(keys), folder / "server")
    live = Live(folder, environment)
    try:
        yield live
    finally:
        live.stop()


def declare(engine: FakeEngine, *names: str, **fields: object) -> list[dict[str, object]]:
    """Declare models of a fake engine."""
    return [{"name": name, "url": engine.url, "model": name, "concurrency": 500, **fields} for name in names]


def ask(
    port: int, method: str, path: str, body: object = None, *, key: str = KEY, timeout: float = 20.0
) -> tuple[int, Any, Mapping[str, str]]:
    """Ask over real HTTP; return the status (0 where nobody answers), the body read, the headers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Accept-Language": "en"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, read(answer.read()), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, read(error.read()), dict(error.headers)
    except OSError:
        return 0, None, {}


def read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode()


def chat(model: str = "fake", **fields: object) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": "Bonjour"}], **fields}
