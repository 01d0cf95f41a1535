"""What is measured is shared whole: nothing is lost and nothing is counted twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.energy import Weights, share

REQUESTS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=30)


@given(energy=st.floats(0, 10**6), requests=REQUESTS, prompt=st.floats(0, 1))
def test_parts_and_the_idle_rest_are_the_whole(
    energy: float, requests: list[tuple[int, int]], prompt: float
) -> None:
    parts, idle = share(energy, requests, Weights(prompt=prompt))
    assert sum(parts) + idle == pytest.approx(energy, rel=1e-9)
    assert len(parts) == len(requests)


def test_a_token_that_is_read_weighs_less_than_one_that_is_written() -> None:
    assert share(11.0, [(10, 0), (0, 10)], Weights(prompt=0.1)) == (pytest.approx([1.0, 10.0]), 0.0)


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        share(-1.0, [])
    with pytest.raises(ValueError, match="-1"):
        share(1.0, [(-1, 0)])
