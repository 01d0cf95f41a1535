"""Statements of participants: what is refused, what is like another one, what a moderator makes of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.consulting import OPEN, decide, find_mine, propose
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import in_french

pytestmark = pytest.mark.xdist_group("journeys")

KEPT = "Les agents devraient <b>apprendre</b> à se passer de la machine une fois par an."
REFUSED = "Les horodateurs du boulevard sont mal réglés depuis la pluie."
WHY = "Elle ne répond pas à la question posée."
# Turned around, and with a space that nobody sees.
TURNED = "Un registre des pannes \u202eserait\u202c lisible\u200b par tous."
TOLD = "Un registre des pannes serait lisible par tous."


def send_statements(zoe: Reader, twin: int, text: str) -> None:
    """Try what is refused, and what is like a statement that is there; then send three."""
    # What is no statement: a space that nobody sees, too many words, an address, and what is there already.
    for wrong in ("\u200b \u202e\u200b", "Trop long. " * 60, "Tout est sur www.exemple.fr", text.upper()):
        propose(zoe, wrong, status=422)
        expect(zoe.page.locator("main .errorlist")).to_be_visible()
        zoe.inspect()
    expect(zoe.page.locator(f"main a[href$='?affirmation={twin}']")).to_be_visible()
    # What is like another one is shown beside it, and sent all the same.
    propose(zoe, f"{text} Vraiment.")
    expect(zoe.page.locator(f".similar a[href$='?affirmation={twin}']")).to_be_visible()
    zoe.inspect()
    zoe.press("main button[name=different]")
    expect(find_mine(zoe, f"{text} Vraiment.")).to_be_visible()
    for good in (KEPT, REFUSED, TURNED):
        propose(zoe, good)
    assert TOLD in zoe.main
    assert "\u202e" not in zoe.page.content()
    expect(find_mine(zoe, KEPT)).to_contain_text(in_french("Waiting for a moderator"))


def test_statement_goes_from_its_author_to_everybody_or_to_nobody(
    arrive: Callable[..., Reader], town: Town, zoe: Reader
) -> None:
    query = "SELECT number, text FROM consultation_statement WHERE state = 'accepted' AND consultation_id ="
    ((twin, text), *_rest) = town.rows(
        f"{query} (SELECT id FROM consultation_consultation WHERE slug = ?) ORDER BY number",
        OPEN.split("/")[2],
    )
    send_statements(zoe, twin, text)
    alice = arrive(town, role="Alice Morel")
    alice.open(f"{OPEN}moderation/file/")
    decide(alice, KEPT, "accept")
    decide(alice, REFUSED, "reject", reason="off_topic", note=WHY)
    assert KEPT not in alice.main
    ((kept,), (refused,)) = (
        town.rows("SELECT number FROM consultation_statement WHERE text = ?", one)[0]
        for one in (KEPT, REFUSED)
    )

    yan = arrive(town, width=390)
    yan.open(f"{OPEN}affirmations/{kept}/")
    assert KEPT in yan.main
    yan.follow(f"?affirmation={kept}")
    expect(yan.page.locator("#statement")).to_have_text(KEPT)
    yan.open(f"{OPEN}affirmations/{refused}/")
    assert WHY in yan.main
    for path in ("", "affirmations/", f"affirmations/{refused}/", "moderation/", "resultats/", "donnees/"):
        yan.open(OPEN + path)
        assert REFUSED not in yan.page.content(), path
    yan.open(f"{OPEN}moderation/file/", status=404)
    yan.refusals.add(404)

    zoe.open(f"{OPEN}voter/revoir/")
    expect(find_mine(zoe, REFUSED)).to_contain_text(WHY)
    expect(find_mine(zoe, KEPT).locator("a")).to_be_visible()
    # Taken away, its words are nowhere any more.
    with zoe.page.expect_navigation():
        find_mine(zoe, TOLD).locator("button").click()
    assert TOLD not in zoe.main
    assert not town.rows("SELECT 1 FROM consultation_statement WHERE text = ?", TOLD)
