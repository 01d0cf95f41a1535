"""A real server in a process of its own, on a demonstration that it may change."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, "-c", "from antigone.cli import main; main()", "run", "--demo", "--port")
SECONDS_TO_START = 300


@dataclass(frozen=True, slots=True)
class Town:
    """Where the server answers, and the folder that holds all it knows."""

    url: str
    folder: Path

    @property
    def log(self) -> str:
        """What the server has written on its terminal so far."""
        return (self.folder / "log.txt").read_text()

    def rows(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """Ask the database behind the server's back."""
        with closing(sqlite3.connect(self.folder / "antigone.sqlite3")) as database:
            return database.execute(query, params).fetchall()


@contextmanager
def serve_town(folder: Path, *, engines: str = "") -> Iterator[Town]:
    """Start the server as its operator does, yield it once it answers, stop it."""
    port = _free_port()
    town = Town(f"http://127.0.0.1:{port}", folder)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANTIGONE_")}
    environment |= {"ANTIGONE_DATA": str(folder), "ANTIGONE_ENGINES": engines}
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen([*RUN, str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for_answer(server, town)
        yield town
    finally:
        server.terminate()
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_answer(server: "subprocess.Popen[bytes]", town: Town) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    limit = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < limit:
        assert server.poll() is None, f"the server stopped:\n{town.log}"
        with suppress(urllib.error.URLError, ConnectionError), direct.open(f"{town.url}/health", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer:\n{town.log}")
