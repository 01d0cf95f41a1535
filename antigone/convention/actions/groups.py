"""Small groups: the members dealt to tables by a seed, so that tables are diverse and people meet others."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import Attendance, Convention, GroupRound, Member, Phase, Session, SmallGroup
from antigone.core.deliberation.grouping import Participant, compose_groups
from antigone.errors import WrongInput

SMALLEST_GROUP = 2


@transaction.atomic
def compose_round(
    *, session: Session, number: int, by: Person, seed: str = "", present_only: bool = True
) -> GroupRound:
    """Deal those who are present, or all who sit, to `number` tables; without a seed one is drawn.

    Who met at a table of this convention before is taken into account. What went in is kept under keys of this
    round alone, so that the same tables can be made again by somebody who knows no member.
    """
    require_facilitator(by, session.convention)
    locked = lock_convention(session.convention, Phase.DELIBERATION)
    members = _list_members(locked, session if present_only else None)
    if number < 1 or len(members) < number * SMALLEST_GROUP:
        raise WrongInput(
            "too_few_for_groups",
            gettext_noop(
                "%(people)s people do not make %(groups)s groups of two at least. Ask for fewer, or note first who is "
                "present."
            ),
            people=len(members),
            groups=number,
        )
    last = session.rounds.aggregate(last=Max("number"))["last"] or 0
    keys = {member.pk: _make_key(session, last + 1, member) for member in members}
    record: dict[str, Any] = {
        "seed": seed.strip() or secrets.token_hex(8),
        "number": number,
        "people": sorted(
            ({"name": keys[member.pk], "features": member.features} for member in members),
            key=lambda person: str(person["name"]),
        ),
        "met": sorted([*sorted(pair), times] for pair, times in _count_meetings(locked, keys).items()),
    }
    record["groups"] = [sorted(group) for group in recompose(record)]
    composed = GroupRound.objects.create(
        session=session,
        number=last + 1,
        seed=record["seed"],
        composed_at=timezone.now(),
        balance=measure_balance(record),
        record=record,
    )
    _save_groups(composed, {key: pk for pk, key in keys.items()})
    return composed


def recompose(record: dict[str, Any]) -> list[list[str]]:
    """Make the groups again from what was kept of a round: the same ones, whoever does it."""
    (composed,) = compose_groups(
        [Participant(person["name"], person["features"]) for person in record["people"]],
        number=record["number"],
        seed=record["seed"],
        met={frozenset((one, other)): times for one, other, times in record["met"]},
    )
    return [list(group) for group in composed.groups]


def measure_balance(record: dict[str, Any]) -> dict[str, Any]:
    """Count, for each value of each feature, how many are at each table, and how many pairs had met before."""
    features = {person["name"]: person["features"] for person in record["people"]}
    groups: Sequence[Sequence[str]] = record["groups"]
    values = sorted({pair for of in features.values() for pair in of.items()})
    spread: dict[str, list[dict[str, Any]]] = {}
    for name, value in values:
        counts = [sum(features[key].get(name) == value for key in group) for group in groups]
        row = {"value": value, "counts": counts, "gap": max(counts) - min(counts)}
        spread.setdefault(name, []).append(row)
    met = {frozenset((one, other)) for one, other, _times in record["met"]}
    pairs = [frozenset(pair) for group in groups for pair in combinations(group, 2)]
    return {
        "sizes": [len(group) for group in groups],
        "features": spread,
        "pairs": len(pairs),
        "again": sum(pair in met for pair in pairs),
    }


def _list_members(convention: Convention, session: Session | None) -> list[Member]:
    members = convention.members.sitting()
    if session is not None:
        members = members.filter(attendances__session=session, attendances__state=Attendance.State.PRESENT)
    return list(members)


def _make_key(session: Session, number: int, member: Member) -> str:
    """Name a member for one round: another round, another key, so that nobody is followed from one to the next."""
    told = f"{session.pk}/{number}/{member.pk}"
    return salted_hmac("antigone.convention.groups", told, algorithm="sha256").hexdigest()[:12]


def _count_meetings(convention: Convention, keys: dict[int, str]) -> Counter[frozenset[str]]:
    """Count how often each two of these people sat at one table."""
    tables = defaultdict(list)
    sat = SmallGroup.members.through.objects.filter(smallgroup__round__session__convention=convention)
    for table, member in sat.values_list("smallgroup", "member"):
        if member in keys:
            tables[table].append(keys[member])
    return Counter(frozenset(pair) for table in tables.values() for pair in combinations(table, 2))


def _save_groups(composed: GroupRound, members: dict[str, int]) -> None:
    groups = SmallGroup.objects.bulk_create(
        SmallGroup(round=composed, number=number)
        for number, _group in enumerate(composed.record["groups"], 1)
    )
    seat = SmallGroup.members.through
    seat.objects.bulk_create(
        seat(smallgroup_id=group.pk, member_id=members[key])
        for group, keys in zip(groups, composed.record["groups"], strict=True)
        for key in keys
    )
