"""What numbers and values are called in pages and on the terminal."""

from contextlib import suppress
from datetime import date

from django.utils.translation import gettext as _

from antigone.consultation.models import Choice, Consultation, Suspicion
from antigone.web.templatetags.web import day


def name_group(number: int) -> str:
    """Name a group by a letter: A, B… Z, then by its number.

    >>> name_group(0), name_group(25), name_group(26)
    ('A', 'Z', '27')
    """
    return chr(ord("A") + number) if number < 26 else str(number + 1)


def say_value(kind: str, value: str) -> str:
    """Say what a choice changed from or to, as it is kept (a day as 2026-12-15), in the language of the page."""
    if kind in (Choice.Kind.MATRIX, Choice.Kind.RULES) and value in ("yes", "no"):
        return _("yes") if value == "yes" else _("no")
    if kind in (Choice.Kind.DAYS, Choice.Kind.REOPEN):
        with suppress(ValueError):
            return day(date.fromisoformat(value))
    if kind == Choice.Kind.SUSPICION:
        found, _colon, state = value.partition(":")
        with suppress(ValueError):
            return f"{Suspicion.Kind(found).label} – {Suspicion.State(state).label}"
    labels = {Choice.Kind.MODERATION: Consultation.Moderation, Choice.Kind.DOOR: Consultation.Door}
    for of_kind, named in labels.items():
        if kind == of_kind and value in named.values:
            return str(named(value).label)
    return value
