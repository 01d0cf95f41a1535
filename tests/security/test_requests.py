"""What every address answers, whoever asks and however: forms of ours alone, headers that give nothing away."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from antigone.accounts.models import Person
from antigone.library.models import Document
from tests.security.conftest import SignIn


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Give every address of the pages, its variables filled with 1."""
    for pattern in resolver.url_patterns:
        route = prefix + re.sub(r"<[^>]+>|\(\?P.*", "1", str(pattern.pattern).strip("^$"))
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from addresses(pattern, route)


ADDRESSES = sorted({address for address in addresses(get_resolver()) if not address.startswith("/admin/")})


@pytest.mark.parametrize("address", ADDRESSES)
def test_post_without_our_form_is_refused(address: str, chloe: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(chloe, backend="antigone.accounts.backends.Backend")
    answer = client.post(address, {"question": "x"}, headers={"Origin": "https://ailleurs.example"})
    assert answer.status_code in {403, 404}  # 404: an address that needs more than a number


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_bears_its_seals_and_no_markup_that_the_policy_forbids(
    address: str, public: Document, sign_in: SignIn
) -> None:
    answer = sign_in(None).get(address)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    html = b"".join(answer).decode() if answer["Content-Type"].startswith("text/html") else ""
    answer.close()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_methods_that_no_page_needs_change_nothing(method: str, public: Document, sign_in: SignIn) -> None:
    for address in ("/", "/documents/", f"/documents/{public.pk}/", "/demander/", "/demander/flux/"):
        assert sign_in(None).generic(method, address).status_code == 405


@pytest.mark.parametrize(
    "host", ["ailleurs.example", "localhost:80@ailleurs.example", "localhost.ailleurs.example"]
)
def test_other_host_is_refused_without_details(host: str, sign_in: SignIn, db: None) -> None:
    answer = sign_in(None).get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert b"ALLOWED_HOSTS" not in answer.content


@pytest.mark.parametrize(
    "address",
    ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)"],
)
def test_nobody_is_sent_elsewhere(address: str, sign_in: SignIn, db: None) -> None:
    answer = sign_in(None).post("/compte/langue/", {"language": "en", "next": address})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("number", ["²", "9" * 30, "-1", "0"])
def test_odd_numbers_break_nothing(number: str, public: Document, sign_in: SignIn) -> None:
    client = sign_in(None)
    for address in (
        f"/documents/{public.pk}/pages/1/?version={number}",
        f"/documents/{public.pk}/pages/1/?start={number}&end={number}",
        f"/documents/{number}/",
        f"/demander/{number}/",
        f"/documents/recherche/?q=piscine&since={number}&collection={number}",
        f"/documents/collections/{public.collection.slug}/?page={number}",
    ):
        assert client.get(address).status_code in {200, 404}


def test_pages_of_people_are_shut_to_visitors(sign_in: SignIn, public: Document) -> None:
    client = sign_in(None)
    for address in (
        "/demander/historique/",
        "/demander/avis/a-traiter/",
        "/compte/",
        "/admin/",
        "/compte/sessions/",
    ):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "connexion" in answer["Location"] or "login" in answer["Location"]


def test_debug_pages_are_off(settings: Any) -> None:
    assert settings.DEBUG is False
