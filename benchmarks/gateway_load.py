"""Asks a gateway for as long as it is told, in a process of its own: run by benchmarks/gateway.py.

    python benchmarks/gateway_load.py json --port 8000 --key … --connections 8 --seconds 5 [--rate 1000]
    python benchmarks/gateway_load.py stream --port 8000 --key … --connections 200 --model fake-stamp-itl10-n100

Prints JSON: requests, seconds, milliseconds (median and the 99th of 100), failures; of streams also how late pieces
came after the engine had sent them. A raw protocol: what is measured is the gateway, not this.
"""

import argparse
import asyncio
import json
import re
import time

import uvloop

STAMP = re.compile(rb'"content":\s*"(\d+\.\d+) "')


def write_request(arguments: argparse.Namespace, *, is_streamed: bool) -> bytes:
    """Return the bytes of the request."""
    messages = [{"role": "user", "content": "Bonjour, à quelle heure ouvre la mairie ?"}]
    body = json.dumps(
        {"model": arguments.model, "messages": messages, **({"stream": True} if is_streamed else {})}
    ).encode()
    return (
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer %s\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
    ) % (arguments.key.encode(), len(body), body)


class Asking(asyncio.Protocol):
    """One connection that asks again as soon as it is answered, or at its turn where there is a rate."""

    def __init__(self, run: "Run") -> None:
        self.run, self.read = run, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.due = time.perf_counter() + self.run.stagger()
        self.wait()

    def wait(self) -> None:
        """Ask now, or when it is time."""
        if self.run.gap:
            asyncio.get_running_loop().call_later(max(0.0, self.due - time.perf_counter()), self.ask)
        else:
            self.ask()

    def ask(self) -> None:
        # With a rate, counted from when it was due: a gateway that is late delays all that follow.
        self.began = self.due if self.run.gap else time.perf_counter()
        self.due += self.run.gap
        self.transport.write(self.run.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.read += data
        if not self.run.is_whole(self.read):
            return
        self.run.note(self.read, time.perf_counter() - self.began)
        self.read = b""
        if time.perf_counter() < self.run.end:
            self.wait()


class Run:
    """What was asked and how it went."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.is_streamed = arguments.kind == "stream"
        self.request = write_request(arguments, is_streamed=self.is_streamed)
        self.gap = arguments.connections / arguments.rate if arguments.rate else 0.0
        self.connections, self.opened = arguments.connections, 0
        self.seconds = arguments.seconds
        self.times: list[float] = []
        self.late: list[float] = []
        self.failures = self.pieces = 0
        self.end = float("inf")

    def stagger(self) -> float:
        self.opened += 1
        return self.gap * self.opened / self.connections

    def is_whole(self, read: bytes) -> bool:
        if self.is_streamed:
            return read.endswith(b"0\r\n\r\n") or (b"content-length" in read and b"\r\n\r\n" in read)
        cut = read.find(b"\r\n\r\n")
        if cut < 0:
            return False
        length = re.search(rb"content-length: *(\d+)", read[:cut], re.IGNORECASE)
        return bool(length) and len(read) >= cut + 4 + int(length[1])  # type: ignore[index]

    def note(self, read: bytes, seconds: float) -> None:
        self.times.append(seconds)
        self.failures += not read.startswith(b"HTTP/1.1 200") or (self.is_streamed and b"[DONE]" not in read)
        self.pieces += read.count(b'"content"')


class Streaming(Asking):
    """One connection that also notes how late each piece comes."""

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.run.late += [now - float(stamp) for stamp in STAMP.findall(data)]
        super().data_received(data)


async def measure(arguments: argparse.Namespace) -> None:
    """Ask, and print what was seen."""
    run, loop = Run(arguments), asyncio.get_running_loop()
    protocol = Streaming if run.is_streamed else Asking
    began = time.perf_counter()
    run.end = began + arguments.seconds if arguments.seconds else began
    for _number in range(arguments.connections):
        await loop.create_connection(lambda: protocol(run), "127.0.0.1", arguments.port)
    while len(run.times) < arguments.connections or time.perf_counter() < run.end:
        await asyncio.sleep(0.02)
        if time.perf_counter() - began > 120 + arguments.seconds:
            break
    seconds = time.perf_counter() - began
    times, late = sorted(run.times), sorted(run.late)
    found = {
        "requests": len(times), "seconds": seconds, "failures": run.failures, "pieces": run.pieces,
        "median_ms": at(times, 0.5) * 1e3, "p99_ms": at(times, 0.99) * 1e3,
        "late_median_ms": at(late, 0.5) * 1e3, "late_most_ms": at(late, 1.0) * 1e3,
    }  # fmt: skip
    print(json.dumps(found))


def at(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))] if values else 0.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["json", "stream"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", default="none")
    parser.add_argument("--model", default="fake")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=0.0)
    uvloop.run(measure(parser.parse_args()))
