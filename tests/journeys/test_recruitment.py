"""Alice imports a register and draws contacts; a person invited answers with the code of a letter, on a telephone."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.selection.recruitment.town import write_register

pytestmark = pytest.mark.xdist_group("journeys")

ALICE = "Alice Morel"


def begin(alice: Reader, title: str) -> None:
    alice.open("/recrutements/nouveau/")
    fields = {
        "title": title,
        "purpose": "Débattre de la nuit.",
        "origin": "La liste électorale.",
        "missing": "Les étrangers.",
        "contact_point": "dpo@valmont.example",
        "features": "genre;femme;52\ngenre;homme;48",
        "dates": "Samedi 16 janvier",
    }
    for name, words in fields.items():
        alice.page.locator(f"main [name={name}]").fill(words)
    today = alice.page.evaluate("new Date().getTime()")
    for name, days in (("reply_date", 20), ("purge_date", 90)):
        day = alice.page.evaluate(f"new Date({today} + {days} * 864e5).toISOString().slice(0, 10)")
        alice.page.locator(f"[name={name}]").fill(day)
    alice.page.locator("main form.stack button").click()
    alice.page.locator("[name=register]").wait_for()
    alice.check()


def bring(alice: Reader, file: Path) -> None:
    alice.page.locator("[name=register]").set_input_files(file)
    alice.page.locator("main form.stack button").click()
    alice.page.locator("[name=role_0]").wait_for()
    alice.check()
    alice.page.locator("main form.columns button").click()


def draw(alice: Reader, tmp_path: Path) -> str:
    """Draw contacts and give the code of one letter."""
    alice.page.locator("#strata").wait_for(timeout=60_000)
    alice.page.locator("form[action$='/contacts/'] [name=size]").fill("30")
    alice.page.locator("form[action$='/contacts/'] [name=seed]").fill("4-1-7")
    alice.page.locator("form[action$='/contacts/'] button").click()
    alice.page.locator("#exports").wait_for()
    alice.check()
    with alice.page.expect_download() as download:
        alice.page.locator("form[action$='/lettres/'] button").first.click()
    path = tmp_path / "lettres.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))["code"]


def answer(bob: Reader, code: str) -> None:
    """Answer as somebody who has the letter in hand."""
    bob.open("/invitation/")
    bob.refusals.add(422)
    bob.page.locator("[name=code]").fill("AAAA AAAA AAAA")
    bob.page.locator("main form button").click()
    expect(bob.page.locator(".errorlist")).to_be_visible()
    bob.page.locator("[name=code]").fill(code.lower().replace("-", " "))
    bob.page.locator("main form button").click()
    bob.page.locator("[name=feature_0]").first.wait_for()
    bob.check()
    assert "La liste électorale." in bob.main
    bob.page.locator("[name=feature_0][value=femme]").check()
    bob.page.locator("[name=childcare]").check()
    bob.page.locator("[name=name]").fill("Bob")
    bob.page.locator("[name=reach]").fill("01 99 00 00 00")
    bob.page.locator("button[value=yes]").click()
    bob.page.wait_for_url("**/invitation/merci/oui/")
    bob.check()
    bob.open("/invitation/")
    bob.page.locator("[name=code]").fill(code)
    bob.page.locator("main form button").click()
    expect(bob.page.locator(".errorlist")).to_be_visible()
    bob.refusals.discard(422)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_from_the_register_to_the_reply_of_a_person_invited(
    arrive: Callable[..., Reader], town: Town, tmp_path: Path, javascript: bool
) -> None:
    title = f"La nuit {javascript}"
    file = tmp_path / "electeurs.csv"
    file.write_bytes(write_register(300, encoding="cp1252"))
    alice = arrive(town, role=ALICE, javascript=javascript)
    begin(alice, title)
    bring(alice, file)
    code = draw(alice, tmp_path)
    answer(arrive(town, width=390, javascript=javascript), code)
    alice.page.reload()
    expect(alice.page.locator("#replies ~ .figures .big").first).to_have_text("1")
    zoe = arrive(town, width=390, javascript=javascript)
    zoe.open("/recrutements/")
    zoe.page.locator(".card a", has_text=title).click()
    zoe.page.locator(".fingerprint").wait_for()
    assert "SECRET" not in zoe.page.content()


def test_callers_work_with_the_keyboard_alone(arrive: Callable[..., Reader], town: Town) -> None:
    alice = arrive(town, role=ALICE)
    alice.open("/recrutements/1/repondre/")
    expect(alice.page.locator("[name=q]")).to_be_focused()
    number = re.sub(r"\D", "", alice.page.locator(".card .button").inner_text())
    alice.page.keyboard.type(number)
    alice.page.keyboard.press("Enter")
    alice.page.wait_for_url(f"**/repondre/{number}/")
    for place in range(3):
        option = alice.page.locator(f"[name=feature_{place}]").first
        alice.tab_to(option)
        alice.page.keyboard.press("Space")
    alice.tab_to(alice.page.locator("[name=reach]"))
    alice.page.keyboard.type("01 99 00 00 01")
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator(".messages .success")).to_be_visible()
    expect(alice.page.locator("[name=q]")).to_be_focused()
    alice.check()


def test_pages_of_a_recruitment_fit_a_narrow_screen(arrive: Callable[..., Reader], town: Town) -> None:
    for width in (390, 320):
        alice = arrive(town, role=ALICE, width=width)
        for path in (
            "/recrutements/",
            "/recrutements/nouveau/",
            "/recrutements/1/",
            "/recrutements/1/suivi/",
            "/recrutements/1/modifier/",
            "/recrutements/1/appelants/",
            "/recrutements/1/repondre/",
            "/recrutements/1/repondre/1/",
            "/recrutements/1/reponses/",
            "/invitation/",
        ):
            alice.open(path)
