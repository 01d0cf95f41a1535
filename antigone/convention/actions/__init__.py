"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.answers import AnswerText, correct_answer, publish_answers, save_answer
from antigone.convention.actions.avis import deliver_avis, save_avis
from antigone.convention.actions.grades import grade_answer
from antigone.convention.actions.mandate import appoint, create_convention
from antigone.convention.actions.milestones import add_milestone, report_milestone
from antigone.convention.actions.translations import save_passages, save_translation

__all__ = [
    "AnswerText",
    "add_milestone",
    "appoint",
    "correct_answer",
    "create_convention",
    "deliver_avis",
    "grade_answer",
    "publish_answers",
    "report_milestone",
    "save_answer",
    "save_avis",
    "save_passages",
    "save_translation",
]
