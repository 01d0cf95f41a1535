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
from antigone.convention.actions.mandate import appoint, create_convention
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
from antigone.convention.actions.proposals import (
    arrange_proposal,
    bring_proposal_back,
    create_proposal,
    save_title,
    set_proposal_aside,
)
from antigone.convention.actions.votes import cancel_ballot, close_ballot, give_judgment, open_ballots

__all__ = [
    "Sources",
    "Words",
    "accept_amendment",
    "add_contributions",
    "add_paragraph",
    "appoint",
    "arrange_proposal",
    "attach_origins",
    "bring_proposal_back",
    "cancel_ballot",
    "classify_contributions",
    "close_ballot",
    "contribute",
    "count_paper_signatures",
    "create_convention",
    "create_proposal",
    "delete_theme",
    "edit_minority_opinion",
    "edit_paragraph",
    "give_judgment",
    "merge_paragraphs",
    "move_paragraph",
    "open_ballots",
    "order_themes",
    "propose_amendment",
    "refuse_amendment",
    "retire_paragraph",
    "save_theme",
    "save_title",
    "set_proposal_aside",
    "sign_minority_opinion",
    "split_paragraph",
    "withdraw_amendment",
    "withdraw_minority_opinion",
    "write_minority_opinion",
]
