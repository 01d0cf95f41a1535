"""Votes cast on paper or by telephone: a sheet is a participant like another, marked as such, with who entered it.

The rules are those of votes on line: while the consultation is open, on accepted statements, one vote a statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.choices import record_choice
from antigone.consultation.actions.rights import (
    lock_consultation,
    lock_open,
    require_leader,
    require_moderator,
)
from antigone.consultation.actions.voting import forget_participant, save_votes
from antigone.consultation.models import Choice, Consultation, Participant, State
from antigone.core.opinion import AGREE, DISAGREE, PASS, WITHDRAWN
from antigone.errors import NotPossible, WrongInput

OFF_LINE = (Participant.Channel.PAPER, Participant.Channel.PHONE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one sheet: its number, and votes by the number of the statement."""

    number: str
    votes: Mapping[int, int]


def enter_sheets(
    *, consultation: Consultation, channel: str, sheets: Sequence[Sheet], by: Person, now: datetime
) -> list[Participant]:
    """Enter the votes of new sheets, all of them or none."""
    if channel not in OFF_LINE:
        raise WrongInput(
            "unknown_channel", gettext_noop("Say whether the votes came on paper or by telephone.")
        )
    with transaction.atomic():
        locked = lock_open(consultation, now)
        require_moderator(by, locked)
        _require_new(locked, sheets)
        statements = _find_statements(locked, sheets)
        people = [
            Participant.objects.create(
                consultation=locked, channel=channel, sheet=sheet.number, entered_by=by, joined_at=now
            )
            for sheet in sheets
        ]
        rows = [
            (person.pk, statements[number], value, False)
            for person, sheet in zip(people, sheets, strict=True)
            for number, value in sheet.votes.items()
        ]
        for first in range(0, len(rows), 5_000):
            save_votes(locked, rows[first : first + 5_000], now)
    return people


def correct_sheet(*, participant: Participant, votes: Mapping[int, int], by: Person, now: datetime) -> None:
    """Make the votes of a sheet those given; a vote on an accepted statement that is not given is taken back.

    What was voted on statements that moderation took out since stays with them.
    """
    with transaction.atomic():
        locked = lock_open(participant.consultation, now)
        require_moderator(by, locked)
        _require_off_line(participant)
        statements = _find_statements(locked, [Sheet(participant.sheet, votes)])
        held = participant.votes.filter(statement__in=locked.statements.accepted())
        gone = set(held.values_list("statement__number", "statement")) - {
            (number, pk) for number, pk in statements.items() if number in votes
        }
        rows = [(participant.pk, statements[number], value, False) for number, value in votes.items()]
        save_votes(locked, [*rows, *((participant.pk, pk, WITHDRAWN, False) for _number, pk in gone)], now)


def delete_sheet(*, participant: Participant, by: Person, now: datetime, reason: str = "") -> None:
    """Take a sheet away with its votes, as participants take away theirs: after the last day too.

    The result is known then: only who leads the consultation may, for a reason that everybody reads.
    """
    with transaction.atomic():
        locked = lock_consultation(participant.consultation)
        require_moderator(by, locked)
        _require_off_line(participant)
        if locked.find_state(timezone.localdate(now)) == State.CLOSED:
            require_leader(by, locked)
            record_choice(locked, Choice.Kind.SHEET, ("", ""), reason, by, now)
        forget_participant(consultation=locked, participant_id=participant.pk, now=now)


def _require_new(consultation: Consultation, sheets: Sequence[Sheet]) -> None:
    numbers = [sheet.number for sheet in sheets]
    if not sheets or not all(sheet.votes and sheet.number for sheet in sheets):
        raise WrongInput("empty_sheet", gettext_noop("A sheet has a number and at least one vote."))
    there = set(consultation.participants.filter(sheet__in=numbers).values_list("sheet", flat=True))
    for place, number in enumerate(numbers):
        if number in there or number in numbers[:place]:
            raise NotPossible(
                "sheet_twice",
                gettext_noop(
                    "Sheet %(number)s was entered already. Nothing was added: look at it, and correct it."
                ),
                number=number,
            )


def _find_statements(consultation: Consultation, sheets: Sequence[Sheet]) -> dict[int, int]:
    """Give the key of each accepted statement by its number; raise WrongInput where a vote cannot be taken."""
    statements = dict(consultation.statements.accepted().values_list("number", "pk"))
    for sheet in sheets:
        for number, value in sheet.votes.items():
            if number not in statements or value not in (AGREE, PASS, DISAGREE):
                raise WrongInput(
                    "wrong_sheet",
                    gettext_noop(
                        "Sheet %(sheet)s has a vote that cannot be taken on statement %(number)d. Nothing was "
                        "added: it takes 1, 0 or -1 on an accepted statement."
                    ),
                    sheet=sheet.number,
                    number=number,
                )
    return statements


def _require_off_line(participant: Participant) -> None:
    if participant.channel not in OFF_LINE:
        raise NotPossible(
            "not_a_sheet", gettext_noop("These votes were cast on line: only who cast them changes them.")
        )
