"""What is no longer needed is erased: a month after the end, nothing tells when or from where one voted."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDay
from django.utils import timezone

from antigone.consultation.models import Consultation, Participant, Vote, VoteChange

KEPT = timedelta(days=30)
# Rows changed in one transaction: votes do not wait for long.
TOGETHER = 5_000


def erase_traces(now: datetime) -> None:
    """Erase networks that are a month old, and of what is over for a month seals, codes and times of day."""
    Participant.objects.filter(joined_at__lt=now - KEPT).exclude(network="").update(network="")
    for consultation in list_over(now):
        with transaction.atomic():
            people = consultation.participants
            people.exclude(network="").update(network="")
            people.exclude(person_key=None, code=None).update(person_key=None, code=None)
            consultation.codes.all().delete()
        _coarsen(people.all(), "joined_at")
        _coarsen(Vote.objects.filter(participant__consultation=consultation), "cast_at")
        _coarsen(VoteChange.objects.filter(consultation=consultation), "cast_at")


def list_over(now: datetime) -> QuerySet[Consultation]:
    """List what has been over for a month."""
    day = timezone.localdate(now - KEPT)
    return Consultation.objects.public().filter(Q(closed_at__lt=now - KEPT) | Q(closes_date__lt=day))


def _coarsen(rows: QuerySet, field: str) -> None:  # type: ignore[type-arg]
    """Leave the day alone of an instant, some rows at a time; what is a day already is not touched again."""
    day = TruncDay(field, tzinfo=UTC)
    finer = rows.exclude(**{field: day})
    while keys := list(finer.order_by("pk").values_list("pk", flat=True)[:TOGETHER]):
        rows.filter(pk__in=keys).update(**{field: day})
