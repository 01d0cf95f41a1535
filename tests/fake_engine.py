"""A model server that does what its model's name says, fast enough never to be what is measured.

`python -m tests.fake_engine --port 9000`, or `serve_fake_engine()` in a process of its own. A name is made of words:
`fake-ttft50-itl20-n100` waits 50 ms, then writes 100 pieces 20 ms apart; `fake-tools` calls a tool; `fake-json` writes
an object; `fake-error503` refuses; `fake-dead` closes before its first byte; `fake-disconnect3` after three pieces;
`fake-hang` never answers; `fake-garbage` answers nonsense; `fake-badchunk2` cuts its second piece short; `fake-nousage`
counts nothing; `fake-stamp` writes when each piece was sent. `POST /control {"replace": {"fake": "fake-dead"}}` makes
one name behave as another from then on; `GET /control` tells what was seen.
"""

import argparse
import asyncio
import base64
import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import uvloop

ROOT = Path(__file__).resolve().parents[1]
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    429: "Too Many",
    500: "Broken",
}
MODELS = ("fake", "fake-tools", "fake-json", "fake-vectors8", "fake-rerank", "fake-audio")


class State:
    """What the server saw, and how names are replaced."""

    def __init__(self) -> None:
        self.seen = self.running = self.left = 0
        self.replace: dict[str, str] = {}
        self.last: dict[str, Any] = {}


def read_knob(name: str, knob: str, otherwise: int) -> int:
    """Return the number after a word of the name.

    >>> read_knob("fake-ttft50-n3", "ttft", 0), read_knob("fake-n3", "ttft", 7)
    (50, 7)
    """
    found = re.search(rf"-{knob}(\d+)", name)
    return int(found[1]) if found else otherwise


def answer_chat(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole answer: the last message said again, a call of the first tool, or an object."""
    message: dict[str, Any] = {"role": "assistant", "content": "mot " * read_knob(name, "n", 3)}
    reason = "stop"
    if "-tools" in name and body.get("tools"):
        function = body["tools"][0]["function"]["name"]
        call = {
            "id": "call_1",
            "type": "function",
            "function": {"name": function, "arguments": '{"ville": "Valmont"}'},
        }
        message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    elif "response_format" in body or "-json" in name:
        schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema", {})
        message["content"] = json.dumps(make_example(schema))
    answer = {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body.get("model"),
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
    }
    if "-nousage" not in name:
        count = read_knob(name, "n", 3)
        answer["usage"] = {"prompt_tokens": 9, "completion_tokens": count, "total_tokens": 9 + count}
    return answer


def make_example(schema: Mapping[str, Any]) -> Any:
    """Return something that fits a simple schema.

    >>> make_example({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"enum": ["x"]}}})
    {'a': 1, 'b': 'x'}
    """
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: make_example(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [make_example(schema.get("items", {"type": "string"}))]
    return {"string": "mot", "integer": 1, "number": 1.5, "boolean": True}.get(str(kind))


def answer_vectors(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a vector of each input, made of its bytes alone."""
    given = body.get("input")
    inputs = [given] if isinstance(given, str) or (given and isinstance(given[0], int)) else given or []
    width = read_knob(name, "vectors", 8)
    data = []
    for number, one in enumerate(inputs):
        seed = sum(str(one).encode()) or 1
        vector: Any = [((seed * (place + 1)) % 97) / 97 for place in range(width)]
        if body.get("encoding_format") == "base64":
            vector = base64.b64encode(array("f", vector).tobytes()).decode()
        data.append({"object": "embedding", "index": number, "embedding": vector})
    usage = {"prompt_tokens": len(inputs), "total_tokens": len(inputs)}
    return {"object": "list", "model": body.get("model"), "data": data, "usage": usage}


def answer_rerank(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Put documents in the order of their length, the shortest first."""
    documents = body.get("documents") or []
    results = [{"index": n, "relevance_score": 1 / (1 + len(str(text)))} for n, text in enumerate(documents)]
    results.sort(key=lambda result: -result["relevance_score"])
    return {"id": "rerank-fake", "model": body.get("model"), "results": results[: body.get("top_n")]}


def answer_completion(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Write between the prompt and its suffix."""
    text = f"entre {str(body.get('prompt'))[-5:]} et {str(body.get('suffix'))[:5]}"
    usage = {"prompt_tokens": 5, "completion_tokens": 4, "total_tokens": 9}
    choice = {"index": 0, "text": text, "finish_reason": "stop", "logprobs": None}
    return {
        "id": "cmpl-fake", "object": "text_completion", "created": 1, "model": body.get("model"),
        "choices": [choice], "usage": usage,
    }  # fmt: skip


ANSWERS = {
    "/v1/chat/completions": answer_chat,
    "/v1/completions": answer_completion,
    "/v1/embeddings": answer_vectors,
    "/v1/rerank": answer_rerank,
}


class Connection(asyncio.Protocol):
    """One connection: requests one after the other."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.pending = b""
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.task is not None and not self.task.done():
            self.state.left += 1
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while (cut := self.pending.find(b"\r\n\r\n")) >= 0:
            head = self.pending[:cut]
            length, size = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE), 0
            if length:
                size = int(length[1])
            elif b"chunked" in head:
                end = self.pending.find(b"\r\n0\r\n\r\n", cut)
                if end < 0:
                    return
                size = end + 7 - cut - 4
            if len(self.pending) < cut + 4 + size:
                return
            body, self.pending = self.pending[cut + 4 : cut + 4 + size], self.pending[cut + 4 + size :]
            method, path, _version = head.split(b"\r\n", 1)[0].decode().split(" ")
            self.answer(method, path, body)

    def answer(self, method: str, path: str, raw: bytes) -> None:
        state = self.state
        if path == "/control":
            if method == "POST":
                state.replace = json.loads(raw)["replace"]
            seen = {"seen": state.seen, "running": state.running, "left": state.left, "last": state.last}
            self.send(200, seen)
            return
        if path in ("/v1/models", "/health"):
            self.send(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in MODELS]})
            return
        state.seen += 1
        if path == "/v1/audio/transcriptions":
            self.send(200, {"text": f"{len(raw)} octets"})
            return
        body = json.loads(raw)
        name = state.replace.get(body.get("model"), body.get("model") or "")
        if (
            name in PLAIN
            and path == "/v1/chat/completions"
            and not {"stream", "response_format"} & body.keys()
        ):
            self.transport.write(PLAIN[name])  # what is measured by the thousand
            return
        state.last = body
        self.task = asyncio.get_running_loop().create_task(self.behave(path, name, body))

    def write(self, path: str, name: str, body: Mapping[str, Any]) -> bytes:
        if path not in ANSWERS:
            return make_reply(404, {"error": {"message": f"nothing at {path}"}})
        return make_reply(200, ANSWERS[path](name, body))

    async def behave(self, path: str, name: str, body: Mapping[str, Any]) -> None:
        self.state.running += 1
        try:
            if status := read_knob(name, "error", 0):
                self.send(status, {"error": {"message": "as its name says", "type": "server_error"}})
            elif "-dead" in name:
                self.transport.abort()
            elif "-hang" in name:
                await asyncio.sleep(3_600)
            elif "-garbage" in name:
                self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n<<<")
            else:
                await asyncio.sleep(read_knob(name, "ttft", 0) / 1_000)
                if body.get("stream"):
                    await self.stream(path, name, body)
                else:
                    self.transport.write(self.write(path, name, body))
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            self.send(400, {"error": {"message": repr(error), "type": "invalid_request_error"}})
        finally:
            self.state.running -= 1

    async def stream(self, path: str, name: str, body: Mapping[str, Any]) -> None:
        whole = ANSWERS[path](name, {**body, "stream": False})
        self.transport.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        gap = read_knob(name, "itl", 0) / 1_000
        cut, bad = read_knob(name, "disconnect", 0), read_knob(name, "badchunk", 0)
        head = {part: whole[part] for part in ("id", "created", "model")}
        head["object"] = "chat.completion.chunk" if "chat" in path else "text_completion"
        for number, delta in enumerate(list_deltas(whole["choices"][0], name), 1):
            event = json.dumps({**head, "choices": [{"index": 0, "finish_reason": None, **delta}]}).encode()
            self.chunk(b"data: " + (event[:20] if number == bad else event) + b"\n\n")
            if number == cut:
                self.transport.abort()
                return
            await asyncio.sleep(gap)
        if (body.get("stream_options") or {}).get("include_usage") and "usage" in whole:
            self.chunk(
                b"data: " + json.dumps({**head, "choices": [], "usage": whole["usage"]}).encode() + b"\n\n"
            )
        self.chunk(b"data: [DONE]\n\n")
        self.transport.write(b"0\r\n\r\n")

    def chunk(self, data: bytes) -> None:
        self.transport.write(b"%x\r\n%s\r\n" % (len(data), data))

    def send(self, status: int, body: object) -> None:
        self.transport.write(make_reply(status, body))


def list_deltas(choice: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Yield the pieces of an answer, and its end."""
    if "text" in choice:
        for piece in re.findall(r"\S+\s*", choice["text"]):
            yield {"text": piece}
        yield {"text": "", "finish_reason": "stop"}
        return
    message = choice["message"]
    for call in message.get("tool_calls") or ():
        function = call["function"]
        yield {
            "delta": {
                "role": "assistant",
                "tool_calls": [{"index": 0, **call, "function": {**function, "arguments": ""}}],
            }
        }
        for part in re.findall(r".{1,8}", function["arguments"]):
            yield {"delta": {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}}
    for piece in re.findall(r"\S+\s*", message["content"] or ""):
        yield {"delta": {"content": f"{time.time():.6f} " if "-stamp" in name else piece}}
    yield {"delta": {}, "finish_reason": choice["finish_reason"]}


def make_reply(status: int, body: object) -> bytes:
    data = json.dumps(body).encode()
    return b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
        status, REASONS.get(status, "Said").encode(), len(data), data,
    )  # fmt: skip


PLAIN = {"fake": make_reply(200, answer_chat("fake", {"model": "fake"}))}


async def serve(port: int) -> None:
    state = State()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(state), "127.0.0.1", port, backlog=4_096
    )
    await server.serve_forever()


class FakeEngine:
    """A fake engine in a process of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/v1"

    def control(self, replace: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Make names behave as others, and return what was seen."""
        data = None if replace is None else json.dumps({"replace": replace}).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control", data, timeout=5) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serve_fake_engine() -> Iterator[FakeEngine]:
    """Serve on a free port of this machine until the block ends."""
    engine = FakeEngine(find_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fake_engine", "--port", str(engine.port)], cwd=ROOT
    )
    try:
        for _turn in range(200):
            try:
                engine.control()
                break
            except OSError:
                time.sleep(0.05)
        yield engine
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(serve(parser.parse_args().port))
