"""How a convention begins, as Alice does it through the pages: mandate, team, draw, seats."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.test_draw import commit, compute, draw_and_publish, load_files
from tests.journeys.test_seats import decide
from tests.selection.town import write_pool, write_targets

TITLE = "Les rues aux enfants"
ADDRESS = "/conventions/les-rues-aux-enfants/"
# The last day and the day of the answers are past from the beginning: nobody has to wait for them.
MANDATE = {
    "title": TITLE,
    "question": "Quelles rues rendre aux enfants, et comment ?",
    "commissioner": "Le conseil municipal",
    "commitment": "Chaque proposition reçoit une réponse motivée.",
    "answers_due_date": "2026-03-01",
    "seats": "9",
    "criteria": "Âge, genre",
    "starts_date": "2025-11-10",
    "ends_date": "2026-01-20",
    "budget": "90000",
    "funding": "Budget de la ville",
    "indemnity": "92",
    "vote_quorum": "10",
}
TEAM = {"esther": "guarantor", "farid": "elected_official", "jeanne": "expert"}


def enter(reader: Reader, place: str = "") -> None:
    """Come to a place of the convention as anybody does: from the list of conventions, then by its menu."""
    reader.open("/conventions/")
    reader.follow(ADDRESS)
    if place:
        with reader.page.expect_navigation():
            reader.page.locator(f"nav.places a[href='{ADDRESS}{place}']").click()
        reader.check()


def write_mandate(alice: Reader) -> None:
    alice.open("/conventions/")
    alice.follow("/nouvelle/")
    alice.fill(title=TITLE)
    alice.press()
    alice.open("/conventions/")
    alice.follow(ADDRESS)
    alice.follow("/mandat/")
    alice.fill(**MANDATE)
    alice.press()
    for name, role in TEAM.items():
        enter(alice, "equipe/")
        alice.fill(email=f"{name}@valmont.example")
        alice.page.locator("[name=role]").select_option(role)
        alice.press()


def publish_mandate(alice: Reader) -> None:
    enter(alice)
    alice.follow("/mandat/")
    alice.press("form[action$='/publier/'] button")


def record(alice: Reader, kind: str, address: str) -> None:
    """Say where something is published that the pages of the convention do not hold."""
    enter(alice)
    alice.follow("/etapes/")
    alice.page.locator("main [name=kind]").select_option(kind)
    alice.fill(address=address)
    alice.press("form[action$='/publication/'] button")


def open_next(alice: Reader) -> None:
    enter(alice)
    alice.follow("/etapes/")
    alice.press("form[action$='/ouvrir/'] button")


def draw_members(alice: Reader, esther: Reader, folder: Path) -> None:
    """Draw nine of sixty, with the signature of the guarantor whom the convention brings with it."""
    pool, targets = folder / "vivier.csv", folder / "cibles.csv"
    pool.write_bytes(write_pool(60))
    targets.write_bytes(write_targets(9))
    load_files(alice, (pool, targets), TITLE)
    draw = alice.page.url.removeprefix(alice.url).split("preparation/")[0]
    enter(alice)
    alice.follow("/etapes/")
    alice.page.locator("main [name=draw]").select_option(label=TITLE)
    alice.press("form[action$='/tirage/'] button")
    alice.follow(draw)
    alice.open(f"{draw}preparation/")
    compute(alice)
    commit(alice, seconds=15)
    decide(esther, TITLE)
    alice.open(draw)
    draw_and_publish(alice)


def seat_members(alice: Reader) -> list[str]:
    """Seat those who were drawn; give the codes of their sheets."""
    enter(alice, "membres/")
    alice.follow("/sieges/")
    alice.press("form[action$='/tirage/'] button")
    expect(alice.page.locator("main tbody tr")).to_have_count(9)
    alice.press("form[action$='/codes/'] button")
    codes = [text.strip() for text in alice.page.locator(".code-sheet .code").all_inner_texts()]
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", code) for code in codes)
    return codes
