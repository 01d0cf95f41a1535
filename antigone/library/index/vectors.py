"""Which passages are nearest in meaning: the vectors that an engine made of them, compared one by one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection

from antigone.library.index.scope import Scope

_NUMBER = np.dtype("<f2")
_ROWS = 2_000  # compared at once: a few megabytes
# The permission stands in the query: the vector of a passage that the person may not read never leaves the table.
_NEAREST = (
    "SELECT v.passage_id, v.data FROM library_passagevector v "
    "JOIN library_passage p ON p.id = v.passage_id JOIN library_document d ON d.id = p.document_id "
    "WHERE v.model = %s AND length(v.data) = %s AND "
)


def pack_vector(vector: Sequence[float]) -> bytes:
    """Return the direction of a vector in half precision, so that a product of two is their cosine."""
    return _get_direction(vector).astype(_NUMBER).tobytes()


def find_nearest(vector: Sequence[float], model: str, scope: Scope, limit: int) -> list[int]:
    """Return the `limit` passages of `scope` whose vectors of `model` are nearest to this one, nearest first.

    It reads them all: its time follows what the person may read (docs/settings.md).
    """
    asked = _get_direction(vector)
    passages = np.empty(0, np.int64)
    cosines = np.empty(0, np.float32)
    with connection.chunked_cursor() as cursor:
        size = _NUMBER.itemsize * len(vector)
        parameters: list[Any] = [model, size, *scope.parameters]
        cursor.execute(_NEAREST + scope.condition, parameters)
        while rows := cursor.fetchmany(_ROWS):
            packed = b"".join(data for _, data in rows)
            block = np.frombuffer(packed, _NUMBER).reshape(len(rows), -1).astype(np.float32)
            passages = np.append(passages, [passage for passage, _ in rows])
            cosines = np.append(cosines, block @ asked)
            best = np.lexsort((passages, -cosines))[:limit]
            passages, cosines = passages[best], cosines[best]
    return [int(passage) for passage in passages]


def _get_direction(vector: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    numbers = np.array(vector, np.float64)
    return (numbers / (np.linalg.norm(numbers) or 1.0)).astype(np.float32)
