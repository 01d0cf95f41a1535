"""Streams of which nobody reads a word: the engine has its place back, and they are counted."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings

from antigone.gateway import routing, snapshot
from antigone.gateway.api import responses, writing
from antigone.gateway.api.requests import Handler, Request
from antigone.gateway.api.writing import Heart
from antigone.gateway.clients import close_session
from antigone.gateway.models import Key, Usage
from antigone.gateway.spool import move_rows
from tests.gateway.town import SECRET, chat

RESPONSE = {"model": "honest", "input": chat()["messages"], "stream": True}


def make_request(body: object, send: Callable[[Any], Any]) -> Request:
    headers = [(b"authorization", f"Bearer {SECRET}".encode())]
    scope = {"method": "POST", "path": "/v1/x", "headers": headers, "client": ("127.0.0.1", 1)}
    sent = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]

    async def receive() -> Any:
        return sent.pop() if sent else await asyncio.Event().wait()

    return Request(scope, receive, send)


@pytest.mark.parametrize(
    ("handler", "body"), [(writing.chat, chat(stream=True)), (responses.respond, RESPONSE)]
)
def test_place_is_given_back_where_the_answer_cannot_begin(key: Key, handler: Handler, body: object) -> None:
    async def send(_message: Any) -> None:
        raise OSError

    async def run() -> None:
        with pytest.raises(OSError):
            await handler(make_request(body, send))
        await asyncio.sleep(0.1)
        await close_session()

    snapshot.refresh()
    async_to_sync(run)()
    move_rows()
    (honest, *_others) = settings.ENGINES
    assert routing.health_of(honest).running == 0
    assert Usage.objects.get().error == "client_left"


def test_nothing_is_said_after_the_end_to_a_slow_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "KEEP_ALIVE_SECONDS", 0.01)
    said: list[bytes] = []
    reads = asyncio.Event()

    async def send(message: Any) -> None:
        await reads.wait()
        said.append(message["body"])

    async def run() -> None:
        request = make_request({}, send)
        heart = Heart(request)
        await asyncio.sleep(0.1)
        heart.stop()
        reads.set()
        await request.write(b"end", is_last=True)
        await asyncio.sleep(0.1)

    asyncio.run(run())
    assert said == [b"end"]
