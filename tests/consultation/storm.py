"""A real server, in a process of its own that may be killed, and people who vote through HTTP and note its answers."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
import django; django.setup()
from django.core.management import call_command
from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation
from tests.consultation.town import add_statements, begin_consultation
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
alice = create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)
add_statements(begin_consultation(alice))
"""
# What the database holds once the server is down.
REPORT = """
import django; django.setup()
import orjson, sys
from antigone.consultation.models import Consultation, Participant, Vote, VoteChange
votes = Vote.objects.values_list("participant", "statement__number", "value").order_by("participant", "statement")
lines = VoteChange.objects.order_by("number").values_list("number", "participant", "statement__number", "value")
sys.stdout.buffer.write(orjson.dumps({
    "participants": list(Participant.objects.order_by("pk").values_list("pk", flat=True)),
    "votes": list(votes), "lines": list(lines), "last_number": Consultation.objects.get().last_number,
}))
"""
PATH = "/consultations/vivre-ici/voter/"


@dataclass
class Held:
    """What the database holds."""

    participants: list[int]
    votes: list[tuple[int, int, int]]
    lines: list[tuple[int, int, int, int]]
    last_number: int

    def replay(self) -> list[tuple[int, int, int]]:
        """Give the votes that the log makes."""
        now: dict[tuple[int, int], int] = {}
        for _number, who, what, value in self.lines:
            now[who, what] = value
        return sorted((who, what, value) for (who, what), value in now.items() if value != 2)


@dataclass
class House:
    """The data of a city, and how its programs are started."""

    folder: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTIGONE_")}
        return kept | {
            "ANTIGONE_DATA": str(self.folder),
            "ANTIGONE_DATABASE": self.database,
            "DJANGO_SETTINGS_MODULE": "antigone.settings",
            "PYTHONPATH": str(ROOT),
        }

    def do(self, code: str) -> bytes:
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        return done.stdout

    def report(self) -> Held:
        held: dict[str, Any] = orjson.loads(self.do(REPORT))
        tuples = {name: [tuple(row) for row in held[name]] for name in ("votes", "lines")}
        return Held(**(held | tuples))

    @contextmanager
    def serve(self, port: int) -> Iterator["subprocess.Popen[bytes]"]:
        """Serve the pages until the block ends; whoever is in it may kill the server."""
        program = "from antigone.cli import main; main()"
        command = [sys.executable, "-c", program, "run", "--no-worker", "--port", str(port)]
        with subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(port, server)
                yield server
            finally:
                server.send_signal(signal.SIGTERM)


def find_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    while True:
        assert server.poll() is None, "the server ended before it answered"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


@dataclass
class Voter:
    """A browser: it keeps its cookie, and notes what it sent last and what was acknowledged, by statement."""

    port: int
    cookie: str = ""
    acknowledged: dict[int, int] = field(default_factory=dict)
    pending: dict[int, int] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    @property
    def participant(self) -> int:
        return int(self.cookie.partition("=")[2].partition(".")[0])

    def vote(self, statement: int, value: int) -> int:
        """Vote, and give the status of the answer; raise OSError or HTTPException where there is none."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.pending[statement] = value
        body = urlencode({"statement": statement, "vote": value})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.cookie,
        }
        try:
            self.connection.request("POST", PATH, body, headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.leave()
            raise
        if answer.status == 303:
            given = answer.headers.get("Set-Cookie", "").partition(";")[0]
            self.cookie = given or self.cookie
            self.acknowledged[statement] = self.pending.pop(statement)
        return answer.status

    def leave(self) -> None:
        """Close the browser; its cookie stays."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None
