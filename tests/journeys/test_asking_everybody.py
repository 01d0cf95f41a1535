"""Who leads a consultation, from its first words to its last day; and the page of another site that shows it."""

import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import CHROMIUM_OPTIONS
from tests.journeys.consulting import OPEN
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import squeeze

pytestmark = pytest.mark.xdist_group("journeys")

SEEDS = (
    "Il faut plus de bancs à l’ombre.",
    "Les bancs empêchent les poussettes de passer.",
    "Chaque arrêt d’autobus doit avoir un banc.",
)
NAMED, OTHER = "https://www.ville.example", "https://ailleurs.example"


def test_leader_asks_everybody_from_the_first_words_to_the_last_day(
    arrive: Callable[..., Reader], town: Town, zoe: Reader
) -> None:
    alice = arrive(town, role="Alice Morel")
    home = begin(alice)
    zoe.open(home, status=404)

    alice.open(f"{home}affirmations/ajouter/")
    alice.fill(lines="\n".join(SEEDS))
    alice.press("main form button[value=preview]")
    expect(alice.page.locator("ol.preview li")).to_have_text(list(SEEDS))
    alice.press("main form button[value=add]")
    alice.open(f"{home}equipe/")
    alice.press("form[action$='/publier/'] button")
    zoe.open(f"{home}affirmations/")
    for seed in SEEDS:
        assert seed in zoe.main

    alice.open(f"{home}equipe/")
    alice.follow("/affiche/")
    expect(alice.page.locator("article.poster svg")).to_be_visible()
    alice.open(f"{home}bulletins/saisir/")
    alice.fill(sheet="B-1")
    for number, value in ((1, "1"), (2, "-1"), (3, "0")):
        alice.page.locator(f"main [name=statement-{number}][value='{value}']").check()
    alice.press("main form.sheet-form button")
    alice.open(f"{home}bulletins/")
    expect(alice.page.locator("main tbody tr")).to_have_count(1)

    await_picture(town, home)
    alice.open(f"{home}resultats/")
    alice.fill(title="Avant la réunion publique")
    alice.press("form[action$='/garder/'] button")
    zoe.open(home)
    assert "Avant la réunion publique" in zoe.main

    alice.open(f"{home}equipe/")
    alice.page.locator("form[action$='/clore/'] [name=reason]").fill("Tout est dit.")
    alice.press("form[action$='/clore/'] button")
    zoe.open(home)
    assert "Tout est dit." in zoe.main
    zoe.follow("/voter/")
    expect(zoe.page.locator("form.ballot")).to_have_count(0)


def begin(alice: Reader) -> str:
    """Begin a consultation that opens today; give its address."""
    alice.open("/consultations/")
    alice.follow("/nouvelle/")
    today = timezone.localdate()
    alice.fill(
        title="Des bancs en ville",
        question="Où faut-il des bancs, et lesquels ?",
        context="La ville a deux cents bancs.",
        asked_by="Le conseil municipal",
        use="Le conseil répond en juin.",
        opens_date=today.isoformat(),
        closes_date=(today + timedelta(days=20)).isoformat(),
    )
    alice.press()
    return urlsplit(alice.page.url).path.removesuffix("equipe/")


def await_picture(town: Town, home: str) -> None:
    """Wait until the worker has drawn the votes of a consultation."""
    drawn = """SELECT COUNT(*) FROM consultation_picture JOIN consultation_consultation AS held
        ON held.id = consultation_id WHERE slug = ? AND frozen_at IS NULL"""
    expect_soon(lambda: town.rows(drawn, home.split("/")[2]) == [(1,)])


def expect_soon(is_so: Callable[[], bool], *, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < limit, "it does not come"
        time.sleep(0.2)


def test_vote_is_shown_within_the_sites_that_are_named_and_no_other(
    arrive: Callable[..., Reader], town: Town, browser: Browser
) -> None:
    alice = arrive(town, role="Alice Morel")
    alice.open(f"{OPEN}equipe/sites/")
    alice.fill(sites=NAMED, reason="Le site de la ville la montre.")
    alice.press()
    # The sites are invented and answer from nowhere: Chromium would let them show nothing that this machine serves.
    options = [*CHROMIUM_OPTIONS, "--disable-features=LocalNetworkAccessChecks"]
    own = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=options)
    context = own.new_context()
    page = context.new_page()
    body = f'<!doctype html><title>Un site</title><iframe src="{town.url}{OPEN}voter/integre/"></iframe>'
    for site in (NAMED, OTHER):
        context.route(f"{site}/**", lambda route: route.fulfill(body=body, content_type="text/html"))

    page.goto(f"{NAMED}/agenda")
    frame = page.frame_locator("iframe")
    first = squeeze(frame.locator("#statement").inner_text())
    frame.locator("form.ballot button.agree").click()
    expect(frame.locator(".last")).to_contain_text(first)
    frame.locator("form.ballot button.pass").click()
    expect(frame.locator("details li")).to_have_count(2)
    (cookie,) = context.cookies(f"{town.url}{OPEN}voter/integre/")
    assert (cookie["name"].endswith("-embedded"), cookie["secure"], cookie["sameSite"]) == (
        True,
        True,
        "None",
    )

    # Another site is shown nothing; nor does the city's own page know of what was voted there.
    page.goto(f"{OTHER}/agenda")
    page.wait_for_load_state()
    expect(page.frame_locator("iframe").locator("#statement")).to_have_count(0)
    page.goto(f"{town.url}{OPEN}voter/")
    expect(page.locator("progress")).to_have_attribute("value", "0")

    page.goto(f"{NAMED}/agenda")
    frame.locator("details summary").click()
    frame.locator("details button.danger").click()
    expect(frame.locator("details")).to_have_count(0)
    expect(frame.locator("progress")).to_have_attribute("value", "0")
    own.close()
