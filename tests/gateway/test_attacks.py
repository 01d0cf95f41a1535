"""What somebody who means harm, or an engine gone wrong, does not get: addresses, more than is due, all places."""

import time

import pytest
from pytest_django import Settings

from antigone.gateway import allowances
from antigone.gateway.engines import Engine
from antigone.gateway.models import Key, Limit
from antigone.gateway.snapshot import KnownLimit
from tests.gateway.town import Reply, ask, chat, set_limit


def count() -> Reply:
    return ask("POST", "/v1/embeddings", {"model": "counting", "input": "Bonjour"})


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


def test_limit_set_to_zero_forbids_what_was_given_out_before(key: Key) -> None:
    limit = set_limit(Limit.Measure.REQUESTS_DAY, 10_000, key=key)
    assert count().status == 200
    limit.amount = 0
    limit.save()
    assert count().error["code"] == "limit_of_zero"


def test_many_prompts_in_one_request_are_counted_each(key: Key) -> None:
    set_limit(Limit.Measure.TOKENS_MINUTE, 5_000, key=key)
    body = {"model": "honest", "prompt": ["a"] * 100, "max_tokens": 100}
    assert ask("POST", "/v1/completions", body).error["code"] == "request_over_limit"
    body = {"model": "honest", "prompt": "a", "max_tokens": 1_000, "best_of": 16}
    assert ask("POST", "/v1/completions", body).error["code"] == "request_over_limit"


def test_small_request_after_a_large_answer_is_told_when_it_may_go_on(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_limit(Limit.Measure.TOKENS_DAY, 1_000, key=key)
    monkeypatch.setattr("antigone.gateway.calls._read_count", lambda _said, _otherwise: 4_000)
    assert count().status == 200
    refused = count()
    assert (refused.status, refused.error["code"]) == (429, "limit_reached")


def test_request_that_waits_past_the_end_of_its_minute_takes_from_the_next(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_limit(Limit.Measure.REQUESTS_MINUTE, 50, key=key)
    take_share, minutes = allowances.take_share, []

    def slowly(limit: KnownLimit, needed: int, now: float) -> None:
        """Give a share as its minute ends."""
        minutes.append(now)
        take_share(limit, needed, now)
        if len(minutes) == 1:
            clock = time.time() + 60
            monkeypatch.setattr("antigone.gateway.allowances.time.time", lambda: clock)

    monkeypatch.setattr(allowances, "take_share", slowly)
    assert count().status == 200
    assert len(minutes) == 2
