"""Every change of a recruitment: begun, its register imported, contacts drawn, replies taken, data erased."""

from antigone.selection.actions.recruitment.contacting import (
    MOST_INVITED,
    announce_seed,
    check_contacts,
    draw_contacts,
    list_quotas,
    make_contact_draw,
    read_rows,
)
from antigone.selection.actions.recruitment.demo import load_demo_recruitment
from antigone.selection.actions.recruitment.importing import (
    cancel_register_import,
    resume_register_imports,
    run_register_import,
)
from antigone.selection.actions.recruitment.invitations import (
    Export,
    export_calls,
    export_letters,
    note_call,
    reopen_invitation,
)
from antigone.selection.actions.recruitment.prepare import (
    Terms,
    change_terms,
    clean_registers,
    create_recruitment,
    get_register_path,
    keep_register,
    map_columns,
    name_callers,
    plan_numbers,
)
from antigone.selection.actions.recruitment.purge import purge_due_recruitments, purge_recruitment
from antigone.selection.actions.recruitment.replies import (
    Answers,
    ImportedReplies,
    enter_reply,
    find_invitation,
    import_replies,
    refuse_by_code,
    reply_by_code,
)
from antigone.selection.actions.recruitment.to_draw import create_draw_from_replies

__all__ = [
    "MOST_INVITED",
    "Answers",
    "Export",
    "ImportedReplies",
    "Terms",
    "announce_seed",
    "cancel_register_import",
    "change_terms",
    "check_contacts",
    "clean_registers",
    "create_draw_from_replies",
    "create_recruitment",
    "draw_contacts",
    "enter_reply",
    "export_calls",
    "export_letters",
    "find_invitation",
    "get_register_path",
    "import_replies",
    "keep_register",
    "list_quotas",
    "load_demo_recruitment",
    "make_contact_draw",
    "map_columns",
    "name_callers",
    "note_call",
    "plan_numbers",
    "purge_due_recruitments",
    "purge_recruitment",
    "read_rows",
    "refuse_by_code",
    "reopen_invitation",
    "reply_by_code",
    "resume_register_imports",
    "run_register_import",
]
