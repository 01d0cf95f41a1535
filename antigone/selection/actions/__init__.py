"""Every change of a draw: prepared, computed, committed to, drawn, published."""

from antigone.selection.actions.alternates import choose_alternates
from antigone.selection.actions.commit import commit_draw
from antigone.selection.actions.compute import (
    cancel_computation,
    resume_computations,
    run_computation,
    start_computation,
)
from antigone.selection.actions.demo import load_demo_draws
from antigone.selection.actions.draw import note_outcome
from antigone.selection.actions.prepare import create_draw, delete_draw, save_targets
from antigone.selection.actions.publish import publish_draw

__all__ = [
    "cancel_computation",
    "choose_alternates",
    "commit_draw",
    "create_draw",
    "delete_draw",
    "load_demo_draws",
    "note_outcome",
    "publish_draw",
    "resume_computations",
    "run_computation",
    "save_targets",
    "start_computation",
]
