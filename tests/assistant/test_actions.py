"""Conversations end when their days are over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.assistant import actions
from antigone.assistant.answers import Answer, Outcome
from antigone.assistant.models import Conversation, Exchange
from antigone.errors import NotAllowed
from antigone.library.models import Collection

ANSWER = Answer(question="Une question ?", outcome=Outcome.NOT_FOUND)


def test_conversation_expires_its_days_after_the_last_question(chloe: Person, settings: object) -> None:
    conversation = actions.keep_exchange(person=chloe, answer=ANSWER)
    Conversation.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    actions.keep_exchange(person=chloe, answer=ANSWER, conversation=conversation)
    conversation.refresh_from_db()
    assert conversation.expires_at > timezone.now() + timedelta(days=364)
    assert conversation.exchanges.count() == 2


def test_expired_conversations_are_deleted_with_all_they_held(chloe: Person) -> None:
    old = actions.keep_exchange(person=chloe, answer=ANSWER)
    kept = actions.keep_exchange(person=chloe, answer=ANSWER)
    Conversation.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert actions.delete_expired_conversations() == 1
    assert list(Conversation.objects.all()) == [kept]
    assert Exchange.objects.count() == 1


def test_feedback_is_handled_by_its_librarians_only(chloe: Person, ines: Person, public: Collection) -> None:
    feedback = actions.give_feedback(answer=ANSWER, verdict="wrong")
    with pytest.raises(NotAllowed):
        actions.handle_feedback(feedback=feedback, by=chloe)
    actions.handle_feedback(feedback=feedback, by=ines)
    feedback.refresh_from_db()
    assert feedback.handled_by == ines
