"""A consultation in a list: where it is today, and how many took part as its live picture counts them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from antigone.consultation.models import Consultation, Picture, State


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a list; `days_left` is 0 on the last day."""

    consultation: Consultation
    state: State
    participants: int
    days_left: int

    @property
    def closed_date(self) -> date | None:
        """The day on which it was closed, or its last day."""
        closed_at = self.consultation.closed_at
        return timezone.localdate(closed_at) if closed_at else self.consultation.closes_date


def list_summaries(consultations: QuerySet[Consultation], today: date) -> list[Summary]:
    """List consultations, those that end first at the top."""
    found = list(consultations)
    counts = _count_participants(found)
    listed = [
        Summary(
            one,
            one.find_state(today),
            counts.get(one.pk, 0),
            (one.closes_date - today).days if one.closes_date else 0,
        )
        for one in found
    ]
    return sorted(
        listed, key=lambda one: (one.state == State.CLOSED, abs(one.days_left), one.consultation.pk)
    )


def _count_participants(consultations: Iterable[Consultation]) -> dict[int, int]:
    """Read one number of each live picture, not the picture."""
    participants = KeyTransform("participants", KeyTransform("participation", "figures"))
    live = Picture.objects.live().filter(consultation__in=consultations)
    return {pk: int(count or 0) for pk, count in live.values_list("consultation", participants)}
