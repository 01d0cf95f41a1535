"""The city's name, logo, colours and fonts, read from one file and checked at start.

A theme file is TOML, every line of it optional:

    city = "Ville de Valmont"
    tagline = "L’intelligence artificielle de la ville, sous la règle de ses habitants."
    logo = "logo.svg"            # beside the theme file; SVG or PNG

    [light]                      # ink, paper, accent, accent_ink (written on accent), mark
    accent = "#0b6577"

    [dark]
    accent = "#6fd0e0"

    [fonts]                      # families that people's machines have
    title = "Georgia"
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# WCAG 2.2, success criterion 1.4.3: the least contrast of a text with what is behind it.
LEAST_CONTRAST = 4.5
LIGHT: Mapping[str, str] = {
    "ink": "#17233b",
    "paper": "#fbfaf6",
    "accent": "#0b6577",
    "accent_ink": "#ffffff",
    "mark": "#ffe08a",
}
DARK: Mapping[str, str] = {
    "ink": "#eef0f4",
    "paper": "#10182a",
    "accent": "#6fd0e0",
    "accent_ink": "#10182a",
    "mark": "#6b5310",
}
# Each text colour and what it is written on.
READ_TOGETHER = [("ink", "paper"), ("accent", "paper"), ("accent_ink", "accent"), ("ink", "mark")]
FALLBACKS = {"body": "Atkinson,system-ui,sans-serif", "title": '"Source Serif",Georgia,serif'}
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Theme:
    """What makes Antigone a city's own; the defaults are the neutral theme."""

    city: str = "Ville de Valmont"
    tagline: str = "L’intelligence artificielle de la ville, sous la règle de ses habitants."
    logo: Path | None = None
    light: Mapping[str, str] = field(default_factory=lambda: LIGHT)
    dark: Mapping[str, str] = field(default_factory=lambda: DARK)
    fonts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """Return a short text that changes with the stylesheet or the logo, for their addresses."""
        logo = self.logo.read_bytes() if self.logo else b""
        return hashlib.sha256(self.stylesheet.encode() + logo).hexdigest()[:12]

    @cached_property
    def stylesheet(self) -> str:
        """Return the theme as CSS: tokens that follow those of style.css."""
        fonts = "".join(f'--{name}:"{family}",{FALLBACKS[name]};' for name, family in self.fonts.items())
        light, dark = _tokens(self.light), _tokens(self.dark)
        return f":root{{{light}{fonts}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def load_theme(path: str | None) -> Theme:
    """Read the theme file, or return the neutral one.

    Raise ImproperlyConfigured where the file cannot be read, names what a theme has not,
    or has two colours that are not legible together.
    """
    if path is None:
        return Theme()
    place = Path(path)
    try:
        read = tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"ANTIGONE_THEME is “{path}”, which cannot be read: {error}.") from error
    _refuse_unknown(place, read, {"city", "tagline", "logo", "light", "dark", "fonts"})
    theme = Theme(
        city=_text(place, read, "city", Theme().city),
        tagline=_text(place, read, "tagline", Theme().tagline),
        logo=_logo(place, read),
        light=_colours(place, read, "light", LIGHT),
        dark=_colours(place, read, "dark", DARK),
        fonts=_fonts(place, read),
    )
    for part, colours in (("light", theme.light), ("dark", theme.dark)):
        _check_contrast(place, part, colours)
    return theme


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (“#rrggbb”), from 1 to 21.

    WCAG 2.2, “contrast ratio” and “relative luminance”.

    >>> contrast("#000000", "#ffffff")
    21.0
    >>> round(contrast("#767676", "#ffffff"), 2)
    4.54
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _check_contrast(place: Path, part: str, colours: Mapping[str, str]) -> None:
    for text, behind in READ_TOGETHER:
        ratio = contrast(colours[text], colours[behind])
        if ratio < LEAST_CONTRAST:
            raise ImproperlyConfigured(
                f"{place}, [{part}]: {text} {colours[text]} on {behind} {colours[behind]} has a contrast of "
                f"{ratio:.2f}:1; people need {LEAST_CONTRAST}:1 to read it. "
                f"Make one of the two darker or lighter."
            )


def _tokens(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in colours.items())


def _refuse_unknown(place: Path, read: Mapping[str, Any], known: set[str], part: str = "") -> None:
    if unknown := sorted(set(read) - known):
        where = f"{place}, [{part}]" if part else str(place)
        raise ImproperlyConfigured(
            f"{where}: a theme has no “{unknown[0]}”. It may have: {', '.join(sorted(known))}."
        )


def _text(place: Path, read: Mapping[str, Any], name: str, default: str) -> str:
    value = read.get(name, default)
    if not isinstance(value, str) or not value.strip():
        raise ImproperlyConfigured(f"{place}: {name} is {value!r}. Write it as a text between quotes.")
    return value.strip()


def _part(place: Path, read: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = read.get(name, {})
    if not isinstance(part, dict):
        raise ImproperlyConfigured(f"{place}: {name} is {part!r}. Write it as a part: [{name}].")
    return part


def _colours(
    place: Path, read: Mapping[str, Any], name: str, default: Mapping[str, str]
) -> Mapping[str, str]:
    part = _part(place, read, name)
    _refuse_unknown(place, part, set(default), name)
    for colour, value in part.items():
        if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ImproperlyConfigured(f"{place}, [{name}]: {colour} is {value!r}. Write it as “#1a2b3c”.")
    return {**default, **part}


def _fonts(place: Path, read: Mapping[str, Any]) -> Mapping[str, str]:
    part = _part(place, read, "fonts")
    _refuse_unknown(place, part, set(FALLBACKS), "fonts")
    for name, family in part.items():
        if not isinstance(family, str) or not re.fullmatch(r"[\w -]+", family):
            raise ImproperlyConfigured(
                f"{place}, [fonts]: {name} is {family!r}. Write the name of one family."
            )
    return part


def _logo(place: Path, read: Mapping[str, Any]) -> Path | None:
    if "logo" not in read:
        return None
    logo = place.parent / _text(place, read, "logo", "")
    if logo.suffix not in LOGO_TYPES or not logo.is_file():
        raise ImproperlyConfigured(f"{place}: the logo “{logo}” is not there. Name an SVG or PNG file.")
    return logo
