"""Every change of state of conversations and feedback."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from antigone.accounts.models import Person
from antigone.assistant.answers import Answer
from antigone.assistant.asking import answer_question
from antigone.assistant.models import Conversation, Exchange, Feedback, Suggestion
from antigone.assistant.rules import may_handle_feedback
from antigone.errors import NotAllowed, NotPossible
from antigone.gateway.clients import run_alone
from antigone.gateway.snapshot import Model
from antigone.gateway.speaking import embed
from antigone.library.actions import require_librarian, save_vectors
from antigone.library.models import Collection, Document, Passage

EMBEDDED_AT_ONCE = 64


@transaction.atomic
def keep_exchange(
    *, person: Person, answer: Answer, conversation: Conversation | None = None
) -> Conversation:
    """Add an exchange to the person's conversation, a new one when there is none, and count its days anew."""
    expires_at = timezone.now() + timedelta(days=settings.CONVERSATION_DAYS)
    if conversation is None:
        conversation = Conversation.objects.create(
            person=person, title=answer.question[:200], expires_at=expires_at
        )
    else:
        Conversation.objects.filter(pk=conversation.pk).update(expires_at=expires_at)
    Exchange.objects.create(conversation=conversation, question=answer.question, answer=answer.as_json())
    return conversation


def delete_conversation(*, conversation: Conversation) -> None:
    """Delete it with its exchanges, for good."""
    conversation.delete()


def delete_all_conversations(*, person: Person) -> int:
    """Delete all that the person ever asked; return how many conversations that was."""
    with transaction.atomic():
        conversations = Conversation.objects.of(person)
        count = conversations.count()
        conversations.delete()
    return count


def delete_expired_conversations() -> int:
    """Delete the conversations whose days are over; return how many."""
    with transaction.atomic():
        expired = Conversation.objects.expired(timezone.now())
        count = expired.count()
        expired.delete()
    return count


def delete_expired_feedback() -> int:
    """Delete what readers said as long ago as conversations are kept, dealt with or not; return how many."""
    given_before = timezone.now() - timedelta(days=settings.CONVERSATION_DAYS)
    with transaction.atomic():
        expired = Feedback.objects.filter(given_at__lt=given_before)
        count = expired.count()
        expired.delete()
    return count


@transaction.atomic
def give_feedback(*, answer: Answer, verdict: str, comment: str = "") -> Feedback:
    """Hand an answer to the librarians of the collections that it drew from, without saying whose it was."""
    feedback = Feedback.objects.create(
        verdict=verdict, comment=comment, question=answer.question, answer=answer.as_json()
    )
    documents = [source.document_id for source in answer.sources]
    feedback.collections.set(Collection.objects.filter(documents__in=documents).distinct())
    return feedback


def handle_feedback(*, feedback: Feedback, by: Person) -> None:
    """Note that a librarian dealt with it."""
    if not may_handle_feedback(by, feedback):
        raise NotAllowed(
            "feedback_not_yours", _("This feedback is for the librarians of the documents it concerns.")
        )
    Feedback.objects.filter(pk=feedback.pk, handled_at=None).update(handled_at=timezone.now(), handled_by=by)


def suggest_question(*, document: Document, question: str, by: Person | None) -> Suggestion:
    """Suggest a question to those who may read `document`, which must be quoted in its answer.

    `by` is a librarian of the document's collection; None is the operator, who reads what a visitor does.
    """
    require_librarian(by, document.collection)
    answer = answer_question(question, person=by)
    if answer.abstained or document.pk not in {source.document_id for source in answer.sources}:
        raise NotPossible(
            "suggestion_not_answered",
            _("“%(title)s” is not quoted in the answer to “%(question)s”. Word the question otherwise."),
            title=document.title,
            question=answer.question,
        )
    suggestion, _created = Suggestion.objects.get_or_create(document=document, question=answer.question)
    return suggestion


def forget_suggestion(*, suggestion: Suggestion, by: Person) -> None:
    """Suggest a question no more."""
    require_librarian(by, suggestion.document.collection)
    suggestion.delete()


def embed_passages(model: Model) -> Iterator[int]:
    """Have the model make a vector of each passage that has none of it; gives how many, by batches.

    What was given is kept, whatever happens next: whoever stops resumes by calling it again. Raises Unavailable
    when the model fails.
    """
    missing = (
        Passage.objects.without_vector(model.name)
        .select_related("document", "page")
        .defer("title_terms", "stems", "surfaces", "sentences", "page__word_boxes")
        .order_by("pk")
    )
    last = 0
    while passages := list(missing.filter(pk__gt=last)[:EMBEDDED_AT_ONCE]):
        vectors = run_alone(embed(model, [passage.titled_text for passage in passages]))
        save_vectors(model.name, dict(zip((passage.pk for passage in passages), vectors, strict=True)))
        last = passages[-1].pk
        yield len(passages)
