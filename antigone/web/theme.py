"""The city's name, logo, colours and fonts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    city: str = "Ville de Valmont"


def load_theme(path: str | None) -> Theme:
    """Read the theme file, or return the neutral one."""
    return Theme()
