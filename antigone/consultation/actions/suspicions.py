"""What is unusual is written down, once; whoever leads decides on it, for a reason that everybody reads."""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.choices import record_choice
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.drawing import follow_votes
from antigone.consultation.models import Choice, Consultation, Participant, Suspicion, VoteChange
from antigone.consultation.routing import find_live_picture
from antigone.consultation.spotting import (
    Arrival,
    Finding,
    find_bursts,
    find_fast,
    find_identical,
)
from antigone.core.opinion.votes import Floats, Integers, Votes
from antigone.errors import WrongInput

# How often one looks at a consultation that is voted on, in seconds; how far back arrivals and votes are compared.
REST = 300.0
LOOKED_BACK = timedelta(days=2)
MOST_LINES = 200_000

# By key and moment of creation: a key alone may come back in another database.
_looked: dict[tuple[int, datetime], tuple[int, float]] = {}


def spot_suspicions(now: datetime) -> None:
    """Look at every open consultation with new votes, each of them every five minutes at most."""
    for consultation in Consultation.objects.open_on(timezone.localdate(now)):
        key = consultation.pk, consultation.created_at
        number, until = _looked.get(key, (-1, 0.0))
        if number != consultation.last_number and time.monotonic() >= until:
            spot(consultation, now)
            _looked[key] = (consultation.last_number, time.monotonic() + REST)


def spot(consultation: Consultation, now: datetime) -> list[Suspicion]:
    """Look at one consultation now; return the suspicions that are new, or that somebody was added to."""
    votes = follow_votes(consultation).opinion.votes
    # What is entered or imported is checked by who does it.
    others = consultation.participants.exclude(channel=Participant.Channel.ONLINE)
    entered = set(others.values_list("pk", flat=True))
    found = [
        *find_bursts(_list_arrivals(consultation, now)),
        *find_fast(_list_instants(consultation, entered, now)),
        *find_identical(_leave_out(votes, entered), _measure_chances(consultation, votes), now),
    ]
    with transaction.atomic():
        locked = lock_consultation(consultation)
        return [one for one in (_write_down(locked, finding, now) for finding in found) if one is not None]


@transaction.atomic
def decide_suspicion(
    *, suspicion: Suspicion, state: str, reason: str, by: Person, now: datetime
) -> Suspicion:
    """Clear participants or set them apart: their votes stay, and results are shown with and without them."""
    require_leader(by, suspicion.consultation)
    consultation = lock_consultation(suspicion.consultation)
    if state not in (Suspicion.State.CLEARED, Suspicion.State.SET_APART):
        raise WrongInput("suspicion_undecided", gettext_noop("Choose “Nothing unusual” or “Set apart”."))
    locked = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
    change = (f"{locked.kind}:{locked.state}", f"{locked.kind}:{state}")
    record_choice(consultation, Choice.Kind.SUSPICION, change, reason, by, now)
    locked.state, locked.reason, locked.decided_at, locked.decided_by = state, reason.strip(), now, by
    locked.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    return locked


def _write_down(consultation: Consultation, finding: Finding, now: datetime) -> Suspicion | None:
    """Write a finding down, or add to what is still open of it; nobody is found twice for one kind of reason."""
    people = set(consultation.participants.filter(pk__in=finding.participants).values_list("pk", flat=True))
    same = consultation.suspicions.filter(kind=finding.kind)
    added = people - set(same.filter(participants__in=people).values_list("participants", flat=True))
    if not added:
        return None
    is_of_it = Q() if finding.kind == Suspicion.Kind.PACE else Q(participants__in=people)
    suspicion = same.filter(is_of_it, state=Suspicion.State.OPEN).order_by("pk").first()
    if suspicion is None:
        suspicion = Suspicion.objects.create(
            consultation=consultation,
            kind=finding.kind,
            key=str(min(added)),
            first_at=finding.first_at,
            last_at=finding.last_at,
            found_at=now,
        )
    suspicion.participants.add(*added)
    suspicion.last_at = max(suspicion.last_at, finding.last_at)
    suspicion.save(update_fields=["last_at"])
    return suspicion


def _list_arrivals(consultation: Consultation, now: datetime) -> list[Arrival]:
    recent = Participant.objects.online().filter(consultation=consultation, joined_at__gte=now - LOOKED_BACK)
    return [Arrival(*row) for row in recent.values_list("pk", "network", "joined_at")]


def _list_instants(
    consultation: Consultation, entered: Collection[int], now: datetime
) -> dict[int, list[datetime]]:
    """List the instants of recent votes by participant on line, of the last lines alone where there are very many."""
    lines = VoteChange.objects.filter(
        consultation=consultation,
        number__gt=consultation.last_number - MOST_LINES,
        cast_at__gte=now - LOOKED_BACK,
    )
    instants: defaultdict[int, list[datetime]] = defaultdict(list)
    for participant, at in lines.values_list("participant", "cast_at"):
        instants[participant].append(at)
    return {participant: some for participant, some in instants.items() if participant not in entered}


def _leave_out(votes: Votes, entered: Collection[int]) -> Votes:
    """Keep the rows of those who voted on line."""
    keeps = ~np.isin(votes.participants, list(entered))
    if keeps.all():
        return votes
    cells = keeps[votes.rows]
    starts = np.concatenate([[0], np.cumsum(votes.lengths[keeps])])
    return Votes(
        votes.participants[keeps], votes.statements, starts, votes.columns[cells], votes.values[cells]
    )


def _measure_chances(consultation: Consultation, votes: Votes) -> Floats:
    """Give the shares of disagree, pass and agree on each statement, (K + 1, C, 3): of all, and of each group drawn.

    One of each is added to what was counted.
    """
    whole = np.bincount(votes.codes, minlength=3 * len(votes.statements)).reshape(-1, 3)
    picture = find_live_picture(consultation)
    figures = picture.figures if picture is not None else {}
    tables = [whole, *(_count_group(figures, name, votes) for name in figures.get("group_sizes", {}))]
    counts = np.stack(tables) + 1.0
    shares: Floats = counts / counts.sum(axis=2, keepdims=True)
    return shares


def _count_group(figures: Mapping[str, Any], name: str, votes: Votes) -> Integers:
    """Give what one group voted on each statement, as the picture counted it, (C, 3)."""
    table: Integers = np.zeros((len(votes.statements), 3), dtype=np.int64)
    for column, number in enumerate(votes.statements.tolist()):
        counts = figures["statements"].get(str(number), {}).get("groups", {}).get(name)
        if counts:
            table[column] = counts["disagrees"], counts["passes"], counts["agrees"]
    return table
