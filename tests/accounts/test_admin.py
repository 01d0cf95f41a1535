from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from antigone.accounts.models import Person, Role

SignedIn = Callable[[Person], Client]


def form(person: Person | None = None, **changes: Any) -> dict[str, Any]:
    held = [role.role for role in person.roles.all()] if person else []
    shown = {"name": person.name, "email": person.email, "is_active": "on"} if person else {}
    return {**shown, "roles": held, "groups": [], "new_password": "", **changes}


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/person/"])
def test_admin_opens_to_operators_only(chloe: Person, olivia: Person, client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    client.force_login(chloe)
    assert client.get(address).status_code == 302
    client.force_login(olivia)
    assert client.get(address).status_code == 200


def test_operator_creates_a_person(olivia: Person, signed_in: SignedIn) -> None:
    typed = form(
        name="Bob",
        email="Bob@Example.org",
        roles=["member"],
        is_active="on",
        new_password="a long walk by the sea",
    )
    signed_in(olivia).post("/admin/accounts/person/add/", typed)
    bob = Person.objects.get(email="bob@example.org")
    assert bob.check_password("a long walk by the sea")
    assert bob.roles.get().given_by == olivia


def test_operator_cannot_give_itself_a_role(olivia: Person, signed_in: SignedIn) -> None:
    client = signed_in(olivia)
    address = f"/admin/accounts/person/{olivia.pk}/change/"
    for roles in (["operator", "guarantor"], ["operator", "agent"], ["guarantor"], []):
        assert client.post(address, form(olivia, roles=roles)).status_code == 200
    assert [held.role for held in olivia.roles.all()] == [Role.OPERATOR]


def test_operator_cannot_send_a_guarantor_away(olivia: Person, esther: Person, signed_in: SignedIn) -> None:
    signed_in(olivia).post(f"/admin/accounts/person/{esther.pk}/change/", form(esther, roles=[]))
    assert esther.roles.filter(role=Role.GUARANTOR).exists()


def test_closed_account_loses_its_sessions(olivia: Person, chloe: Person, client: Client) -> None:
    elsewhere = Client()
    elsewhere.post("/compte/connexion/", {"login": chloe.email, "password": "a long walk by the river"})
    assert elsewhere.get("/compte/").status_code == 200
    client.force_login(olivia)
    typed = form(chloe)
    del typed["is_active"]
    client.post(f"/admin/accounts/person/{chloe.pk}/change/", typed)
    assert elsewhere.get("/compte/").status_code == 302


def test_operator_opens_no_conversation_no_session_no_second_factor(olivia: Person) -> None:
    assert not [model for model in admin.site._registry if model._meta.app_label == "assistant"]
    for permission in (
        "assistant.view_conversation",
        "mfa.view_authenticator",
        "usersessions.view_usersession",
    ):
        assert not olivia.has_perm(permission)
    assert olivia.has_perm("accounts.view_person")


def test_nobody_deletes_a_person(olivia: Person, chloe: Person, signed_in: SignedIn) -> None:
    assert (
        signed_in(olivia).post(f"/admin/accounts/person/{chloe.pk}/delete/", {"post": "yes"}).status_code
        == 403
    )
    assert Person.objects.filter(pk=chloe.pk).exists()
