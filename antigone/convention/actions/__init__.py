"""Every change of a convention, in the order in which a convention happens."""

from antigone.convention.actions.documents import attach_document, detach_document, upload_document
from antigone.convention.actions.groups import compose_round
from antigone.convention.actions.hearings import change_hearing, plan_hearing, publish_hearing
from antigone.convention.actions.joining import give_codes, join_convention, open_account
from antigone.convention.actions.mandate import appoint, create_convention
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

__all__ = [
    "NewMember",
    "add_agenda_item",
    "add_members",
    "answer_question",
    "appoint",
    "ask_question",
    "attach_document",
    "cancel_payment",
    "change_hearing",
    "change_session",
    "choose_pseudonym",
    "compose_round",
    "consent_to_name",
    "create_convention",
    "describe_member",
    "detach_document",
    "erase_note",
    "give_codes",
    "join_convention",
    "let_member_leave",
    "mark_paid",
    "note_question",
    "open_account",
    "owe_indemnities",
    "plan_hearing",
    "plan_session",
    "publish_agenda",
    "publish_hearing",
    "publish_minutes",
    "record_attendance",
    "record_payment",
    "remove_agenda_item",
    "revoke_consent",
    "save_note",
    "seat_members",
    "send_question",
    "upload_document",
    "withdraw_question",
    "write_minutes",
    "write_note",
    "write_observation",
]
