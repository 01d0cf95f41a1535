"""A beacon of our own, whose key we know: rounds of any number, signed as drand signs them."""

from hashlib import sha256

from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from antigone.core.sortition.beacons import Chain

KEY = Scalar(20270301)
TAG = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
OURS = Chain(
    hash="0f" * 32, public_key=(G2Point() * KEY).to_compressed_bytes().hex(), genesis=1_800_000_000, period=3
)
"""Known only where a test puts it into `beacons.CHAINS`."""


def sign_round(number: int) -> str:
    """Sign a round of `OURS`."""
    message = sha256(number.to_bytes(8, "big")).digest()
    return (G1Point.hash_to_curve(message, TAG) * KEY).to_compressed_bytes().hex()
