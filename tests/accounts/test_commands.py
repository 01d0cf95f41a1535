import json

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from antigone.accounts.commands import accounts
from antigone.accounts.models import Person, Role
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(accounts, words, input=typed)


def test_operator_is_created_with_a_password_typed_twice() -> None:
    done = run("create-operator", "olivia@example.org", "--name", "Olivia", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    olivia = Person.objects.get()
    assert olivia.has_role(Role.OPERATOR)
    assert olivia.check_password(PASSWORD)
    assert PASSWORD not in done.output


def test_password_is_read_from_the_standard_input() -> None:
    run(
        "create",
        "bob@example.org",
        "--name",
        "Bob",
        "--role",
        "member",
        "--password-stdin",
        typed=PASSWORD + "\n",
    )
    assert Person.objects.get().check_password(PASSWORD)


def test_weak_password_is_refused_with_a_sentence() -> None:
    done = run(
        "create-operator", "olivia@example.org", "--name", "Olivia", "--password-stdin", typed="short\n"
    )
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert not Person.objects.exists()


def test_roles_are_given_and_taken(chloe: Person) -> None:
    assert run("give-role", chloe.email, "expert").exit_code == 0
    assert chloe.roles.count() == 2
    assert run("take-role", chloe.email, "expert").exit_code == 0
    assert chloe.roles.count() == 1


def test_unknown_address_says_where_to_look() -> None:
    done = run("give-role", "nobody@example.org", "agent")
    assert done.exit_code == 1
    assert "antigone accounts list" in done.output


def test_people_are_listed_for_people_and_for_programmes(chloe: Person) -> None:
    assert "chloe@example.org  Chloé  agent" in run("list").output
    assert json.loads(run("list", "--json").output)[0]["roles"] == ["agent"]


def test_password_is_replaced_and_sessions_end(chloe: Person, client: Client) -> None:
    client.post("/compte/connexion/", {"login": chloe.email, "password": PASSWORD})
    assert run("end-sessions", chloe.email).output.startswith("1 sessions")
    assert client.get("/compte/").status_code == 302
    new = "another walk by the sea"
    assert run("password", chloe.email, "--password-stdin", typed=new + "\n").exit_code == 0
    chloe.refresh_from_db()
    assert chloe.check_password(new)


def test_second_factor_is_forgotten(chloe: Person) -> None:
    assert run("forget-second-factor", chloe.email).exit_code == 0
