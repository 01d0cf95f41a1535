"""Alice draws a panel, from the files to its publication; Zoé checks it; Esther reads all of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import in_french, squeeze
from tests.selection.town import write_pool, write_targets

pytestmark = pytest.mark.xdist_group("journeys")

ALICE = "Alice Morel"
PUBLISHED = "Convention citoyenne sur la ville la nuit"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    pool, targets = tmp_path / "vivier.csv", tmp_path / "cibles.csv"
    pool.write_bytes(write_pool(60))
    # Four of each age make twelve, for nine seats: no panel has them.
    impossible = re.sub(rb"(\xc3\xa2ge,[^,]+),2,4", rb"\1,4,4", write_targets(9))
    targets.write_bytes(impossible)
    return pool, targets


def load_files(alice: Reader, files: tuple[Path, Path], title: str) -> None:
    alice.open("/tirages/nouveau/")
    alice.page.locator("[name=title]").fill(title)
    alice.page.locator("[name=size]").fill("9")
    alice.page.locator("[name=pool]").set_input_files(files[0])
    alice.page.locator("[name=targets]").set_input_files(files[1])
    alice.page.locator("main form.stack button").click()
    alice.page.locator("#diagnosis").wait_for()
    alice.check()


def compute(alice: Reader) -> None:
    alice.page.locator("[name=lottery]").select_option("100")
    alice.page.locator("form[action$='/calculer/'] button").click()
    alice.page.locator("#result").wait_for(timeout=60_000)
    alice.check()


def commit(alice: Reader, seconds: int = 5) -> None:
    """Commit to digits of a few seconds from now."""
    alice.page.locator("a[href$='/engager/']").click()
    alice.page.locator("[name=event]").fill("À la mairie")
    soon = datetime.now(ZoneInfo("Europe/Paris")) + timedelta(seconds=seconds)
    alice.page.locator("[name=instant]").evaluate(
        "(field, instant) => { field.step = 1; field.value = instant; }", soon.strftime("%Y-%m-%dT%H:%M:%S")
    )
    alice.page.locator("main form.stack button").click()
    alice.page.locator(".fingerprint").first.wait_for()
    alice.check()


def draw_and_publish(alice: Reader) -> None:
    alice.page.locator("nav.team a[href$='/sort/']").click()
    alice.page.locator("[name=digits]").fill("4 2")
    alice.refusals.add(422)
    # Too early until the instant comes: the page says so, and takes the digits then.
    for _attempt in range(40):
        alice.page.locator("main form.stack button").click()
        alice.page.wait_for_load_state()
        if alice.page.url.endswith("/panel/"):
            break
        alice.page.wait_for_timeout(1_000)
    alice.refusals.discard(422)
    assert "42" in alice.page.locator("h1").inner_text()
    assert alice.page.locator("#members ~ .table tbody tr").count() == 9
    alice.page.locator("form[action$='/suppleants/'] button").click()
    expect(alice.page.locator("#alternates ~ ol li")).to_have_count(2)
    alice.page.locator("a[href$='/publier/']").click()
    alice.page.locator("[name=agreed]").check()
    alice.page.locator("main form.stack button").click()
    alice.page.locator("#check").wait_for()
    alice.check()


@pytest.mark.parametrize(
    ("javascript", "width"), [(True, 1280), (False, 390)], ids=["with JavaScript", "without, on a telephone"]
)
def test_from_the_files_to_the_published_panel(
    arrive: Callable[..., Reader], town: Town, files: tuple[Path, Path], javascript: bool, width: int
) -> None:
    title = f"Tirage {width}"
    alice = arrive(town, role=ALICE, width=width, javascript=javascript)
    load_files(alice, files, title)
    alice.page.locator("#diagnosis button[value=apply]").click()
    expect(alice.page.locator("#diagnosis .tag.ok")).to_be_visible()
    alice.page.locator("button[value=save]").click()
    expect(alice.page.locator(".messages .success")).to_be_visible()
    compute(alice)
    assert "SECRET-" not in alice.main
    commit(alice)
    zoe = arrive(town, javascript=javascript)
    zoe.open("/tirages/")
    zoe.page.locator(".card a", has_text=title).click()
    zoe.page.locator(".fingerprint").first.wait_for()
    assert "r00" not in zoe.main
    draw_and_publish(alice)
    zoe.page.reload()
    assert "42" in zoe.page.locator(".chain").inner_text()
    zoe.page.locator("#check ~ form button").click()
    expect(zoe.page.locator(".checks .tag.ok").first).to_be_visible()
    assert zoe.page.locator(".checks .tag.warn").count() == 0
    assert "SECRET-" not in zoe.page.content()


def test_diagnosis_follows_the_keyboard(arrive: Callable[..., Reader], town: Town) -> None:
    alice = arrive(town, role=ALICE)
    alice.open("/tirages/")
    alice.page.locator("td a", has_text="Jury du budget participatif").click()
    expect(alice.page.locator("#diagnosis .tag.warn")).to_be_visible()
    cell = alice.page.locator("tr", has_text="retraités").locator("input").first
    alice.page.locator("[name=size]").focus()
    alice.tab_to(cell)
    alice.page.keyboard.type("5")
    expect(alice.page.locator("#diagnosis .tag.ok")).to_be_visible()
    alice.check()
    alice.page.reload()
    expect(alice.page.locator("#diagnosis .tag.warn")).to_be_visible()


def test_pages_of_a_draw_fit_a_narrow_screen(arrive: Callable[..., Reader], town: Town) -> None:
    ((draw,),) = town.rows("SELECT id FROM selection_draw WHERE title = ?", PUBLISHED)
    ((computation,),) = town.rows("SELECT id FROM selection_computation WHERE draw_id = ?", draw)
    ((other,),) = town.rows("SELECT id FROM selection_draw WHERE title LIKE 'Jury%'")
    for width in (390, 320):
        alice = arrive(town, role=ALICE, width=width)
        for path in (
            "/tirages/",
            "/tirages/nouveau/",
            "/tirages/verifier/",
            f"/tirages/{draw}/",
            f"/tirages/{draw}/panel/",
            f"/tirages/{draw}/feuille/",
            f"/tirages/{draw}/calculs/{computation}/",
            f"/tirages/{other}/preparation/",
            f"/tirages/{other}/effacer/",
        ):
            alice.open(path)


def test_zoe_checks_the_files_that_she_downloaded(
    arrive: Callable[..., Reader], town: Town, tmp_path: Path
) -> None:
    zoe = arrive(town)
    zoe.open("/tirages/")
    zoe.page.locator(".card a", has_text=PUBLISHED).click()
    kept = []
    for name in ("draw.json", "lottery.json", "public-draw.json"):
        with zoe.page.expect_download() as download:
            zoe.page.locator("main a", has_text=re.compile(f"^{name}$")).click()
        kept.append(tmp_path / name)
        download.value.save_as(kept[-1])
        assert "V-" not in kept[-1].read_text()
    zoe.open("/tirages/verifier/")
    zoe.page.locator("[name=documents]").set_input_files(kept)
    zoe.page.locator("main form button").click()
    expect(zoe.page.locator("h1")).to_have_text(in_french("All of it holds"))
    tampered = tmp_path / "draw.json"
    tampered.write_text(tampered.read_text().replace('"weight":', '"weight":1', 1))
    zoe.page.locator("[name=documents]").set_input_files(tampered)
    zoe.page.locator("main form button").click()
    expect(zoe.page.locator("h1")).to_have_text(in_french("This must not be believed"))


def test_esther_reads_everything_in_english_and_zoe_nothing_of_the_team(
    arrive: Callable[..., Reader], town: Town
) -> None:
    ((draw,),) = town.rows("SELECT id FROM selection_draw WHERE title = ?", PUBLISHED)
    ((other,),) = town.rows("SELECT id FROM selection_draw WHERE title LIKE 'Jury%'")
    esther = arrive(town, role="Esther Kouassi")
    esther.page.locator(".languages button", has_text="English").first.click()
    esther.open(f"/tirages/{draw}/panel/")
    assert "Members" in squeeze(esther.main)
    assert "V-" in esther.main
    esther.open(f"/tirages/{other}/preparation/")
    assert esther.page.locator("button[value=save]").count() == 0
    zoe = arrive(town)
    zoe.open(f"/tirages/{other}/", status=404)
    chloe = arrive(town, role="Chloé Martin")
    chloe.open(f"/tirages/{draw}/panel/", status=404)
    chloe.open(f"/tirages/{other}/preparation/", status=404)
