"""The evaluation: answered once, shown from five answers on, and nothing in the tables joins a member to a sheet."""

import random

import pytest
from django.db import connection

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Convention, Member, Survey, SurveySheet
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens

QUESTIONS = [("Impartiaux ?", "level"), ("Autrement ?", "words")]


@pytest.fixture
def seated(convention: Convention) -> list[Person]:
    """Ten members with accounts, in the order of their seats."""
    people = []
    for member in convention.members.all():
        person = Person.objects.create_person(
            email=f"m{member.number}@mail.example", name=f"SECRET-{member.number}"
        )
        Member.objects.filter(pk=member.pk).update(person=person)
        people.append(person)
    return people


@pytest.fixture
def survey(convention: Convention, alice: Person) -> Survey:
    survey = actions.save_survey(convention=convention, title="Bilan", questions=QUESTIONS, by=alice)
    return actions.open_survey(survey=survey, by=alice)


def sheet(survey: Survey, level: int, words: str = "") -> dict[int, int | str]:
    first, second = survey.questions.all()
    return {first.pk: level, second.pk: words}


def page(client_of: Opens, person: Person | None, survey: Survey) -> str:
    address = f"/conventions/{survey.convention.slug}/questionnaires/{survey.pk}/"
    return client_of(person).get(address).content.decode()


@pytest.mark.parametrize(("answers", "is_shown"), [(0, False), (1, False), (4, False), (5, True), (10, True)])
def test_nothing_is_shown_under_five_answers(
    survey: Survey, seated: list[Person], alice: Person, opens: Opens, answers: int, is_shown: bool
) -> None:
    for number, person in enumerate(seated[:answers]):
        actions.answer_survey(survey=survey, answers=sheet(survey, 4, f"mot-{number}"), by=person)
    actions.close_survey(survey=survey, by=alice)
    survey.refresh_from_db()
    results = survey.read_results()
    assert [result.is_shown for result in results] == [is_shown, is_shown]
    for reader in (None, alice):
        assert ("mot-0" in page(opens, reader, survey)) is is_shown
    kept = [one.answers for one in survey.sheets.all()]
    assert any(kept) is is_shown
    if is_shown:
        assert results[0].counts == (0, 0, 0, answers, 0)
        assert sorted(results[1].words) == sorted(f"mot-{number}" for number in range(answers))


def test_the_floor_holds_for_each_question(
    survey: Survey, seated: list[Person], alice: Person, opens: Opens
) -> None:
    for number, person in enumerate(seated[:6]):
        actions.answer_survey(
            survey=survey, answers=sheet(survey, 5, "dit" if number < 4 else " "), by=person
        )
    actions.close_survey(survey=survey, by=alice)
    level, words = Survey.objects.get(pk=survey.pk).read_results()
    assert level.is_shown
    assert not words.is_shown
    assert ">dit<" not in page(opens, None, survey)
    assert not any("dit" in one.answers.values() for one in survey.sheets.all())


def test_nobody_reads_results_while_it_is_open(
    survey: Survey, seated: list[Person], alice: Person, esther: Person, opens: Opens
) -> None:
    for person in seated[:9]:
        actions.answer_survey(survey=survey, answers=sheet(survey, 1, "SECRET-mot"), by=person)
    survey.refresh_from_db()
    assert survey.read_results() == []
    for reader in (alice, esther, seated[0], seated[9]):
        assert "SECRET-mot" not in page(opens, reader, survey)
    address = f"/conventions/{survey.convention.slug}/questionnaires/{survey.pk}/"
    assert opens(None).get(address).status_code == 404


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_says_nothing_of_who_came_when(
    survey: Survey, seated: list[Person], seed: int
) -> None:
    coming = random.Random(seed).sample(seated, 8)
    for number, person in enumerate(coming):
        actions.answer_survey(survey=survey, answers=sheet(survey, 3, f"mot-{number}"), by=person)
    through = Survey.answered_by.through.objects.filter(survey=survey).order_by("pk")
    numbers = list(through.values_list("member__number", flat=True))
    assert numbers == sorted(numbers)
    keys = list(SurveySheet.objects.filter(survey=survey).values_list("pk", flat=True))
    assert stored_order(survey) == sorted(keys)


def stored_order(survey: Survey) -> list[int]:
    """Give the keys of the sheets in the order in which the database keeps its rows."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM convention_surveysheet WHERE survey_id = %s ORDER BY {place}",
            [survey.pk],
        )
        return [row[0] for row in cursor.fetchall()]


def test_every_answer_draws_all_keys_anew(survey: Survey, seated: list[Person]) -> None:
    actions.answer_survey(survey=survey, answers=sheet(survey, 3), by=seated[0])
    before = set(survey.sheets.values_list("pk", flat=True))
    actions.answer_survey(survey=survey, answers=sheet(survey, 4), by=seated[1])
    assert before.isdisjoint(survey.sheets.values_list("pk", flat=True))
    assert survey.sheets.count() == 2


def test_closing_forgets_who_answered(survey: Survey, seated: list[Person], alice: Person) -> None:
    for person in seated:
        actions.answer_survey(survey=survey, answers=sheet(survey, 2), by=person)
    actions.close_survey(survey=survey, by=alice)
    assert not Survey.answered_by.through.objects.exists()
    survey.refresh_from_db()
    assert survey.answers == 10


def test_once_is_enough_and_only_members_answer(
    survey: Survey, seated: list[Person], alice: Person, esther: Person, farid: Person
) -> None:
    actions.answer_survey(survey=survey, answers=sheet(survey, 2), by=seated[0])
    with pytest.raises(NotPossible):
        actions.answer_survey(survey=survey, answers=sheet(survey, 2), by=seated[0])
    for person in (alice, esther, farid):
        with pytest.raises(NotAllowed):
            actions.answer_survey(survey=survey, answers=sheet(survey, 2), by=person)


def test_what_the_survey_does_not_offer_is_refused(
    survey: Survey, seated: list[Person], opens: Opens
) -> None:
    first, second = survey.questions.all()
    wrongs: list[dict[int, int | str]] = [
        {}, {first.pk: 0}, {first.pk: 6}, {first.pk: "4"}, {second.pk: 3}, {second.pk: "  "}, {first.pk + 999: 3},
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(WrongInput):
            actions.answer_survey(survey=survey, answers=wrong, by=seated[0])
    address = f"/conventions/{survey.convention.slug}/questionnaires/{survey.pk}/"
    client = opens(seated[0])
    for typed in ({f"question_{first.pk}": "9"}, {f"question_{second.pk}": "x" * 2_001}, {"nothing": ""}):
        assert client.post(address, typed).status_code == 422
    assert not survey.sheets.exists()
    assert client.post(address, {f"question_{first.pk}": "4"}).status_code == 302
    assert survey.sheets.get().answers == {str(first.pk): 4}
    assert client.post(address, {f"question_{first.pk}": "4"}).status_code == 404


def test_a_draft_is_for_the_facilitators_and_then_stays(
    convention: Convention, seated: list[Person], alice: Person, opens: Opens
) -> None:
    place = f"/conventions/{convention.slug}/questionnaires/"
    client = opens(alice)
    typed = {"title": "Bilan", **{f"kind_{n}": "level" for n in range(1, 11)}}
    assert client.post(f"{place}nouveau/", typed).status_code == 422
    assert client.post(f"{place}nouveau/", {**typed, "text_3": "Le temps ?"}).status_code == 302
    survey = convention.surveys.get()
    for person in (seated[0], None):
        assert opens(person).get(f"{place}{survey.pk}/").status_code == 404
        assert "Bilan" not in opens(person).get(place).content.decode()
    assert client.post(f"{place}{survey.pk}/modifier/", {**typed, "text_1": "Autre ?"}).status_code == 302
    assert [question.text for question in survey.questions.all()] == ["Autre ?"]
    assert client.post(f"{place}{survey.pk}/ouvrir/").status_code == 302
    assert client.post(f"{place}{survey.pk}/modifier/", {**typed, "text_1": "Non ?"}).status_code == 422
    assert [question.text for question in survey.questions.all()] == ["Autre ?"]
    assert opens(seated[0]).get(f"{place}{survey.pk}/").status_code == 200
    assert opens(seated[0]).post(f"{place}{survey.pk}/fermer/").status_code == 404


def test_words_are_shown_as_words(survey: Survey, seated: list[Person], alice: Person, opens: Opens) -> None:
    for person in seated[:5]:
        actions.answer_survey(survey=survey, answers=sheet(survey, 3, "<script>x</script>"), by=person)
    actions.close_survey(survey=survey, by=alice)
    assert "<script>x" not in page(opens, None, survey)


def test_members_find_an_open_survey_on_the_front_page(
    survey: Survey, seated: list[Person], opens: Opens, farid: Person
) -> None:
    address = f"/conventions/{survey.convention.slug}/"
    assert "Bilan" in opens(seated[0]).get(address).content.decode()
    for person in (farid, None):
        assert "Bilan" not in opens(person).get(address).content.decode()
