"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.documents import attach_document, detach_document, upload_document
from antigone.convention.actions.freezes import freeze_convention, lift_freeze
from antigone.convention.actions.groups import compose_round
from antigone.convention.actions.hearings import change_hearing, plan_hearing, publish_hearing
from antigone.convention.actions.joining import give_codes, join_convention, open_account
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
from antigone.convention.actions.names import choose_pseudonym, consent_to_name, revoke_consent
from antigone.convention.actions.notes import erase_note, save_note, write_note
from antigone.convention.actions.observations import write_observation
from antigone.convention.actions.payments import cancel_payment, mark_paid, owe_indemnities, record_payment
from antigone.convention.actions.phases import attach_draw, open_phase
from antigone.convention.actions.publications import record_publication
from antigone.convention.actions.questions import (
    answer_question,
    ask_question,
    note_question,
    send_question,
    withdraw_question,
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
from antigone.convention.actions.surveys import answer_survey, close_survey, open_survey, save_survey
from antigone.convention.actions.team import appoint, appoint_by_email, dismiss, step_down

__all__ = [
    "NewMember",
    "add_agenda_item",
    "add_members",
    "answer_question",
    "answer_survey",
    "appoint",
    "appoint_by_email",
    "ask_question",
    "attach_document",
    "attach_draw",
    "cancel_payment",
    "change_hearing",
    "change_session",
    "choose_pseudonym",
    "close_survey",
    "compose_round",
    "consent_to_name",
    "correct_mandate",
    "create_convention",
    "describe_member",
    "detach_document",
    "dismiss",
    "erase_note",
    "freeze_convention",
    "give_codes",
    "join_convention",
    "let_member_leave",
    "lift_freeze",
    "mark_paid",
    "note_question",
    "open_account",
    "open_phase",
    "open_survey",
    "owe_indemnities",
    "plan_hearing",
    "plan_session",
    "publish_agenda",
    "publish_hearing",
    "publish_mandate",
    "publish_minutes",
    "record_attendance",
    "record_payment",
    "record_publication",
    "remove_agenda_item",
    "revoke_consent",
    "save_mandate",
    "save_note",
    "save_survey",
    "seat_members",
    "send_question",
    "step_down",
    "upload_document",
    "withdraw_question",
    "write_minutes",
    "write_note",
    "write_observation",
]
