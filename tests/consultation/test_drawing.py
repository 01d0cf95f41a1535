"""The live picture: it follows the log, a restart changes no bit of it, what is out is nowhere in it."""

import hashlib
import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.consultation import drawing
from antigone.consultation.actions import NewVote, cast_votes, forget_participant
from antigone.consultation.models import (
    Consultation,
    Participant,
    Picture,
    Statement,
    Suspicion,
    Vote,
)
from tests.consultation.town import add_votes

NOW = timezone.now()


@pytest.fixture(autouse=True)
def nothing_in_memory() -> Iterator[None]:
    """Begin as a process does that has just been started."""
    drawing._memories.clear()
    yield
    drawing._memories.clear()


def live(consultation: Consultation) -> Picture:
    return Picture.objects.live().get(consultation=consultation)


def refresh() -> None:
    for memory in drawing._memories.values():
        memory.rests_until = 0.0
    drawing.refresh_pictures(NOW)


def restart() -> None:
    drawing._memories.clear()


def write(picture: Picture) -> str:
    return json.dumps([picture.figures, picture.placing, picture.history, picture.fingerprint])


def add_newcomers(consultation: Consultation, count: int = 6) -> list[Participant]:
    return add_votes(consultation, [[1, 1, -1, 1, -1, 1, -1, n % 2] for n in range(count)])


def test_the_picture_says_what_unites_and_divides(
    consultation: Consultation, camps: list[Participant]
) -> None:
    refresh()
    picture = live(consultation)
    figures = picture.figures
    assert picture.number == Vote.objects.count()
    assert figures["participation"]["participants"] == len(camps) == 22
    assert sorted(figures["group_sizes"].values()) == [10, 12]
    assert set(figures["shared"]["agree"]) == {1, 2}
    assert set(figures["divisive"]) <= set(range(3, 9))
    assert figures["statements"]["1"]["groups"]["0"] == {
        "agrees": 12,
        "disagrees": 0,
        "passes": 0,
        "votes": 12,
    }
    assert figures["channels"] == {"online": 22, "paper": 0, "phone": 0, "import": 0}
    assert not Consultation.objects.with_new_votes().exists()


def test_fingerprint_is_that_of_the_lines(consultation: Consultation, camps: list[Participant]) -> None:
    refresh()
    votes = Vote.objects.order_by("participant", "statement__number")
    lines = votes.values_list("participant", "statement__number", "value")
    text = "".join(f"{who},{what},{how}\n" for who, what, how in lines)
    assert (
        live(consultation).fingerprint == hashlib.sha256(f"{consultation.salt}\n{text}".encode()).hexdigest()
    )
    # What is public is not enough to try votes until they give the fingerprint.
    assert live(consultation).fingerprint != hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("forgets", [False, True])
def test_the_picture_after_a_restart_is_the_picture_before(
    consultation: Consultation, camps: list[Participant], forgets: bool
) -> None:
    refresh()
    before = live(consultation)
    kept = deepcopy({name: getattr(before, name) for name in ("number", "figures", "placing", "history")})
    newcomers = add_newcomers(consultation)
    consultation.refresh_from_db()
    cast_votes([NewVote(consultation.pk, camps[0].pk, 3, 1), NewVote(consultation.pk, None, 1, 0)], now=NOW)
    cast_votes([NewVote(consultation.pk, newcomers[0].pk, 3, 2)], now=NOW)
    if forgets:
        forget_participant(consultation=consultation, participant_id=camps[1].pk, now=NOW)
    refresh()
    followed = live(consultation)
    assert followed.number > kept["number"]
    Picture.objects.live().update(**kept)
    restart()
    refresh()
    assert write(live(consultation)) == write(followed)


def test_a_rejected_statement_leaves_the_picture_at_once(
    consultation: Consultation, camps: list[Participant]
) -> None:
    refresh()
    consultation.statements.filter(number=3).update(state=Statement.State.REJECTED)
    refresh()
    figures = live(consultation).figures
    assert "3" not in figures["statements"]
    assert 3 not in figures["divisive"]
    assert figures["participation"]["votes"] == 22 * 7
    assert all(one["statement"] != 3 for said in figures["representative"].values() for one in said)


def test_a_statement_about_the_consultation_is_out_and_shown(
    consultation: Consultation, camps: list[Participant]
) -> None:
    refresh()
    consultation.statements.filter(number=1).update(is_meta=True)
    refresh()
    figures = live(consultation).figures
    assert figures["statements"]["1"]["out"]
    assert 1 not in figures["shared"]["agree"]


def suspect(consultation: Consultation, people: list[Participant], state: str = "open") -> Suspicion:
    suspicion = Suspicion.objects.create(
        consultation=consultation,
        kind="burst",
        key="k",
        first_at=NOW,
        last_at=NOW,
        found_at=NOW,
        state=state,
    )
    suspicion.participants.set(people)
    return suspicion


def test_results_are_drawn_without_suspects_too(consultation: Consultation, camps: list[Participant]) -> None:
    newcomers = add_newcomers(consultation)
    refresh()
    assert live(consultation).figures["apart"] is None
    suspicion = suspect(consultation, newcomers)
    refresh()
    figures = live(consultation).figures
    assert (figures["looked_at"], figures["participation"]["participants"]) == (6, 28)
    assert figures["apart"]["participation"]["participants"] == 22
    suspicion.state = Suspicion.State.CLEARED
    suspicion.save()
    refresh()
    assert live(consultation).figures["apart"] is None


def test_a_few_suspects_are_not_given_away_by_a_difference(
    consultation: Consultation, camps: list[Participant]
) -> None:
    suspect(consultation, camps[:4])
    refresh()
    assert live(consultation).figures["apart"] is None
    assert live(consultation).figures["looked_at"] == 4


def test_nobody_is_alone_on_the_map(consultation: Consultation, camps: list[Participant]) -> None:
    refresh()
    cells = live(consultation).figures["map"]["cells"]
    assert sum(people for *_rest, people in cells) == 22
    assert min(people for *_rest, people in cells) >= 2


def test_nothing_is_drawn_again_while_nothing_changes(
    consultation: Consultation, camps: list[Participant]
) -> None:
    refresh()
    Picture.objects.live().update(fingerprint="as it was")
    refresh()
    assert live(consultation).fingerprint == "as it was"


def test_important_ones_are_counted(consultation: Consultation, camps: list[Participant]) -> None:
    Vote.objects.filter(statement__number=4, participant__in=camps[:7]).update(is_important=True)
    refresh()
    assert live(consultation).figures["statements"]["4"]["important"] == 7


def test_a_large_drawing_is_followed_by_a_rest(consultation: Consultation, camps: list[Participant]) -> None:
    refresh()
    (memory,) = drawing._memories.values()
    memory.rests_until = float("inf")
    add_newcomers(consultation)
    drawing.refresh_pictures(NOW)
    assert Consultation.objects.with_new_votes().exists()


@pytest.mark.parametrize(
    ("votes", "wait", "is_closed", "is_drawn"),
    [
        (4, timedelta(minutes=1), False, False),
        (5, timedelta(0), False, True),
        (1, timedelta(minutes=2), False, True),
        (1, timedelta(0), True, True),
    ],
)
def test_few_votes_wait_for_others(
    votes: int, wait: timedelta, is_closed: bool, is_drawn: bool, consultation: Consultation,
    camps: list[Participant],
) -> None:  # fmt: skip
    """Totals that follow each vote would tell everybody what it was, and when it was cast."""
    refresh()
    add_votes(consultation, [[1]] * votes)
    if is_closed:
        Consultation.objects.update(closed_at=NOW)
    for memory in drawing._memories.values():
        memory.rests_until = 0.0
    drawing.refresh_pictures(NOW + wait)
    assert Consultation.objects.with_new_votes().exists() != is_drawn


def test_the_last_picture_of_a_closed_consultation_is_kept_once(
    consultation: Consultation, camps: list[Participant]
) -> None:
    refresh()
    assert not Picture.objects.frozen().exists()
    Consultation.objects.update(closed_at=NOW - timedelta(hours=1))
    refresh()
    refresh()
    kept = Picture.objects.frozen().get()
    forget_participant(consultation=consultation, participant_id=camps[0].pk, now=NOW)
    refresh()
    assert Picture.objects.frozen().get().figures == kept.figures
    assert live(consultation).figures["participation"]["participants"] == 21
    assert kept.history == kept.placing == {}


def test_a_picture_that_is_kept_costs_nothing_every_second(
    consultation: Consultation, camps: list[Participant]
) -> None:
    """Closed before its last day, or by it."""
    for closed in (
        {"closed_at": NOW - timedelta(hours=1)},
        {"closed_at": None, "closes_date": (NOW - timedelta(days=3)).date()},
    ):
        Consultation.objects.update(opens_date=(NOW - timedelta(days=3)).date(), **closed)
        refresh()
        assert Picture.objects.frozen().exists()
        assert not drawing._list_closed_without_picture(NOW).exists()


def test_nothing_is_drawn_where_nobody_voted(consultation: Consultation) -> None:
    refresh()
    assert not Picture.objects.exists()


def test_idle_votes_are_forgotten(
    consultation: Consultation, camps: list[Participant], monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh()
    monkeypatch.setattr(drawing, "IDLE_SECONDS", -1)
    refresh()
    assert drawing._memories == {}
