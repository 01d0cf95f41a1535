"""Votes: one a participant and statement, a line of the log for each change, all or nothing."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions import Cast, NewVote, cast_vote, cast_votes, forget_participant
from antigone.consultation.actions.voting import save_votes
from antigone.consultation.models import (
    Consultation,
    ModerationDecision,
    Participant,
    ProfileOption,
    ProfileQuestion,
    Statement,
    Vote,
    VoteChange,
)
from antigone.core.opinion import WITHDRAWN
from antigone.errors import AntigoneError
from tests.consultation.town import add_statements, add_votes

SECRET = "SECRET-mon-voisin"
NOW = timezone.now


def cast(consultation: Consultation, *ballots: tuple[int | None, int, int]) -> list[Cast | AntigoneError]:
    """Cast (participant, statement, value) in one batch."""
    return cast_votes([NewVote(consultation.pk, *ballot) for ballot in ballots], now=NOW())


def codes(outcomes: Sequence[Cast | AntigoneError]) -> list[str]:
    return [outcome.code if isinstance(outcome, AntigoneError) else "" for outcome in outcomes]


def votes(consultation: Consultation) -> list[tuple[int, int, int]]:
    found = Vote.objects.filter(participant__consultation=consultation)
    return sorted(found.values_list("participant", "statement__number", "value"))


def replay(consultation: Consultation) -> list[tuple[int, int, int]]:
    lines = consultation.vote_changes.values_list("participant", "statement__number", "value")
    now = {(who, what): value for who, what, value in lines.order_by("number")}
    return sorted((who, what, value) for (who, what), value in now.items() if value != WITHDRAWN)


def test_vote_makes_a_participant_and_a_line(consultation: Consultation) -> None:
    first = cast_vote(NewVote(consultation.pk, None, 1, 1), now=NOW())
    cast_vote(NewVote(consultation.pk, first.participant_id, 1, -1), now=NOW())
    assert votes(consultation) == [(first.participant_id, 1, -1)]
    assert list(VoteChange.objects.values_list("number", "value")) == [(1, 1), (2, -1)]


def test_two_votes_without_a_cookie_are_two_participants(consultation: Consultation) -> None:
    outcomes = cast(consultation, (None, 1, 1), (None, 2, 1), (None, 1, 1))
    people = [outcome.participant_id for outcome in outcomes if isinstance(outcome, Cast)]
    assert len(set(people)) == 3
    assert votes(consultation) == [(people[0], 1, 1), (people[1], 2, 1), (people[2], 1, 1)]


def test_what_is_refused_stops_no_other_vote(consultation: Consultation, camps: list[Participant]) -> None:
    before = Participant.objects.count()
    who = camps[0].pk
    outcomes = cast(
        consultation, (who, 99, 1), (None, 3, 1), (0, 1, 1), (who, 1, 5), (None, 99, 1), (None, 4, 0), (who, 1, 0)
    )  # fmt: skip
    refused = ["unknown_statement", "", "unknown_participant", "invalid_vote", "unknown_statement", "", ""]
    assert codes(outcomes) == refused
    assert Participant.objects.count() == before + 2
    first, second = outcomes[1], outcomes[5]
    assert isinstance(first, Cast)
    assert isinstance(second, Cast)
    assert (first.participant_id, 3, 1) in votes(consultation)
    assert (second.participant_id, 4, 0) in votes(consultation)
    assert (who, 1, 0) in votes(consultation)


def test_votes_of_several_consultations_are_told_in_their_order(
    consultation: Consultation, alice: Person
) -> None:
    other = Consultation.objects.get(pk=consultation.pk)
    other.pk, other.slug, other.last_statement = None, "autre", 0
    other.save()
    add_statements(other)
    batch = [
        NewVote(pk, None, number, 1) for number, pk in enumerate((other.pk, consultation.pk, 0, other.pk), 1)
    ]
    assert codes(cast_votes(batch, now=NOW())) == ["", "", "unknown_consultation", ""]
    assert [vote[1:] for vote in votes(other)] == [(1, 1), (4, 1)]
    assert [vote[1:] for vote in votes(consultation)] == [(2, 1)]


def test_participant_of_another_consultation_is_unknown(
    consultation: Consultation, camps: list[Participant]
) -> None:
    other = Consultation.objects.get(pk=consultation.pk)
    other.pk, other.slug, other.last_statement = None, "autre", 0
    other.save()
    add_statements(other)
    assert codes(cast(other, (camps[0].pk, 1, 1))) == ["unknown_participant"]
    assert votes(other) == []


def test_last_vote_of_a_batch_holds(consultation: Consultation, camps: list[Participant]) -> None:
    who = camps[0].pk
    assert codes(cast(consultation, (who, 1, -1), (who, 1, WITHDRAWN), (who, 1, 0))) == [""] * 3
    assert Vote.objects.get(participant=who, statement__number=1).value == 0
    assert replay(consultation) == votes(consultation)


def test_vote_is_taken_back_once(consultation: Consultation, camps: list[Participant]) -> None:
    who, count = camps[0].pk, consultation.vote_changes.count()
    for _time in range(2):
        cast(consultation, (who, 1, WITHDRAWN))
    assert not Vote.objects.filter(participant=who, statement__number=1).exists()
    assert consultation.vote_changes.count() == count + 1
    assert replay(consultation) == votes(consultation)


def test_importance_alone_leaves_no_line(consultation: Consultation, camps: list[Participant]) -> None:
    who, count = camps[0].pk, consultation.vote_changes.count()
    cast_vote(NewVote(consultation.pk, who, 1, 1, is_important=True), now=NOW())
    assert Vote.objects.get(participant=who, statement__number=1).is_important
    assert consultation.vote_changes.count() == count
    cast_vote(NewVote(consultation.pk, who, 1, -1), now=NOW())
    assert not Vote.objects.get(participant=who, statement__number=1).is_important
    assert consultation.vote_changes.count() == count + 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("waiting", "unknown_statement"),
        ("withdrawn", "unknown_statement"),
        ("rejected", "statement_closed"),
        ("merged", "statement_closed"),
    ],
)
def test_statement_that_is_not_open_takes_no_vote(
    state: str, code: str, consultation: Consultation, camps: list[Participant]
) -> None:
    into = consultation.statements.get(number=2) if state == "merged" else None
    consultation.statements.filter(number=1).update(state=state, merged_into=into)
    before = votes(consultation)
    for value in (0, WITHDRAWN):
        assert codes(cast(consultation, (camps[0].pk, 1, value), (None, 1, value))) == [code] * 2
    assert votes(consultation) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closed_at": NOW()}, "consultation_closed"),
        ({"closes_date": timezone.localdate() - timedelta(days=1)}, "consultation_closed"),
        ({"published_at": None}, "consultation_not_open"),
        ({"opens_date": timezone.localdate() + timedelta(days=1)}, "consultation_not_open"),
    ],
)
def test_consultation_that_is_not_open_takes_no_vote(
    change: dict[str, Any], code: str, consultation: Consultation, camps: list[Participant]
) -> None:
    Consultation.objects.filter(pk=consultation.pk).update(**change)
    before, people = votes(consultation), Participant.objects.count()
    outcomes = cast(consultation, (camps[0].pk, 1, 0), (camps[0].pk, 1, WITHDRAWN), (None, 1, 1))
    assert codes(outcomes) == [code] * 3
    assert (votes(consultation), Participant.objects.count()) == (before, people)


@pytest.mark.parametrize("door", ["code", "sign_in"])
def test_closed_door_stops_newcomers_alone(
    door: str, consultation: Consultation, camps: list[Participant]
) -> None:
    Consultation.objects.filter(pk=consultation.pk).update(door=door)
    people = Participant.objects.count()
    assert codes(cast(consultation, (None, 1, 1), (camps[0].pk, 1, 0))) == ["door_closed", ""]
    assert Participant.objects.count() == people


def test_authors_vote_on_their_own_statement(consultation: Consultation, camps: list[Participant]) -> None:
    consultation.statements.filter(number=1).update(author=camps[0])
    assert codes(cast(consultation, (camps[0].pk, 1, 0))) == [""]


def test_log_makes_the_votes_whatever_was_voted(consultation: Consultation, camps: list[Participant]) -> None:
    chance = random.Random(5)
    people = [None, *(person.pk for person in camps)]
    for _batch in range(30):
        cast(
            consultation,
            *(
                (chance.choice(people), chance.randint(1, 8), chance.choice((1, 0, -1, 2)))
                for _vote in range(20)
            ),
        )
    numbers = list(consultation.vote_changes.order_by("number").values_list("number", flat=True))
    consultation.refresh_from_db()
    assert numbers == list(range(1, consultation.last_number + 1))
    assert replay(consultation) == votes(consultation)


def test_number_of_queries_is_not_that_of_votes(consultation: Consultation, camps: list[Participant]) -> None:
    def count(ballots: Sequence[tuple[int | None, int, int]]) -> int:
        with CaptureQueriesContext(connection) as queries:
            cast(consultation, *ballots)
        return len(queries)

    few = count([(None, 1, 1), (camps[0].pk, 1, -1), (camps[1].pk, 1, WITHDRAWN)])
    many = count(
        [(None, 2, 1)] * 20
        + [(person.pk, 2, -1) for person in camps]
        + [(person.pk, 3, WITHDRAWN) for person in camps]
    )
    assert few == many


def test_thousands_of_votes_are_saved_and_changed(empty: Consultation) -> None:
    add_statements(empty, [f"Affirmation {number}" for number in range(30)])
    people = add_votes(empty, [[1] * 30 for _person in range(80)])
    statements = [one.pk for one in empty.statements.all()]
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=empty.pk)
        save_votes(locked, [(who.pk, what, -1, False) for who in people for what in statements], NOW())
    assert [vote[2] for vote in votes(empty)] == [-1] * 2_400
    assert replay(empty) == votes(empty)


def test_database_holds_one_vote_a_statement(camps: list[Participant]) -> None:
    vote = Vote.objects.filter(participant=camps[0])[0]
    vote.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        vote.save()


def test_participant_is_forgotten_with_their_votes(
    consultation: Consultation, camps: list[Participant]
) -> None:
    who, left = camps[0].pk, [vote for vote in votes(consultation) if vote[0] != camps[0].pk]
    forget_participant(consultation=consultation, participant_id=who, now=NOW())
    assert votes(consultation) == replay(consultation) == left
    lines = VoteChange.objects.filter(participant=who).values_list("value", flat=True)
    assert set(lines) == {WITHDRAWN}
    assert codes(cast(consultation, (who, 1, 1))) == ["unknown_participant"]
    with pytest.raises(AntigoneError, match="Begin again"):
        forget_participant(consultation=consultation, participant_id=who, now=NOW())


def test_nothing_of_who_is_forgotten_stays(
    consultation: Consultation, camps: list[Participant], chloe: Person
) -> None:
    """Whatever they wrote goes, wherever it was kept: shown, waiting, rejected, merged, corrected by a moderator."""
    who = camps[0]
    written = list(consultation.statements.filter(number__in=(3, 4, 5, 6)))
    target = consultation.statements.get(number=1)
    for statement, state in zip(written, ("accepted", "waiting", "rejected", "merged"), strict=True):
        statement.text = statement.key = f"{SECRET} {statement.number}"
        statement.author, statement.state = who, state
        statement.merged_into = target if state == "merged" else None
        statement.save()
        ModerationDecision.objects.create(
            consultation=consultation, statement=statement, kind="edit", before=SECRET, decided_at=NOW(),
            decided_by=chloe,
        )  # fmt: skip
    question = ProfileQuestion.objects.create(consultation=consultation, text="Votre âge ?")
    option = ProfileOption.objects.create(question=question, text="18 à 24 ans")
    who.profile.create(question=question, option=option)
    forget_participant(consultation=consultation, participant_id=who.pk, now=NOW())
    states = consultation.statements.filter(number__in=(3, 4, 5, 6)).values_list(
        "state", "text", "key", "author"
    )
    assert list(states.order_by("number")) == [
        *[("withdrawn", "", "", None)] * 3,
        ("merged", "", "", None),
    ]
    assert not Statement.objects.filter(text__contains=SECRET).exists()
    assert not ModerationDecision.objects.filter(before__contains=SECRET).exists()
    assert not option.answers.exists()


def test_somebody_is_forgotten_after_the_end(consultation: Consultation, camps: list[Participant]) -> None:
    Consultation.objects.filter(pk=consultation.pk).update(closed_at=NOW())
    forget_participant(consultation=consultation, participant_id=camps[0].pk, now=NOW())
    assert not Participant.objects.filter(pk=camps[0].pk).exists()
