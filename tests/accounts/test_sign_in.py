"""Signing in, the limits on tries, and the second factor, through django-allauth and our pages."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from antigone.accounts import actions
from antigone.accounts.models import Person
from tests.accounts.conftest import PASSWORD

LOGIN = "/compte/connexion/"


@pytest.fixture(autouse=True)
def forget_tries(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def try_to_sign_in(client: Client, email: str, password: str = "wrong", address: str = "192.0.2.1"):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return client.get("/compte/").status_code == 200


def test_right_password_opens_a_session_that_is_listed(client: Client, chloe: Person) -> None:
    answer = try_to_sign_in(client, "CHLOE@example.org", PASSWORD)
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert UserSession.objects.get().user == chloe
    assert "192.0.2.1" in client.get("/compte/sessions/").content.decode()


def test_wrong_password_says_nothing_of_whether_the_account_exists(client: Client, chloe: Person) -> None:
    known, unknown = try_to_sign_in(client, chloe.email), try_to_sign_in(client, "nobody@example.org")
    assert known.status_code == unknown.status_code == 200

    def said(answer) -> list[str]:  # type: ignore[no-untyped-def]
        return re.findall(r'<ul class="errorlist[^"]*"[^>]*><li>(.*?)</li>', answer.content.decode())

    assert said(known) == said(unknown) != []


def test_sixth_wrong_try_in_five_minutes_is_refused(client: Client, chloe: Person) -> None:
    for turn in range(5):
        assert try_to_sign_in(client, chloe.email, address=f"192.0.2.{turn}").status_code == 200
    client.cookies["antigone-language"] = "en"
    refused = try_to_sign_in(client, chloe.email, address="192.0.2.99")
    assert refused.status_code == 429
    assert "Wait five minutes" in refused.content.decode()


def test_right_password_is_refused_too_after_too_many_wrong_ones(client: Client, chloe: Person) -> None:
    for _turn in range(5):
        try_to_sign_in(client, chloe.email)
    assert try_to_sign_in(client, chloe.email, PASSWORD).status_code == 429
    assert not is_signed_in(client)


def test_one_person_s_wrong_tries_leave_others_alone(client: Client, chloe: Person, olivia: Person) -> None:
    for _turn in range(6):
        try_to_sign_in(client, chloe.email)
    assert try_to_sign_in(client, olivia.email, PASSWORD, address="192.0.2.2").status_code == 302


def test_twenty_first_wrong_try_from_one_address_is_refused(client: Client, chloe: Person) -> None:
    for turn in range(20):
        assert try_to_sign_in(client, f"person{turn}@example.org").status_code == 200
    assert try_to_sign_in(client, chloe.email, PASSWORD).status_code == 429
    assert try_to_sign_in(client, chloe.email, PASSWORD, address="192.0.2.2").status_code == 302


def test_closed_account_cannot_sign_in(client: Client, chloe: Person) -> None:
    chloe.is_active = False
    chloe.save()
    try_to_sign_in(client, chloe.email, PASSWORD)
    assert not is_signed_in(client)


def test_account_closed_meanwhile_is_signed_out(client: Client, chloe: Person) -> None:
    client.force_login(chloe)
    assert is_signed_in(client)
    Person.objects.update(is_active=False)
    assert not is_signed_in(client)


def test_nobody_signs_up_alone(client: Client, db: None) -> None:
    form = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/compte/inscription/", form).status_code == 200
    assert not Person.objects.exists()


def test_sign_in_leads_only_to_this_server(client: Client, chloe: Person) -> None:
    form = {"login": chloe.email, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post(LOGIN, form)["Location"] == "/"


def test_sign_out_needs_a_form(client: Client, chloe: Person) -> None:
    client.force_login(chloe)
    client.get("/compte/deconnexion/")
    assert is_signed_in(client)
    client.post("/compte/deconnexion/")
    assert not is_signed_in(client)


def test_other_sessions_can_be_ended(client: Client, chloe: Person) -> None:
    elsewhere = Client()
    for browser in (client, elsewhere):
        try_to_sign_in(browser, chloe.email, PASSWORD)
    client.post("/compte/sessions/")
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_password_is_changed_by_the_person(client: Client, chloe: Person) -> None:
    client.force_login(chloe)
    new = "another walk by the sea"
    client.post("/compte/mot-de-passe/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    chloe.refresh_from_db()
    assert chloe.check_password(new)


def test_forgotten_password_names_whom_to_ask_without_a_mail_relay(
    client: Client, settings, db: None
) -> None:  # type: ignore[no-untyped-def]
    client.cookies["antigone-language"] = "en"
    settings.MAIL_RELAY = ""
    assert b"Ask an operator" in client.get("/compte/mot-de-passe/oublie/").content


def test_forgotten_password_is_replaced_through_the_mail(client: Client, chloe: Person, settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAIL_RELAY = "mail.example.org:25"
    client.post("/compte/mot-de-passe/oublie/", {"email": chloe.email})
    found = re.search(r"http://testserver(/compte/\S+)", str(mail.outbox[0].body))
    assert found
    page = client.get(found[1], follow=True)
    new = "another walk by the sea"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    chloe.refresh_from_db()
    assert chloe.check_password(new)


def current_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_in_and_confirm(client: Client, person: Person) -> None:
    """Sign in, then show once more that it is still the same person, as what concerns safety asks."""
    try_to_sign_in(client, person.email, PASSWORD)
    client.get("/compte/second-facteur/activer/")
    client.post("/compte/confirmer/", {"password": PASSWORD})


def set_up_second_factor(client: Client, person: Person) -> str:
    sign_in_and_confirm(client, person)
    page = client.get("/compte/second-facteur/activer/").content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret
    client.post("/compte/second-facteur/activer/", {"code": current_code(secret[1])})
    return secret[1]


def test_second_factor_is_asked_at_sign_in(client: Client, chloe: Person) -> None:
    secret = set_up_second_factor(client, chloe)
    assert b"<code>" not in client.get("/compte/second-facteur/").content
    elsewhere = Client()
    answer = try_to_sign_in(elsewhere, chloe.email, PASSWORD)
    assert answer["Location"] == "/compte/second-facteur/code/"
    assert not is_signed_in(elsewhere)
    cache.clear()  # a code is taken once, and the one that set the factor up is still current
    elsewhere.post("/compte/second-facteur/code/", {"code": current_code(secret)})
    assert is_signed_in(elsewhere)


def test_recovery_code_opens_the_account_once(client: Client, chloe: Person) -> None:
    set_up_second_factor(client, chloe)
    codes = client.get("/compte/second-facteur/secours/fichier/").content.decode().split()
    assert len(codes) == 10
    opened = []
    for _turn in range(2):
        elsewhere = Client()
        try_to_sign_in(elsewhere, chloe.email, PASSWORD)
        elsewhere.post("/compte/second-facteur/code/", {"code": codes[0]})
        opened.append(is_signed_in(elsewhere))
    assert opened == [True, False]


def test_lost_telephone_is_mended_by_an_operator(client: Client, chloe: Person) -> None:
    set_up_second_factor(client, chloe)
    assert actions.forget_second_factor(person=chloe) == 2
    elsewhere = Client()
    try_to_sign_in(elsewhere, chloe.email, PASSWORD)
    assert is_signed_in(elsewhere)


@pytest.mark.parametrize(
    "address",
    [
        "/compte/",
        "/compte/sessions/",
        "/compte/mot-de-passe/",
        "/compte/deconnexion/",
        "/compte/second-facteur/",
        "/compte/second-facteur/activer/",
    ],
)
def test_every_page_of_the_account_is_ours_and_for_its_person_only(
    client: Client, chloe: Person, address: str
) -> None:
    assert client.get(address).status_code == 302
    sign_in_and_confirm(client, chloe)
    page = client.get(address)
    assert page.status_code == 200
    assert b'class="brand"' in page.content
