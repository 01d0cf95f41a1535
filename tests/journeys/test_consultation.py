"""People going through a consultation: they vote, see where they stand, and take everything away again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.consulting import (
    OPEN,
    await_next,
    cast,
    cast_enough,
    find_button,
    find_chosen,
    find_mine,
    read_statement,
)
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.walking import change_language
from tests.journeys.words import in_french

pytestmark = pytest.mark.xdist_group("journeys")

Arrive = Callable[..., Reader]


def test_visitor_takes_part_with_the_keyboard_alone(zoe: Reader) -> None:
    keys, page = zoe.page.keyboard, zoe.page
    zoe.open(OPEN)
    zoe.tab_to(page.locator(f"main .row a[href='{OPEN}voter/']"))
    with page.expect_navigation():
        keys.press("Enter")
    # Important, then back to the button; once it is voted, the next statement has the focus.
    first = read_statement(zoe)
    zoe.tab_to(page.locator("form.ballot [name=important]"))
    keys.press("Space")
    # Enter here votes nothing: it says to choose, and the box keeps its tick and the focus.
    zoe.refusals.add(422)
    keys.press("Enter")
    expect(page.locator("#refused .notice")).to_be_visible()
    assert read_statement(zoe) == first
    with await_next(zoe):
        for _step in range(3):
            keys.press("Shift+Tab")
        expect(find_button(zoe, "agree")).to_be_focused()
        keys.press("Enter")
    expect(page.locator("#statement")).to_be_focused()
    second = read_statement(zoe)
    assert second != first
    with await_next(zoe):
        zoe.tab_to(find_button(zoe, "pass"))
        keys.press("Space")
    expect(page.locator("#statement")).to_be_focused()
    # The last vote is undone: the ballot says what it was, and the new one replaces it.
    zoe.tab_to(page.locator(".last a"))
    with page.expect_navigation():
        keys.press("Enter")
    assert read_statement(zoe) == second
    expect(page.locator(".before")).to_contain_text(in_french("Pass"))
    with await_next(zoe, more=0):
        zoe.tab_to(find_button(zoe, "disagree"))
        keys.press("Enter")
    for vote in ("agree", "disagree", "agree", "agree", "pass", "disagree"):
        if page.locator(".foot a[href$='/mon-groupe/']").count():
            break
        with await_next(zoe):
            zoe.tab_to(find_button(zoe, vote))
            keys.press("Enter")
        expect(page.locator("#statement")).to_be_focused()
    zoe.tab_to(page.locator(".foot a[href$='/mon-groupe/']"))
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.locator("svg").first).to_be_visible()
    change_with_keys(zoe, first, second)
    assert page.url.endswith(OPEN)
    assert not _has_cookie(zoe)


def change_with_keys(zoe: Reader, first: str, second: str) -> None:
    """Change one vote in the review, take another one back, then erase everything, without a mouse."""
    keys, page = zoe.page.keyboard, zoe.page
    zoe.open(f"{OPEN}voter/revoir/")
    row = find_mine(zoe, first)
    expect(row.locator("[name=important]")).to_be_checked()
    expect(find_chosen(find_mine(zoe, second))).to_have_text(in_french("Disagree"))
    zoe.tab_to(row.locator("button[value='0']"), most=90)
    with page.expect_navigation():
        keys.press("Enter")
    expect(find_chosen(find_mine(zoe, first))).to_have_text(in_french("Pass"))
    # One is where one was, not at the top of a long list again.
    zoe.tab_to(find_mine(zoe, first).locator("button[value='0']"), most=5)
    zoe.open(f"{OPEN}voter/revoir/")
    zoe.tab_to(find_mine(zoe, second).locator("button[value='2']"), most=90)
    with page.expect_navigation():
        keys.press("Enter")
    expect(find_mine(zoe, second)).to_have_count(0)
    zoe.tab_to(page.locator("a[href$='/effacer/']"), most=90)
    with page.expect_navigation():
        keys.press("Enter")
    zoe.tab_to(page.locator("button.danger"))
    with page.expect_navigation():
        keys.press("Enter")


@pytest.mark.parametrize("english", [False, True], ids=["in French", "in English"])
@pytest.mark.parametrize("javascript", [True, False], ids=["a small screen", "no JavaScript"])
def test_visitor_takes_part_on_a_small_screen(
    arrive: Arrive, town: Town, javascript: bool, english: bool
) -> None:
    """The whole path, without JavaScript too: votes, importance, group, results, changes, and away with it."""
    zoe = arrive(town, width=320, javascript=javascript)
    if english:
        change_language(zoe)
    pass_word = "Pass" if english else in_french("Pass")
    zoe.open(OPEN)
    assert not _has_cookie(zoe)
    zoe.follow("/voter/")
    expect(find_button(zoe, "pass")).to_have_text(pass_word)
    assert not _has_cookie(zoe)
    first = cast(zoe, "agree", is_important=True)
    second = cast(zoe, "disagree")
    assert _has_cookie(zoe)
    zoe.page.locator(".last a").click()
    assert read_statement(zoe) == second
    with await_next(zoe, more=0):
        find_button(zoe, "pass").click()
    cast_enough(zoe)
    zoe.follow("/mon-groupe/")
    zoe.follow("/resultats/")
    expect(zoe.page.locator("main h1")).to_be_visible()
    zoe.open(f"{OPEN}voter/revoir/")
    expect(find_mine(zoe, first).locator("[name=important]")).to_be_checked()
    expect(find_chosen(find_mine(zoe, second))).to_have_text(pass_word)
    zoe.press(f"#{find_mine(zoe, first).get_attribute('id')} button[value='-1']")
    expect(find_chosen(find_mine(zoe, first))).to_have_attribute("value", "-1")
    zoe.press(f"#{find_mine(zoe, second).get_attribute('id')} button[value='2']")
    expect(find_mine(zoe, second)).to_have_count(0)
    zoe.follow("/effacer/")
    zoe.press("main button.danger")
    assert not _has_cookie(zoe)
    zoe.open(f"{OPEN}voter/revoir/")
    expect(zoe.page.locator("main ul.rows")).to_have_count(0)


def _has_cookie(reader: Reader) -> bool:
    """Tell whether the browser holds what finds its votes again."""
    cookies = reader.page.context.cookies(f"{reader.url}{OPEN}voter/")
    return any(cookie.get("name", "").startswith("antigone-consultation-") for cookie in cookies)
