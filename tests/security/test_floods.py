"""One person, or one machine, cannot take the whole server: tries, sizes, drawings, and words made to be slow."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import caches
from django.test import AsyncClient, Client
from pytest_django import Settings

from antigone.accounts.models import Person
from antigone.assistant.models import Feedback
from antigone.core.retrieval.passages import cut_passages
from antigone.core.retrieval.query import analyse_query
from antigone.errors import Unavailable
from antigone.gateway.clients import close_session
from antigone.gateway.snapshot import Model, refresh
from antigone.gateway.speaking import Message, stream_text
from antigone.library.actions import reading
from antigone.library.models import Document
from antigone.web.limits import limit_size
from tests.scripted_engine import serve_scripted_engine
from tests.security.test_visitors import field


@pytest.fixture(autouse=True)
def few_tries(settings: Settings) -> None:
    caches["memory"].clear()
    settings.TRIES = {"ask": (2, 60), "search": (2, 60), "feedback": (2, 60)}


@pytest.mark.parametrize(
    ("method", "address"), [("POST", "/demander/"), ("GET", "/documents/recherche/?q=piscine")]
)
def test_third_try_is_refused_with_a_page(method: str, address: str, public: Document) -> None:
    def ask(**more: Any) -> int:
        answer = Client().generic(
            method, address, "question=piscine", content_type="application/x-www-form-urlencoded", **more
        )
        return answer.status_code

    assert [ask() for _ in range(3)] == [200, 200, 429]
    assert ask(REMOTE_ADDR="192.0.2.7") == 200
    assert [ask(REMOTE_ADDR=f"2001:db8::{host}") for host in (1, 2, 3)] == [200, 200, 429]


def test_stream_is_counted_with_the_other_questions(public: Document) -> None:
    async def ask() -> int:
        return (await AsyncClient().post("/demander/flux/", {"question": ""})).status_code

    assert [async_to_sync(ask)() for _ in range(3)] == [422, 422, 429]


def test_feedback_queue_is_not_flooded(public: Document, settings: Settings) -> None:
    client = Client()
    sealed = field(client.post("/demander/", {"question": "piscine"}).content.decode(), "answer")
    for _ in range(4):
        answer = client.post("/demander/avis/", {"answer": sealed, "verdict": "wrong"})
    assert answer.status_code == 429
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize("altered", ["x", "", "e30:1abcde:forged"])
def test_altered_answer_is_neither_exported_nor_reported(altered: str, public: Document) -> None:
    for address in ("/demander/exporter/", "/demander/avis/"):
        answer = Client().post(address, {"answer": altered, "verdict": "wrong", "layout": "odt"})
        assert answer.status_code == 422
    assert not Feedback.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("signed_in", "marked"), [(True, None), (False, 10)])
def test_only_people_who_signed_in_send_large_requests(
    signed_in: bool, marked: int | None, chloe: Person, settings: Settings
) -> None:
    client = Client()
    if signed_in:
        client.force_login(chloe, backend="antigone.accounts.backends.Backend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value if signed_in else "forged"
    header = f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()
    scope: dict[str, Any] = {"type": "http", "headers": [(b"content-length", b"50"), (b"cookie", header)]}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 50, "more_body": False}

    async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        assert (await receive())["body"] == (b"" if marked else b"x" * 50)

    asyncio.run(limit_size(application, 100, 10)(scope, receive, None))
    assert scope.get("antigone.oversized") == marked


def test_small_request_opens_no_file_however_many_it_carries(settings: Settings) -> None:
    assert settings.FILE_UPLOAD_HANDLERS[0].endswith("MemoryFileUploadHandler")
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_drawing_waits_for_its_turn_and_then_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_WAIT_SECONDS", 0.01)
    with reading._open_page_reader(), reading._open_page_reader(), pytest.raises(Unavailable):
        reading.draw_page("0" * 64, 1, 800)
    with reading._open_page_reader():
        pass


@pytest.mark.parametrize(
    "unit", ["A. ", "…", "!", "?.", "…»", '."', " \n", "- ", "; 1° ", "«", "\u0301", "é"]
)
def test_page_of_anything_is_cut_in_the_time_of_its_length(unit: str) -> None:
    """Each took minutes or more where time follows the square."""
    text = (unit * 200_000)[:200_000] + "x"
    spans = cut_passages(text)
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize("unit", ["qu'", "et ", "L. ", "1-", "a.b", "[1", "e\u0301", "\u202f", "10 h ", "|"])
def test_question_of_anything_is_analysed(unit: str) -> None:
    assert len(analyse_query((unit * 2_000)[:2_000]).terms) <= 2_000


def test_engine_that_writes_without_end_is_cut_off(db: None) -> None:
    messages: list[Message] = [{"role": "user", "content": "?"}, {"role": "user", "content": "?"}]
    refresh()

    async def read(model: Model) -> list[str]:
        try:
            return [piece async for piece in stream_text(model, messages, answer_tokens=1)]
        finally:
            await close_session()

    with serve_scripted_engine() as scripted, pytest.raises(Unavailable) as raised:
        async_to_sync(read)(scripted.model("slow"))
    assert raised.value.code == "engine_interrupted"
