"""A developer declares a use, an operator accepts it, a key is made, a programme asks with it, and it is revoked."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.walking import change_language, walk

pytestmark = pytest.mark.xdist_group("journeys")
QUESTION = "Quels sont les horaires de la mairie ?"


def ask(town: Town, key: str) -> tuple[int, Any]:
    """Ask as a programme does."""
    body = {"model": "antigone-extractive", "messages": [{"role": "user", "content": QUESTION}]}
    request = urllib.request.Request(
        f"{town.url}/v1/chat/completions",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_from_a_declared_use_to_a_revoked_key(arrive: Callable[..., Reader], town: Town) -> None:
    david, olivia, zoe = arrive(town, role="David Nguyen"), arrive(town, role="Olivia Petit"), arrive(town)
    david.open("/registre/declarer/")
    david.page.get_by_label("Nom").fill("Horaires au téléphone")
    david.page.get_by_label("À quoi").or_(david.page.locator("[name=purpose]")).first.fill(
        "Répondre au standard."
    )
    david.page.locator("[name=audience]").select_option("public")
    david.press("main form button")
    zoe.open("/registre/")
    expect(zoe.page.get_by_text("Horaires au téléphone")).to_have_count(0)

    olivia.open("/registre/horaires-au-telephone/")
    olivia.press("form:has([value=accept]) button")
    expect(olivia.page.get_by_role("status")).to_be_visible()
    zoe.open("/registre/horaires-au-telephone/")
    expect(zoe.page.get_by_text("Répondre au standard.")).to_be_visible()

    david.open("/developpeurs/cles/nouvelle/")
    david.page.locator("[name=use]").select_option(label="Horaires au téléphone")
    david.page.locator("[name=name]").fill("Standard")
    david.press("main form button")
    key = david.page.locator("#secret").input_value()
    status, answer = ask(town, key)
    assert status == 200
    assert "8 h 30" in answer["choices"][0]["message"]["content"]

    david.open("/developpeurs/cles/")
    row = david.page.locator("tr", has_text="Standard")
    expect(row).to_be_visible()
    assert key not in david.page.content()
    row.get_by_role("link", name="Révoquer").click()
    david.press("main form button")
    david.page.wait_for_timeout(1_000)
    assert ask(town, key)[0] == 401
    david.check()
    olivia.check()


def test_playground_answers_and_shows_the_request(arrive: Callable[..., Reader], town: Town) -> None:
    david = arrive(town, role="David Nguyen")
    david.open("/developpeurs/essayer/")
    david.page.locator("[name=model]").select_option("antigone-extractive")
    david.page.locator("[name=question]").fill(QUESTION)
    david.press("main form button")
    expect(david.page.locator("#answer")).to_contain_text("8 h 30")
    expect(david.page.locator("pre").first).to_contain_text("curl")
    david.inspect()
    david.check()


def test_pages_of_developers_are_sound_in_both_languages(arrive: Callable[..., Reader], town: Town) -> None:
    david = arrive(town, role="David Nguyen", width=390)
    kinds = walk(david, "/developpeurs/", "/registre/", "/moteurs/", widths=(390, 1280))
    david.page.set_viewport_size({"width": 390, "height": 800})
    assert {
        "/developpeurs/cles/",
        "/developpeurs/limites/",
        "/developpeurs/essayer/",
        "/registre/declarer/",
    } <= kinds
    assert "/moteurs/antigone-extractive/" in kinds
    change_language(david)
    walk(david, "/developpeurs/", "/registre/", "/moteurs/")
    david.check()


def test_pages_of_operators_are_sound(arrive: Callable[..., Reader], town: Town) -> None:
    olivia = arrive(town, role="Olivia Petit")
    kinds = walk(olivia, "/developpeurs/", "/registre/")
    assert "/developpeurs/limites/use/N/" in kinds
    olivia.check()
