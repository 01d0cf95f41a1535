"""Votes: one a participant and statement, a line of the log for each change, all or nothing."""

from django.utils import timezone

from antigone.consultation.actions import NewVote, cast_vote, forget_participant
from antigone.consultation.models import Consultation, Participant, Vote, VoteChange


def test_vote_makes_a_participant_and_a_line(consultation: Consultation) -> None:
    now = timezone.now()
    cast = cast_vote(NewVote(consultation.pk, None, 1, 1), now=now)
    cast_vote(NewVote(consultation.pk, cast.participant_id, 1, -1), now=now)
    assert [(vote.statement.number, vote.value) for vote in Vote.objects.all()] == [(1, -1)]
    assert list(VoteChange.objects.values_list("number", "value")) == [(1, 1), (2, -1)]


def test_participant_is_forgotten_with_their_votes(
    consultation: Consultation, camps: list[Participant]
) -> None:
    forget_participant(consultation=consultation, participant_id=camps[0].pk, now=timezone.now())
    assert not Vote.objects.filter(participant=camps[0].pk).exists()
    lines = VoteChange.objects.filter(participant=camps[0].pk).values_list("value", flat=True)
    assert set(lines) == {2}
