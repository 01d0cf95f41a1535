"""The codes printed in letters: read however they are typed, wrong where one sign is wrong."""

from hypothesis import given
from hypothesis import strategies as st

from antigone.selection.codes import ALPHABET, hash_code, make_code, normalise_code

CODES = st.builds(make_code)
PLACES = st.integers(0, 11)


def signs_of(code: str) -> list[str]:
    return list(code.replace("-", ""))


@given(CODES)
def test_a_code_is_read_as_it_is_printed(code: str) -> None:
    assert normalise_code(code) == code


@given(CODES, st.sampled_from(["", " ", "-", " - ", "\u00a0", "."]), st.booleans())
def test_a_code_is_read_however_it_is_typed(code: str, between: str, is_lower: bool) -> None:
    typed = between.join(signs_of(code)).replace("0", "O").replace("1", "l").replace("V", "u")
    assert normalise_code(typed.lower() if is_lower else typed) == code


@given(CODES, PLACES, st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_noticed(code: str, place: int, sign: str) -> None:
    signs = signs_of(code)
    is_same = signs[place] == sign
    signs[place] = sign
    assert (normalise_code("".join(signs)) == code) == is_same
    assert is_same or normalise_code("".join(signs)) is None


@given(CODES, PLACES, PLACES)
def test_two_swapped_signs_are_noticed(code: str, one: int, other: int) -> None:
    signs = signs_of(code)
    is_same = signs[one] == signs[other]
    signs[one], signs[other] = signs[other], signs[one]
    assert (normalise_code("".join(signs)) is None) != is_same


@given(st.text())
def test_any_text_is_a_code_as_printed_or_none(text: str) -> None:
    read = normalise_code(text)
    assert read is None or normalise_code(read) == read


def test_codes_differ_and_their_hashes_do_not_contain_them() -> None:
    codes = {make_code() for _time in range(1_000)}
    assert len(codes) == 1_000
    assert len({hash_code(code) for code in codes}) == 1_000
    assert all(code not in hash_code(code) and len(hash_code(code)) == 64 for code in codes)
