"""What is drawn: shares that add up, a shape for each group, a sentence for who does not see."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from antigone.consultation.charts import Bar, draw_bar, draw_map
from antigone.consultation.figures import describe_figures
from antigone.consultation.placing import Standing
from antigone.core.opinion import draw_picture
from tests.core.opinion.conversations import count, make_votes


@pytest.fixture
def figures() -> dict[str, Any]:
    drawn = draw_picture(count(make_votes()))
    return describe_figures(drawn, range(12), {}, {})


def test_bar_is_as_wide_as_its_votes() -> None:
    widths = [float(width) for width in re.findall(r'width="([\d.]+)"', draw_bar(3, 1, 2))]
    assert widths == [300.0, 200.0, 100.0]
    assert re.findall(r"side-(\w+)", draw_bar(3, 1, 2)) == ["agree", "pass", "disagree"]


def test_few_votes_have_no_share() -> None:
    assert not Bar(2, 1, 1).svg
    assert Bar(3, 1, 1).svg
    assert (Bar(3, 1, 1).agree, Bar(0, 0, 0).agree) == (60, 0)


def test_groups_are_told_apart_by_shape_and_letter(figures: dict[str, Any]) -> None:
    svg = ElementTree.fromstring(draw_map(figures))
    assert {one.tag for one in svg.iter() if one.get("class") == "group-0"} == {"circle"}
    assert {one.tag for one in svg.iter() if one.get("class") == "group-1"} == {"rect"}
    assert [one.text for one in svg.iter("text")] == ["A", "B"]
    title = svg.find("title")
    assert title is not None
    assert title.text == "Carte des opinions\xa0: 60 participants, dans les groupes A 30, B 30."


def test_my_place_is_marked_and_never_outside(figures: dict[str, Any]) -> None:
    svg = ElementTree.fromstring(draw_map(figures, Standing(1e6, -1e6, 0, True, 0)))
    (you,) = [one for one in svg.iter("g") if one.get("class") == "map-you"]
    x, y = float(you[0].get("cx", "")), float(you[0].get("cy", ""))
    _left, _top, width, height = map(float, svg.get("viewBox", "").split())
    assert 0 < x < width
    assert 0 < y < height
    assert "Vous êtes dans le groupe A." in (svg.findtext("title") or "")
    assert "Votre place" in draw_map(figures, Standing(0, 0, None, False, 3))


def test_statements_are_written_where_asked(figures: dict[str, Any]) -> None:
    assert "map-number" not in draw_map(figures)
    assert draw_map(figures, with_statements=True).count("map-number") == 12


def test_nothing_is_drawn_of_nothing(figures: dict[str, Any]) -> None:
    assert draw_map({**figures, "map": {"side": 1.0, "cells": []}}) == ""


def test_a_map_without_clear_groups_has_one_shape_and_no_letter() -> None:
    alike = draw_picture(count([(person, one, 1 - person % 2) for person in range(9) for one in range(7)]))
    figures = describe_figures(alike, range(7), {}, {})
    figures["clear_groups"] = False
    svg = draw_map(figures)
    assert "map-letter" not in svg
    assert "sans groupes" in svg
    assert "<rect" not in svg
