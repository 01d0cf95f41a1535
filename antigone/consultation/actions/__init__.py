"""Every change of a consultation, a verb each."""

from antigone.consultation.actions.moderation import (
    accept_statements,
    mark_meta,
    reject_statements,
)
from antigone.consultation.actions.pictures import (
    freeze_picture,
)
from antigone.consultation.actions.sheets import (
    Sheet,
    correct_sheet,
    delete_sheet,
    enter_sheets,
)
from antigone.consultation.actions.statements import (
    add_seeds,
    edit_statement,
    merge_statement,
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
    "Sheet",
    "accept_statements",
    "add_seeds",
    "cast_vote",
    "cast_votes",
    "correct_sheet",
    "delete_sheet",
    "edit_statement",
    "enter_sheets",
    "forget_participant",
    "freeze_picture",
    "mark_meta",
    "merge_statement",
    "reject_statements",
]
