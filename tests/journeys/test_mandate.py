"""Alice writes a mandate, names the team and publishes it; Esther freezes it; Zoé reads all of it."""

from collections.abc import Callable

import pytest

from tests.journeys.reader import Reader
from tests.journeys.town import Town

pytestmark = pytest.mark.xdist_group("journeys")

ADDRESS = "/conventions/leau-de-la-ville/"
MANDATE = {
    "question": "Comment partager l’eau quand elle manque ?",
    "commissioner": "Le conseil municipal",
    "commitment": "Chaque proposition reçoit une réponse motivée.",
    "answers_due_date": "2031-03-01",
    "criteria": "Âge, genre, quartier",
    "starts_date": "2030-11-10",
    "ends_date": "2031-01-20",
    "budget": "90000",
    "funding": "Budget de la ville",
}


def press(reader: Reader, form: str = "main form.stack") -> None:
    with reader.page.expect_navigation():
        reader.page.locator(f"{form} button").last.click()
    reader.check()


def appoint(alice: Reader, name: str, role: str) -> None:
    alice.open(f"{ADDRESS}equipe/")
    alice.page.locator("[name=email]").fill(f"{name}@valmont.example")
    alice.page.locator("[name=role]").select_option(role)
    press(alice)


def test_from_a_title_to_a_frozen_convention(town: Town, arrive: Callable[..., Reader]) -> None:
    alice = arrive(town, role="Alice Morel")
    alice.open("/conventions/nouvelle/")
    alice.page.locator("[name=title]").fill("L’eau de la ville")
    press(alice)
    zoe = arrive(town, width=390, javascript=False)
    zoe.open(ADDRESS, status=404)

    alice.open(f"{ADDRESS}mandat/")
    for name, value in MANDATE.items():
        alice.page.locator(f"[name={name}]").fill(value)
    press(alice)
    appoint(alice, "esther", "guarantor")
    appoint(alice, "farid", "elected_official")
    alice.open(f"{ADDRESS}mandat/")
    press(alice, "form[action$='/publier/']")
    zoe.open(ADDRESS)
    assert zoe.page.locator("h1").inner_text().startswith("Comment partager l’eau")
    assert "Esther Kouassi" in zoe.main

    alice.open(f"{ADDRESS}etapes/")
    alice.page.locator("[name=address]").fill("https://ville.example/annonce")
    press(alice, "form[action$='/publication/']")
    press(alice, "form[action$='/ouvrir/']")

    esther = arrive(town, role="Esther Kouassi")
    esther.open(f"{ADDRESS}gel/")
    esther.page.locator("[name=reason]").fill("Le dossier cite une étude retirée.")
    press(esther)
    zoe.open(ADDRESS)
    assert zoe.main.count("Le dossier cite une étude retirée.") == 2
    alice.open(f"{ADDRESS}mandat/")
    alice.page.locator("[name=reason]").fill("Plus d’argent")
    alice.refusals.add(409)
    press(alice)
    query = "SELECT phase, version FROM convention_convention WHERE slug = 'leau-de-la-ville'"
    assert town.rows(query) == [("selection", 2)]
