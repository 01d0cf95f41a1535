"""Esther signs what Alice draws; members answer by telephone and by letter; Zoé reads who was called, and no name."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.test_draw import ALICE, PUBLISHED, commit, compute, draw_and_publish, load_files
from tests.journeys.town import Town
from tests.selection.town import write_pool, write_targets

pytestmark = pytest.mark.xdist_group("journeys")

ESTHER = "Esther Kouassi"
REASON = "La cible des plus jeunes a été oubliée."


def prepare_with_guarantor(alice: Reader, folder: Path, title: str) -> None:
    """Begin a draw that Esther is asked to sign, and compute its chances."""
    pool, targets = folder / "vivier.csv", folder / "cibles.csv"
    pool.write_bytes(write_pool(60))
    targets.write_bytes(write_targets(9))
    load_files(alice, (pool, targets), title)
    alice.page.get_by_label(ESTHER).check()
    alice.page.locator("form[action$='/garants/'] button").click()
    expect(alice.page.locator(".messages .success")).to_be_visible()
    assert ESTHER in alice.main
    compute(alice)


def decide(esther: Reader, title: str, *, reason: str = "") -> None:
    """Refuse with a reason, or sign."""
    esther.open("/tirages/")
    esther.page.locator("td a", has_text=title).click()
    esther.page.locator("nav.team a[href$='/cosigner/']").click()
    esther.check()
    if reason:
        esther.page.locator("[name=reason]").fill(reason)
        esther.page.locator("button[value=refuse]").click()
    else:
        esther.page.locator("[name=sentence]").fill("J’ai recompté le vivier.")
        esther.page.locator("button[value=sign]").click()
    expect(esther.page.locator(".messages .success")).to_be_visible()
    esther.check()


def answer_and_replace(alice: Reader, path: str) -> None:
    """Note three answers; give one free seat from two windows at once, of which the second is stopped."""
    alice.open(f"{path}panel/")
    for number, state in ((1, "confirmed"), (2, "declined"), (3, "declined")):
        alice.page.locator(f"#seat-{number} button[value={state}]").click()
        expect(alice.page.locator(".messages .success")).to_be_visible()
    pages = [alice.page.locator(f"#seat-{number} a[href$='/remplacer/']") for number in (2, 3)]
    first, second = (page.get_attribute("href") for page in pages)
    assert first
    assert second
    other = alice.page.context.new_page()
    other.goto(second)
    alice.open(first)
    for page in (alice.page, other):
        because = page.locator("[name=decided_because]")
        if because.count():
            because.first.fill("Garder les cibles compte plus que l’ordre.")
    alice.page.locator(".offers button").first.click()
    expect(alice.page.locator("#seat-2 details")).to_be_attached()
    other.locator(".offers button").first.click()
    expect(other.locator("[role=alert]")).to_be_visible()
    other.close()
    alice.check()


def take_letters(alice: Reader, folder: Path) -> list[str]:
    """Download the file of the letters; give its codes."""
    with alice.page.expect_download() as download:
        alice.page.locator("form[action$='/lettres/'] button").click()
    kept = folder / "lettres.csv"
    download.value.save_as(kept)
    return re.findall(r"\b\w{4}-\w{4}-\w{4}\b", kept.read_text())


def answer_by_letter(zoe: Reader, code: str) -> None:
    zoe.open("/siege/")
    zoe.page.locator("[name=code]").fill(code.lower().replace("-", " "))
    zoe.page.locator("main form button").click()
    zoe.page.locator("button[value=yes]").click()
    expect(zoe.page.locator("button[value=yes]")).to_have_count(0)
    assert "SECRET-" not in zoe.page.content()
    zoe.open("/siege/")
    zoe.page.locator("[name=code]").fill(code)
    zoe.refusals.add(422)
    zoe.page.locator("main form button").click()
    expect(zoe.page.locator(".errorlist")).to_be_visible()
    zoe.refusals.discard(422)
    zoe.check()


@pytest.mark.parametrize(
    ("javascript", "width"), [(True, 1280), (False, 390)], ids=["with JavaScript", "without, on a telephone"]
)
def test_from_the_refusal_to_the_panel_as_it_sits(
    arrive: Callable[..., Reader], town: Town, tmp_path: Path, javascript: bool, width: int
) -> None:
    title = f"Panel {width} signé"
    alice = arrive(town, role=ALICE, width=width, javascript=javascript)
    esther = arrive(town, role=ESTHER, width=width, javascript=javascript)
    zoe = arrive(town, width=width, javascript=javascript)
    prepare_with_guarantor(alice, tmp_path, title)
    result = alice.page.url.removeprefix(alice.url)
    path = result.split("calculs/")[0]
    commit(alice, seconds=3_600)
    assert alice.page.locator("nav.team a[href$='/sort/']").count() == 0
    decide(esther, title, reason=REASON)
    zoe.open(path)
    assert REASON in zoe.main
    alice.open(result)
    commit(alice, seconds=25)
    decide(esther, title)
    alice.open(path)
    draw_and_publish(alice)
    answer_and_replace(alice, path)
    (code, *_others) = take_letters(alice, tmp_path)
    answer_by_letter(zoe, code)
    zoe.open(path)
    assert ESTHER in zoe.main
    assert REASON in zoe.main
    assert zoe.page.locator(".replacements > li").count() == 1
    assert "SECRET-" not in zoe.page.content()
    assert ALICE not in zoe.main


def test_newcomer_sees_a_signed_draw_whose_seats_are_answered(
    arrive: Callable[..., Reader], town: Town
) -> None:
    ((draw,),) = town.rows("SELECT id FROM selection_draw WHERE title = ?", PUBLISHED)
    ((pseudonym,),) = town.rows(
        "SELECT r.pseudonym FROM selection_seat s JOIN selection_respondent r ON r.id = s.holder_id"
        " WHERE s.draw_id = ? AND s.number = 1",
        draw,
    )
    for width in (1280, 390, 320):
        zoe = arrive(town, width=width)
        zoe.open(f"/tirages/{draw}/")
        assert ESTHER in zoe.main
        assert zoe.page.locator(".replacements > li").count() == 1
        zoe.open(f"/tirages/{draw}/appartenance/")
        zoe.page.locator("[name=person]").fill(pseudonym)
        zoe.page.locator("main form.stack button").click()
        expect(zoe.page.locator("h1")).to_contain_text(pseudonym)
        zoe.check()
        zoe.open("/siege/")
