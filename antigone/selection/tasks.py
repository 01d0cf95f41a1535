"""Background work of the draws."""

from django_tasks import task

from antigone.selection import actions


@task()
def do_computation(computation_id: int) -> None:
    actions.run_computation(computation_id)
