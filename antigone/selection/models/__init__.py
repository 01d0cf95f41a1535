"""The tables of the room: draws with their pool and targets, what was computed, who sits; who may read what."""

from antigone.selection.models.draws import (
    Commitment,
    Computation,
    ComputedFile,
    Cosignature,
    Draw,
    DrawQuerySet,
    Outcome,
    RefusedCommitment,
    Respondent,
    Target,
)
from antigone.selection.models.seats import (
    Alternate,
    Replacement,
    Seat,
    SeatAnswer,
    SeatCode,
)

__all__ = [
    "Alternate",
    "Commitment",
    "Computation",
    "ComputedFile",
    "Cosignature",
    "Draw",
    "DrawQuerySet",
    "Outcome",
    "RefusedCommitment",
    "Replacement",
    "Respondent",
    "Seat",
    "SeatAnswer",
    "SeatCode",
    "Target",
]
