"""The pages of a participant: vote, undo, review, group, erase, the frame of another site; without a script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from antigone.consultation.cookies import name_cookie
from antigone.consultation.drawing import refresh_picture
from antigone.consultation.models import Consultation, Participant, Vote
from tests.consultation.conftest import Opens
from tests.consultation.town import WORDS

VOTE = "/consultations/vivre-ici/voter/"
REVIEW = f"{VOTE}revoir/"
GROUP = f"{VOTE}mon-groupe/"
ERASE = f"{VOTE}effacer/"
EMBEDDED = f"{VOTE}integre/"
Queries = Callable[[int], object]


@pytest.fixture(autouse=True)
def calm() -> None:
    """Begin each test without the tries of the one before."""
    caches["memory"].clear()


def find_asked(page: str) -> int:
    found = re.search(r'name="statement" value="(\d+)"', page)
    assert found, page
    return int(found[1])


def cast(browser: Client, number: int, vote: int, **more: str) -> str:
    response = browser.post(VOTE, {"statement": number, "vote": vote, **more})
    assert response.status_code == 303
    return browser.get(response.headers["Location"]).content.decode()


def test_looking_makes_nobody_a_participant(consultation: Consultation, opens: Opens) -> None:
    visitor = opens(None)
    for address in (VOTE, REVIEW, GROUP, f"{VOTE}proposer/"):
        assert visitor.get(address).status_code == 200
    assert name_cookie(consultation.pk) not in visitor.cookies
    assert not Participant.objects.exists()


def test_visitor_votes_on_everything_once(consultation: Consultation, opens: Opens) -> None:
    visitor = opens(None)
    page, asked = visitor.get(VOTE).content.decode(), []
    while 'name="statement"' in page:
        asked.append(find_asked(page))
        page = cast(visitor, asked[-1], 1)
    assert sorted(asked) == list(range(1, 9))
    assert 'value="8" max="8"' in page
    assert Participant.objects.count() == 1


def test_what_was_voted_last_can_be_changed(consultation: Consultation, opens: Opens) -> None:
    visitor = opens(None)
    page = cast(visitor, 3, 1)
    assert WORDS[2] in page
    assert "?affirmation=3" in page
    page = visitor.get(f"{VOTE}?affirmation=3").content.decode()
    assert find_asked(page) == 3
    assert 'class="before"' in page
    cast(visitor, 3, -1, important="1")
    vote = Vote.objects.get()
    assert (vote.value, vote.is_important) == (-1, True)


@pytest.mark.parametrize("wanted", ["99", "abc", "-1", "٣", "9" * 40, ""])
def test_what_cannot_be_asked_for_gives_the_next_one(
    consultation: Consultation, opens: Opens, wanted: str
) -> None:
    page = opens(None).get(VOTE, {"affirmation": wanted}).content.decode()
    assert find_asked(page) in range(1, 9)


def test_hidden_statement_is_not_shown_when_asked_for(consultation: Consultation, opens: Opens) -> None:
    for state in ("waiting", "rejected", "withdrawn"):
        consultation.statements.filter(number=1).update(state=state)
        assert WORDS[0] not in opens(None).get(f"{VOTE}?affirmation=1").content.decode()


def test_visit_ends_and_one_may_go_on(consultation: Consultation, opens: Opens) -> None:
    Consultation.objects.update(visit_cap=2)
    visitor = opens(None)
    cast(visitor, 1, 1)
    page = cast(visitor, 2, 0)
    assert 'name="statement"' not in page
    assert "?encore" in page
    assert find_asked(visitor.get(f"{VOTE}?encore").content.decode()) > 2
    Vote.objects.update(cast_at=timezone.now() - timedelta(hours=3))
    assert find_asked(visitor.get(VOTE).content.decode()) > 2


def test_forged_cookie_is_taken_away_and_one_begins_again(consultation: Consultation, opens: Opens) -> None:
    visitor = opens(None)
    name = name_cookie(consultation.pk)
    for forged in ("1.abc", "x", "1", f"1.{'0' * 40}"):
        visitor.cookies[name] = forged
        response = visitor.get(VOTE)
        assert response.status_code == 200
        assert str(response.cookies[name]["max-age"]) == "0"
        visitor.cookies[name] = forged
        assert visitor.get(REVIEW).status_code == 200
        assert visitor.get(GROUP).status_code == 200
        assert visitor.get(ERASE).status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"closed_at": timezone.now()}, {"opens_date": timezone.localdate() + timedelta(days=2)}],
)
def test_page_says_that_no_vote_is_taken(
    consultation: Consultation, opens: Opens, change: dict[str, object]
) -> None:
    Consultation.objects.update(**change)
    page = opens(None).get(VOTE)
    assert page.status_code == 200
    assert b'name="vote"' not in page.content
    assert opens(None).post(VOTE, {"statement": 1, "vote": 1}).status_code == 409
    assert not Vote.objects.exists()


def test_draft_is_not_there(consultation: Consultation, opens: Opens) -> None:
    Consultation.objects.update(published_at=None)
    for address in (VOTE, REVIEW, GROUP, ERASE, EMBEDDED):
        assert opens(None).get(address).status_code == 404
    assert opens(None).post(VOTE, {"statement": 1, "vote": 1}).status_code == 404


def test_refused_vote_is_explained_beside_the_ballot(consultation: Consultation, opens: Opens) -> None:
    data = {"statement": 99, "vote": 1}
    response = opens(None).post(VOTE, data, headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Retarget"]) == (422, "#refused")
    assert response.content.decode().strip().startswith('<div class="notice error"')
    assert b'id="refused"' in opens(None).get(VOTE).content
    page = opens(None).post(VOTE, data)
    assert (page.status_code, b"<html" in page.content) == (422, True)


def test_review_shows_and_takes_back_ones_own_votes_alone(consultation: Consultation, opens: Opens) -> None:
    mine, other = opens(None), opens(None)
    cast(mine, 1, 1)
    cast(other, 2, -1)
    page = mine.get(REVIEW).content.decode()
    assert WORDS[0] in page
    assert WORDS[1] not in page
    page = cast(mine, 1, 2, next="revoir")
    assert WORDS[0] not in page
    assert list(Vote.objects.values_list("statement__number", flat=True)) == [2]


def test_everything_is_erased_after_a_question(consultation: Consultation, opens: Opens) -> None:
    mine, other = opens(None), opens(None)
    cast(mine, 1, 1)
    cast(other, 1, -1)
    assert mine.get(ERASE).status_code == 200
    assert Participant.objects.count() == 2
    Consultation.objects.update(closed_at=timezone.now())  # also when all is over
    response = mine.post(ERASE)
    assert str(response.cookies[name_cookie(consultation.pk)]["max-age"]) == "0"
    assert [vote.value for vote in Vote.objects.all()] == [-1]
    assert mine.post(ERASE).status_code == 404


@pytest.mark.usefixtures("camps")
def test_group_is_told_at_once_and_to_its_participant_alone(consultation: Consultation, opens: Opens) -> None:
    refresh_picture(consultation, timezone.now())
    sides = {}
    for camp, sign in (("first", 1), ("second", -1)):
        browser = opens(None)
        for number in range(1, 9):
            page = cast(browser, number, 1 if number < 3 else (-sign if number % 2 else sign))
        assert GROUP in page
        response = browser.get(GROUP)
        shown = response.context
        assert shown["standing"].enough
        sides[camp] = shown["own"].name
    assert sorted(sides.values()) == ["A", "B"]
    assert "own" not in opens(None).get(GROUP).context


@pytest.mark.usefixtures("camps")
def test_few_votes_tell_how_many_are_missing(consultation: Consultation, opens: Opens) -> None:
    refresh_picture(consultation, timezone.now())
    visitor = opens(None)
    cast(visitor, 1, 1)
    response = visitor.get(GROUP)
    assert response.context["standing"].missing == 6
    assert "own" not in response.context


def test_frame_is_for_the_named_sites_alone(consultation: Consultation, opens: Opens) -> None:
    assert opens(None).get(EMBEDDED).status_code == 404
    Consultation.objects.update(embedders="https://ville.example\nhttps://agglo.example")
    response = opens(None).get(EMBEDDED)
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors https://ville.example https://agglo.example" in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in response.headers
    assert b'name="next" value="integre"' in response.content
    assert opens(None).get(VOTE).headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in opens(None).get(VOTE).headers["Content-Security-Policy"]


@pytest.mark.parametrize("door", ["code", "sign_in"])
def test_frame_asks_for_no_code_and_no_account(consultation: Consultation, opens: Opens, door: str) -> None:
    Consultation.objects.update(embedders="https://ville.example", door=door)
    assert opens(None).get(EMBEDDED).status_code == 404


def test_frame_has_a_cookie_of_its_own_and_says_where_none_is_kept(
    consultation: Consultation, opens: Opens
) -> None:
    Consultation.objects.update(embedders="https://ville.example")
    response = opens(None).post(VOTE, {"statement": 1, "vote": 1, "next": "integre"})
    assert response.headers["Location"] == EMBEDDED
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(name_cookie(consultation.pk, is_embedded=True))
    assert all(rule in cookie for rule in ("Partitioned", "SameSite=None", "Secure", "HttpOnly"))
    lost = opens(None).get(EMBEDDED, headers={"Referer": f"https://testserver{EMBEDDED}"})
    assert lost.context["has_lost_cookie"]
    assert b'name="vote"' not in lost.content
    kept = opens(None)
    kept.cookies[name_cookie(consultation.pk, is_embedded=True)] = cookie.split("=", 1)[1].split(";")[0]
    page = kept.get(EMBEDDED, headers={"Referer": f"https://testserver{EMBEDDED}"}).content.decode()
    assert find_asked(page) != 1
    assert "?affirmation=1" in page


@pytest.mark.usefixtures("camps")
def test_next_statement_takes_few_queries(
    consultation: Consultation, opens: Opens, django_assert_max_num_queries: Queries
) -> None:
    refresh_picture(consultation, timezone.now())
    visitor = opens(None)
    cast(visitor, 1, 1)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        visitor.get(VOTE)
