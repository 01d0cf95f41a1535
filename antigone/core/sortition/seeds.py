"""A seed → a ticket, by whole numbers alone: for trials and rehearsals, where nobody needs to be convinced.

A draw that others must believe takes public randomness (public_draw.py).
"""

from hashlib import sha256


def draw_by_seed(seed: int, total: int) -> int:
    """Turn a seed (any whole number) into a number from 0 to `total` - 1, each as likely.

    SHA-256 over the seed and a counter is stretched to 64 bits more than needed; numbers from the last whole multiple
    of `total` on are thrown away, the next one is taken: on any machine, the same seed gives the same number.
    Raises ValueError where `total` is under 1.

    >>> [draw_by_seed(seed, 10) for seed in range(8)]
    [1, 7, 5, 1, 7, 9, 9, 3]
    """
    if total < 1:
        raise ValueError(f"no number from 0 to {total - 1}")
    width = (total.bit_length() + 7) // 8 + 8
    limit = (1 << 8 * width) // total * total
    counter = 0
    while True:
        stretched = b""
        while len(stretched) < width:
            stretched += sha256(f"antigone seed {seed} {counter}".encode()).digest()
            counter += 1
        number = int.from_bytes(stretched[:width], "big")
        if number < limit:
            return number % total
