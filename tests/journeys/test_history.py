"""Chloé, an agent, finds her conversations again, takes them away, erases them, and says what is wrong."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import HOURS

pytestmark = pytest.mark.xdist_group("journeys")

HISTORY = "/demander/historique/"
POOL = "Quels jours la piscine est-elle ouverte ?"


def test_agent_finds_her_conversation_and_goes_on_with_it(chloe: Reader) -> None:
    chloe.open("/demander/")
    chloe.ask(HOURS)
    chloe.open(HISTORY)
    chloe.page.locator("main li a", has_text=HOURS).first.click()
    chloe.ask("Et le samedi ?")
    assert "Le samedi, elle est ouverte de 9 h à 12 h" in " ".join(chloe.sentences)
    expect(chloe.page.locator(".exchange")).to_have_count(2)


def test_nobody_else_opens_an_agents_conversation(
    chloe: Reader, zoe: Reader, arrive: Callable[..., Reader], town: Town
) -> None:
    chloe.open("/demander/")
    chloe.ask(HOURS)
    address = chloe.page.url
    zoe.open(address, status=404)
    arrive(town, role="Olivia Petit").open(address, status=404)


def test_agent_takes_her_conversations_away_and_erases_them(chloe: Reader) -> None:
    for question in (HOURS, POOL):
        chloe.open("/demander/")
        chloe.ask(question)
    chloe.open(HISTORY)
    with chloe.page.expect_download() as download:
        chloe.page.locator("main a[href$='/exporter/']").click()
    kept = json.loads(download.value.path().read_text())
    assert {HOURS, POOL} <= {exchange["question"] for each in kept for exchange in each["exchanges"]}

    rows = chloe.page.locator("main li")
    count = rows.count()
    rows.filter(has_text=POOL).first.locator("button").click()
    expect(rows).to_have_count(count - 1)
    chloe.page.locator("main form[action$='/historique/supprimer/'] button").click()
    expect(rows).to_have_count(0)
    chloe.check()


def test_what_an_agent_says_of_an_answer_reaches_the_librarian_without_her_name(
    chloe: Reader, ines: Reader
) -> None:
    comment = "L’horaire du jeudi a changé."
    chloe.open("/demander/")
    chloe.ask(HOURS)
    chloe.answer.locator("summary").click()
    chloe.answer.locator("[name=comment]").fill(comment)
    chloe.answer.locator("button[value=wrong]").click()
    chloe.page.wait_for_url("**/avis/")
    chloe.check()

    ines.open("/demander/avis/a-traiter/")
    told = ines.page.locator("article", has_text=comment)
    expect(told).to_contain_text(HOURS)
    assert "Chloé" not in ines.main
    told.locator("button").click()
    expect(told).to_have_count(0)
