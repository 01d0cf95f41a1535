"""Every page of the conventions, on a narrow screen; and what a member without JavaScript does with them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.walking import change_language, walk

pytestmark = pytest.mark.xdist_group("journeys")

Arrive = Callable[..., Reader]
RUNNING = "/conventions/convention-citoyenne-sur-la-ville-la-nuit/"
ANSWERED = "/conventions/convention-citoyenne-sur-leau/"


@pytest.mark.parametrize(
    ("role", "english", "needed"),
    [
        ("", True, "propositions/N/reponse/"),
        ("Alice Morel", False, "paragraphes/N/fusionner/"),
        ("Bob Lefèvre", False, "mon-espace/nom/"),
        ("Esther Kouassi", True, "gel/"),
        ("Farid Haddad", False, "reponses/a-publier/"),
    ],
    ids=["a visitor", "a facilitator", "a member", "a guarantor", "an official"],
)
def test_no_page_is_wider_than_a_narrow_screen(
    arrive: Arrive, town: Town, role: str, english: bool, needed: str
) -> None:
    reader = arrive(town, role=role, width=320)
    if english:
        change_language(reader)
    # A draft first: that is where one writes.
    seen = walk(reader, f"{RUNNING}propositions/3/", RUNNING, ANSWERED)
    if english:  # an account keeps its language: the next to take this role finds it as it was
        change_language(reader)
    assert {RUNNING + needed, ANSWERED + needed} & seen


def test_member_votes_writes_and_notes_on_a_telephone_without_javascript(arrive: Arrive, town: Town) -> None:
    bob = arrive(town, role="Bob Lefèvre", width=390, javascript=False)
    bob.open(f"{RUNNING}mon-espace/")
    vote = bob.page.locator("section[aria-labelledby=ballots] a").first
    expect(bob.page.locator("section[aria-labelledby=ballots] .tag")).not_to_have_class("tag ok")
    with bob.page.expect_navigation():
        vote.click()
    bob.follow("/juger/")
    bob.page.locator("main [name=level][value='4']").check()
    bob.press()
    bob.open(f"{RUNNING}mon-espace/")
    expect(bob.page.locator("section[aria-labelledby=ballots] .tag")).to_have_class("tag ok")
    bob.fill(text="Rappeler Odile.")
    bob.press("form[action$='/notes/'] button")
    assert "Rappeler Odile." in bob.main
    bob.follow("/questions/#ask")
    bob.fill(text="Qui paie le bus ?")
    bob.press()
    assert "Qui paie le bus ?" in bob.main
    bob.open(f"{RUNNING}propositions/3/")
    bob.follow("/amender/")
    bob.fill(text="Éclairer seulement les passages.", reason="On y voit assez ailleurs.")
    bob.press()
    assert "On y voit assez ailleurs." in bob.main
    bob.open(f"{RUNNING}mon-espace/")
    bob.follow("/nom/")
    assert "Bob Lefèvre" in bob.main
