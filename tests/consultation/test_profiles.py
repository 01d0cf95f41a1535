"""What participants may say of themselves: written by who leads, changed in public, never reworded once answered."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from antigone.accounts.models import Person
from antigone.consultation.forms.profiles import OptionsField
from antigone.consultation.models import Choice, Consultation, Participant, ProfileAnswer, ProfileQuestion
from tests.consultation.conftest import Opens

AGE = {
    "text": "Votre âge",
    "options": "18-29 | 21,5\n30+ | 78.5 %",
    "source": "Insee 2022",
    "reason": "Oubli.",
}


def address(name: str, *more: int) -> str:
    return reverse(f"consultation:{name}", args=["vivre-ici", *more])


def save(opens: Opens, person: Person, question: int | None = None, **typed: str) -> Any:
    where = address("edit_profile", question) if question else address("add_profile")
    return opens(person).post(where, {**AGE, **typed})


@pytest.fixture
def question(consultation: Consultation, alice: Person, opens: Opens) -> ProfileQuestion:
    assert save(opens, alice).status_code == 302
    return ProfileQuestion.objects.get()


def test_question_is_saved_with_its_shares_and_a_public_reason(question: ProfileQuestion) -> None:
    assert list(question.options.values_list("text", "share")) == [
        ("18-29", Decimal("21.50")),
        ("30+", Decimal("78.50")),
    ]
    choice = Choice.objects.get()
    assert (choice.before, choice.reason) == ("", "Oubli.")
    assert "18-29 (21.50 %)" in choice.after


def test_words_that_were_answered_stay(
    question: ProfileQuestion, alice: Person, camps: list[Participant], opens: Opens
) -> None:
    option = question.options.get(text="30+")
    ProfileAnswer.objects.create(participant=camps[0], question=question, option=option)
    for typed in ({"text": "Autre"}, {"options": "18-29\n31+"}):
        assert save(opens, alice, question.pk, **typed).status_code == 409
    more = {"options": "18-29 | 20\n30+ | 79\n99+ | 1"}
    assert save(opens, alice, question.pk, **more).status_code == 302
    assert ProfileAnswer.objects.get().option == question.options.get(text="30+")
    assert question.options.count() == 3


def test_question_is_deleted_with_a_reason(question: ProfileQuestion, alice: Person, opens: Opens) -> None:
    refused = opens(alice).post(address("delete_profile", question.pk), {"reason": ""})
    assert refused.status_code == 422
    assert ProfileQuestion.objects.exists()
    opens(alice).post(address("delete_profile", question.pk), {"reason": "De trop."})
    assert not ProfileQuestion.objects.exists()
    assert Choice.objects.filter(reason="De trop.", after="").exists()


def test_shares_without_a_source_and_changes_without_a_reason_are_refused(
    consultation: Consultation, alice: Person, opens: Opens
) -> None:
    for typed in ({"source": ""}, {"reason": " "}):
        assert save(opens, alice, **typed).status_code == 422
    assert not ProfileQuestion.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "a",
        "a\na",
        "a\nA",
        "a|x\nb",
        "a|101\nb",
        "a|-1\nb",
        "|5\nb",
        "a|60\nb|60",
        "a|NaN\nb",
        "x" * 101 + "\nb",
    ],
)
def test_answers_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        OptionsField().clean(typed)


def test_only_who_leads_opens_these_pages(
    question: ProfileQuestion, alice: Person, chloe: Person, marc: Person, olivia: Person, opens: Opens
) -> None:
    for name, *more in (("profiles",), ("add_profile",), ("edit_profile", question.pk)):
        where = address(str(name), *map(int, more))
        assert opens(alice).get(where).status_code == 200
        for person in (chloe, marc, olivia):
            assert opens(person).get(where).status_code == 404
        assert opens(None).get(where).status_code in (302, 404)
    assert opens(marc).post(address("delete_profile", question.pk), {"reason": "x"}).status_code == 404
