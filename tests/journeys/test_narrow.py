"""On a telephone: nothing is wider than the screen, and the menu folds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import HOURS

pytestmark = pytest.mark.xdist_group("journeys")

# 320 pixels: what remains of 1,280 for somebody who reads at 400 % (WCAG 1.4.10).
WIDTHS = (390, 320)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen_of_a_visitor(
    arrive: Callable[..., Reader], town: Town, width: int
) -> None:
    zoe = arrive(town, width=width)
    zoe.open("/")
    zoe.ask(HOURS)
    zoe.check()
    zoe.answer.locator("summary").click()
    zoe.check()
    zoe.answer.locator(".source a").first.click()
    zoe.page.locator("svg.sheet rect.mark").first.wait_for()
    zoe.check()
    zoe.search("piscine")
    zoe.check()
    (document,) = town.rows("SELECT id FROM library_document WHERE filename = 'tarifs-municipaux-2026.xlsx'")
    for path in (
        "/demander/",
        "/demander/consignes/",
        "/documents/",
        "/documents/collections/ville/",
        f"/documents/{document[0]}/",
        f"/documents/{document[0]}/pages/1/",
        "/compte/connexion/",
        "/compte/role/",
    ):
        zoe.open(path)
        zoe.inspect()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen_of_a_librarian(
    arrive: Callable[..., Reader], town: Town, width: int
) -> None:
    ines = arrive(town, role="Inès Benali", width=width)
    ines.open("/demander/")
    ines.ask(HOURS)
    for path in (
        "/demander/historique/",
        "/demander/avis/a-traiter/",
        "/documents/collections/ville/ajouter/",
        "/documents/collections/ville/imports/",
        "/documents/1/",
        "/documents/1/retirer/",
        "/documents/1/corriger/",
        "/compte/",
    ):
        ines.open(path)
        ines.inspect()


def test_menu_unfolds_and_folds_with_the_keyboard(arrive: Callable[..., Reader], town: Town) -> None:
    zoe = arrive(town, width=390)
    zoe.open("/")
    menu, first = zoe.page.locator("details.fold"), zoe.page.locator("details.fold nav a").first
    expect(first).to_be_hidden()
    zoe.tab_to(menu.locator("> summary"))
    zoe.page.keyboard.press("Enter")
    expect(first).to_be_visible()
    zoe.check()
    zoe.page.keyboard.press("Enter")
    expect(first).to_be_hidden()
    zoe.page.keyboard.press("Enter")
    documents = menu.locator("nav a[href='/documents/']")
    zoe.tab_to(documents)
    zoe.page.keyboard.press("Enter")
    zoe.page.wait_for_url("**/documents/")
