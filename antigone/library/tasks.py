"""Background work of the library."""

from django_tasks import task

from antigone.library import actions


@task()
def do_import(import_id: int) -> None:
    actions.run_import(import_id)
