import hashlib
import tomllib
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from antigone.web.theme import DARK, LIGHT, READ_TOGETHER, contrast, load_theme

VENDOR = Path(__file__).resolve().parents[2] / "antigone/web/static/vendor"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def write(folder: Path, text: str) -> str:
    place = folder / "theme.toml"
    place.write_text(text, encoding="utf-8")
    return str(place)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_neutral_theme_is_legible(colours: dict[str, str]) -> None:
    for text, behind in READ_TOGETHER:
        assert contrast(colours[text], colours[behind]) >= 4.5


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric_and_between_1_and_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


def test_theme_file_changes_only_what_it_names(tmp_path: Path) -> None:
    theme = load_theme(write(tmp_path, 'city = "Ville de Brume"\n[light]\naccent = "#7a1f3d"\n'))
    assert theme.city == "Ville de Brume"
    assert theme.light == {**LIGHT, "accent": "#7a1f3d"}
    assert "--accent:#7a1f3d" in theme.stylesheet
    assert theme.version != load_theme(None).version


def test_colours_that_cannot_be_read_together_stop_the_start(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load_theme(write(tmp_path, '[light]\naccent = "#8ecae6"\n'))
    for word in ("#8ecae6", "#fbfaf6", ":1", "darker or lighter"):
        assert word in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", "no “colour”"),
        ('[light]\naccent = "blue"', "#1a2b3c"),
        ('[light]\nbackground = "#ffffff"', "no “background”"),
        ('logo = "missing.svg"', "is not there"),
        ('[fonts]\ntitle = "a; } body {"', "one family"),
        ("city = 3", "between quotes"),
        ("light = 3", "[light]"),
        ("city = ", "cannot be read"),
    ],
)
def test_wrong_theme_file_is_refused_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said.replace("[", r"\[").replace(".", r"\.")):
        load_theme(write(tmp_path, text))


def test_missing_theme_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="ANTIGONE_THEME"):
        load_theme(str(tmp_path / "none.toml"))


def test_city_font_comes_before_ours(tmp_path: Path) -> None:
    theme = load_theme(write(tmp_path, '[fonts]\ntitle = "Georgia"\n'))
    assert '--title:"Georgia","Source Serif"' in theme.stylesheet


@pytest.mark.django_db
def test_logo_is_served_with_its_type(tmp_path: Path, client: Client, settings: object) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    settings.THEME = load_theme(write(tmp_path, 'logo = "logo.svg"\n'))  # type: ignore[attr-defined]
    answer = client.get("/logo")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    answer.close()


def test_vendored_files_are_those_that_were_published() -> None:
    listed = tomllib.loads((VENDOR / "vendor.toml").read_text())["file"]
    for entry in listed:
        assert hashlib.sha256((VENDOR / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (VENDOR / entry["licence_file"]).exists()
    known = (
        {entry["path"] for entry in listed} | {entry["licence_file"] for entry in listed} | {"vendor.toml"}
    )
    assert {path.name for path in VENDOR.iterdir()} == known
