"""What the base template knows on every page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject

LANGUAGE_NAMES = [("fr", "Français"), ("en", "English")]


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation."""

    label: str | Promise
    href: str
    is_current: bool


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the theme, the languages and the navigation that settings list."""
    return {
        "theme": settings.THEME,
        "languages": LANGUAGE_NAMES,
        "navigation": SimpleLazyObject(lambda: entries(settings.NAVIGATION, request.path)),
        "footer_navigation": SimpleLazyObject(lambda: entries(settings.FOOTER_NAVIGATION, request.path)),
    }


def entries(listed: Iterable[tuple[str | Promise, str]], path: str) -> list[Entry]:
    """Return the links of a navigation; current is the one whose address the page's begins with.

    A name without an address is left out (`manage.py check` names it): a page must not fail for its menu.
    """
    found = []
    for label, name in listed:
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Entry(label, href, path == href or (href != "/" and path.startswith(href))))
    return found
