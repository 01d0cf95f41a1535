import pytest
from django.test import Client

from antigone.accounts import actions, rules
from antigone.accounts.models import Installation, Person, Role
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.accounts.conftest import PASSWORD


def test_person_without_a_password_cannot_sign_in(db: None) -> None:
    assert not actions.create_person(email="bob@example.org", name="Bob").has_usable_password()


@pytest.mark.parametrize(
    ("email", "name", "password"),
    [
        ("not an address", "Bob", PASSWORD),
        ("bob@example.org", "", PASSWORD),
        ("bob@example.org", "Bob", "short"),
        ("bob@example.org", "Bob", "bob@example.org"),
        ("CHLOE@example.org", "Another Chloé", PASSWORD),
    ],
)
def test_person_is_refused_with_a_reason(chloe: Person, email: str, name: str, password: str) -> None:
    with pytest.raises(WrongInput) as refused:
        actions.create_person(email=email, name=name, password=password)
    assert str(refused.value)
    assert Person.objects.count() == 1


def test_role_given_twice_is_held_once(chloe: Person, olivia: Person) -> None:
    for _turn in range(2):
        actions.give_role(person=chloe, role=Role.EXPERT, by=olivia)
    assert chloe.roles.get(role=Role.EXPERT).given_by == olivia
    assert chloe.has_role(Role.EXPERT)


def test_unknown_role_names_those_that_exist(chloe: Person) -> None:
    with pytest.raises(WrongInput, match="guarantor"):
        actions.give_role(person=chloe, role="queen", by=None)


@pytest.mark.parametrize("role", Role.values)
def test_operator_gives_itself_nothing(olivia: Person, role: str) -> None:
    with pytest.raises(NotAllowed):
        actions.give_role(person=olivia, role=role, by=olivia)


def test_agent_gives_nothing(chloe: Person, esther: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.give_role(person=esther, role=Role.AGENT, by=chloe)


@pytest.mark.parametrize("role", sorted(rules.NEVER_AN_OPERATORS))
def test_operator_s_role_excludes_those_that_watch_it(olivia: Person, esther: Person, role: str) -> None:
    with pytest.raises(NotPossible):
        actions.give_role(person=olivia, role=role, by=None)
    with pytest.raises(NotPossible):
        actions.give_role(person=esther, role=Role.OPERATOR, by=None)


def test_operator_takes_any_role_but_a_guarantor_s(chloe: Person, esther: Person, olivia: Person) -> None:
    actions.take_role(person=chloe, role=Role.AGENT, by=olivia)
    assert not chloe.has_role(Role.AGENT)
    with pytest.raises(NotAllowed):
        actions.take_role(person=esther, role=Role.GUARANTOR, by=olivia)
    assert esther.has_role(Role.GUARANTOR)


def test_new_password_ends_sessions(chloe: Person, client: Client) -> None:
    client.post("/compte/connexion/", {"login": chloe.email, "password": PASSWORD})
    actions.set_password(person=chloe, password="another walk by the sea")
    assert client.get("/compte/").status_code == 302
    with pytest.raises(WrongInput):
        actions.set_password(person=chloe, password="short")


def test_demo_people_hold_their_roles_and_no_password(db: None) -> None:
    people = {person.name.split()[0]: person for person in actions.create_demo_people()}
    assert Installation.objects.is_demo()
    assert people["Esther"].has_role(Role.GUARANTOR)
    assert [group.name for group in people["Inès"].groups.all()] == ["Documentalistes"]
    assert not any(person.has_usable_password() for person in people.values())
    actions.create_demo_people()
    assert Person.objects.count() == len(people)


def test_demo_is_never_made_among_real_people(chloe: Person) -> None:
    with pytest.raises(NotPossible):
        actions.create_demo_people()
    assert not Installation.objects.is_demo()
