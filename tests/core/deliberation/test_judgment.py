from fractions import Fraction
from math import lcm
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.deliberation import errors
from antigone.core.deliberation.judgment import LEVELS, find_majority_level, judge, rank

counts_of_few = st.lists(st.integers(0, 6), min_size=LEVELS, max_size=LEVELS)


def remove_medians(counts: list[int]) -> list[int]:
    """Write the levels that Balinski and Laraki's removal meets, one judgment after another."""
    judgments = [level for level, count in enumerate(counts, start=1) for _ in range(count)]
    return [judgments.pop((len(judgments) - 1) // 2) for _ in range(len(judgments))]


def compare_by_definition(one: list[int], other: list[int]) -> int:
    if not sum(one) or not sum(other):
        return (sum(one) > 0) - (sum(other) > 0)
    size = lcm(sum(one), sum(other))
    met, met_other = (
        remove_medians([count * (size // sum(counts)) for count in counts]) for counts in (one, other)
    )
    return (met > met_other) - (met < met_other)


@given(counts_of_few)
def test_the_majority_level_is_the_lower_median(counts: list[int]) -> None:
    assert find_majority_level(counts) == next(iter(remove_medians(counts)), 0)


@settings(max_examples=500)
@given(counts_of_few, counts_of_few)
def test_two_texts_are_ordered_as_the_removal_of_medians_orders_them(
    one: list[int], other: list[int]
) -> None:
    sign = compare_by_definition(one, other)
    assert rank([one, other]) == ([1, 0] if sign < 0 else [0, 1])
    assert rank([other, one]) == ([1, 0] if sign > 0 else [0, 1])


@given(st.lists(st.permutations([0, 1, 2, 3, 3]), max_size=8))
def test_as_many_judgments_are_ordered_without_being_repeated(texts: list[list[int]]) -> None:
    assert rank(texts) == sorted(
        range(len(texts)), key=lambda place: remove_medians(texts[place]), reverse=True
    )


@given(counts_of_few)
def test_more_than_half_is_a_majority_level(counts: list[int]) -> None:
    verdict = judge(counts, members=100, threshold=50, quorum=0)
    assert verdict.is_kept == (verdict.majority_level >= 4)
    assert verdict.counts == tuple(counts)


@given(counts_of_few, st.integers(1, 100), st.integers(0, 100), st.integers(1, LEVELS))
def test_the_reason_says_what_is_decided(
    counts: list[int], threshold: int, quorum: int, kept_from: int
) -> None:
    verdict = judge(counts, members=30, threshold=threshold, quorum=quorum, kept_from=kept_from)
    found = verdict.reason.params
    if not verdict.voters:
        assert (verdict.is_kept, verdict.share_kept, str(verdict.reason)) == (False, 0, "Nobody voted.")
    elif verdict.is_quorate:
        assert Fraction(found["kept"], found["voters"]) == verdict.share_kept
        assert verdict.is_kept == (found["kept"] >= found["needed"])
    else:
        assert not verdict.is_kept
        assert found["voters"] < found["needed"]


@pytest.mark.parametrize(
    ("threshold", "kept", "is_kept"),
    [
        (50, 5, False),
        (50, 6, True),
        (60, 5, False),
        (60, 6, True),
        (61, 6, False),
        (100, 9, False),
        (100, 10, True),
    ],
)
def test_the_threshold_is_exact(threshold: int, kept: int, is_kept: bool) -> None:
    verdict = judge([10 - kept, 0, 0, kept, 0], members=10, threshold=threshold, quorum=0)
    assert verdict.is_kept is is_kept


@pytest.mark.parametrize(("voters", "is_quorate"), [(6, False), (7, True)])
def test_the_quorum_is_rounded_up_to_people(voters: int, is_quorate: bool) -> None:
    verdict = judge([0, 0, 0, 0, voters], members=13, threshold=50, quorum=50)
    assert (verdict.is_quorate, verdict.is_kept) == (is_quorate, is_quorate)


@pytest.mark.parametrize(
    ("counts", "rule", "error"),
    [
        ([1, 2, 3, 4], {}, errors.WrongLevels),
        ([1, -1, 3, 4, 0], {}, errors.NegativeCount),
        ([0, 0, 0, 20, 21], {}, errors.TooManyVoters),
        ([0, 0, 0, 1, 0], {"threshold": 101}, errors.InvalidRule),
        ([0, 0, 0, 1, 0], {"quorum": -1}, errors.InvalidRule),
        ([0, 0, 0, 1, 0], {"kept_from": 6}, errors.InvalidRule),
    ],
)
def test_what_cannot_be_is_refused(
    counts: list[int], rule: dict[str, int], error: type[errors.DeliberationError]
) -> None:
    with pytest.raises(error) as caught:
        judge(counts, **{"members": 40, "threshold": 50, "quorum": 50, **rule})
    assert caught.value.explain() == str(caught.value)


def test_the_example_of_the_documentation_is_what_is_computed() -> None:
    text = (Path(__file__).parents[3] / "docs" / "reference" / "majority-judgment.md").read_text()
    rows = [
        line.strip("| ").split(" | ")
        for line in text.splitlines()
        if line[:4] in {f"| {name}" + " " for name in "ABCD"}
    ]
    texts = {row[0]: [int(cell) for cell in row[1:6]] for row in rows}
    for name, *cells in rows:
        verdict = judge(texts[name], members=40, threshold=60, quorum=50)
        assert [str(verdict.voters), str(verdict.majority_level)] == cells[5:7]
        assert cells[8] == ("yes" if verdict.is_kept else "no")
    assert ", ".join([*texts][place] for place in rank([*texts.values()])) == "D, A, C, B"
    assert "The order is D, A, C, B." in text
    assert judge(texts["B"], members=40, threshold=50, quorum=50).is_kept
