"""Filters and tags that every template has: French typography, numbers, dates, languages."""

import re
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import formats, timezone, translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
NARROW_SPACE = "\u202f"
SPACE = "\u00a0"


@register.filter
def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """Write a number as the page's language does, its thousands apart and never cut from each other.

    >>> with translation.override("en"):
    ...     number(18402), number(1.05, 2)
    ('18,402', '1.05')
    """
    if value is None:
        return ""
    # Django cuts decimals off; people round.
    written = formats.number_format(round(value, decimals or None), use_l10n=True, force_grouping=True)
    return written.replace(SPACE, NARROW_SPACE)


@register.filter
def size(octets: int) -> str:
    """Write a size in the unit that leaves one to three figures before the comma (1 kB is 1,000 bytes)."""
    amount, unit = float(octets), _("B")
    for larger in (_("kB"), _("MB"), _("GB"), _("TB")):
        if amount < 1_000:
            break
        amount, unit = amount / 1_000, larger
    decimals = 1 if amount < 10 and unit != _("B") else 0
    return f"{number(amount, decimals)}{SPACE}{unit}"


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day in words (“3 mars 2026”, “1er mars 2026”), its parts never cut from each other."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    written = formats.date_format(value, "DATE_FORMAT")
    if (translation.get_language() or "").startswith("fr"):
        written = re.sub(r"^1 ", "1er ", written)
    return written.replace(" ", SPACE)


@register.filter(is_safe=True)
def typeset(text: str) -> SafeString:
    """Put French unbreakable spaces before : ; ? ! » and after «; leave other languages as they are."""
    escaped = str(conditional_escape(text))
    if not (translation.get_language() or "").startswith("fr"):
        return mark_safe(escaped)  # noqa: S308 (escaped above)
    # An escaped entity ends with “;” without a space before it, so it is never touched.
    spaced = re.sub(r" +([;?!])", NARROW_SPACE + r"\1", escaped)
    spaced = re.sub(r" +([:»])", SPACE + r"\1", spaced)
    return mark_safe(re.sub(r"« +", "«" + SPACE, spaced))  # noqa: S308 (escaped above)


BROWSERS = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
]


@register.filter
def browser(user_agent: str) -> str:
    """Name the browser and the system that a request says it comes from, for people to recognise their own.

    >>> browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox, Linux'
    """
    name = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in [*SYSTEMS, ("Linux", "Linux")] if mark in user_agent), "")
    return ", ".join(filter(None, [name, system])) or _("Unknown")


@register.simple_tag
def lang(code: str) -> SafeString:
    """Return ` lang="…"` where a text is not in the page's language: `<p{% lang document.language %}>`."""
    if (
        not re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", code or "")
        or code == translation.get_language()
    ):
        return mark_safe("")
    return mark_safe(f' lang="{code}"')  # noqa: S308 (letters, figures and hyphens only)
