"""Every change of a consultation, a verb each."""

from antigone.consultation.actions.imports import Imported, import_consultation
from antigone.consultation.actions.voting import (
    Cast,
    NewVote,
    cast_vote,
    cast_votes,
    forget_participant,
)

__all__ = [
    "Cast",
    "Imported",
    "NewVote",
    "cast_vote",
    "cast_votes",
    "forget_participant",
    "import_consultation",
]
