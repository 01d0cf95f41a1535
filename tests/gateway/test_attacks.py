"""What somebody who means harm, or an engine gone wrong, does not get: addresses, more than is due, all places."""

import pytest
from pytest_django import Settings

from antigone.gateway.engines import Engine
from antigone.gateway.models import Key
from tests.gateway.town import ask, chat


def test_whoever_asks_is_not_told_where_an_engine_stands(key: Key, settings: Settings) -> None:
    settings.ENGINES = (Engine("Loin", "http://203.0.113.9:8000/v1", "far"),)
    reply = ask("POST", "/v1/chat/completions", chat("far"))
    assert (reply.status, reply.error["code"]) == (503, "engine_elsewhere")
    assert b"203.0.113.9" not in reply.body


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "http://10.0.0.7/secret.png"}},
        {"type": "image_url", "image_url": "file:///etc/passwd"},
        {"type": "video_url", "video_url": {"url": "HTTPS://example.org/v.mp4"}},
        {"type": "audio_url", "audio_url": {"url": " http://127.0.0.1:6379/"}},
    ],
)
def test_engine_is_not_sent_to_fetch_what_stands_elsewhere(key: Key, part: object) -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "Qu’est-ce ?"}, part]}]
    reply = ask("POST", "/v1/chat/completions", {"model": "honest", "messages": messages})
    assert (reply.status, reply.error["code"]) == (400, "content_elsewhere")
