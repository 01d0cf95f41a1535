"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.amendments import (
    accept_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from antigone.convention.actions.answers import (
    correct_answer,
    publish_answers,
    save_answer,
)
from antigone.convention.actions.avis import (
    deliver_avis,
    save_avis,
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
from antigone.convention.actions.demo import (
    load_demo_conventions,
)
from antigone.convention.actions.documents import (
    attach_document,
    detach_document,
    upload_document,
)
from antigone.convention.actions.freezes import (
    freeze_convention,
    lift_freeze,
)
from antigone.convention.actions.grades import (
    grade_answer,
)
from antigone.convention.actions.groups import (
    compose_round,
)
from antigone.convention.actions.hearings import (
    change_hearing,
    plan_hearing,
    publish_hearing,
)
from antigone.convention.actions.joining import (
    give_codes,
    join_convention,
    open_account,
)
from antigone.convention.actions.mandate import (
    correct_mandate,
    create_convention,
    publish_mandate,
    save_mandate,
)
from antigone.convention.actions.members import (
    NewMember,
    add_members,
    describe_member,
    let_member_leave,
    seat_members,
)
from antigone.convention.actions.milestones import (
    add_milestone,
    report_milestone,
)
from antigone.convention.actions.minorities import (
    count_paper_signatures,
    edit_minority_opinion,
    sign_minority_opinion,
    withdraw_minority_opinion,
    write_minority_opinion,
)
from antigone.convention.actions.names import (
    choose_pseudonym,
    consent_to_name,
    revoke_consent,
)
from antigone.convention.actions.notes import (
    erase_note,
    save_note,
    write_note,
)
from antigone.convention.actions.observations import (
    write_observation,
)
from antigone.convention.actions.origins import (
    Sources,
    attach_origins,
)
from antigone.convention.actions.paragraphs import (
    add_paragraph,
    edit_paragraph,
    merge_paragraphs,
    move_paragraph,
    retire_paragraph,
    split_paragraph,
)
from antigone.convention.actions.payments import (
    cancel_payment,
    mark_paid,
    owe_indemnities,
    record_payment,
)
from antigone.convention.actions.phases import (
    attach_draw,
    open_phase,
)
from antigone.convention.actions.proposals import (
    arrange_proposal,
    bring_proposal_back,
    create_proposal,
    save_title,
    set_proposal_aside,
)
from antigone.convention.actions.publications import (
    record_publication,
)
from antigone.convention.actions.questions import (
    answer_question,
    ask_question,
    note_question,
    send_question,
    withdraw_question,
)
from antigone.convention.actions.reconstructions import (
    Imported,
    delete_reconstruction,
    import_convention,
)
from antigone.convention.actions.sessions import (
    add_agenda_item,
    change_session,
    plan_session,
    publish_agenda,
    publish_minutes,
    record_attendance,
    remove_agenda_item,
    write_minutes,
)
from antigone.convention.actions.surveys import (
    answer_survey,
    close_survey,
    open_survey,
    save_survey,
)
from antigone.convention.actions.team import (
    appoint,
    appoint_by_email,
    dismiss,
    step_down,
)
from antigone.convention.actions.translations import (
    save_passages,
    save_translation,
)
from antigone.convention.actions.votes import (
    cancel_ballot,
    close_ballot,
    give_judgment,
    open_ballots,
)

__all__ = [
    "Imported",
    "NewMember",
    "Sources",
    "Words",
    "accept_amendment",
    "add_agenda_item",
    "add_contributions",
    "add_members",
    "add_milestone",
    "add_paragraph",
    "answer_question",
    "answer_survey",
    "appoint",
    "appoint_by_email",
    "arrange_proposal",
    "ask_question",
    "attach_document",
    "attach_draw",
    "attach_origins",
    "bring_proposal_back",
    "cancel_ballot",
    "cancel_payment",
    "change_hearing",
    "change_session",
    "choose_pseudonym",
    "classify_contributions",
    "close_ballot",
    "close_survey",
    "compose_round",
    "consent_to_name",
    "contribute",
    "correct_answer",
    "correct_mandate",
    "count_paper_signatures",
    "create_convention",
    "create_proposal",
    "delete_reconstruction",
    "delete_theme",
    "deliver_avis",
    "describe_member",
    "detach_document",
    "dismiss",
    "edit_minority_opinion",
    "edit_paragraph",
    "erase_note",
    "freeze_convention",
    "give_codes",
    "give_judgment",
    "grade_answer",
    "import_convention",
    "join_convention",
    "let_member_leave",
    "lift_freeze",
    "load_demo_conventions",
    "mark_paid",
    "merge_paragraphs",
    "move_paragraph",
    "note_question",
    "open_account",
    "open_ballots",
    "open_phase",
    "open_survey",
    "order_themes",
    "owe_indemnities",
    "plan_hearing",
    "plan_session",
    "propose_amendment",
    "publish_agenda",
    "publish_answers",
    "publish_hearing",
    "publish_mandate",
    "publish_minutes",
    "record_attendance",
    "record_payment",
    "record_publication",
    "refuse_amendment",
    "remove_agenda_item",
    "report_milestone",
    "retire_paragraph",
    "revoke_consent",
    "save_answer",
    "save_avis",
    "save_mandate",
    "save_note",
    "save_passages",
    "save_survey",
    "save_theme",
    "save_title",
    "save_translation",
    "seat_members",
    "send_question",
    "set_proposal_aside",
    "sign_minority_opinion",
    "split_paragraph",
    "step_down",
    "upload_document",
    "withdraw_amendment",
    "withdraw_minority_opinion",
    "withdraw_question",
    "write_minority_opinion",
    "write_minutes",
    "write_note",
    "write_observation",
]
