"""Background work of the draws and of the recruitments."""

from django_tasks import task

from antigone.selection import actions
from antigone.selection.actions import recruitment


@task()
def do_computation(computation_id: int) -> None:
    actions.run_computation(computation_id)


@task()
def do_register_import(recruitment_id: int) -> None:
    recruitment.run_register_import(recruitment_id)
