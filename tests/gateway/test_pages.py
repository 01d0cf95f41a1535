"""The pages of developers: keys shown once, limits, what was used, the playground; others find nothing there."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person, Role
from antigone.gateway.actions import roll_up_usage
from antigone.gateway.models import HourlyUsage, Key, Limit, Usage
from antigone.register.models import Use
from tests.gateway.town import ask, chat, make_key, make_use, set_limit

SIGNED = ["keys", "create_key", "limits", "usage", "playground"]


def browse(person: Person | None) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if person is not None:
        client.force_login(person, backend="antigone.accounts.backends.Backend")
    return client


@pytest.fixture
def olivia(city: Organisation) -> Person:
    return create_person(
        email="olivia@ville.example", name="Olivia", roles=[Role.OPERATOR], organisation=city
    )


@pytest.fixture
def rival(db: None) -> Person:
    """Somebody who develops in another organisation."""
    house = Organisation.objects.create(name="Rivale", slug="rivale", kind=Organisation.Kind.COMPANY)
    return create_person(email="r@rivale.example", name="R", roles=[Role.DEVELOPER], organisation=house)


@pytest.mark.parametrize("name", SIGNED)
def test_pages_of_developers_are_not_there_for_others(name: str, chloe: Person) -> None:
    assert browse(None).get(reverse(f"gateway:{name}")).status_code == 302
    assert browse(chloe).get(reverse(f"gateway:{name}")).status_code == 404


@pytest.mark.parametrize("name", ["gateway:developers", "gateway:engines", "register:uses"])
def test_public_pages_open_to_everybody(name: str, key: Key) -> None:
    page = browse(None).get(reverse(name))
    assert page.status_code == 200
    assert key.prefix not in page.content.decode()


def test_key_is_made_shown_once_and_opens(developer: Person, use: Use, engines: object) -> None:
    client = browse(developer)
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    made = client.post(
        reverse("gateway:create_key"),
        {"use": use.pk, "name": "Serveur", "expires": day, "endpoints": ["chat"]},
    )
    found = re.search(r"antigone_[\w-]{43}", made.content.decode())
    assert found
    assert (
        made.headers["Cache-Control"].startswith("max-age=0") or "no-store" in made.headers["Cache-Control"]
    )
    assert ask("GET", "/v1/models", key=found[0]).status == 200
    later = client.get(reverse("gateway:keys")).content.decode()
    assert found[0] not in later
    assert found[0][:14] in later


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("networks", "10.0.0.0/99"),
        ("expires", "2001-01-01"),
        ("expires", "x"),
        ("models", "gpt-4"),
        ("use", "999"),
    ],
)
def test_wrong_key_says_what_is_wrong_and_makes_none(
    developer: Person, use: Use, engines: object, field: str, value: str
) -> None:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    sent = {"use": use.pk, "name": "Serveur", "expires": day, field: value}
    page = browse(developer).post(reverse("gateway:create_key"), sent)
    assert page.status_code == 422
    assert "errorlist" in page.content.decode()
    assert not Key.objects.exists()


def test_key_is_revoked_after_a_question(developer: Person, key: Key) -> None:
    client = browse(developer)
    assert "Revoke" in client.get(reverse("gateway:revoke_key", args=[key.pk])).content.decode()
    assert ask("GET", "/v1/models").status == 200
    client.post(reverse("gateway:revoke_key", args=[key.pk]))
    assert ask("GET", "/v1/models").status == 401
    assert client.post(reverse("gateway:revoke_key", args=[key.pk])).status_code == 409


def test_another_house_sees_and_changes_nothing(rival: Person, key: Key) -> None:
    client = browse(rival)
    assert key.name not in client.get(reverse("gateway:keys")).content.decode()
    assert client.post(reverse("gateway:revoke_key", args=[key.pk])).status_code == 404
    for of, pk in (("key", key.pk), ("use", key.use_id), ("organisation", key.use.organisation_id)):
        assert client.post(reverse("gateway:edit_limits", args=[of, pk])).status_code == 404
    assert client.get(reverse("gateway:usage_of", args=["atelier"])).status_code == 404
    assert client.get(reverse("gateway:usage_file", args=["atelier"])).status_code == 404
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    sent = {"use": key.use_id, "name": "Vol", "expires": day}
    assert client.post(reverse("gateway:create_key"), sent).status_code == 422
    assert Key.objects.count() == 1


def test_operator_sets_limits_of_uses_and_developer_of_keys(
    olivia: Person, developer: Person, key: Key
) -> None:
    sent = {"requests_minute": "3", "tokens_day": "", "energy_month": "0"}
    browse(olivia).post(reverse("gateway:edit_limits", args=["use", key.use_id]), sent)
    assert dict(Limit.objects.values_list("measure", "amount")) == {"requests_minute": 3, "energy_month": 0}
    browse(olivia).post(reverse("gateway:edit_limits", args=["use", key.use_id]), {"requests_minute": "5"})
    assert dict(Limit.objects.values_list("measure", "amount")) == {"requests_minute": 5}
    client = browse(developer)
    assert client.get(reverse("gateway:edit_limits", args=["use", key.use_id])).status_code == 404
    client.post(reverse("gateway:edit_limits", args=["key", key.pk]), {"requests_day": "9"})
    assert Limit.objects.get(key=key).amount == 9
    wrong = client.post(reverse("gateway:edit_limits", args=["key", key.pk]), {"requests_day": "-1"})
    assert wrong.status_code == 422


def test_what_is_left_of_a_limit_is_shown(developer: Person, key: Key) -> None:
    set_limit(Limit.Measure.REQUESTS_DAY, 10, key=key)
    for _turn in range(3):
        ask("POST", "/v1/chat/completions", chat(stream=True))
    page = browse(developer).get(reverse("gateway:limits")).content.decode()
    assert ">7<" in page


def test_usage_is_summed_by_the_hour_and_shown_before(developer: Person, key: Key) -> None:
    for _turn in range(2):
        ask("POST", "/v1/chat/completions", chat(stream=True))
    ask("POST", "/v1/chat/completions", chat("refusing"))
    client = browse(developer)
    page = client.get(reverse("gateway:usage_of", args=["atelier"])).content.decode()
    assert "1 failed" in page
    Usage.objects.update(at=timezone.now() - timedelta(hours=3))
    assert roll_up_usage(timezone.now()) >= 1
    assert roll_up_usage(timezone.now()) <= 2  # late rows may still come
    row = HourlyUsage.objects.get(model="honest")
    assert (row.requests, row.use_name, row.key_name) == (2, "Résumer", "Essai")
    assert HourlyUsage.objects.count() == 2
    assert "1 failed" in client.get(reverse("gateway:usage_of", args=["atelier"])).content.decode()


def test_usage_as_a_file_holds_no_formula(developer: Person, engines: object) -> None:
    use = make_use(developer, name="=HYPERLINK(1)")
    make_key(use, developer)
    ask("POST", "/v1/chat/completions", chat(stream=True))
    file = browse(developer).get(reverse("gateway:usage_file", args=["atelier"])).content.decode()
    assert "'=HYPERLINK(1)" in file
    assert file.startswith("day,use,key,model")


def test_playground_answers_through_the_guards_and_shows_the_request(
    developer: Person, use: Use, engines: object
) -> None:
    sent = {
        "use": use.pk,
        "model": "antigone-extractive",
        "question": "Combien ?",
        "max_tokens": 50,
        "temperature": 0,
    }
    page = browse(developer).post(reverse("gateway:playground"), sent).content.decode()
    assert 'id="answer"' in page
    assert "curl" in page
    assert Usage.objects.count() == 0  # still in the file of this process
    set_limit(Limit.Measure.REQUESTS_DAY, 0, use=use)
    refused = browse(developer).post(reverse("gateway:playground"), sent)
    assert refused.status_code == 403
    assert 'id="answer"' not in refused.content.decode()


def test_model_page_shows_no_address_of_an_engine(key: Key, engines: object) -> None:
    page = browse(None).get(reverse("gateway:model", args=["honest"])).content.decode()
    assert "CC0-1.0" in page
    assert "127.0.0.1" not in page
    assert browse(None).get(reverse("gateway:model", args=["nothing"])).status_code == 404
