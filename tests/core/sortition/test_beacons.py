from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.sortition import errors
from antigone.core.sortition.beacons import CHAINS, DEFAULT, QUICKNET, Chain, is_signed
from antigone.core.sortition.commitments import find_round
from tests.core.sortition.signing import OURS, sign_round

# Rounds that drand published.
ROUNDS = [
    (
        QUICKNET,
        1000,
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
        "",
        "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
    ),
    (
        QUICKNET,
        657413,
        "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
        "",
        "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    ),
    (
        DEFAULT,
        1,
        "8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b101"
        "04990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655",
        "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
        "101297f1ca7dc44ef6088d94ad5fb7ba03455dc33d53ddb412bbc4564ed986ec",
    ),
    (
        DEFAULT,
        3311596,
        "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9"
        "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754",
        "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b43"
        "0e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8",
        "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920",
    ),
]


@pytest.mark.parametrize(("chain", "number", "signature", "previous", "randomness"), ROUNDS)
def test_published_rounds_are_signed(
    chain: Chain, number: int, signature: str, previous: str, randomness: str
) -> None:
    assert is_signed(chain, number, signature, previous)
    assert sha256(bytes.fromhex(signature)).hexdigest() == randomness
    assert not is_signed(chain, number + 1, signature, previous)
    assert not is_signed(chain, number, signature, "" if previous else signature)
    other = DEFAULT if chain is QUICKNET else QUICKNET
    assert not is_signed(other, number, signature, previous)


@pytest.mark.parametrize(
    ("chain", "group_hash", "name"),
    [
        (QUICKNET, "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e", b"quicknet"),
        (DEFAULT, "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a", b""),
    ],
)
def test_the_hash_of_a_chain_binds_its_key_and_its_instants(
    chain: Chain, group_hash: str, name: bytes
) -> None:
    parts = chain.period.to_bytes(4, "big") + chain.genesis.to_bytes(8, "big")
    parts += bytes.fromhex(chain.public_key) + bytes.fromhex(group_hash) + name
    assert sha256(parts).hexdigest() == chain.hash


@pytest.mark.parametrize("bit", range(384))
def test_one_flipped_bit_of_a_signature_is_caught(bit: int) -> None:
    changed = bytearray.fromhex(ROUNDS[0][2])
    changed[bit // 8] ^= 1 << bit % 8
    assert not is_signed(QUICKNET, 1000, changed.hex())


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "xy",
        "é",
        "ff" * 48,
        "c0" + "00" * 47,
        "00" * 48,
        ROUNDS[0][2].upper(),
        f" {ROUNDS[0][2]}",
        "ab" * 96,
    ],
)
def test_what_is_no_signature_is_refused(signature: str) -> None:
    assert not is_signed(QUICKNET, 1000, signature)


@pytest.mark.parametrize("number", [-1, 1 << 64])
def test_a_number_that_is_no_round_is_refused(number: int) -> None:
    assert not is_signed(QUICKNET, number, ROUNDS[0][2])


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_a_beacon_of_our_own_signs_as_drand_does(number: int) -> None:
    assert is_signed(OURS, number, sign_round(number))
    assert not is_signed(replace(OURS, public_key=QUICKNET.public_key), number, sign_round(number))


@pytest.mark.parametrize("chain", sorted(CHAINS))
@given(st.datetimes(datetime(2020, 8, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (hypothesis adds UTC)
def test_the_round_found_is_the_first_after_an_instant(chain: str, instant: datetime) -> None:
    found = find_round(chain, instant)
    assert found.announced_at > instant
    before = replace(found, number=found.number - 1)
    assert found.number == 1 or before.announced_at <= instant


def test_a_round_of_its_own_instant_is_not_after_it() -> None:
    tenth = datetime.fromtimestamp(QUICKNET.genesis, UTC) + 9 * timedelta(seconds=QUICKNET.period)
    assert find_round(QUICKNET.hash, tenth).number == 11
    assert find_round(QUICKNET.hash, tenth - timedelta(microseconds=1)).number == 10


def test_a_round_of_an_unknown_beacon_is_refused() -> None:
    with pytest.raises(errors.InvalidRandomness):
        find_round(OURS.hash, datetime(2027, 1, 1, tzinfo=UTC))
