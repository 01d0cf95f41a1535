"""What somebody who means harm, or an engine gone wrong, does not get: addresses, more than is due, all places."""

import asyncio
import io
import time

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from antigone.errors import Unavailable
from antigone.gateway import allowances, clients, routing, services, snapshot
from antigone.gateway.actions import files
from antigone.gateway.actions.files import find_folder, keep_file
from antigone.gateway.admin import EngineForm
from antigone.gateway.api.application import make_application
from antigone.gateway.engines import Engine
from antigone.gateway.models import DeclaredEngine, Key, Limit, Passport
from antigone.gateway.sealing import seal
from antigone.gateway.snapshot import KnownLimit
from tests.gateway.test_batches import leave
from tests.gateway.town import SECRET, Reply, ask, chat, set_limit


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


def test_nothing_is_read_of_whoever_shows_no_key(key: Key) -> None:
    reply = ask("POST", "/v1/chat/completions", raw=b"{", key=None)
    assert (reply.status, reply.error["code"]) == (401, "key_unknown")


@pytest.mark.parametrize("typed", [5, "x", {"a": 1}, [["b"], 3, "kept"]])
def test_passport_typed_wrong_keeps_nobody_out(key: Key, typed: object) -> None:
    Passport.objects.create(name="honest", kind="chat", aliases=typed, languages=typed)
    models = {one["id"]: one for one in ask("GET", "/v1/models").json["data"]}
    assert models["honest"]["aliases"] == (["kept"] if isinstance(typed, list) else [])


def test_work_beside_the_requests_is_done_again_whatever_broke() -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(1)
        raise KeyError

    async def run() -> None:
        task = asyncio.create_task(services._repeat(work, 0.01))
        await asyncio.sleep(0.2)
        task.cancel()

    asyncio.run(run())
    assert len(done) > 1


def test_answer_that_is_too_large_is_no_fault_of_the_engine(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "LINE_BYTES", 10)
    monkeypatch.setattr(clients, "ANSWER_BYTES", 20)
    reply = count()
    assert (reply.status, reply.error["code"]) == (400, "answer_too_large")
    assert snapshot.current().models["counting"].engines[0] in settings.ENGINES
    assert routing.health_of(settings.ENGINES[-1]).failures == 0


@pytest.mark.parametrize("said", [b"{}", b'{"data": 3}', b'{"data": [3]}', b"[]"])
def test_answer_that_is_none_is_the_fault_of_the_engine(
    key: Key, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read_whole(*_given: object) -> bytes:
        return said

    monkeypatch.setattr("antigone.gateway.calls.read_whole", read_whole)
    reply = count()
    assert (reply.status, reply.error["code"]) == (503, "engine_interrupted")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/files/file-\0", None),
        ("GET", "/v1/batches/batch_\0", None),
        ("POST", "/v1/collections", {"name": "a\0b"}),
        ("POST", "/v1/collections", {"name": "a", "description": "\0"}),
        (
            "POST",
            "/v1/batches",
            {"input_file_id": "\0", "endpoint": "/v1/embeddings", "completion_window": "24h"},
        ),
        ("POST", "/v1/batches", {"input_file_id": "a", "metadata": {"a": "\0"}}),
    ],
)
def test_sign_that_postgresql_does_not_keep_is_refused(
    key: Key, method: str, path: str, body: object
) -> None:
    reply = ask(method, path, body)
    assert (reply.status, reply.error["code"]) == (400, "field_wrong")


def test_use_does_not_fill_the_disk(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    assert leave(b"x").status == 200
    monkeypatch.setattr(files, "MOST_LARGEST_FILES", 0)
    reply = leave(b"x")
    assert (reply.status, reply.error["code"]) == (409, "files_full")


def test_file_that_could_not_be_kept_leaves_nothing(key: Key) -> None:
    with pytest.raises(Unavailable):
        keep_file(use_id=key.use_id, filename="a", purpose="batch", content=Broken(), now=timezone.now())
    assert not list(find_folder().glob("*"))


class Broken(io.BytesIO):
    """A disk that is full."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError


@pytest.mark.django_db
def test_key_of_an_engine_is_not_sent_to_another_server() -> None:
    passport = Passport.objects.create(name="m", kind="chat")
    engine = DeclaredEngine.objects.create(
        name="E", passport=passport, url="http://10.0.0.5:8000/v1", model="m", sealed_key=seal("secret")
    )
    fields = {"name": "E", "passport": passport.pk, "model": "m", "timeout_seconds": 60, "concurrency": 1}

    def is_taken(url: str, **more: object) -> bool:
        return EngineForm(
            {**fields, "url": url, **more}, instance=DeclaredEngine.objects.get(pk=engine.pk)
        ).is_valid()

    assert EngineForm({**fields, "name": "F", "url": "http://10.0.0.66:8000/v1"}).is_valid()
    assert is_taken("http://10.0.0.5:8000/v2")
    assert not is_taken("http://10.0.0.66:8000/v1")
    assert not is_taken("https://10.0.0.5:8000/v1")
    assert is_taken("http://10.0.0.66:8000/v1", new_key="typed anew")
    assert is_taken("http://10.0.0.66:8000/v1", without_key=True)


def test_search_for_very_many_words_is_refused(key: Key) -> None:
    reply = ask("POST", "/v1/search", {"query": "mot " * 3_000})
    assert (reply.status, reply.error["param"]) == (400, "query")


def test_whoever_leaves_in_the_middle_of_a_file_is_no_fault_of_ours(
    key: Key, caplog: pytest.LogCaptureFixture
) -> None:
    sent = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"--x\r\n", "more_body": True}]

    async def receive() -> object:
        return sent.pop()

    async def send(_message: object) -> None:
        raise AssertionError("nobody is there any more")

    headers = [
        (b"authorization", f"Bearer {SECRET}".encode()),
        (b"content-type", b"multipart/form-data; boundary=x"),
    ]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/files",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }
    snapshot.refresh()
    async_to_sync(make_application())({**scope, "query_string": b"", "root_path": ""}, receive, send)
    assert not caplog.records
