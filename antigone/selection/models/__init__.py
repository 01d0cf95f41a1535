"""The tables of the room: whom a recruitment invites and what they reply; draws, what was computed, who sits."""

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
from antigone.selection.models.recruitment import (
    Contact,
    Invitation,
    Recruitment,
    RecruitmentQuerySet,
    Reply,
    list_shares,
)

__all__ = [
    "Alternate",
    "Commitment",
    "Computation",
    "ComputedFile",
    "Contact",
    "Draw",
    "DrawQuerySet",
    "Invitation",
    "Outcome",
    "Recruitment",
    "RecruitmentQuerySet",
    "Reply",
    "Respondent",
    "Seat",
    "Target",
    "list_shares",
]
