"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.freezes import freeze_convention, lift_freeze
from antigone.convention.actions.mandate import (
    correct_mandate,
    create_convention,
    publish_mandate,
    save_mandate,
)
from antigone.convention.actions.phases import attach_draw, open_phase
from antigone.convention.actions.publications import record_publication
from antigone.convention.actions.surveys import answer_survey, close_survey, open_survey, save_survey
from antigone.convention.actions.team import appoint, appoint_by_email, dismiss, step_down

__all__ = [
    "answer_survey",
    "appoint",
    "appoint_by_email",
    "attach_draw",
    "close_survey",
    "correct_mandate",
    "create_convention",
    "dismiss",
    "freeze_convention",
    "lift_freeze",
    "open_phase",
    "open_survey",
    "publish_mandate",
    "record_publication",
    "save_mandate",
    "save_survey",
    "step_down",
]
