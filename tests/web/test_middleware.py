import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import path
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import AntigoneError, NotAllowed, TooManyTries
from antigone.urls import *  # noqa: F403 (a URL configuration: the real one and a few pages that fail)
from antigone.urls import urlpatterns as real_urlpatterns
from antigone.web import middleware
from antigone.web.limits import limit_size

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def refuse(request: HttpRequest) -> HttpResponse:
    raise NotAllowed("not_yours", gettext_noop("You may not do this"))


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret is 1234")


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    async def words() -> AsyncIterator[bytes]:
        for word in (b"one ", b"two ", b"three"):
            yield word

    return StreamingHttpResponse(words())


async def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.user} {getattr(request.user, 'has_role', lambda role: False)('agent')}")


urlpatterns = [
    *real_urlpatterns,
    path("refuse", refuse),
    path("crash", crash),
    path("stream", stream),
    path("who", who),
]


def person(**fields: Any) -> Person:
    return Person.objects.create_person(email="chloe@example.org", name="Chloé", **fields)


def test_page_is_french_whatever_the_browser_says(client: Client) -> None:
    answer = client.get("/nothing", headers={"Accept-Language": "en-GB,en"})
    assert b'<html lang="fr">' in answer.content
    assert answer["Content-Language"] == "fr"
    assert "Cookie" in answer["Vary"]


def test_language_of_the_cookie_is_spoken(client: Client) -> None:
    client.cookies["antigone-language"] = "en"
    assert b'<html lang="en">' in client.get("/nothing").content
    client.cookies["antigone-language"] = "../../etc"
    assert b'<html lang="fr">' in client.get("/nothing").content


def test_language_of_the_account_wins_over_the_cookie(client: Client) -> None:
    client.force_login(person(language="en"))
    client.cookies["antigone-language"] = "fr"
    assert b'<html lang="en">' in client.get("/nothing").content


@pytest.mark.parametrize(("address", "status"), [("/refuse", 403), ("/nothing", 404)])
def test_error_is_a_page_in_both_languages(client: Client, address: str, status: int) -> None:
    for language in ("fr", "en"):
        client.cookies["antigone-language"] = language
        answer = client.get(address)
        assert answer.status_code == status
        assert f'<html lang="{language}">'.encode() in answer.content
        assert b"<h1>" in answer.content


def test_error_is_an_object_for_a_programme(client: Client) -> None:
    answer = client.get("/refuse", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_yours"
    assert (
        client.get("/nothing", headers={"Accept": "application/json"}).json()["error"]["code"] == "not_found"
    )


def test_error_is_a_fragment_for_htmx(client: Client) -> None:
    answer = client.get("/refuse", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert b"<html" not in answer.content
    assert b'role="alert"' in answer.content


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_crash_says_nothing_of_what_happened(accept: str) -> None:
    answer = Client(raise_request_exception=False).get("/crash", headers={"Accept": accept})
    assert answer.status_code == 500
    assert b"1234" not in answer.content
    assert b"RuntimeError" not in answer.content


def test_out_of_date_form_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/compte/langue/", {"language": "en"})
    assert answer.status_code == 403
    assert b"<h1>" in answer.content


def test_oversized_request_is_refused_in_the_person_s_language(client: Client, settings: Any) -> None:
    settings.REQUEST_BYTES = 2_000_000
    client.cookies["antigone-language"] = "en"
    answer = client.generic("POST", "/compte/langue/", b"", CONTENT_LENGTH="2000001")
    assert answer.status_code == 413
    assert "2" in answer.content.decode()
    assert b"MB taken at once" in answer.content


@pytest.mark.parametrize("length", ["-1", "many", "1e9"])
def test_length_that_is_no_number_is_refused(length: str) -> None:
    assert middleware.is_oversized(RequestFactory().get("/", CONTENT_LENGTH=length))


def test_visitor_pages_give_no_power_to_the_page(client: Client) -> None:
    answer = client.get("/nothing")
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_of_a_person_are_kept_by_no_cache(client: Client) -> None:
    client.force_login(person())
    assert client.get("/nothing")["Cache-Control"] == "private, no-store"
    assert "public" in client.get("/theme.css")["Cache-Control"]


def test_every_middleware_of_ours_works_in_both_worlds() -> None:
    async def later(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def now(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    for name in ("refuse_oversized", "choose_language", "set_privacy_headers", "explain_errors"):
        wrap: Callable[..., Any] = getattr(middleware, name)
        assert iscoroutinefunction(wrap(later))
        assert not iscoroutinefunction(wrap(now))


def test_no_middleware_costs_a_change_of_thread(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.DEBUG = True
    with caplog.at_level("DEBUG", logger="django.request"):
        ASGIHandler()
    assert "adapted for middleware" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_stream_passes_through_piece_by_piece() -> None:
    async def read() -> list[bytes]:
        answer = await AsyncClient().get("/stream")
        assert answer.is_async
        return [piece async for piece in answer]

    assert asyncio.run(read()) == [b"one ", b"two ", b"three"]


@pytest.mark.django_db(transaction=True)
def test_asynchronous_view_knows_the_person_and_the_roles() -> None:
    async def read() -> bytes:
        client = AsyncClient()
        await client.aforce_login(chloe)
        return bytes((await client.get("/who")).content)

    chloe = person()
    chloe.roles.create(role="agent")
    assert asyncio.run(read()) == "Chloé True".encode()


def test_error_sentence_is_filled_after_translation(client: Client) -> None:
    error: AntigoneError = TooManyTries("slow", "Wait %(minutes)s minutes", minutes=5)
    assert str(error) == "Wait 5 minutes"
    assert (error.status, error.template) == (429, "Wait %(minutes)s minutes")


def receive_all(pieces: list[bytes], announced: bytes | None) -> tuple[bytes, bool]:
    """Send pieces through the limit of ten bytes; return what came out and whether it was marked."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    headers = [(b"content-length", announced)] if announced is not None else []
    scope: dict[str, Any] = {"type": "http", "headers": headers}
    got = b""

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def application(scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        nonlocal got
        message = {"more_body": True}
        while message["more_body"]:
            message = await receive()
            got += message["body"]  # type: ignore[operator]
        # Django then waits for the client to leave: what is left of the body is not news.
        assert (await receive())["type"] == "http.disconnect"

    asyncio.run(limit_size(application, 10)(scope, receive, None))
    return got, bool(scope.get("antigone.oversized"))


@pytest.mark.parametrize(
    ("pieces", "announced", "read"),
    [
        ([b"12345", b"67890"], b"10", (b"1234567890", False)),
        ([b"12345", b"67890"], None, (b"1234567890", False)),
        ([b"12345", b"678901"], None, (b"12345", True)),
        ([b"12345", b"678901"], b"11", (b"", True)),
        ([b"12345", b"678901"], b"5", (b"12345", True)),
    ],
)
def test_body_is_cut_where_it_passes_the_limit(
    pieces: list[bytes], announced: bytes | None, read: tuple[bytes, bool]
) -> None:
    assert receive_all(pieces, announced) == read
