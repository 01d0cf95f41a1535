from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from antigone.web.templatetags import web


@pytest.fixture(autouse=True)
def in_french() -> object:
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(18402, 0, "18\u202f402"), (1.05, 2, "1,05"), (0, 0, "0"), (1.96, 1, "2,0")],
)
def test_number_is_french(value: float, decimals: int, written: str) -> None:
    assert web.number(value, decimals) == written


@pytest.mark.parametrize(
    ("octets", "written"),
    [(0, "0 "), (999, "999 "), (1_284_000, "1,3 "), (25_000_000, "25 "), (3 * 10**12, "3,0 ")],
)
def test_size_keeps_one_to_three_figures(octets: int, written: str) -> None:
    assert web.size(octets).startswith(written.replace(" ", "\u00a0"))


def test_first_day_of_a_month_is_an_ordinal_in_french() -> None:
    assert web.day(date(2026, 3, 1)) == "1er\u00a0mars\u00a02026"
    assert web.day(date(2026, 3, 2)) == "2\u00a0mars\u00a02026"
    assert web.day(None) == ""


def test_french_punctuation_never_starts_a_line() -> None:
    assert web.typeset("Où ? « Ici » !") == "Où\u202f? «\u00a0Ici\u00a0»\u202f!"


def test_english_punctuation_is_left_alone() -> None:
    with translation.override("en"):
        assert web.typeset("Where ?") == "Where ?"


@given(st.text())
def test_typeset_lets_no_markup_through(text: str) -> None:
    with translation.override("fr"):
        assert "<" not in web.typeset(text)


@pytest.mark.parametrize(
    ("code", "written"), [("en", ' lang="en"'), ("fr", ""), ("", ""), ('"><script>', "")]
)
def test_lang_marks_only_other_languages(code: str, written: str) -> None:
    template = Template("<p{% load web %}{% lang code %}>")
    assert template.render(Context({"code": code})) == f"<p{written}>"


def test_unknown_browser_has_a_word() -> None:
    assert web.browser("curl/8")
    assert (
        web.browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")
        == "Safari, iPhone"
    )
