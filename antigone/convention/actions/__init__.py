"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.amendments import (
    accept_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from antigone.convention.actions.contributions import (
    Words,
    add_contributions,
    classify_contributions,
    contribute,
    delete_theme,
    order_themes,
    save_theme,
)
from antigone.convention.actions.freezes import freeze_convention, lift_freeze
from antigone.convention.actions.mandate import (
    correct_mandate,
    create_convention,
    publish_mandate,
    save_mandate,
)
from antigone.convention.actions.minorities import (
    count_paper_signatures,
    edit_minority_opinion,
    sign_minority_opinion,
    withdraw_minority_opinion,
    write_minority_opinion,
)
from antigone.convention.actions.origins import Sources, attach_origins
from antigone.convention.actions.paragraphs import (
    add_paragraph,
    edit_paragraph,
    merge_paragraphs,
    move_paragraph,
    retire_paragraph,
    split_paragraph,
)
from antigone.convention.actions.phases import attach_draw, open_phase
from antigone.convention.actions.proposals import (
    arrange_proposal,
    bring_proposal_back,
    create_proposal,
    save_title,
    set_proposal_aside,
)
from antigone.convention.actions.publications import record_publication
from antigone.convention.actions.surveys import answer_survey, close_survey, open_survey, save_survey
from antigone.convention.actions.team import appoint, appoint_by_email, dismiss, step_down
from antigone.convention.actions.votes import cancel_ballot, close_ballot, give_judgment, open_ballots

__all__ = [
    "Sources",
    "Words",
    "accept_amendment",
    "add_contributions",
    "add_paragraph",
    "answer_survey",
    "appoint",
    "appoint_by_email",
    "arrange_proposal",
    "attach_draw",
    "attach_origins",
    "bring_proposal_back",
    "cancel_ballot",
    "classify_contributions",
    "close_ballot",
    "close_survey",
    "contribute",
    "correct_mandate",
    "count_paper_signatures",
    "create_convention",
    "create_proposal",
    "delete_theme",
    "dismiss",
    "edit_minority_opinion",
    "edit_paragraph",
    "freeze_convention",
    "give_judgment",
    "lift_freeze",
    "merge_paragraphs",
    "move_paragraph",
    "open_ballots",
    "open_phase",
    "open_survey",
    "order_themes",
    "propose_amendment",
    "publish_mandate",
    "record_publication",
    "refuse_amendment",
    "retire_paragraph",
    "save_mandate",
    "save_survey",
    "save_theme",
    "save_title",
    "set_proposal_aside",
    "sign_minority_opinion",
    "split_paragraph",
    "step_down",
    "withdraw_amendment",
    "withdraw_minority_opinion",
    "write_minority_opinion",
]
