"""The demonstration answers what its documents say, declines what they do not, and keeps what is internal."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from antigone.accounts.models import Installation, Person
from antigone.assistant.answers import Answer
from antigone.assistant.asking import answer_question, inquire
from antigone.assistant.models import Suggestion
from antigone.library.models import Document, Version
from antigone.portal.actions import DEMO_FOLDER, load_demo

QUESTIONS: list[dict[str, Any]] = tomllib.loads((DEMO_FOLDER / "questions.toml").read_text())["questions"]
ANSWERED, INTERNAL, UNANSWERED = (
    [question for question in QUESTIONS if question["kind"] == kind]
    for kind in ("answered", "internal", "unanswered")
)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demonstration, imported once for all tests of this file and taken back afterwards."""
    from django.db import transaction

    files, settings.FILES_FOLDER = settings.FILES_FOLDER, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo()
        yield
        transaction.set_rollback(True)
    settings.FILES_FOLDER = files


@pytest.fixture
def chloe(demo: None, db: None) -> Person:
    return Person.objects.get(email="chloe@valmont.example")


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def shows(answer: Answer, extract: str) -> bool:
    """Whether one of the answer's sentences holds the extract, or is a part of it."""
    return any(
        flat(extract) in flat(each.text) or flat(each.text) in flat(extract) for each in answer.sentences
    )


def test_most_questions_are_answered_with_the_expected_words(demo: None, db: None) -> None:
    shown = [
        question["question"]
        for question in ANSWERED
        if shows(answer_question(question["question"], person=None), question["extract"])
    ]
    assert len(shown) >= 0.8 * len(ANSWERED)


def test_every_answer_is_among_the_passages_found(demo: None, db: None) -> None:
    missed = [
        question["question"]
        for question in ANSWERED
        if not any(
            flat(question["extract"]) in flat(source.text)
            for source in inquire(question["question"], person=None).sources
        )
    ]
    assert len(missed) <= 1


def test_questions_that_no_document_answers_are_declined(demo: None, db: None) -> None:
    answered = [
        q["question"] for q in UNANSWERED if not answer_question(q["question"], person=None).abstained
    ]
    assert len(answered) <= 1


def test_agents_are_answered_from_internal_documents(chloe: Person) -> None:
    shown = [q for q in INTERNAL if shows(answer_question(q["question"], person=chloe), q["extract"])]
    assert len(shown) >= 0.8 * len(INTERNAL)


def test_visitors_are_never_answered_from_internal_documents(demo: None, db: None) -> None:
    internal = {Path(question["file"]).name for question in INTERNAL}
    for question in QUESTIONS:
        found = inquire(question["question"], person=None)
        assert internal.isdisjoint(source.filename for source in found.sources)
        assert "AMARANTE" not in str(found.sources)


def test_demonstration_can_be_loaded_again(demo: None, db: None) -> None:
    before = (
        Document.objects.count(),
        Version.objects.count(),
        Suggestion.objects.count(),
        Person.objects.count(),
    )
    load_demo()
    after = (
        Document.objects.count(),
        Version.objects.count(),
        Suggestion.objects.count(),
        Person.objects.count(),
    )
    assert after == before
    assert Installation.objects.is_demo()


def test_every_suggestion_is_answered(demo: None, db: None) -> None:
    suggestions = [str(suggestion) for suggestion in Suggestion.objects.for_person(None)]
    assert suggestions
    declined = [question for question in suggestions if answer_question(question, person=None).abstained]
    assert declined == []
