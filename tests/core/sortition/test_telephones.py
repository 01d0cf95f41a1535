import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.sortition.telephones import Plan, _shuffle, generate_numbers, is_given_to_people


@given(st.text(max_size=8), st.integers(0, 100))
def test_numbers_are_valid_different_and_follow_the_plan(seed: str, share: int) -> None:
    plan = Plan(60, share, ("0467", "0499", "01", "0972"))
    found = list(generate_numbers(plan, seed))
    numbers = [number for number, _kind in found]
    assert len(set(numbers)) == 60
    assert sum(kind == "mobile" for _number, kind in found) == (60 * share + 50) // 100
    for number, kind in found:
        parsed = phonenumbers.parse(number, "FR")
        assert phonenumbers.is_valid_number_for_region(parsed, "FR"), number
        is_mobile = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
        assert is_mobile == (kind == "mobile")
        assert kind == "mobile" or number.startswith(kind)


def test_same_plan_and_seed_give_the_same_numbers() -> None:
    plan = Plan(50, 60, ("0467",))
    assert list(generate_numbers(plan, "a")) == list(generate_numbers(plan, "a"))
    assert list(generate_numbers(plan, "a")) != list(generate_numbers(plan, "b"))


@given(
    st.text(alphabet="0123456789", min_size=8, max_size=8),
    st.sampled_from(("01", "02", "03", "04", "05", "06", "07", "09")),
)
def test_what_is_given_to_people_is_valid_for_the_library(rest: str, zone: str) -> None:
    number = zone + rest
    if is_given_to_people(number):
        assert phonenumbers.is_valid_number_for_region(phonenumbers.parse(number, "FR"), "FR"), number


@pytest.mark.parametrize(
    "number",
    [
        "0639980000",
        "0199001234",
        "0465710000",
        "0700000000",
        "0162123456",
        "0690123456",
        "0112",
        "06１2345678",
        "0262123456",
    ],
)
def test_numbers_that_no_person_here_holds_are_left_out(number: str) -> None:
    assert not is_given_to_people(number)


def test_without_prefixes_all_are_mobile() -> None:
    assert {kind for _number, kind in generate_numbers(Plan(20, 0, ()), "x")} == {"mobile"}


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="11 numbers"):
        list(generate_numbers(Plan(11, 0, ("046712345",)), "x"))
    with pytest.raises(ValueError, match="numbers are more"):
        list(generate_numbers(Plan(1, 0, ("0162",)), "x"))


@given(st.integers(1, 300), st.text(max_size=4))
def test_shuffle_gives_each_place_once(room: int, seed: str) -> None:
    assert sorted(_shuffle(place, room, seed) for place in range(room)) == list(range(room))
