"""Drawings as numbers."""

import pytest

from antigone.selection.charts import HEIGHT, draw_histogram, draw_quotas
from antigone.selection.models import Target
from antigone.selection.results import choose_width, count_alone


def test_highest_bar_fills_the_drawing_and_the_line_stands_at_the_equal_chance() -> None:
    drawn = draw_histogram([0, 30, 10], 0.1, 0.15, 0.3)
    assert [bar.height for bar in drawn.bars] == [0, HEIGHT, pytest.approx(HEIGHT / 3)]
    assert drawn.equal_x == pytest.approx(50)


def test_last_bar_goes_up_to_the_largest_chance() -> None:
    drawn = draw_histogram([5, 5], 0.1, 0.1, 0.9)
    assert "90" in drawn.bars[-1].label
    assert "10" in drawn.last


@pytest.mark.parametrize(("most", "width"), [(1.0, 0.05), (0.4, 0.02), (0.03, 0.002), (0.00001, 0.0001)])
def test_width_of_bars_is_round(most: float, width: float) -> None:
    assert choose_width(most) == width


def test_quotas_are_to_one_scale_and_say_whether_they_are_met() -> None:
    rows = [
        Target(feature="a", value="x", min=5, max=10),
        Target(feature="a", value="y", min=1, max=2),
    ]
    first, second = draw_quotas(rows, 12, {("a", "x"): 10, ("a", "y"): 3})["a"]
    assert (first.band_x, first.band_width, first.seats_width) == (50, 50, 100)
    assert (first.is_met, second.is_met) == (True, False)


def test_people_alone_with_their_values_are_counted() -> None:
    assert count_alone([{"a": "x"}, {"a": "x"}, {"a": "y"}, {"a": "z"}]) == 2
