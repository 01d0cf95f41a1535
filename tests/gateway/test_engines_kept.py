"""Engines and passports that operators declare; what is wrong with an engine is explained."""

import json
import socket
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation, Person, Role
from antigone.errors import AntigoneError, NotAllowed, WrongInput
from antigone.gateway.actions import load_catalogue, save_engine
from antigone.gateway.commands import engine as engine_command
from antigone.gateway.commands import key as key_command
from antigone.gateway.engines import Engine
from antigone.gateway.models import DeclaredEngine, Key, Passport
from antigone.gateway.openness import Openness, find_faults, judge_openness
from antigone.gateway.sealing import unseal
from antigone.gateway.snapshot import refresh
from antigone.register.models import Use
from tests.fake_engine import FakeEngine, serve_fake_engine
from tests.scripted_engine import ScriptedEngine

ALL_OPEN = {"has_open_weights": True, "has_open_code": True, "has_open_data": True}


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeEngine]:
    with serve_fake_engine() as engine:
        yield engine


@pytest.fixture
def olivia(city: Organisation) -> Person:
    return create_person(
        email="olivia@ville.example", name="Olivia", roles=[Role.OPERATOR], organisation=city
    )


@pytest.fixture
def passport(db: None) -> Passport:
    return Passport.objects.create(name="luciole", title="Luciole", licence="Apache-2.0", aliases=["l"])


def check(engine: Engine, settings: Settings) -> tuple[int, dict[str, dict[str, object]]]:
    settings.ENGINES = (engine,)
    done = CliRunner().invoke(engine_command, ["check", "--json"])
    steps = json.loads(done.output)[engine.name]
    return done.exit_code, {step["name"]: step for step in steps}


def test_engine_declared_in_the_administration_answers_with_its_key(
    olivia: Person, passport: Passport, scripted: ScriptedEngine
) -> None:
    client = Client()
    client.force_login(olivia, backend="antigone.accounts.backends.Backend")
    address = reverse("admin:gateway_declaredengine_add")
    sent = {
        "name": "Salle 2", "passport": passport.pk, "url": scripted.url, "model": "honest", "timeout_seconds": "5",
        "concurrency": "4", "is_enabled": "on", "new_key": "s3cret",
    }  # fmt: skip
    assert client.post(address, {**sent, "url": "http://8.8.8.8/v1"}).status_code == 200
    assert client.post(address, {**sent, "url": "http://169.254.169.254/"}).status_code == 200
    assert not DeclaredEngine.objects.exists()
    assert client.post(address, sent).status_code == 302
    row = DeclaredEngine.objects.get()
    assert "s3cret" not in row.sealed_key
    assert unseal(row.sealed_key) == "s3cret"
    page = client.get(reverse("admin:gateway_declaredengine_change", args=[row.pk])).content.decode()
    assert "s3cret" not in page
    assert row.sealed_key not in page
    known = refresh()
    assert known.models["luciole"].engines[0].key == "s3cret"
    assert known.models["l"] is known.models["luciole"]
    client.post(reverse("admin:gateway_declaredengine_change", args=[row.pk]), {**sent, "new_key": ""})
    assert unseal(DeclaredEngine.objects.get().sealed_key) == "s3cret"
    without = {**sent, "new_key": "", "without_key": "on"}
    client.post(reverse("admin:gateway_declaredengine_change", args=[row.pk]), without)
    assert DeclaredEngine.objects.get().sealed_key == ""


def test_engine_whose_key_cannot_be_read_is_left_out(passport: Passport, settings: Settings) -> None:
    engine = DeclaredEngine(name="E", passport=passport, url="http://10.0.0.1/v1", model="m")
    save_engine(engine=engine, key="s3cret", by=None)
    assert "luciole" in refresh().models
    settings.SECRET_KEY = "another signing key, of more than 32 characters"
    passport.save()
    assert "luciole" not in refresh().models


def test_only_operators_declare_engines(passport: Passport, chloe: Person) -> None:
    engine = DeclaredEngine(name="E", passport=passport, url="http://10.0.0.1/v1", model="m")
    with pytest.raises(NotAllowed):
        save_engine(engine=engine, key=None, by=chloe)
    engine.url = "http://8.8.8.8/v1"
    with pytest.raises(WrongInput):
        save_engine(engine=engine, key=None, by=None)


def test_model_that_is_not_offered_is_not_there(
    passport: Passport, scripted: ScriptedEngine, settings: Settings
) -> None:
    settings.ENGINES = (Engine("E", scripted.url, "honest", serves="luciole"),)
    assert refresh().models["luciole"].title == "Luciole"
    passport.is_offered = False
    passport.save()
    assert "luciole" not in refresh().models


def test_catalogue_is_loaded_once_and_changes_nothing_of_the_citys(db: None) -> None:
    Passport.objects.create(name="bge-m3", title="Le nôtre")
    added = load_catalogue()
    assert len(added) > 8
    assert load_catalogue() == []
    assert Passport.objects.get(name="bge-m3").title == "Le nôtre"
    for passport in Passport.objects.all():
        passport.full_clean()


@pytest.mark.parametrize(
    ("fields", "openness"),
    [
        ({}, Openness.UNKNOWN),
        ({"licence": "Apache-2.0"}, Openness.UNKNOWN),
        ({"licence": "Apache-2.0", "has_open_weights": True}, Openness.OPEN_WEIGHTS),
        ({"licence": "Apache-2.0", "has_open_weights": True, "has_data_summary": True}, Openness.OPEN_WEIGHTS),
        ({"licence": "Apache-2.0", **ALL_OPEN}, Openness.OPEN_SOURCE),
        ({"licence": "Gemma", **ALL_OPEN}, Openness.RESTRICTED),
        ({"licence": "CC-BY-NC-4.0", "has_open_weights": True}, Openness.RESTRICTED),
        ({"licence": "MIT", "has_open_weights": False}, Openness.RESTRICTED),
    ],
)  # fmt: skip
def test_openness_is_computed_and_what_is_not_known_is_no(
    fields: dict[str, object], openness: Openness
) -> None:
    assert judge_openness(Passport(name="m", **fields)) is openness


def test_faults_of_a_passport_are_told() -> None:
    today = date(2026, 11, 25)
    full = Passport(
        licence="MIT", weights_sha256="0" * 64, total_parameters=7, runs_where="Salle 2", checked_date=today
    )
    assert find_faults(full, today) == []
    assert [fault.code for fault in find_faults(full, today + timedelta(days=366))] == ["checked"]
    assert {fault.code for fault in find_faults(Passport(), today)} == {
        "licence",
        "weights",
        "size",
        "place",
        "checked",
    }


def test_engine_that_is_well_passes_every_step(fake: FakeEngine, db: None, settings: Settings) -> None:
    code, steps = check(Engine("E", fake.url, "fake"), settings)
    assert code == 0
    assert all(step["is_right"] for step in steps.values())
    assert set(steps) == {"address", "port", "models", "request", "usage"}
    for model, kind in (("fake-vectors8", "embedding"), ("fake-rerank", "rerank")):
        assert check(Engine("E", fake.url, model, kind=kind), settings)[0] == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "step", "said"),
    [
        ("fake-error401", "request", "key"),
        ("fake-error404", "request", "/v1"),
        ("fake-error500", "request", "log"),
        ("fake-garbage", "request", "OpenAI"),
        ("fake-hang", "request", "weights"),
    ],
)
def test_engine_that_is_not_well_is_explained(
    fake: FakeEngine, db: None, settings: Settings, model: str, step: str, said: str
) -> None:
    code, steps = check(Engine("E", fake.url, model, timeout_seconds=1), settings)
    assert code == 1
    assert steps[step]["is_right"] is False
    assert said in str(steps[step]["advice"])


def test_engine_elsewhere_or_closed_is_explained(db: None, settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, steps = check(Engine("E", f"http://127.0.0.1:{port}/v1", "m"), settings)
    assert (code, steps["port"]["is_right"]) == (1, False)
    code, steps = check(Engine("E", "http://8.8.8.8/v1", "m"), settings)
    assert (code, steps["address"]["is_right"]) == (1, False)
    assert set(steps) == {"address"}


def test_check_says_what_to_do_in_words(fake: FakeEngine, db: None, settings: Settings) -> None:
    settings.ENGINES = (Engine("E", fake.url, "unlisted-error401"),)
    said = CliRunner().invoke(engine_command, ["check"]).output
    assert "the server has: fake" in said
    assert "→" in said
    assert isinstance(CliRunner().invoke(engine_command, ["check", "Nobody"]).exception, AntigoneError)
    assert "unlisted-error401" in CliRunner().invoke(engine_command, ["list"]).output


def test_keys_are_made_and_revoked_on_the_terminal(developer: Person, use: Use) -> None:
    made = CliRunner().invoke(
        key_command, ["create", use.slug, "--for", developer.email, "--network", "10.0.0.0/8"]
    )
    assert made.output.startswith("antigone_")
    key = Key.objects.get()
    assert key.networks == ["10.0.0.0/8"]
    listed = CliRunner().invoke(key_command, ["list"]).output
    assert key.prefix in listed
    assert made.output.strip() not in listed
    CliRunner().invoke(key_command, ["revoke", str(key.pk)])
    assert CliRunner().invoke(key_command, ["list"]).output == ""
    for wrong in (
        ["create", "no", "--for", developer.email],
        ["create", use.slug, "--for", "no@x.y"],
        ["revoke", "99"],
    ):
        assert isinstance(CliRunner().invoke(key_command, wrong).exception, AntigoneError)
