"""A seed → whole numbers that anybody can compute again: SHA-256 over the seed and a counter."""

from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")
WIDTH = 8  # bytes of a number: enough to throw away almost none


class Numbers:
    """The numbers of a seed, one after another; the same seed gives the same numbers on any machine.

    >>> numbers = Numbers("session 2")
    >>> [numbers.below(10) for _ in range(8)]
    [8, 0, 5, 0, 7, 5, 0, 2]
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._counter = 0

    def below(self, total: int) -> int:
        """Give the next number from 0 to `total` - 1, each as likely.

        Numbers from the last whole multiple of `total` on are thrown away.
        """
        limit = (1 << 8 * WIDTH) // total * total
        while True:
            digest = sha256(f"antigone groups {self._counter} {self._seed}".encode()).digest()
            self._counter += 1
            number = int.from_bytes(digest[:WIDTH], "big")
            if number < limit:
                return number % total

    def shuffle(self, things: list[T]) -> None:
        """Put things in an order, each as likely (Fisher and Yates)."""
        for last in range(len(things) - 1, 0, -1):
            other = self.below(last + 1)
            things[last], things[other] = things[other], things[last]
