"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.answers import correct_answer, publish_answers, save_answer
from antigone.convention.actions.avis import deliver_avis, save_avis
from antigone.convention.actions.freezes import freeze_convention, lift_freeze
from antigone.convention.actions.grades import grade_answer
from antigone.convention.actions.mandate import (
    correct_mandate,
    create_convention,
    publish_mandate,
    save_mandate,
)
from antigone.convention.actions.milestones import add_milestone, report_milestone
from antigone.convention.actions.phases import attach_draw, open_phase
from antigone.convention.actions.publications import record_publication
from antigone.convention.actions.surveys import answer_survey, close_survey, open_survey, save_survey
from antigone.convention.actions.team import appoint, appoint_by_email, dismiss, step_down
from antigone.convention.actions.translations import save_passages, save_translation

__all__ = [
    "add_milestone",
    "answer_survey",
    "appoint",
    "appoint_by_email",
    "attach_draw",
    "close_survey",
    "correct_answer",
    "correct_mandate",
    "create_convention",
    "deliver_avis",
    "dismiss",
    "freeze_convention",
    "grade_answer",
    "lift_freeze",
    "open_phase",
    "open_survey",
    "publish_answers",
    "publish_mandate",
    "record_publication",
    "report_milestone",
    "save_answer",
    "save_avis",
    "save_mandate",
    "save_passages",
    "save_survey",
    "save_translation",
    "step_down",
]
