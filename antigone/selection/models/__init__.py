"""The tables of the room: whom a recruitment invites and what they reply; draws, what was computed, who sits."""

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
from antigone.selection.models.recruitment import (
    Contact,
    Invitation,
    Recruitment,
    RecruitmentQuerySet,
    Reply,
    list_shares,
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
    "Contact",
    "Cosignature",
    "Draw",
    "DrawQuerySet",
    "Invitation",
    "Outcome",
    "Recruitment",
    "RecruitmentQuerySet",
    "RefusedCommitment",
    "Replacement",
    "Reply",
    "Respondent",
    "Seat",
    "SeatAnswer",
    "SeatCode",
    "Target",
    "list_shares",
]
