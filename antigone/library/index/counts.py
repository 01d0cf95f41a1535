"""What every search reads of the counts, in plain SQL: the ORM takes longer to write it than the database to answer."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

_LOOKED_UP = 10_000


class Size(NamedTuple):
    """How much the library holds; `terms` has titles too."""

    passages: int
    terms: int


def read_size() -> Size:
    with connection.cursor() as cursor:
        cursor.execute("SELECT passages, terms FROM library_corpus WHERE id = 1")
        row = cursor.fetchone()
    return Size(*row) if row else Size(0, 0)


def count_passages(stems: Iterable[str]) -> dict[str, int]:
    """Return in how many passages each stem stands, for those that stand in some."""
    asked = list(stems)
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(asked), _LOOKED_UP):
            some = asked[start : start + _LOOKED_UP]
            places = ", ".join(["%s"] * len(some))
            cursor.execute(f"SELECT term, passages FROM library_vocabulary WHERE term IN ({places})", some)
            found.update(cursor.fetchall())
    return found
