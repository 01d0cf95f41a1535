"""The page on which a facilitator imports a convention of the past."""

import json
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from antigone.accounts.models import Person
from antigone.convention.models import Convention
from tests.convention.conftest import Opens

PAGE = "/conventions/importer/fichier/"
DEMO = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "convention"
PAST = (DEMO / "montpellier.json").read_bytes()
NIGHT = (DEMO / "nuit.json").read_bytes()


def give(data: bytes, **typed: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile("convention.json", data), "action": "import", **typed}


def test_a_facilitator_imports_and_takes_away(opens: Opens, alice: Person, marc: Person) -> None:
    browser = opens(alice)
    assert browser.post(PAGE, give(PAST)).status_code == 302
    convention = Convention.objects.get()
    assert convention.organisation == alice.organisation
    away = f"/conventions/{convention.slug}/retirer/"
    assert opens(marc).get(away).status_code == 404
    assert browser.post(away).status_code == 302
    assert not Convention.objects.exists()


def test_a_file_is_checked_without_being_imported(opens: Opens, alice: Person) -> None:
    response = opens(alice).post(PAGE, give(PAST, action="check"))
    assert response.status_code == 200
    assert "proposals" in response.text
    assert not Convention.objects.exists()


def test_faults_are_listed_with_their_line_and_field(opens: Opens, alice: Person) -> None:
    wrong = json.loads(PAST)
    wrong["proposals"][2]["theme"] = 7
    response = opens(alice).post(PAGE, give(json.dumps(wrong).encode()))
    assert response.status_code == 422
    assert [(fault.table, fault.line, fault.column) for fault in response.context["faults"]] == [
        ("proposals", 3, "theme")
    ]
    assert not Convention.objects.exists()


def test_sources_are_asked_for_where_the_file_says_none(opens: Opens, alice: Person) -> None:
    browser = opens(alice)
    assert browser.post(PAGE, give(NIGHT)).status_code == 422
    assert browser.post(PAGE, give(NIGHT, sources="Archives de la ville")).status_code == 302
    assert Convention.objects.get().sources == "Archives de la ville"


def test_an_empty_file_is_told(opens: Opens, alice: Person) -> None:
    assert opens(alice).post(PAGE, give(b"")).status_code == 422


def test_nobody_else_imports(opens: Opens, bob: Person, esther: Person, olivia: Person) -> None:
    for person in (bob, esther, olivia):
        assert opens(person).get(PAGE).status_code == 404
    assert opens(None).get(PAGE).status_code == 302
