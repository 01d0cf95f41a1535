"""A consultation → the files of Polis: the votes of each participant, under names drawn for this file alone."""

import random
from datetime import UTC, datetime, time

import numpy as np
from django.utils import timezone

from antigone.consultation.models import Consultation, Picture, Statement, Vote
from antigone.core.opinion import Export
from antigone.core.opinion import Statement as Exported

# What moderation decided, as Polis writes it. What was merged or withdrawn is not there.
MODERATION = {Statement.State.ACCEPTED: 1, Statement.State.WAITING: 0, Statement.State.REJECTED: -1}


def make_export(
    consultation: Consultation,
    picture: Picture | None,
    chance: random.Random,
    *,
    is_public: bool,
    url: str = "",
) -> Export:
    """Give the votes that hold, the day they were cast, and the groups of a picture.

    Participants get new numbers, drawn by `chance`: two exports cannot be put side by side by them. Who wrote a
    statement, how somebody came in and the hour are not in it. What is public has the accepted statements alone.
    """
    shown = [Statement.State.ACCEPTED] if is_public else list(MODERATION)
    statements = list(consultation.statements.filter(state__in=shown).order_by("number"))
    rows = Vote.objects.filter(statement__in=[one.pk for one in statements]).values_list(
        "participant", "statement__number", "value", "cast_at"
    )
    people = list(consultation.participants.order_by("pk").values_list("pk", flat=True))
    names = list(range(1, len(people) + 1))
    chance.shuffle(names)
    renamed = dict(zip(people, names, strict=True))
    # In the order of the day, then of the drawn number: the order of the rows tells no more than the rows do.
    cast = sorted((_write_day(at), renamed[who], what, value) for who, what, value, at in rows)
    table = np.array(cast, dtype=np.int64).reshape(-1, 4)
    return Export(
        statements=tuple(_describe(one) for one in statements),
        voters=table[:, 1],
        voted=table[:, 2],
        votes=table[:, 3].astype(np.int8),
        times=table[:, 0],
        participants=tuple(sorted(names)),
        groups=_read_groups(picture, renamed),
        summary={
            "topic": consultation.title,
            "url": url,
            "conversation-description": consultation.question,
        },
    )


def _read_groups(picture: Picture | None, renamed: dict[int, int]) -> dict[int, int]:
    """Give the group of each participant who is in one, as the history of the live picture remembers it."""
    history = picture.history if picture is not None else {}
    grouped = zip(history.get("participants", ()), history.get("labels", ()), strict=True)
    return {renamed[who]: label for who, label in grouped if who in renamed and label >= 0}


def _describe(statement: Statement) -> Exported:
    return Exported(
        id=statement.number,
        text=statement.text,
        moderation=MODERATION[Statement.State(statement.state)],
        is_meta=statement.is_meta,
        is_seed=statement.is_seed,
        created_at=_write_day(statement.created_at),
    )


def _write_day(at: datetime) -> int:
    """Give the day of an instant here, in ms since 1970."""
    return int(datetime.combine(timezone.localdate(at), time(), UTC).timestamp()) * 1000
