"""Public beacons (drand): which chains we know, and whether a signature is that of a round. No network.

Every few seconds the members of the League of Entropy sign the number of the round together. Under one key a message
has but one signature (BLS), so nobody, not even they, can choose the outcome; a threshold of them would be needed to
know it early. The curve is BLS12-381, messages are hashed to it as RFC 9380 says.
"""

from dataclasses import dataclass
from hashlib import sha256

from py_arkworks_bls12381 import GT, G1Point, G2Point

TAG = "BLS_SIG_BLS12381G{group}_XMD:SHA-256_SSWU_RO_NUL_"
"""Separates these hashes from those of other protocols; `group` is where signatures are."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Rounds signed under one key, the first at `genesis` (seconds since 1970), then one every `period` seconds.

    `public_key` is a compressed point in hexadecimal: of G2 where signatures are in G1, of G1 where they are in G2. The
    signatures of a chain that `is_chained` cover the one before them too.
    """

    hash: str
    public_key: str
    genesis: int
    period: int
    is_chained: bool = False


QUICKNET = Chain(
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1692803367,
    period=3,
)
DEFAULT = Chain(
    hash="8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    public_key=(
        "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"
    ),
    genesis=1595431050,
    period=30,
    is_chained=True,
)
CHAINS = {chain.hash: chain for chain in (QUICKNET, DEFAULT)}
"""The chains whose rounds may choose a panel, by hash. drand calls them `quicknet` and `default`."""


def is_signed(chain: Chain, number: int, signature: str, previous: str = "") -> bool:
    """Tell whether a signature (lower-case hexadecimal) is that of a round; `previous` is that of the round before.

    Any other way to write the same point is refused: the randomness is a hash of the bytes.

    >>> is_signed(QUICKNET, 657413, (
    ...     "b713718a38ae728dfd477991af2822e08d2f305e47718cef"
    ...     "9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
    ... ))
    True
    """
    if bool(previous) is not chain.is_chained:
        return False
    try:
        before, key = bytes.fromhex(previous), bytes.fromhex(chain.public_key)
        message = sha256(before + number.to_bytes(8, "big")).digest()
        if len(key) == 96:
            in_g1 = G1Point.from_compressed_bytes(bytes.fromhex(signature))
            text = in_g1.to_compressed_bytes().hex()
            hashed = G1Point.hash_to_curve(message, TAG.format(group=1).encode())
            sides = ([in_g1, -hashed], [G2Point(), G2Point.from_compressed_bytes(key)])
        else:
            in_g2 = G2Point.from_compressed_bytes(bytes.fromhex(signature))
            text = in_g2.to_compressed_bytes().hex()
            hashed_2 = G2Point.hash_to_curve(message, TAG.format(group=2).encode())
            sides = ([-G1Point(), G1Point.from_compressed_bytes(key)], [in_g2, hashed_2])
    except (OverflowError, ValueError):
        return False
    return text == signature and before.hex() == previous and GT.pairing_check(*sides)
