"""Personal codes printed in letters: easy to read out on the telephone, hard to guess, kept as keyed hashes only.

Twelve signs in three groups, 54 bits drawn by the system and one check sign. The alphabet has 31 signs, without
I, L, O, Q and U; 31 is prime, so that a sum weighted 1 to 12 notices any one wrong sign and any two swapped.
"""

import secrets
import unicodedata

from django.utils.crypto import salted_hmac

ALPHABET = "0123456789ABCDEFGHJKMNPRSTVWXYZ"
DRAWN = 11
GROUP = 4
# What people write for a sign that is not in the alphabet.
TAKEN_FOR = str.maketrans("OQILU", "0011V")


def make_code() -> str:
    """Draw a new code, written as it is printed.

    >>> len(make_code())
    14
    """
    drawn = "".join(secrets.choice(ALPHABET) for _sign in range(DRAWN))
    return _write(drawn + _check_sign(drawn))


def normalise_code(text: str) -> str | None:
    """Give the code as it is printed, however it was typed; None where it cannot be one.

    Case, spaces, hyphens and the letters taken for a sign of the alphabet make no difference.

    >>> normalise_code(" 0000 ooo0-0012 ") is None, normalise_code("ooooooooooo0")
    (True, '0000-0000-0000')
    """
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", text[:100]).upper() if sign.isalnum())
    signs = signs.translate(TAKEN_FOR)
    if (
        len(signs) != DRAWN + 1
        or not set(signs) <= set(ALPHABET)
        or _check_sign(signs[:DRAWN]) != signs[DRAWN]
    ):
        return None
    return _write(signs)


def hash_code(code: str) -> str:
    """Give the 64 characters kept in place of a code as printed; of no use without the server's secret key."""
    return salted_hmac("antigone.selection.codes", code, algorithm="sha256").hexdigest()


def _check_sign(drawn: str) -> str:
    """Give the sign that brings the sum of position x sign to a multiple of 31."""
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(drawn, 1))
    return ALPHABET[-total * pow(DRAWN + 1, -1, len(ALPHABET)) % len(ALPHABET)]


def _write(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))
