"""Background work of the conversations."""

from django_tasks import task

from antigone.assistant import actions


@task()
def delete_expired_conversations() -> int:
    """Keep the promise of the retention: see `ANTIGONE_CONVERSATION_DAYS`."""
    return actions.delete_expired_conversations()
