"""What participants say of themselves; and what they erase from within another site's page."""

import re

import pytest
from django.test import Client

from antigone.accounts.models import Person
from antigone.consultation.cookies import name_cookie, seal_participant
from antigone.consultation.models import (
    Consultation,
    Participant,
    ProfileAnswer,
    ProfileOption,
    ProfileQuestion,
    Vote,
)
from tests.consultation.conftest import Opens

PATH = "/consultations/vivre-ici/voter/"


@pytest.fixture
def question(consultation: Consultation) -> ProfileQuestion:
    question = ProfileQuestion.objects.create(consultation=consultation, text="Votre âge ?")
    for text in ("Moins de 30 ans", "30 ans et plus"):
        ProfileOption.objects.create(question=question, text=text)
    return question


@pytest.fixture
def voter(consultation: Consultation, camps: list[Participant], opens: Opens) -> Client:
    """The browser of the first participant, on the city's own page and within another site's."""
    client = opens(None)
    for is_embedded in (False, True):
        name = name_cookie(consultation.pk, is_embedded=is_embedded)
        client.cookies[name] = seal_participant(consultation.pk, camps[0].pk)
    return client


def test_participant_says_changes_and_takes_back(
    question: ProfileQuestion, voter: Client, camps: list[Participant]
) -> None:
    field, (young, old) = f"question-{question.pk}", question.options.all()
    assert "Votre âge" in voter.get(f"{PATH}profil/").text
    for option in (young, old):
        assert voter.post(f"{PATH}profil/", {field: option.pk}).status_code == 302
        assert [one.option for one in ProfileAnswer.objects.filter(participant=camps[0])] == [option]
    assert re.search(rf'value="{old.pk}"[^>]*checked', voter.get(f"{PATH}profil/").text)
    voter.post(f"{PATH}profil/", {field: ""})
    assert not ProfileAnswer.objects.exists()


def test_answer_to_another_question_is_refused(
    question: ProfileQuestion, voter: Client, consultation: Consultation
) -> None:
    other = ProfileQuestion.objects.create(consultation=consultation, text="Votre commune ?")
    foreign = ProfileOption.objects.create(question=other, text="Valmont")
    answer = voter.post(f"{PATH}profil/", {f"question-{question.pk}": foreign.pk})
    assert answer.status_code == 422
    assert not ProfileAnswer.objects.exists()


def test_visitor_who_has_not_voted_is_asked_nothing(question: ProfileQuestion, opens: Opens) -> None:
    client = opens(None)
    assert f"question-{question.pk}" not in client.get(f"{PATH}profil/").text
    option = question.options.all()[0]
    client.post(f"{PATH}profil/", {f"question-{question.pk}": option.pk})
    assert not ProfileAnswer.objects.exists()


def test_votes_of_a_frame_are_erased_in_the_frame(
    consultation: Consultation, voter: Client, camps: list[Participant]
) -> None:
    assert voter.post(f"{PATH}integre/effacer/").status_code == 404  # no site may show it yet
    consultation.embedders = "https://ville.example"
    consultation.save(update_fields=["embedders"])
    page = voter.get(f"{PATH}integre/")
    assert "integre/effacer/" in page.text
    assert "https://ville.example" in page.headers["Content-Security-Policy"]
    refused = voter.post(f"{PATH}integre/effacer/", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert Vote.objects.filter(participant=camps[0].pk).exists()
    answer = voter.post(f"{PATH}integre/effacer/", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert not Participant.objects.filter(pk=camps[0].pk).exists()


def test_refusal_is_shown_within_the_frame(consultation: Consultation, opens: Opens, alice: Person) -> None:
    consultation.embedders = "https://ville.example"
    consultation.save(update_fields=["embedders"])
    answer = opens(None).post(PATH, {"statement": 999, "vote": 1, "next": "integre"})
    assert answer.status_code == 422
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors https://ville.example" in answer.headers["Content-Security-Policy"]
