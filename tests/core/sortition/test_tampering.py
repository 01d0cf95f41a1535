"""One flipped bit in what decides a draw is always caught: in a byte of a file, or in any of its fields."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.sortition.beacons import CHAINS
from antigone.core.sortition.documents import parse_json
from antigone.core.sortition.verification import verify_files
from tests.core.sortition.public_draws import NAMES, make_files
from tests.core.sortition.signing import OURS

PROOF = {"levels", "bound", "cuts"}
"""Parts of the certificate that prove: others may prove as much, and are checked to."""


@pytest.fixture(autouse=True, scope="module")
def _our_beacon() -> Iterator[None]:
    CHAINS[OURS.hash] = OURS
    yield
    del CHAINS[OURS.hash]


def read_meaning(data: bytes) -> str | None:
    """Give all that a file says but for its proof, in one spelling; None where it cannot be read."""
    try:
        document = parse_json(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(document, dict):
        document = {key: value for key, value in document.items() if key not in PROOF}
    return json.dumps(document, sort_keys=True)


def is_caught(files: dict[str, bytes], name: str, data: bytes) -> bool:
    return not verify_files(files | {name: data}).is_valid


def list_fields(item: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every text, number and truth value."""
    if isinstance(item, dict | list):
        for key, value in item.items() if isinstance(item, dict) else enumerate(item):
            yield from list_fields(value, (*path, key))
    else:
        yield path


def flip_field(document: Any, path: tuple[Any, ...], bit: int) -> None:
    """Flip one bit of a text (in its first character), of a number, or of a truth value."""
    *steps, last = path
    for step in steps:
        document = document[step]
    value = document[last]
    if isinstance(value, bool):
        document[last] = not value
    elif isinstance(value, int):
        document[last] = value ^ 1 << bit
    elif isinstance(value, float):
        document[last] = float.fromhex(value.hex().replace("p", f"{bit + 1}p", 1)) + 2.0**-40
    elif value is None:
        document[last] = 0
    else:
        document[last] = chr(ord(value[0]) ^ 1 << bit % 7) + value[1:] if value else "x"


@pytest.mark.parametrize("by_round", [False, True])
@pytest.mark.parametrize("name", ["commitment.json", "secret.json", "public.json"])
def test_every_byte_of_the_small_files_counts(name: str, by_round: bool) -> None:
    files = make_files(by_round=by_round)
    data = files[name]
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        if read_meaning(changed) != read_meaning(data) or read_meaning(changed) is None:
            assert is_caught(files, name, bytes(changed)), (place, bytes(changed[place - 20 : place + 20]))


@pytest.mark.parametrize("by_weight", [False, True])
@settings(max_examples=250, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_any_flipped_bit_is_caught(by_weight: bool, name: str, data: st.DataObject) -> None:
    files = make_files(by_weight=by_weight)
    if name not in files:
        return
    changed = bytearray(files[name])
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    if read_meaning(changed) is None or read_meaning(changed) != read_meaning(files[name]):
        assert is_caught(files, name, bytes(changed))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(0, 40))
def test_any_changed_field_is_caught(name: str, data: st.DataObject, bit: int) -> None:
    files = make_files()
    document = json.loads(files[name])
    fields = [path for path in list_fields(document) if path[0] not in PROOF]
    flip_field(document, data.draw(st.sampled_from(fields)), bit)
    assert is_caught(files, name, json.dumps(document).encode())


@pytest.mark.parametrize("name", ["commitment.json", "secret.json", "public.json"])
def test_every_field_of_the_small_files_counts(name: str) -> None:
    files = make_files(by_round=True)
    for path in list_fields(json.loads(files[name])):
        document = json.loads(files[name])
        flip_field(document, path, 0)
        assert is_caught(files, name, json.dumps(document).encode()), path


@pytest.mark.parametrize("name", NAMES)
def test_a_key_less_or_more_is_caught(name: str) -> None:
    files = make_files()
    document = json.loads(files[name])
    for key in document:
        fewer = {other: value for other, value in document.items() if other != key}
        if (name, key) != ("public.json", "secret"):
            assert is_caught(files, name, json.dumps(fewer).encode()), key
    if name != "chances.json":
        assert is_caught(files, name, json.dumps(document | {"more": 1}).encode())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_nothing_makes_the_check_raise(name: str, data: st.DataObject) -> None:
    files = make_files()
    document = json.loads(files[name])
    *steps, last = data.draw(st.sampled_from(list(list_fields(document))))
    place = document
    for step in steps:
        place = place[step]
    strange = st.sampled_from([None, True, -1, 10**400, 1.5, 1e308, "", "é", [], {}, [[]], {"a": []}])
    place[last] = data.draw(strange)
    report = verify_files(files | {name: json.dumps(document).encode()})
    assert all(check.explain() for check in report.checks)
