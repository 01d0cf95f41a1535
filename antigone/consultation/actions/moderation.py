"""Moderators decide on statements: one decision a statement, logged, and never over another that they did not see."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.rights import lock_consultation, require_moderator
from antigone.consultation.models import Consultation, ModerationDecision, Statement
from antigone.errors import NotPossible, WrongInput

Kind = ModerationDecision.Kind
State = Statement.State
# The last decision on each statement as the moderator saw it, by the statement's number; 0 where there was none.
Seen = Mapping[int, int]


def accept_statements(
    *, consultation: Consultation, seen: Seen, by: Person, now: datetime, note: str = ""
) -> int:
    """Let everybody read statements and vote on them, those that were rejected too; say how many."""
    with transaction.atomic():
        statements = hold_statements(consultation, seen, by)
        for statement in statements:
            if statement.state == State.ACCEPTED and statement.read_at is not None:
                raise decided_meanwhile(statement)
        _decide(statements, Kind.ACCEPT, State.ACCEPTED, by=by, now=now, note=note)
    return len(statements)


def reject_statements(
    *, consultation: Consultation, seen: Seen, reason: str, by: Person, now: datetime, note: str = ""
) -> int:
    """Take statements out, of votes and pictures too, for a reason of the public list; say how many.

    Votes already cast on them stay where they are, so that a statement that is accepted again has them again.
    """
    if reason not in ModerationDecision.Reason.values:
        raise WrongInput(
            "rejection_without_reason",
            gettext_noop("Choose the reason of the public list why it is rejected."),
        )
    with transaction.atomic():
        statements = hold_statements(consultation, seen, by)
        for statement in statements:
            if statement.state == State.REJECTED:
                raise decided_meanwhile(statement)
        _decide(statements, Kind.REJECT, State.REJECTED, by=by, now=now, note=note, reason=reason)
    return len(statements)


def mark_meta(*, consultation: Consultation, seen: Seen, is_meta: bool, by: Person, now: datetime) -> int:
    """Say that statements are about the consultation itself, or no longer; say of how many it was not said yet.

    Groups are drawn without those that are.
    """
    kind = Kind.META if is_meta else Kind.NOT_META
    with transaction.atomic():
        held = hold_statements(consultation, seen, by)
        statements = [one for one in held if one.is_meta != is_meta]
        Statement.objects.filter(pk__in=[one.pk for one in statements]).update(is_meta=is_meta)
        _log(statements, kind, by=by, now=now)
    return len(statements)


def hold_statements(consultation: Consultation, seen: Seen, by: Person) -> list[Statement]:
    """Hold statements for a decision; raise where somebody else decided since `seen`, or the author withdrew one."""
    if not seen:
        raise WrongInput("no_statement_chosen", gettext_noop("Choose at least one statement."))
    locked = lock_consultation(consultation)
    require_moderator(by, locked)
    found = locked.statements.select_for_update().filter(number__in=seen)
    statements = list(found.order_by("number"))
    if len(statements) < len(seen):
        missing = min(set(seen) - {one.number for one in statements})
        raise WrongInput(
            "no_such_statement", gettext_noop("There is no statement %(number)d here."), number=missing
        )
    last = dict(
        ModerationDecision.objects.filter(statement__in=statements)
        .order_by("pk")
        .values_list("statement", "pk")
    )
    for statement in statements:
        if last.get(statement.pk, 0) != seen[statement.number]:
            raise decided_meanwhile(statement)
        if statement.state in (State.MERGED, State.WITHDRAWN):
            raise decided_meanwhile(statement)
    return statements


def decided_meanwhile(statement: Statement) -> NotPossible:
    """Make the error of a decision that comes after another one."""
    return NotPossible(
        "decided_meanwhile",
        gettext_noop(
            "Statement %(number)d was decided on meanwhile (%(state)s). Nothing was changed: look at it again, "
            "then decide."
        ),
        number=statement.number,
        state=statement.get_state_display(),
    )


def _decide(
    statements: Iterable[Statement],
    kind: str,
    state: str,
    *,
    by: Person,
    now: datetime,
    note: str,
    reason: str = "",
) -> None:
    ids = [one.pk for one in statements]
    Statement.objects.filter(pk__in=ids).update(state=state)
    Statement.objects.filter(pk__in=ids, read_at=None).update(read_at=now)
    _log(statements, kind, by=by, now=now, note=note, reason=reason)


def _log(
    statements: Iterable[Statement], kind: str, *, by: Person, now: datetime, note: str = "", reason: str = ""
) -> None:
    ModerationDecision.objects.bulk_create(
        ModerationDecision(
            consultation_id=one.consultation_id,
            statement=one,
            kind=kind,
            reason=reason,
            note=note.strip(),
            decided_at=now,
            decided_by=by,
        )
        for one in statements
    )
