"""The tables of the room: draws with their pool and targets, what was computed, who sits; who may read what."""

from antigone.selection.models.draws import (
    Alternate,
    Commitment,
    Computation,
    ComputedFile,
    Draw,
    DrawQuerySet,
    Outcome,
    Respondent,
    Seat,
    Target,
)

__all__ = [
    "Alternate",
    "Commitment",
    "Computation",
    "ComputedFile",
    "Draw",
    "DrawQuerySet",
    "Outcome",
    "Respondent",
    "Seat",
    "Target",
]
