"""The page of results: what it says, what it keeps to itself, and what stays when a picture is kept."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation import drawing
from antigone.consultation.actions import forget_participant
from antigone.consultation.cookies import name_cookie, seal_participant
from antigone.consultation.models import (
    Consultation,
    Participant,
    Picture,
    ProfileAnswer,
    ProfileOption,
    ProfileQuestion,
    Statement,
    Suspicion,
    Vote,
)
from tests.consultation.conftest import Opens
from tests.consultation.town import add_statements, add_votes
from tests.core.opinion.conversations import load, needs_data

NOW = timezone.now()
ADDRESS = "/consultations/vivre-ici/resultats/"


@pytest.fixture(autouse=True)
def nothing_in_memory() -> None:
    """Begin as a process does that has just been started."""
    drawing._memories.clear()


def read(client: Client, address: str = ADDRESS, status: int = 200) -> str:
    response = client.get(address, headers={"Accept-Language": "en"})
    assert response.status_code == status
    return say(response)


def say(response: HttpResponse) -> str:
    """Give the words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def draw(consultation: Consultation) -> Picture:
    return drawing.refresh_picture(consultation, NOW)


@pytest.fixture
def zoe(opens: Opens) -> Client:
    client = opens(None)
    client.cookies["antigone-language"] = "en"
    return client


def test_nothing_is_shown_before_the_first_vote(zoe: Client, consultation: Consultation) -> None:
    assert "Nobody has voted yet" in read(zoe)


def test_few_participants_are_not_given_away(zoe: Client, consultation: Consultation) -> None:
    add_votes(consultation, [[1, 1, 1, 1, 1, 1, 1, 1]] * 4)
    draw(consultation)
    page = read(zoe)
    assert "Fewer than five people have taken part" in page
    assert "végétariens" not in page
    assert "%" not in page


def test_what_unites_and_divides_is_said(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    draw(consultation)
    page = read(zoe)
    unites, divides = page.index("In every group, a majority"), page.index("What divides ")
    assert unites < page.index("Les cantines doivent") < divides < page.index("Le centre doit être fermé")
    assert "What group A says more than the others" in page
    assert "100 % agree" in page
    assert "not a poll of the inhabitants" in page
    assert "% of the inhabitants" not in page


def test_page_reads_few_rows_of_the_database(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    draw(consultation)
    read(zoe)
    with CaptureQueriesContext(connection) as queries:
        read(zoe)
    assert len(queries) <= 6


def test_page_follows_votes_while_it_is_open(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    draw(consultation)
    assert 'hx-trigger="every 30s"' in zoe.get(ADDRESS).content.decode()
    Consultation.objects.update(closed_at=NOW)
    assert "hx-trigger" not in zoe.get(ADDRESS).content.decode()


def test_what_moderation_took_out_is_nowhere(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    secret = consultation.statements.get(number=3)
    Statement.objects.filter(pk=secret.pk).update(text="SECRET-idea", state="rejected")
    add_statements(consultation, ["SECRET-waiting"])
    consultation.statements.filter(number=9).update(state="waiting")
    draw(consultation)
    for address in (ADDRESS, f"{ADDRESS}?toutes", f"{ADDRESS}?affirmations"):
        assert "SECRET" not in zoe.get(address).content.decode()


def test_my_own_place_is_for_my_browser_alone(
    zoe: Client, opens: Opens, consultation: Consultation, camps: list[Participant]
) -> None:
    picture = draw(consultation)
    mine = opens(None)
    mine.cookies[name_cookie(consultation.pk)] = seal_participant(consultation.pk, camps[0].pk)
    response = mine.get(ADDRESS, headers={"Accept-Language": "en"})
    assert "map-you" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert picture.figures["clear_groups"]
    assert "map-you" not in zoe.get(ADDRESS).content.decode()
    forged = opens(None)
    forged.cookies[name_cookie(consultation.pk)] = f"{camps[0].pk}.{'0' * 40}"
    assert "map-you" not in forged.get(ADDRESS).content.decode()


def answer(consultation: Consultation, people: list[Participant], counts: list[int]) -> None:
    question = ProfileQuestion.objects.create(consultation=consultation, text="Âge", source="Insee, 2022")
    options = [
        ProfileOption.objects.create(question=question, text=f"tranche {n}", share=20 + n, position=n)
        for n in range(len(counts))
    ]
    chosen = [option for option, count in zip(options, counts, strict=True) for _n in range(count)]
    for person, option in zip(people, chosen, strict=False):
        ProfileAnswer.objects.create(participant=person, question=question, option=option)


def test_who_is_missing_is_said_with_a_floor(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    answer(consultation, camps, [11, 6, 3])
    draw(consultation)
    page = read(zoe)
    assert "20 answers, 22 participants" in page
    assert "tranche 0 55 % (11) 20 % +35" in page
    assert "tranche 1 not shown" in page
    assert "tranche 2 not shown" in page
    assert "Inhabitants: Insee, 2022." in page


def test_unusual_votes_are_shown_with_and_without(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    newcomers = add_votes(consultation, [[-1, 1, -1, 1, -1, 1, -1, 1]] * 12)
    suspicion = Suspicion.objects.create(
        consultation=consultation, kind="burst", key="k", first_at=NOW, last_at=NOW, found_at=NOW
    )
    suspicion.participants.set(newcomers)
    draw(consultation)
    page = read(zoe)
    assert "12 participants vote in an unusual way" in page
    assert "1. Les cantines doivent servir deux repas végétariens par semaine. 65 % 100 %" in page
    suspicion.participants.set(newcomers[:3])
    draw(consultation)
    assert "They are fewer than five" in read(zoe)


def test_what_matters_to_many_is_listed(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    Vote.objects.filter(statement__number=8, participant__in=camps[:6]).update(is_important=True)
    Vote.objects.filter(statement__number=7, participant__in=camps[:4]).update(is_important=True)
    draw(consultation)
    page = read(zoe)
    assert "Important to 6 participants" in page
    assert "Important to 4" not in page


def test_leader_keeps_a_picture_that_never_changes(
    zoe: Client, opens: Opens, alice: Person, consultation: Consultation, camps: list[Participant]
) -> None:
    draw(consultation)
    leader = opens(alice)
    response = leader.post(f"{ADDRESS}garder/", {"title": "Avant la réunion"})
    kept = Picture.objects.frozen().get()
    assert (response.status_code, response["Location"]) == (302, f"{ADDRESS}{kept.pk}/")
    before = read(zoe, f"{ADDRESS}{kept.pk}/")
    assert "Avant la réunion" in before
    assert kept.fingerprint in before
    forget_participant(consultation=consultation, participant_id=camps[0].pk, now=NOW)
    draw(consultation)
    assert read(zoe, f"{ADDRESS}{kept.pk}/") == before
    assert "21 participants" not in before
    assert "Avant la réunion" in read(zoe)


def test_a_kept_picture_does_not_bring_back_what_was_taken_out(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    kept = drawing.copy_picture(draw(consultation), title="Avant", now=NOW)
    Statement.objects.filter(number=1).update(text="SECRET-idea", state="rejected")
    page = read(zoe, f"{ADDRESS}{kept.pk}/")
    assert "SECRET" not in page
    assert "This statement was taken out after this picture." in page


@pytest.mark.parametrize("name", ["chloe", "esther", "farid", "olivia", "marc"])
def test_others_keep_no_picture(
    name: str,
    request: pytest.FixtureRequest,
    opens: Opens,
    consultation: Consultation,
    camps: list[Participant],
) -> None:
    draw(consultation)
    somebody = opens(request.getfixturevalue(name))
    assert somebody.post(f"{ADDRESS}garder/", {"title": "Mienne"}).status_code == 404
    assert "/garder/" not in somebody.get(ADDRESS).content.decode()
    assert not Picture.objects.frozen().exists()


def test_nothing_is_kept_before_anything_is_drawn(
    opens: Opens, alice: Person, consultation: Consultation
) -> None:
    response = opens(alice).post(f"{ADDRESS}garder/", {"title": "Rien"})
    assert response.status_code == 409
    assert opens(alice).post(f"{ADDRESS}garder/", {"title": ""}).status_code == 422
    assert not Picture.objects.exists()


def test_a_draft_and_the_picture_of_another_consultation_are_not_there(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    live = draw(consultation)
    assert zoe.get(f"{ADDRESS}{live.pk}/").status_code == 404
    Consultation.objects.update(published_at=None)
    assert zoe.get(ADDRESS).status_code == 404


def test_the_last_picture_has_a_name_of_its_own(
    zoe: Client, consultation: Consultation, camps: list[Participant]
) -> None:
    Consultation.objects.update(closes_date=timezone.localdate() - timedelta(days=1))
    drawing.refresh_pictures(NOW)
    assert "The results when the consultation closed" in read(zoe)


@needs_data
def test_a_real_consultation_is_drawn_and_shown(zoe: Client, empty: Consultation) -> None:
    export = load("scoop-hivemind.biodiversity")
    made = add_statements(empty, [f"{one.id} {one.text}" for one in export.statements])
    numbers = {one.id: place for place, one in enumerate(export.statements)}
    votes = export.count_votes().votes
    rows: list[list[int | None]] = [[None] * len(made) for _person in votes.participants]
    cast = zip(votes.rows.tolist(), votes.columns.tolist(), votes.values.tolist(), strict=True)
    for row, column, value in cast:
        rows[row][numbers[int(votes.statements[column])]] = value
    for start in range(0, len(rows), 50):
        add_votes(empty, rows[start : start + 50])
    draw(empty)
    page = read(zoe)
    assert "participants 536 votes" in page
    assert "In every group, a majority thinks so" in page
