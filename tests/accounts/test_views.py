from collections.abc import Callable

import pytest
from django.test import Client

from antigone.accounts import actions
from antigone.accounts.models import Installation, Person

SignedIn = Callable[[Person], Client]


def test_profile_shows_what_is_held(chloe: Person, signed_in: SignedIn) -> None:
    page = signed_in(chloe).get("/compte/").content.decode()
    assert chloe.email in page
    assert "Agent" in page


def test_language_is_kept_in_a_cookie_and_in_the_account(chloe: Person, signed_in: SignedIn) -> None:
    client = signed_in(chloe)
    answer = client.post("/compte/langue/", {"language": "en", "next": "/compte/"})
    assert answer["Location"] == "/compte/"
    assert answer.cookies["antigone-language"].value == "en"
    chloe.refresh_from_db()
    assert chloe.language == "en"
    assert b'<html lang="en">' in client.get("/compte/").content


def test_language_of_a_visitor_is_kept_in_a_cookie(client: Client, db: None) -> None:
    client.post("/compte/langue/", {"language": "en"})
    assert b'<html lang="en">' in client.get("/compte/connexion/").content


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_language_switch_never_leads_elsewhere(client: Client, db: None, address: str) -> None:
    assert client.post("/compte/langue/", {"language": "en", "next": address})["Location"] == "/"


def test_unknown_language_changes_nothing(client: Client, db: None) -> None:
    assert "antigone-language" not in client.post("/compte/langue/", {"language": "xx"}).cookies


def test_role_page_does_not_exist_on_a_real_database(chloe: Person, client: Client) -> None:
    assert client.get("/compte/role/").status_code == 404
    assert client.post("/compte/role/", {"person": chloe.pk}).status_code == 404
    assert client.get("/compte/").status_code == 302


def test_visitor_becomes_an_invented_person_and_a_visitor_again(client: Client, db: None) -> None:
    esther = next(person for person in actions.create_demo_people() if person.name.startswith("Esther"))
    page = client.get("/compte/role/").content.decode()
    assert f'name="person" value="{esther.pk}"' in page
    client.post("/compte/role/", {"person": esther.pk})
    assert esther.email in client.get("/compte/").content.decode()
    client.post("/compte/role/", {"person": ""})
    assert client.get("/compte/").status_code == 302


def test_real_person_of_a_demonstration_cannot_be_become(client: Client, db: None) -> None:
    actions.create_demo_people()
    real = actions.create_person(email="real@example.org", name="Real")
    assert client.post("/compte/role/", {"person": real.pk}).status_code == 404
    assert client.get("/compte/").status_code == 302


def test_invented_person_is_shut_out_of_a_real_database(client: Client, db: None) -> None:
    person = actions.create_demo_people()[0]
    client.post("/compte/role/", {"person": person.pk})
    assert client.get("/compte/").status_code == 200
    Installation.objects.update(is_demo=False)
    assert client.get("/compte/").status_code == 302
    person.set_password("a long walk by the river")
    person.save()
    client.post("/compte/connexion/", {"login": person.email, "password": "a long walk by the river"})
    assert client.get("/compte/").status_code == 302
