"""Conversations end when their days are over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.assistant import actions
from antigone.assistant.answers import Answer, Outcome
from antigone.assistant.models import Conversation, Exchange, Suggestion
from antigone.errors import NotAllowed, NotPossible
from antigone.library.actions import withdraw_document
from antigone.library.models import Collection, Document

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


def test_question_is_suggested_only_when_its_document_answers_it(public: Collection, ines: Person) -> None:
    document = Document.objects.get(filename="piscine.md")
    suggestion = actions.suggest_question(
        document=document, question="Quand la piscine est-elle ouverte ?", by=ines
    )
    assert list(Suggestion.objects.for_person(None)) == [suggestion]
    with pytest.raises(NotPossible):
        actions.suggest_question(
            document=document, question="Quelle est la capitale de l’Australie ?", by=ines
        )


def test_question_is_suggested_by_librarians_only(public: Collection, chloe: Person, ines: Person) -> None:
    document = Document.objects.get(filename="piscine.md")
    question = "Quand la piscine est-elle ouverte ?"
    with pytest.raises(NotAllowed):
        actions.suggest_question(document=document, question=question, by=chloe)
    suggestion = actions.suggest_question(document=document, question=question, by=ines)
    with pytest.raises(NotAllowed):
        actions.forget_suggestion(suggestion=suggestion, by=chloe)
    actions.forget_suggestion(suggestion=suggestion, by=ines)
    assert not Suggestion.objects.exists()


def test_suggestion_goes_with_its_document(public: Collection, ines: Person) -> None:
    document = Document.objects.get(filename="piscine.md")
    actions.suggest_question(document=document, question="Quand la piscine est-elle ouverte ?", by=ines)
    withdraw_document(document=document, by=ines, reason="remplacé")
    assert not Suggestion.objects.for_person(None).exists()
