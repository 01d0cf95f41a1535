"""Which statement somebody is asked about next: by chance, and the sooner the more the picture needs votes on it.

Everybody meets the statements in an order of their own, so that none gains or loses by its place.
"""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from antigone.consultation.models import Consultation, Participant, Picture
from antigone.core.opinion import choose_statement
from antigone.core.opinion.routing import META, measure_priority
from antigone.core.opinion.statistics import Tally


class Asked(NamedTuple):
    """A statement that may be voted on: row, public number, row of its author; `is_meta` as in `Statement`."""

    pk: int
    number: int
    author: int | None
    is_meta: bool


def list_asked(consultation: Consultation) -> list[Asked]:
    """List what everybody may vote on, by number."""
    rows = consultation.statements.accepted().values_list("pk", "number", "author", "is_meta")
    return [Asked(*row) for row in rows.order_by("number")]


def choose_next(
    asked: Collection[Asked],
    *,
    voted: Collection[int],
    participant: Participant | None,
    priorities: Mapping[int, float],
    fraction: float,
) -> int | None:
    """Choose the number of the next statement; None where all are voted on.

    `voted` are rows of statements. Nobody is asked about what they wrote. What the picture does not know yet has the
    priority of what nobody voted on. `fraction` (0 or more, under 1) is the chance.
    """
    mine = participant.pk if participant is not None else None
    left = [one for one in asked if one.pk not in voted and (mine is None or one.author != mine)]
    if not left:
        return None
    return choose_statement({one.number: _weigh(one, priorities) for one in left}, fraction)


def find_live_picture(consultation: Consultation) -> Picture | None:
    """Return the live picture; each is read from the database once, for as long as no newer one is drawn."""
    key = consultation.pictures.live().values_list("pk", "number", "drawn_at").first()
    return _read_picture(*map(str, key)) if key is not None else None


def read_priorities(picture: Picture | None) -> dict[int, float]:
    """Give the priority of each statement that the picture knows."""
    known = picture.figures.get("statements", {}) if picture is not None else {}
    return {int(number): figures["priority"] for number, figures in known.items()}


@lru_cache(maxsize=16)
def _read_picture(pk: str, _number: str, _drawn_at: str) -> Picture | None:
    return Picture.objects.defer("history").filter(pk=pk).first()


def _weigh(one: Asked, priorities: Mapping[int, float]) -> float:
    if one.is_meta:
        return META
    return priorities.get(one.number, _weigh_new())


@lru_cache(maxsize=1)
def _weigh_new() -> float:
    nobody = np.zeros(1, dtype=np.int64)
    new = measure_priority(Tally(nobody, nobody, nobody), np.zeros(1), np.zeros(1, dtype=np.bool_))
    return float(new[0])
