"""What pages say, in one place: a journey names a message by its English original, as the catalogue does."""

import gettext
from pathlib import Path
from typing import Any

from django.conf import settings

HOURS = "Quels sont les horaires de la mairie ?"
OPENING = "La mairie est ouverte du lundi au vendredi de 8 h 30 à 12 h et de 13 h 30 à 17 h 30"

_CATALOGUE = gettext.translation("django", Path(settings.LOCALE_PATHS[0]), ["fr"])


def squeeze(text: str) -> str:
    """Return the text with every run of spaces (no-break ones and ends of lines too) made one space."""
    return " ".join(text.split())


def in_french(message: str, **params: Any) -> str:
    """Return what a French page says for this message."""
    translated = _CATALOGUE.gettext(message)
    return squeeze(translated % params if params else translated)
