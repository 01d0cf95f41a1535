"""A seed → telephone numbers of the French plan, for who has no register: numbers are drawn, not people.

Only ranges that a person may hold: those reserved for fiction, for machines and for selling by telephone are left
out (decisions of the regulator, Arcep). Which blocks of these ranges are in service only the operators know: some
numbers drawn ring nowhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

# 0639 98 is fiction's, 069 and 0690 to 0697 are overseas; 070 to 072 are machines' and not given to people.
MOBILE = (
    *(f"06{digit}" for digit in "01245678"),
    *(f"063{digit}" for digit in "012345678"),
    "0695", "0698", "0699",
    *(f"07{digit}" for digit in "3456789"),
)  # fmt: skip
# What no person holds: fiction, and the prefixes of whoever sells by telephone.
RESERVED = (
    "019900", "026191", "035301", "046571", "053649", "063998",
    "0162", "0163", "0270", "0271", "0377", "0378", "0424", "0425", "0568", "0569", "0937", "0938", "0939", "0947",
    "0948", "0949",
)  # fmt: skip
LENGTH = 10
ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """How many numbers, how many of a hundred are mobile, and where the others are: prefixes of two to six digits."""

    count: int
    mobile_share: int
    prefixes: tuple[str, ...]


def generate_numbers(plan: Plan, seed: str) -> Iterator[tuple[str, str]]:
    """Give as many different numbers, each with its kind: "mobile" or its prefix. Same plan and seed, same numbers.

    Landline numbers are shared evenly by prefix; without a prefix all are mobile. Raise ValueError where a plan asks
    for more than its prefixes hold.

    >>> [kind for number, kind in generate_numbers(Plan(4, 50, ("0467", "0499")), "417")]
    ['mobile', 'mobile', '0467', '0499']
    """
    mobiles = (plan.count * plan.mobile_share + 50) // 100 if plan.prefixes else plan.count
    yield from _draw(MOBILE, mobiles, f"{seed} mobile", "mobile")
    for place, prefix in enumerate(plan.prefixes):
        fixed = plan.count - mobiles
        share = fixed // len(plan.prefixes) + (place < fixed % len(plan.prefixes))
        yield from _draw((prefix,), share, f"{seed} {prefix}", prefix)


def is_given_to_people(number: str) -> bool:
    """Tell whether a number of ten digits is in a range that a person of mainland France may hold.

    >>> is_given_to_people("0612345678"), is_given_to_people("0639980000"), is_given_to_people("0812345678")
    (True, False, False)
    """
    if len(number) != LENGTH or not number.isascii() or not number.isdecimal():
        return False
    return not number.startswith(RESERVED) and (number.startswith(MOBILE) or is_landline(number))


def is_landline(prefix: str) -> bool:
    """Tell whether a number, or its first digits, is of a landline of mainland France or of the Internet (09)."""
    zone, rest = prefix[:2], prefix[2:3]
    if zone in ("01", "03", "09"):
        return rest != "0"
    # 0260 to 0269 are the Indian Ocean's, 0590 to 0599 the Antilles'.
    return (zone == "02" and rest not in ("0", "6")) or (
        zone in ("04", "05") and rest not in ("0", "9")
    ) or (zone == "04" and rest == "9")  # fmt: skip


def _draw(prefixes: Sequence[str], count: int, seed: str, kind: str) -> Iterator[tuple[str, str]]:
    """Give `count` different numbers under the prefixes, in an order that the seed alone decides."""
    room = sum(10 ** (LENGTH - len(prefix)) for prefix in prefixes)
    left = count
    for place in range(room):
        if not left:
            return
        number = _write(prefixes, _shuffle(place, room, seed))
        if is_given_to_people(number):
            yield number, kind
            left -= 1
    if left:
        raise ValueError(f"{count} numbers are more than there are under {', '.join(prefixes)}")


def _write(prefixes: Sequence[str], place: int) -> str:
    for prefix in prefixes:
        room = 10 ** (LENGTH - len(prefix))
        if place < room:
            return f"{prefix}{place:0{LENGTH - len(prefix)}}"
        place -= room
    raise ValueError(f"no place {place}")


def _shuffle(place: int, room: int, seed: str) -> int:
    """Give the place that comes at this place of a shuffle of 0…room - 1, without holding the shuffle.

    A Feistel network over SHA-256 permutes the next power of four; what falls outside walks on until it is inside
    (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002, method 2).
    """
    half = max(1, ((room - 1).bit_length() + 1) // 2)
    mask = (1 << half) - 1
    while True:
        left, right = place >> half, place & mask
        for number in range(ROUNDS):
            mixed = sha256(f"antigone telephones {seed} {number} {right}".encode()).digest()
            left, right = right, left ^ (int.from_bytes(mixed[:8], "big") & mask)
        place = left << half | right
        if place < room:
            return place
