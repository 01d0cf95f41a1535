"""The tables of a consultation, from the question to the picture of opinions."""

from antigone.consultation.models.consultations import (
    NEVER_MODERATORS,
    Choice,
    Consultation,
    ConsultationQuerySet,
    Moderator,
    State,
)
from antigone.consultation.models.participants import (
    DoorCode,
    Participant,
    ParticipantQuerySet,
    ProfileAnswer,
    ProfileOption,
    ProfileQuestion,
    Suspicion,
)
from antigone.consultation.models.pictures import (
    Picture,
    PictureQuerySet,
)
from antigone.consultation.models.statements import (
    ModerationDecision,
    Statement,
    StatementQuerySet,
    Vote,
    VoteChange,
    VoteQuerySet,
)

__all__ = [
    "NEVER_MODERATORS",
    "Choice",
    "Consultation",
    "ConsultationQuerySet",
    "DoorCode",
    "ModerationDecision",
    "Moderator",
    "Participant",
    "ParticipantQuerySet",
    "Picture",
    "PictureQuerySet",
    "ProfileAnswer",
    "ProfileOption",
    "ProfileQuestion",
    "State",
    "Statement",
    "StatementQuerySet",
    "Suspicion",
    "Vote",
    "VoteChange",
    "VoteQuerySet",
]
