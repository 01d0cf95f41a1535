from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.sortition import errors
from antigone.core.sortition.proportions import compute_bands, targets_from_proportions

counts = st.dictionaries(st.text(max_size=3), st.integers(0, 10**7), min_size=1, max_size=9).filter(
    lambda values: sum(values.values()) > 0
)


@given(counts, st.integers(1, 200), st.sampled_from([0, "0.05", Fraction(1, 3)]))
def test_bands_can_always_be_met_by_largest_remainder(
    values: dict[str, int], size: int, tolerance: Fraction
) -> None:
    bands = compute_bands({"f": values}, size, tolerance=tolerance)
    assert sum(band.seats for band in bands) == size
    assert sum(band.exact for band in bands) == size
    for band in bands:
        assert 0 <= band.target.min <= band.seats <= band.target.max <= size
        assert abs(band.seats - band.exact) < 1
        assert band.target.min <= band.exact <= band.target.max


def test_seats_go_to_the_largest_remainders() -> None:
    bands = compute_bands({"csp": {"a": 47, "b": 16, "c": "15,8", "d": 12, "e": 6.1, "f": "3.1"}}, 10)
    assert [band.seats for band in bands] == [5, 2, 1, 1, 1, 0]
    assert [band.is_rounded_up for band in bands] == [True, True, False, False, True, False]


def test_a_tolerance_widens_the_bands() -> None:
    shares = {"gender": {"women": 52, "men": 48}}
    narrow, wide = (targets_from_proportions(shares, 100, tolerance=t).targets for t in (0, "0.1"))
    assert (narrow[0].min, narrow[0].max) == (52, 52)
    assert (wide[0].min, wide[0].max) == (46, 58)


def test_a_band_says_why() -> None:
    first, second = compute_bands({"age": {"18-29": 1, "30+": 2}}, 4)
    assert "1.33 seats" in first.explain()
    assert "one more" in second.explain()
    assert "whole number" in compute_bands({"age": {"18+": 3}}, 4)[0].explain()


@pytest.mark.parametrize("share", [-1, "many", float("nan"), float("inf"), "1/0", 0])
def test_shares_that_are_no_proportions_are_refused(share: float) -> None:
    with pytest.raises(errors.InvalidShares):
        targets_from_proportions({"age": {"18+": share}}, 10)


def test_a_panel_without_seats_is_refused() -> None:
    with pytest.raises(errors.InvalidSize):
        targets_from_proportions({"age": {"18+": 1}}, 0)
