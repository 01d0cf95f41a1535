"""To see every page of a room as one reader sees it, in one language or the other."""

import re
from collections.abc import Sequence

from tests.journeys.reader import Reader

_LINKS = "links => links.map(link => link.getAttribute('href'))"


def walk(reader: Reader, *starts: str, widths: Sequence[int] = ()) -> set[str]:
    """Open one page of each kind that links lead to from these; a kind is an address without its numbers.

    Each is looked at in the reader's own window and, where `widths` are given, in windows as wide as that.
    """
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        kind = re.sub(r"\d+", "N", address)
        if kind in seen:
            continue
        seen.add(kind)
        reader.open(address)
        for width in widths or (None,):
            if width is not None:
                reader.page.set_viewport_size({"width": width, "height": 800})
            reader.inspect()
        found = reader.page.locator("main a[href^='/']").evaluate_all(_LINKS)
        pages = (re.split(r"[?#]", link)[0] for link in found)
        waiting += [page for page in pages if page.endswith("/") and page.startswith(starts)]
    return seen


def change_language(reader: Reader) -> None:
    """Read in the other language from now on."""
    reader.page.goto("/")
    fold = reader.page.locator("details.fold > summary")
    if fold.is_visible():
        fold.click()
    reader.press("details.fold .languages button")
