"""The steps of somebody who takes part in a consultation."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, expect

from tests.journeys.reader import Reader
from tests.journeys.words import squeeze

OPEN = "/consultations/ia-et-la-ville/"
OVER = "/consultations/vivre-la-nuit/"


def find_button(reader: Reader, vote: str) -> Locator:
    """Find the button of a vote on the ballot: agree, disagree or pass."""
    return reader.page.locator(f"form.ballot button.{vote}")


def read_statement(reader: Reader) -> str:
    """Return the statement that the ballot asks about."""
    return squeeze(reader.page.locator("#statement").inner_text())


def count_done(reader: Reader) -> int:
    return int(reader.page.locator("progress").get_attribute("value") or 0)


@contextmanager
def await_next(reader: Reader, *, more: int = 1) -> Iterator[None]:
    """Wait until the vote cast within is counted: `more` is 0 where it replaces another one."""
    before = count_done(reader) + more
    marked = reader.page.locator("#statement").evaluate("element => { element.dataset.seen = 'yes' }")
    assert marked is None
    yield
    expect(reader.page.locator("[data-seen]")).to_have_count(0)
    expect(reader.page.locator("progress")).to_have_attribute("value", str(before))
    reader.check()


def cast(reader: Reader, vote: str, *, is_important: bool = False) -> str:
    """Vote on the statement that is asked about; return it."""
    statement = read_statement(reader)
    with await_next(reader):
        if is_important:
            reader.page.locator("form.ballot [name=important]").check()
        find_button(reader, vote).click()
    return statement


def cast_enough(reader: Reader) -> None:
    """Vote until the page says where one stands, a little differently each time."""
    link = reader.page.locator(".foot a[href$='/mon-groupe/']")
    for turn in range(12):
        if link.count():
            return
        cast(reader, ("agree", "disagree", "agree", "pass")[turn % 4])
    expect(link).to_be_visible()


def find_mine(reader: Reader, text: str) -> Locator:
    """Find what the review page shows of a statement: the row with its buttons or with what became of it."""
    words = re.compile(r"\s+".join(map(re.escape, text.split())))
    return reader.page.locator("main ul.rows > li").filter(has_text=words)


def find_chosen(row: Locator) -> Locator:
    """Find the button of the vote that stands."""
    return row.locator("button[aria-pressed=true]")


def propose(reader: Reader, text: str, *, status: int = 200) -> None:
    """Send a statement on its page; `status` is what the answer must have."""
    reader.open(f"{OPEN}voter/proposer/")
    reader.fill(text=text)
    reader.refusals.add(status)
    reader.press()
    reader.refusals.discard(status)


def decide(moderator: Reader, text: str, action: str, *, reason: str = "", note: str = "") -> None:
    """Decide on the statement of the queue that has these words."""
    row = moderator.page.locator("ol.queued > li").filter(has_text=text)
    row.locator("[name=seen]").check()
    moderator.page.locator("form.queue [name=reason]").select_option(reason)
    moderator.page.locator("form.queue [name=note]").fill(note)
    moderator.press(f"form.queue button[value={action}]")
