from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from antigone.accounts import actions
from antigone.accounts.models import Person

PASSWORD = "a long walk by the river"


@pytest.fixture
def chloe(db: None) -> Person:
    return actions.create_person(email="chloe@example.org", name="Chloé", password=PASSWORD, roles=["agent"])


@pytest.fixture
def olivia(db: None) -> Person:
    return actions.create_person(
        email="olivia@example.org", name="Olivia", password=PASSWORD, roles=["operator"]
    )


@pytest.fixture
def esther(db: None) -> Person:
    return actions.create_person(
        email="esther@example.org", name="Esther", password=PASSWORD, roles=["guarantor"]
    )


@pytest.fixture
def signed_in(client: Client) -> Callable[[Person], Client]:
    def sign_in(person: Person) -> Client:
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def hash_quickly(settings: Any) -> None:
    """Spare the second that a slow hash takes, which is meant for those who guess."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
