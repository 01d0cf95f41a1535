"""Measure the gateway beside LiteLLM's proxy: same fake engine, same load, one process each.

    python benchmarks/gateway.py [--quick] [--no-peer]

JSON completions with the whole chain (key, limits of six measures, usage row safe on the disk), their added latency at
half load, 200 streams of 100 pieces, memory over ten minutes (20 seconds with `--quick`), seconds from the start to the
first answer, resident memory, and 10,000 clients that send their requests a byte at a time. The engine and the load are
processes of their own, on the same cores. The peer runs in an environment that this script makes
(requirements/gateway_peer.txt), with its master key and no database, so it counts and keeps nothing.
"""

import argparse
import asyncio
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.fake_engine import FakeEngine, find_port, serve_fake_engine  # noqa: E402

PEER = ROOT / ".venv-gateway-peer"
KEY = "antigone_" + "b" * 43
PEER_KEY = "sk-benchmark"
QUESTION = {"model": "fake", "messages": [{"role": "user", "content": "Bonjour"}]}
# Where nobody is limited in practice, and every limit is counted.
PLENTY = 10**14
SHA256 = hashlib.sha256(KEY.encode()).hexdigest()
PREPARE = f"""
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
import django
django.setup()
from antigone.portal.commands import prepare
prepare()
from antigone.accounts.models import Organisation, Person
from antigone.gateway.models import Key, Limit, Passport
from antigone.register.models import Use
house = Organisation.objects.create(name="Mesure", slug="mesure", kind="research")
person = Person.objects.create_person(email="m@mesure.example", name="M", organisation=house)
use = Use.objects.create(
    name="Mesure", slug="mesure", purpose="-", audience="research", organisation=house, state="active"
)
Key.objects.create(use=use, person=person, name="M", prefix="antigone_bbbbb", secret_sha256="{SHA256}")
for measure in Limit.Measure.values:
    Limit.objects.create(use=use, measure=measure, amount={PLENTY})
Passport.objects.create(name="fake", title="Fake", total_parameters=24)
"""
COUNT = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
import django
django.setup()
from antigone.gateway.models import Usage
from antigone.gateway.spool import move_rows
move_rows()
print(Usage.objects.filter(status=200).count())
"""


@dataclass
class Gateway:
    """A gateway that runs: how it is asked, and its processor time."""

    name: str
    port: int
    key: str
    process: psutil.Process
    start_seconds: float

    def count_cpu(self) -> float:
        return sum(sum(one.cpu_times()[:2]) for one in [self.process, *self.process.children(recursive=True)])

    def count_memory(self) -> float:
        return (
            sum(one.memory_info().rss for one in [self.process, *self.process.children(recursive=True)]) / 1e6
        )


def ask_once(port: int, key: str) -> bool:
    """Tell whether a gateway answers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/chat/completions",
        json.dumps(QUESTION).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(json.loads(answer.read())["choices"])
    except OSError:
        return False


@contextmanager
def start(
    name: str, command: list[str], environment: dict[str, str], port: int, key: str, folder: Path
) -> Iterator[Gateway]:
    """Start a gateway, and give it once it answers."""
    began = time.perf_counter()
    with (folder / f"{name}.log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while not ask_once(port, key):
            if server.poll() is not None or time.perf_counter() - began > 120:
                sys.exit((folder / f"{name}.log").read_text()[-3_000:])
            time.sleep(0.02)
        yield Gateway(name, port, key, psutil.Process(server.pid), time.perf_counter() - began)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


@contextmanager
def start_antigone(engine: FakeEngine, folder: Path) -> Iterator[Gateway]:
    port = find_port()
    engines = [
        {"name": "Fake", "url": engine.url, "model": name, "concurrency": 10_000}
        for name in ("fake", *STREAMS)
    ]
    environment = {
        "ANTIGONE_DATA": str(folder / "data"),
        "ANTIGONE_ENGINES": json.dumps(engines),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-c", PREPARE], env={**os.environ, **environment}, check=True, cwd=folder)
    command = [str(ROOT / ".venv/bin/antigone"), "run", "--no-worker"]
    with start("antigone", command, environment, port, KEY, folder) as gateway:
        yield gateway
    counted = subprocess.run(
        [sys.executable, "-c", COUNT],
        env={**os.environ, **environment},
        check=True,
        cwd=folder,
        capture_output=True,
    )
    print(f"\nusage rows in the table after the end: {int(counted.stdout):,}")


@contextmanager
def start_peer(engine: FakeEngine, folder: Path) -> Iterator[Gateway]:
    install_peer()
    port = find_port()
    models = [
        {
            "model_name": name,
            "litellm_params": {"model": f"openai/{name}", "api_base": engine.url, "api_key": "none"},
        }
        for name in ("fake", *STREAMS)
    ]
    config = {
        "model_list": models,
        "general_settings": {"master_key": PEER_KEY},
        "litellm_settings": {"telemetry": False},
    }
    (folder / "litellm.yaml").write_text(json.dumps(config))
    command = [
        str(PEER / "bin/litellm"),
        "--config",
        "litellm.yaml",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--num_workers",
        "1",
    ]
    environment = {
        "LITELLM_LOG": "ERROR",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MODE": "PRODUCTION",
    }
    with start("litellm", command, environment, port, PEER_KEY, folder) as gateway:
        yield gateway


def install_peer() -> None:
    """Make the peer's environment, once."""
    stamp = PEER / "installed"
    wanted = (ROOT / "requirements" / "gateway_peer.txt").read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", PEER], check=True)
    command = [PEER / "bin/python", "-m", "pip", "install", "--quiet", "--require-hashes"]
    subprocess.run([*command, "-r", ROOT / "requirements" / "gateway_peer.txt"], check=True)
    stamp.write_text(wanted)


STREAMS = ("fake-stamp-itl0-n100", "fake-stamp-itl10-n100", "fake-stamp-itl20-n100")


def load(kind: str, port: int, key: str, **options: object) -> dict[str, float]:
    """Run the load in its own process, and return what it saw."""
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    command = [
        sys.executable,
        str(ROOT / "benchmarks/gateway_load.py"),
        kind,
        "--port",
        str(port),
        "--key",
        key,
    ]
    done = subprocess.run([*command, *arguments], check=True, capture_output=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure_json(gateway: Gateway, seconds: float) -> float:
    """Print requests a second at three numbers of connections; return the best."""
    best = 0.0
    for connections in (8, 32, 64):
        cpu = gateway.count_cpu()
        found = load("json", gateway.port, gateway.key, connections=connections, seconds=seconds)
        rate = found["requests"] / found["seconds"]
        cpu = (gateway.count_cpu() - cpu) / found["requests"] * 1e6
        best = max(best, rate)
        print(
            f"  {gateway.name:<10} {connections:>4} connections {rate:>8,.0f} requests/s  {cpu:>8,.0f} µs of CPU each"
            f"  median {found['median_ms']:>7.2f} ms  p99 {found['p99_ms']:>8.2f} ms  {found['failures']:.0f} failed"
        )
    return best


def measure_latency(gateway: Gateway, engine: FakeEngine, rate: float, seconds: float) -> None:
    """Print what the gateway adds at half of its load."""
    alone = load("json", engine.port, "none", connections=16, seconds=seconds, rate=rate / 2)
    through = load("json", gateway.port, gateway.key, connections=16, seconds=seconds, rate=rate / 2)
    added = {name: through[name] - alone[name] for name in ("median_ms", "p99_ms")}
    print(
        f"  {gateway.name:<10} at {rate / 2:,.0f} requests/s: adds {added['median_ms']:.2f} ms (median), "
        f"{added['p99_ms']:.2f} ms (p99); the engine alone takes {alone['median_ms']:.2f} and {alone['p99_ms']:.2f}"
    )


def measure_streams(gateway: Gateway, rounds: int, models: Sequence[str] = STREAMS) -> None:
    """Print what 200 streams of 100 pieces at once take."""
    for model in models:
        runs = []
        for _round in range(rounds):
            cpu = gateway.count_cpu()
            found = load("stream", gateway.port, gateway.key, connections=200, model=model)
            runs.append(
                (
                    (gateway.count_cpu() - cpu) * 1e3 / 200,
                    found["late_median_ms"],
                    found["late_most_ms"],
                    found["failures"],
                )
            )
        cpu, late, most, failures = sorted(runs)[len(runs) // 2]
        gap = model.partition("itl")[2].partition("-")[0]
        print(
            f"  {gateway.name:<10} {gap:>3} ms apart: {cpu:>7.2f} ms of CPU a stream; pieces {late:>7.1f} ms late "
            f"(median), {most:>7.1f} ms at most; {failures:.0f} failed"
        )


def measure_memory(gateway: Gateway, seconds: float) -> None:
    """Print the memory before and after a long load."""
    before = gateway.count_memory()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        load(
            "json",
            gateway.port,
            gateway.key,
            connections=32,
            seconds=min(30.0, max(1.0, end - time.monotonic())),
        )
        load("stream", gateway.port, gateway.key, connections=100, model=STREAMS[0])
    print(
        f"  {gateway.name:<10} {before:.0f} MB before, {gateway.count_memory():.0f} MB after {seconds:.0f} s of load"
    )


async def hold_slow(gateway: Gateway, count: int) -> int:
    """Open many connections that send a request a byte at a time; return how many others are answered meanwhile."""
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {gateway.key}\r\n".encode()
    )
    writers = []
    for number in range(count):
        _reader, writer = await asyncio.open_connection(
            "127.0.0.1", gateway.port, local_addr=(f"127.0.0.{1 + number % 4}", 0)
        )
        writers.append(writer)
    for place in range(3):
        for writer in writers:
            writer.write(head[place : place + 1])
        await asyncio.sleep(0.5)
    answered = sum([await asyncio.to_thread(ask_once, gateway.port, gateway.key) for _turn in range(20)])
    for writer in writers:
        writer.close()
    return answered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    seconds, rounds = (1.5, 1) if options.quick else (8.0, 5)
    with tempfile.TemporaryDirectory() as temporary, serve_fake_engine() as engine:
        folder = Path(temporary)
        rates = {}
        with start_antigone(engine, folder) as gateway:
            print(
                f"start to the first answer: {gateway.start_seconds:.1f} s; {gateway.count_memory():.0f} MB resident"
            )
            print("JSON completions, the whole chain:")
            rates["antigone"] = measure_json(gateway, seconds)
            print("added latency at half load:")
            measure_latency(gateway, engine, rates["antigone"], seconds)
            print("200 streams of 100 pieces at once:")
            measure_streams(gateway, rounds)
            print("memory:")
            measure_memory(gateway, 6 if options.quick else 600)
            slow = 1_000 if options.quick else 10_000
            answered = asyncio.run(hold_slow(gateway, slow))
            print(f"{slow:,} clients that send a byte at a time: {answered} of 20 others answered")
        if options.no_peer:
            return
        with start_peer(engine, folder) as peer:
            print(
                f"\npeer, start to the first answer: {peer.start_seconds:.1f} s; {peer.count_memory():.0f} MB resident"
            )
            rates["litellm"] = measure_json(peer, seconds)
            measure_latency(peer, engine, rates["litellm"], seconds)
            measure_streams(peer, 1, STREAMS[1:2] if options.quick else STREAMS)
        print(
            f"\nantigone answers {rates['antigone'] / rates['litellm']:.0f} times as many requests a second"
        )


if __name__ == "__main__":
    main()
