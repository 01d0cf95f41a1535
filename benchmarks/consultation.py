"""Measure votes through HTTP: `python benchmarks/consultation.py`.

Starts a real server on a consultation of 200 statements with 100,000 votes, on SQLite and on PostgreSQL, and a second
process that votes as many people do, each with their cookie, over connections that stay open. Prints votes a second
and milliseconds of CPU a vote, and the same for the peer: the same form taken by a plain Django view, one transaction
each. Then it counts: every acknowledged vote is in the database once, and in the log. Last, the CPU of the page of the
next statement for whoever has cast 0, 10 and 100 votes. Exit code 1 where votes are lost, or a target is missed.
"""

import argparse
import asyncio
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.consultation.storm import PATH, House, find_port, wait_for
from tests.postgresql_server import HOW_TO_INSTALL, find_binaries, serve_postgresql

STATEMENTS, PEOPLE, EACH = 200, 2_500, 40
# Statements that one participant votes on before the next one comes; people who vote at the same time.
VISIT, CONNECTIONS = 20, 64
TARGETS = {"sqlite": 500, "postgresql": 1_000}
MOST_PAGE_MILLISECONDS = 20.0
PREPARE = f"""
import random
import django; django.setup()
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation
from antigone.consultation.actions.voting import save_votes
from antigone.consultation.cookies import name_cookie, seal_participant
from antigone.consultation.models import Participant
from tests.consultation.town import add_statements, begin_consultation
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
alice = create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)
consultation = begin_consultation(alice)
chance, now = random.Random(1), timezone.now()
texts = [f"Affirmation {{number}} : la ville devrait ouvrir un jardin de plus." for number in range({STATEMENTS})]
what = [one.pk for one in add_statements(consultation, texts)]
people = Participant.objects.bulk_create(
    Participant(consultation=consultation, joined_at=now) for _ in range({PEOPLE} + 3)
)
counts = [{EACH}] * {PEOPLE} + [0, 10, 100]
with transaction.atomic():
    save_votes(consultation, [
        (who.pk, statement, chance.choice((1, 1, -1, 0)), False)
        for who, count in zip(people, counts, strict=True) for statement in chance.sample(what, count)
    ], now)
connection.cursor().execute("ANALYZE")
for who in people[-3:]:
    print(name_cookie(consultation.pk) + "=" + seal_participant(consultation.pk, who.pk))
"""
COUNT = """
import django; django.setup()
from django.db.models import Count
from antigone.consultation.models import Consultation, Vote, VoteChange
pairs = Vote.objects.values("participant", "statement").distinct().count()
print(Vote.objects.count(), pairs, VoteChange.objects.count(), Consultation.objects.get().last_number)
"""


@dataclass(frozen=True)
class Measure:
    """What one storm took: votes acknowledged (in the warming up, then), answers that were no acknowledgement, seconds,
    seconds of CPU of the server's process and of the other.
    """

    warm: int
    votes: int
    refused: int
    seconds: float
    server: float
    generator: float

    @property
    def pace(self) -> float:
        return self.votes / self.seconds


class Browser(asyncio.Protocol):
    """One connection: votes, waits for the answer, votes again; another participant after a visit."""

    def __init__(self, until: float, done: asyncio.Future[None]) -> None:
        self.until, self.done = until, done
        self.cookie, self.statement, self.buffer = b"", 0, b""
        self.votes = self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        if time.monotonic() >= self.until:
            self.transport.close()
            self.done.set_result(None)
            return
        if self.statement == VISIT:
            self.statement, self.cookie = 0, b""
        self.statement += 1
        body = b"statement=%d&vote=%d" % (self.statement, self.statement % 3 - 1)
        self.transport.write(
            b"POST %b HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n%b\r\n%b"
            % (PATH.encode(), len(body), self.cookie, body)
        )

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        lines = head.split(b"\r\n")
        fields = {
            name.lower(): value for name, _colon, value in (line.partition(b": ") for line in lines[1:])
        }
        if len(body) < int(fields.get(b"content-length", b"0")):
            return
        self.buffer = b""
        if b" 303 " in lines[0]:
            self.votes += 1
        else:
            self.refused += 1
        if b"set-cookie" in fields:
            self.cookie = b"Cookie: %b\r\n" % fields[b"set-cookie"].partition(b";")[0]
        self.send()


async def vote_for(port: int, seconds: float) -> tuple[int, int]:
    """Vote for some seconds, from sixteen addresses of this machine; give how many were acknowledged, and were not."""
    loop, until = asyncio.get_running_loop(), time.monotonic() + seconds
    browsers, ends = [], []
    for number in range(CONNECTIONS):
        ends.append(loop.create_future())
        browser = Browser(until, ends[-1])
        address = f"127.0.0.{2 + number % 16}", 0
        await loop.create_connection(lambda browser=browser: browser, "127.0.0.1", port, local_addr=address)
        browsers.append(browser)
    await asyncio.gather(*ends)
    return sum(one.votes for one in browsers), sum(one.refused for one in browsers)


@contextmanager
def serve(house: House, application: str) -> Iterator[tuple[int, psutil.Process]]:
    """Serve one of the applications of `antigone/asgi.py` as `antigone run --no-worker` does."""
    port = find_port()
    program = f"import uvicorn; uvicorn.run('antigone.asgi:{application}', port={port}, access_log=False, "
    program += "log_level='error', server_header=False)"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, env=house.environment, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(port, server)
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()


def spend(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def measure(house: House, application: str, seconds: float) -> Measure:
    """Vote in a storm, after a second of warming up."""
    with serve(house, application) as (port, process):
        warm = run_generator(port, 1.0)
        before, start = spend(process), time.monotonic()
        votes, refused, generator = run_generator(port, seconds)
        took = time.monotonic() - start
        spent = spend(process) - before
    return Measure(warm[0], votes, refused + warm[1], took, spent, generator)


def run_generator(port: int, seconds: float) -> tuple[int, int, float]:
    """Vote in another process; its CPU is on the same cores."""
    command = [sys.executable, __file__, "--generate", str(port), "--seconds", str(seconds)]
    said = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return said["votes"], said["refused"], said["cpu"]


def count_lost(house: House, expected: int) -> int:
    """Count the votes and the lines of the log that miss, or are there too often."""
    return sum(abs(int(count) - expected) for count in house.do(COUNT).split())


def measure_pages(house: House, cookies: list[str]) -> list[float]:
    """Give the milliseconds of CPU of the page of the next statement, for each cookie."""
    spent = []
    with serve(house, "application") as (port, process):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for cookie in cookies:
            for times in (10, 100):
                before = spend(process)
                for _time in range(times):
                    connection.request("GET", PATH, headers={"Cookie": cookie})
                    answer = connection.getresponse()
                    assert answer.status == 200, answer.status
                    answer.read()
            spent.append((spend(process) - before) * 10)
        connection.close()
    return spent


def report(house: House, name: str, seconds: float) -> bool:
    """Print the table of one database; tell whether the targets are met."""
    cookies = house.do(PREPARE).decode().split()
    door = measure(house, "application", seconds)
    peer = measure(house, "django", seconds)
    for label, one in (("door and writer", door), ("plain view", peer)):
        milliseconds = one.server / max(one.votes, 1) * 1_000
        others = one.generator / max(one.votes, 1) * 1_000
        print(
            f"{name:<11} {label:<16} {one.pace:8.0f} votes/s   CPU a vote: server {milliseconds:5.2f} ms, "
            f"generator {others:5.2f} ms   {one.votes} votes, {one.refused} refused"
        )
    acknowledged = door.warm + door.votes + peer.warm + peer.votes
    lost = count_lost(house, PEOPLE * EACH + 110 + acknowledged)
    pages = measure_pages(house, cookies)
    print(f"{name:<11} {door.pace / peer.pace:.1f} times the peer   lost or doubled: {lost}")
    figures = ", ".join(f"{page:.1f} ms" for page in pages)
    print(f"{name:<11} page of the next statement after 0, 10, 100 votes: {figures} of CPU")
    is_met = door.pace >= TARGETS[name] and not door.refused and max(pages) < MOST_PAGE_MILLISECONDS
    return is_met and lost == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--generate", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.generate:
        votes, refused = asyncio.run(vote_for(options.generate, options.seconds))
        cpu = time.process_time()
        sys.stdout.buffer.write(orjson.dumps({"votes": votes, "refused": refused, "cpu": cpu}))
        return 0
    print(f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
    is_met = True
    for name in options.database or ("sqlite", "postgresql"):
        with ExitStack() as stack:
            address = ""
            if name == "postgresql":
                binaries = find_binaries()
                if binaries is None:
                    sys.exit(HOW_TO_INSTALL)
                address = stack.enter_context(serve_postgresql(binaries))
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            is_met &= report(House(Path(folder), address), name, options.seconds)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
