"""Every change of a draw: prepared, computed, committed to, signed, drawn, published; seats answered, given again."""

from antigone.selection.actions.alternates import choose_alternates
from antigone.selection.actions.commit import commit_draw
from antigone.selection.actions.compute import (
    cancel_computation,
    resume_computations,
    run_computation,
    start_computation,
)
from antigone.selection.actions.confirm import answer_by_code, answer_by_phone, find_seat, make_codes
from antigone.selection.actions.cosign import cosign_draw, name_cosigners, refuse_commitment, step_down
from antigone.selection.actions.demo import load_demo_draws
from antigone.selection.actions.draw import note_outcome
from antigone.selection.actions.prepare import create_draw, delete_draw, save_targets
from antigone.selection.actions.publish import publish_draw
from antigone.selection.actions.replace import replace_member

__all__ = [
    "answer_by_code",
    "answer_by_phone",
    "cancel_computation",
    "choose_alternates",
    "commit_draw",
    "cosign_draw",
    "create_draw",
    "delete_draw",
    "find_seat",
    "load_demo_draws",
    "make_codes",
    "name_cosigners",
    "note_outcome",
    "publish_draw",
    "refuse_commitment",
    "replace_member",
    "resume_computations",
    "run_computation",
    "save_targets",
    "start_computation",
    "step_down",
]
