"""A month after the end nothing tells when or from where one voted; votes stay."""

from datetime import UTC, timedelta

from django.utils import timezone

from antigone.consultation.actions.upkeep import erase_traces
from antigone.consultation.models import Consultation, DoorCode, Participant, Vote, VoteChange
from tests.consultation.town import add_votes

ROW = [1, -1, 0]


def end(consultation: Consultation, days: int) -> None:
    consultation.closes_date = timezone.localdate() - timedelta(days=days)
    consultation.opens_date = consultation.closes_date - timedelta(days=5)
    consultation.save()


def test_traces_go_a_month_after_the_end(consultation: Consultation) -> None:
    (person,) = add_votes(consultation, [ROW], network="n1")
    code = DoorCode.objects.create(consultation=consultation, hash="h")
    Participant.objects.filter(pk=person.pk).update(person_key="k", code=code)
    end(consultation, 31)
    for _twice in range(2):
        erase_traces(timezone.now())
        person = Participant.objects.get()
        assert (person.network, person.person_key, person.code) == ("", None, None)
        assert not DoorCode.objects.exists()
        for row in (person.joined_at, Vote.objects.first().cast_at, VoteChange.objects.first().cast_at):  # type: ignore[union-attr]
            assert row == row.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        assert sorted(Vote.objects.values_list("value", flat=True)) == [-1, 0, 1]


def test_nothing_goes_before(consultation: Consultation) -> None:
    (person,) = add_votes(consultation, [ROW], network="n1")
    end(consultation, 20)
    erase_traces(timezone.now())
    assert Participant.objects.get().network == "n1"
    assert Participant.objects.get().joined_at == person.joined_at


def test_networks_go_after_a_month_while_it_is_open(consultation: Consultation) -> None:
    add_votes(consultation, [ROW], network="n1")
    Participant.objects.update(joined_at=timezone.now() - timedelta(days=31))
    erase_traces(timezone.now())
    assert Participant.objects.get().network == ""
