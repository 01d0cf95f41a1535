"""What a participant has before them: the next statement, what was voted last, how far they are, where they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from antigone.consultation.models import Consultation, Participant, Picture, Statement, Vote
from antigone.consultation.placing import Standing, place
from antigone.consultation.routing import Asked, choose_next, find_live_picture, list_asked, read_priorities
from antigone.consultation.wording import name_group

# A visit is over when nothing was voted for so long.
VISIT = timedelta(hours=2)
CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one participant; `statement` is None where there is nothing to ask for now."""

    statement: Statement | None
    vote: Vote | None
    last: Vote | None
    done: int
    total: int
    is_capped: bool
    picture: Picture | None
    standing: Standing | None

    @property
    def group_name(self) -> str:
        """The letter of the group nearest to the participant's votes, empty where there is none."""
        group = self.standing.group if self.standing is not None else None
        return name_group(group) if group is not None else ""

    @property
    def left(self) -> int:
        return self.total - self.done


def prepare_sheet(
    consultation: Consultation,
    participant: Participant | None,
    *,
    wanted: str = "",
    goes_on: bool = False,
    now: datetime,
) -> Sheet:
    """Choose what is shown: the statement `wanted` by its number where one may vote on it, else the next one.

    After as many votes as a visit asks for there is a rest, unless the participant `goes_on`.
    """
    asked = list_asked(consultation)
    votes = list_votes(participant)
    voted = {vote.statement_id: vote for vote in votes}
    picture = find_live_picture(consultation)
    number = _read_wanted(wanted, asked)
    recent = sum(vote.cast_at > now - VISIT for vote in votes)
    is_capped = number is None and not goes_on and 0 < consultation.visit_cap <= recent
    if number is None and not is_capped:
        number = choose_next(
            asked,
            voted=voted,
            participant=participant,
            priorities=read_priorities(picture),
            fraction=CHANCE.random(),
        )
    statement = consultation.statements.filter(number=number).first() if number is not None else None
    return Sheet(
        statement=statement,
        vote=voted.get(statement.pk) if statement is not None else None,
        last=max(votes, key=lambda vote: (vote.cast_at, vote.pk), default=None),
        done=sum(one.pk in voted for one in asked),
        total=_count_askable(asked, participant),
        is_capped=is_capped,
        picture=picture,
        standing=find_standing(picture, votes),
    )


def list_votes(participant: Participant | None) -> list[Vote]:
    """List the votes of a participant on statements that are still shown, in the order of their numbers."""
    if participant is None:
        return []
    votes = participant.votes.filter(statement__state=Statement.State.ACCEPTED)
    return list(votes.select_related("statement").order_by("statement__number"))


def find_standing(picture: Picture | None, votes: Sequence[Vote]) -> Standing | None:
    """Say where these votes stand on the picture, None before anything is drawn or voted."""
    if picture is None or not votes:
        return None
    return place(picture, {vote.statement.number: vote.value for vote in votes})


def _read_wanted(wanted: str, asked: Collection[Asked]) -> int | None:
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    return number if any(one.number == number for one in asked) else None


def _count_askable(asked: Collection[Asked], participant: Participant | None) -> int:
    mine = participant.pk if participant is not None else None
    return sum(mine is None or one.author != mine for one in asked)
