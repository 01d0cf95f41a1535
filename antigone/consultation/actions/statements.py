"""Statements of the organisers are added, a text is corrected while nobody voted on it, duplicates become one."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.moderation import decided_meanwhile, hold_statements
from antigone.consultation.actions.rights import lock_consultation, require_leader, require_open
from antigone.consultation.actions.submissions import clean_statement, make_key
from antigone.consultation.actions.voting import save_votes
from antigone.consultation.models import Consultation, ModerationDecision, Statement, Vote, VoteChange
from antigone.consultation.models import State as Stage
from antigone.core.opinion import WITHDRAWN
from antigone.errors import NotPossible, WrongInput

State = Statement.State
# Votes that go over at once: what a database takes in one query, and a page can wait for.
CHUNK = 500


def add_seeds(
    *, consultation: Consultation, texts: Sequence[str], by: Person, now: datetime
) -> list[Statement]:
    """Add statements of the organisers, accepted: all of them or, where one cannot be taken, none."""
    with transaction.atomic():
        locked = lock_consultation(consultation)
        require_leader(by, locked)
        _require_not_closed(locked, now)
        cleaned = [clean_statement(text, locked) for text in texts]
        keys = [make_key(text) for text in cleaned]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                raise _is_there_already(cleaned[place])
        there = set(locked.statements.filter(key__in=keys).values_list("key", flat=True))
        for text, key in zip(cleaned, keys, strict=True):
            if key in there:
                raise _is_there_already(text)
        made = Statement.objects.bulk_create(
            Statement(
                consultation=locked,
                number=number,
                text=text,
                key=key,
                is_seed=True,
                state=State.ACCEPTED,
                created_at=now,
                read_at=now,
            )
            for number, (text, key) in enumerate(zip(cleaned, keys, strict=True), locked.last_statement + 1)
        )
        locked.last_statement += len(made)
        locked.save(update_fields=["last_statement"])
    return made


def edit_statement(
    *, statement: Statement, text: str, seen: int, by: Person, now: datetime, note: str = ""
) -> Statement:
    """Correct a text on which nobody ever voted: a vote is on the words that were read. The log keeps the words before.

    A vote that was taken back was on the old words too.
    """
    consultation = statement.consultation
    with transaction.atomic():
        (held,) = hold_statements(consultation, {statement.number: seen}, by)
        if VoteChange.objects.filter(statement=held).exists():
            raise NotPossible(
                "statement_voted",
                gettext_noop(
                    "Somebody voted on statement %(number)d: its words stay. Reject it, or add another one."
                ),
                number=held.number,
            )
        cleaned = clean_statement(text, consultation)
        key = make_key(cleaned)
        if cleaned == held.text:
            raise WrongInput("statement_unchanged", gettext_noop("The statement says this already."))
        if consultation.statements.filter(key=key).exclude(pk=held.pk).exists():
            raise _is_there_already(cleaned)
        before, held.text, held.key = held.text, cleaned, key
        held.save(update_fields=["text", "key"])
        ModerationDecision.objects.create(
            consultation=consultation,
            statement=held,
            kind=ModerationDecision.Kind.EDIT,
            before=before,
            note=note.strip(),
            decided_at=now,
            decided_by=by,
        )
    return held


def merge_statement(
    *, statement: Statement, into: int, seen: int, by: Person, now: datetime, note: str = ""
) -> int:
    """Merge a duplicate into the statement that says the same, for good; give how many votes went over.

    Who voted on both keeps the vote on the one that stays. What was merged into the duplicate before follows.
    """
    consultation = statement.consultation
    with transaction.atomic():
        (held,) = hold_statements(consultation, {statement.number: seen}, by)
        locked = lock_consultation(consultation)
        _require_not_closed(locked, now)
        if held.state == State.REJECTED:
            raise decided_meanwhile(held)
        target = _find_target(locked, held, into)
        moved = _move_votes(locked, held, target, now)
        held.merged.update(merged_into=target)
        held.state, held.merged_into, held.read_at = State.MERGED, target, held.read_at or now
        held.save(update_fields=["state", "merged_into", "read_at"])
        ModerationDecision.objects.create(
            consultation=locked,
            statement=held,
            kind=ModerationDecision.Kind.MERGE,
            moved=moved,
            note=note.strip(),
            decided_at=now,
            decided_by=by,
        )
    return moved


def _find_target(consultation: Consultation, statement: Statement, number: int) -> Statement:
    if number == statement.number:
        raise WrongInput("merge_with_itself", gettext_noop("A statement cannot be merged into itself."))
    target = consultation.statements.select_for_update().filter(number=number).first()
    if target is None:
        raise WrongInput(
            "no_such_statement", gettext_noop("There is no statement %(number)d here."), number=number
        )
    if not target.is_open:
        raise NotPossible(
            "merge_into_closed",
            gettext_noop(
                "Statement %(number)d is not one that people vote on (%(state)s). Choose an accepted one."
            ),
            number=number,
            state=target.get_state_display(),
        )
    return target


def _move_votes(consultation: Consultation, source: Statement, target: Statement, now: datetime) -> int:
    """Cast the votes on `source` on `target` for those who have none there, and take all of them back from `source`."""
    moved = 0
    for votes in _cut(list(source.votes.values_list("participant", "value", "is_important"))):
        people = [participant for participant, _value, _important in votes]
        have_one = set(
            Vote.objects.filter(statement=target, participant__in=people).values_list(
                "participant", flat=True
            )
        )
        cast = [(who, target.pk, value, mark) for who, value, mark in votes if who not in have_one]
        save_votes(consultation, [*cast, *((who, source.pk, WITHDRAWN, False) for who in people)], now)
        moved += len(cast)
    return moved


def _cut(votes: Sequence[tuple[int, int, bool]]) -> Iterator[Sequence[tuple[int, int, bool]]]:
    for first in range(0, len(votes), CHUNK):
        yield votes[first : first + CHUNK]


def _require_not_closed(consultation: Consultation, now: datetime) -> None:
    """Raise NotPossible once it is over: before its first day statements are prepared."""
    if consultation.find_state(timezone.localdate(now)) == Stage.CLOSED:
        require_open(consultation, now)


def _is_there_already(text: str) -> WrongInput:
    return WrongInput(
        "statement_twice",
        gettext_noop("“%(text)s” is there already, or was. Nothing was added."),
        text=text,
    )
