"""A use is declared, decided on with a reason, and read by everybody once it is at work."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antigone.accounts.actions import create_person, give_role
from antigone.accounts.models import Organisation, Person, Role
from antigone.errors import NotAllowed, NotFound, NotPossible, WrongInput
from antigone.register.actions import DECISIONS, decide_use, declare_use, ensure_assistant_use
from antigone.register.models import Use

PURPOSE = "Résumer des comptes rendus publics."


@pytest.fixture
def developer(david: Person) -> Person:
    give_role(person=david, role=Role.DEVELOPER, by=None)
    return david


@pytest.fixture
def olivia(city: Organisation) -> Person:
    return create_person(
        email="olivia@ville.example", name="Olivia", roles=[Role.OPERATOR], organisation=city
    )


@pytest.fixture
def use(developer: Person) -> Use:
    return declare_use(name="Résumés", purpose=PURPOSE, audience=Use.Audience.PUBLIC, by=developer)


def decide(use: Use, decision: str, by: Person, reason: str = "Parce que.") -> Use:
    return decide_use(use=use, decision=decision, by=by, now=timezone.now(), reason=reason)


def browse(person: Person | None) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if person is not None:
        client.force_login(person, backend="antigone.accounts.backends.Backend")
    return client


def test_use_lives_from_its_declaration_to_its_end(use: Use, olivia: Person) -> None:
    states = [decide(use, name, olivia).state for name in ("refuse", "accept", "suspend", "resume", "retire")]
    assert states == ["refused", "active", "suspended", "active", "retired"]


@pytest.mark.parametrize("decision", [name for name in DECISIONS if name != "accept"])
def test_decision_in_another_state_is_refused(use: Use, olivia: Person, decision: str) -> None:
    decide(use, "accept", olivia)
    decide(use, "retire", olivia)
    with pytest.raises(NotPossible):
        decide(use, decision, olivia)


def test_what_is_taken_away_has_a_reason(use: Use, olivia: Person) -> None:
    with pytest.raises(WrongInput):
        decide(use, "refuse", olivia, reason="  ")


def test_nobody_else_declares_or_decides(use: Use, developer: Person, chloe: Person) -> None:
    with pytest.raises(NotFound):
        decide(use, "accept", developer)
    with pytest.raises(NotAllowed):
        declare_use(name="A", purpose="B", audience="public", by=chloe)


def test_two_uses_of_a_house_have_two_names_and_every_use_its_address(use: Use, developer: Person) -> None:
    with pytest.raises(NotPossible):
        declare_use(name=" Résumés ", purpose=PURPOSE, audience="public", by=developer)
    assert declare_use(name="Resumes", purpose=PURPOSE, audience="public", by=developer).slug == "resumes-2"
    assert declare_use(name="★", purpose=PURPOSE, audience="public", by=developer).slug == "usage"


def test_use_that_waits_is_read_by_its_house_and_those_who_decide(
    use: Use, developer: Person, olivia: Person, chloe: Person
) -> None:
    address = reverse("register:use", args=[use.slug])
    assert browse(developer).get(address).status_code == 200
    assert browse(olivia).get(address).status_code == 200
    for person in (None, chloe):
        assert browse(person).get(address).status_code == 404
        assert "Résumés" not in browse(person).get(reverse("register:uses")).content.decode()
    decide(use, "accept", olivia)
    page = browse(None).get(address).content.decode()
    assert PURPOSE in page
    assert "David" not in page


def test_use_is_declared_and_accepted_on_pages(developer: Person, olivia: Person) -> None:
    sent = {"name": "Tri", "purpose": "Trier.", "audience": "organisation"}
    assert browse(developer).post(reverse("register:declare"), {**sent, "name": ""}).status_code == 422
    assert browse(developer).post(reverse("register:declare"), sent).status_code == 302
    page = browse(olivia).get(reverse("register:uses")).content.decode()
    assert "Tri" in page
    address = reverse("register:decide", args=["tri"])
    assert browse(developer).post(address, {"decision": "accept"}).status_code == 404
    assert browse(olivia).post(address, {"decision": "refuse"}).status_code == 422
    assert browse(olivia).post(address, {"decision": "nothing"}).status_code == 422
    browse(olivia).post(address, {"decision": "accept"})
    assert Use.objects.get().state == Use.State.ACTIVE


def test_assistant_has_a_use_of_the_citys(city: Organisation) -> None:
    first, second = ensure_assistant_use(), ensure_assistant_use()
    assert first == second
    assert first is not None
    assert first.organisation == city
