"""Votes are cast, changed and taken back: each with a line in the log, all of a batch in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.consultation.actions.rights import lock_consultation, require_open, require_open_door
from antigone.consultation.models import (
    Consultation,
    ModerationDecision,
    Participant,
    Statement,
    Vote,
    VoteChange,
)
from antigone.core.opinion import AGREE, DISAGREE, PASS, WITHDRAWN
from antigone.errors import AntigoneError, NotPossible, WrongInput


@dataclass(frozen=True, slots=True)
class NewVote:
    """A vote that somebody casts now: `participant_id` None makes them one; `statement` is its public number.

    `value` is AGREE, PASS, DISAGREE, or WITHDRAWN to take the vote back.
    """

    consultation_id: int
    participant_id: int | None
    statement: int
    value: int
    is_important: bool = False
    network: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """What became of a vote: who voted, and the statement's number in its consultation."""

    participant_id: int
    statement: int


def cast_vote(vote: NewVote, *, now: datetime) -> Cast:
    """Cast one vote; raise what forbids it."""
    (outcome,) = cast_votes([vote], now=now)
    if isinstance(outcome, AntigoneError):
        raise outcome
    return outcome


def cast_votes(votes: Sequence[NewVote], *, now: datetime) -> list[Cast | AntigoneError]:
    """Cast votes of any consultations in one transaction, and say of each what became of it, in their order.

    What may not be cast changes nothing and stops no other. After this returns, what was cast survives a power cut.
    The number of queries does not grow with that of votes (each inserts some hundred rows at most).
    """
    outcomes: list[Cast | AntigoneError] = [_not_there()] * len(votes)
    with transaction.atomic():
        for consultation_id in sorted({vote.consultation_id for vote in votes}):
            places = [place for place, one in enumerate(votes) if one.consultation_id == consultation_id]
            consultation = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
            if consultation is None:
                continue
            cast = _cast_in(consultation, [votes[place] for place in places], now)
            for place, outcome in zip(places, cast, strict=True):
                outcomes[place] = outcome
    return outcomes


def _cast_in(
    consultation: Consultation, votes: Sequence[NewVote], now: datetime
) -> list[Cast | AntigoneError]:
    try:
        require_open(consultation, now)
    except NotPossible as error:
        return [error] * len(votes)
    statements = _find_statements(consultation, votes)
    known = _find_known(consultation, votes)
    refusals = [_find_refusal(consultation, vote, statements, known) for vote in votes]
    is_new = [
        refusal is None and vote.participant_id is None for vote, refusal in zip(votes, refusals, strict=True)
    ]
    newcomers = iter(_join(consultation, [one for one, new in zip(votes, is_new, strict=True) if new], now))
    outcomes: list[Cast | AntigoneError] = []
    # Of one batch the last vote of a participant on a statement holds, as of two batches.
    kept: dict[tuple[int, int], NewVote] = {}
    for vote, refusal in zip(votes, refusals, strict=True):
        if refusal is not None:
            outcomes.append(refusal)
            continue
        participant = vote.participant_id or next(newcomers)
        pair = participant, statements[vote.statement].pk
        kept.pop(pair, None)
        kept[pair] = vote
        outcomes.append(Cast(participant, vote.statement))
    save_votes(
        consultation, [(who, what, one.value, one.is_important) for (who, what), one in kept.items()], now
    )
    return outcomes


def _find_statements(consultation: Consultation, votes: Sequence[NewVote]) -> dict[int, Statement]:
    numbers = {vote.statement for vote in votes}
    found = consultation.statements.filter(number__in=numbers).only("pk", "number", "state", "consultation")
    return {one.number: one for one in found}


def _find_known(consultation: Consultation, votes: Sequence[NewVote]) -> set[int]:
    ids = {vote.participant_id for vote in votes if vote.participant_id is not None}
    return set(consultation.participants.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _find_refusal(
    consultation: Consultation, vote: NewVote, statements: dict[int, Statement], known: set[int]
) -> AntigoneError | None:
    """Say why a vote may not be cast, None where it may."""
    try:
        if vote.value not in (AGREE, PASS, DISAGREE, WITHDRAWN):
            raise WrongInput("invalid_vote", gettext_noop("Choose “Agree”, “Disagree” or “Pass”."))
        _require_open_statement(statements.get(vote.statement), vote.statement)
        if vote.participant_id is None:
            require_open_door(consultation)
        elif vote.participant_id not in known:
            raise unknown_participant()
    except AntigoneError as error:
        return error
    return None


def _join(consultation: Consultation, votes: Sequence[NewVote], now: datetime) -> list[int]:
    """Make a participant of each vote of nobody yet, all at once, and give their numbers in order.

    Two votes without a cookie are two participants, even of one browser: nothing tells them apart.
    """
    joined = Participant.objects.bulk_create(
        Participant(consultation=consultation, network=vote.network, joined_at=now) for vote in votes
    )
    return [one.pk for one in joined]


def save_votes(
    consultation: Consultation, votes: Iterable[tuple[int, int, int, bool]], now: datetime
) -> None:
    """Save votes (participant, statement, value, important) of a locked consultation, each once, with their lines.

    What changes nothing leaves no line.
    """
    wanted = {(who, what): (value, important) for who, what, value, important in votes}
    before = {(vote.participant_id, vote.statement_id): vote for vote in Vote.objects.of_pairs([*wanted])}
    upserts, gone, lines = [], [], []
    for (who, what), (value, important) in wanted.items():
        old = before.get((who, what))
        if value == WITHDRAWN:
            if old is None:
                continue
            gone.append(old.pk)
        elif old is not None and (old.value, old.is_important) == (value, important):
            continue
        else:
            upserts.append(
                Vote(participant_id=who, statement_id=what, value=value, is_important=important, cast_at=now)
            )
        if old is None or old.value != value:
            lines.append((who, what, value))
    if gone:
        Vote.objects.filter(pk__in=gone).delete()
    if upserts:
        Vote.objects.bulk_create(
            upserts,
            update_conflicts=True,
            unique_fields=["participant", "statement"],
            update_fields=["value", "is_important", "cast_at"],
        )
    add_lines(consultation, lines, now)


def add_lines(consultation: Consultation, lines: Sequence[tuple[int, int, int]], now: datetime) -> None:
    """Add lines (participant, statement, value) to the log of a locked consultation."""
    if not lines:
        return
    first = consultation.last_number + 1
    VoteChange.objects.bulk_create(
        VoteChange(
            consultation=consultation,
            number=number,
            participant=who,
            statement_id=what,
            value=value,
            cast_at=now,
        )
        for number, (who, what, value) in enumerate(lines, first)
    )
    consultation.last_number += len(lines)
    consultation.save(update_fields=["last_number"])


def forget_participant(*, consultation: Consultation, participant_id: int, now: datetime) -> None:
    """Erase a participant with their votes, and take their statements away, whatever the state of the consultation.

    The log keeps, for each vote, a line that withdraws it: pictures follow, and nothing in it names anybody.
    """
    with transaction.atomic():
        locked = lock_consultation(consultation)
        participant = locked.participants.filter(pk=participant_id).first()
        if participant is None:
            raise unknown_participant()
        withdraw_statements(participant)
        voted = list(participant.votes.values_list("statement", flat=True))
        VoteChange.objects.filter(consultation=locked, participant=participant_id).delete()
        participant.delete()
        add_lines(locked, [(participant_id, what, WITHDRAWN) for what in voted], now)


def withdraw_statements(participant: Participant) -> None:
    """Take the statements that a participant wrote away, with their text, wherever it is kept; their numbers stay."""
    ModerationDecision.objects.filter(statement__author=participant).update(before="")
    participant.statements.filter(state=Statement.State.MERGED).update(text="", key="")
    left = participant.statements.exclude(state=Statement.State.MERGED)
    left.update(state=Statement.State.WITHDRAWN, text="", key="")


def _require_open_statement(statement: Statement | None, number: int) -> None:
    hidden = (Statement.State.WAITING, Statement.State.WITHDRAWN)
    if statement is None or statement.state in hidden:
        raise WrongInput(
            "unknown_statement",
            gettext_noop("There is no statement %(number)d to vote on here. Go on with another one."),
            number=number,
        )
    if not statement.is_open:
        raise NotPossible(
            "statement_closed",
            gettext_noop(
                "Statement %(number)d was taken out by the moderators: it takes no vote any more. "
                "Go on with another one."
            ),
            number=number,
        )


def unknown_participant() -> WrongInput:
    return WrongInput(
        "unknown_participant",
        gettext_noop(
            "Your browser’s cookie for this consultation is not one of ours, or no longer valid. "
            "Begin again: what you vote now will count."
        ),
    )


def _not_there() -> WrongInput:
    return WrongInput("unknown_consultation", gettext_noop("There is no such consultation here."))
