"""Who may do what with conversations and feedback."""

from antigone.accounts.models import Person
from antigone.assistant.models import Conversation, Feedback
from antigone.library.models import Collection


def may_read_conversation(person: Person | None, conversation: Conversation) -> bool:
    """Only the one whose it is: operators and guarantors neither."""
    return person is not None and conversation.person_id == person.pk


def may_handle_feedback(person: Person | None, feedback: Feedback) -> bool:
    """The librarians of every collection that the answer drew from: the others may not read its quotes."""
    kept = set(Collection.objects.kept_by(person).values_list("pk", flat=True))
    concerned = set(feedback.collections.values_list("pk", flat=True))
    return bool(kept) and concerned <= kept
