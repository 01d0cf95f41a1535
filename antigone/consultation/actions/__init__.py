"""Every change of a consultation, a verb each."""

from antigone.consultation.actions.pictures import (
    freeze_picture,
)
from antigone.consultation.actions.voting import (
    Cast,
    NewVote,
    cast_vote,
    cast_votes,
    forget_participant,
)

__all__ = [
    "Cast",
    "NewVote",
    "cast_vote",
    "cast_votes",
    "forget_participant",
    "freeze_picture",
]
