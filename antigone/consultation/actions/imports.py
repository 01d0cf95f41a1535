"""A consultation comes from Polis: its files become a closed one in preparation, whole or not at all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation, Person
from antigone.consultation import rules
from antigone.consultation.actions.consultations import TAKEN, choose_slug
from antigone.consultation.actions.submissions import clean_words, make_key
from antigone.consultation.models import Consultation, Participant, Statement, Vote, VoteChange
from antigone.core.opinion import Export
from antigone.core.opinion import Statement as Imports
from antigone.errors import NotAllowed, WrongInput

MOST_CHARACTERS = 500
# As far as a clock of ours is believed: the first day of the year 2100, in ms since 1970.
LAST_INSTANT = 4_102_444_800_000
LARGEST_NUMBER = 2_147_483_646


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of the files; `shift` is what was added to the numbers of the statements, 0 or 1."""

    consultation: Consultation
    statements: int
    participants: int
    votes: int
    shift: int


@dataclass(frozen=True, slots=True)
class DatedVote:
    """A vote that was cast at its own time: primary keys of who and on what, which, when."""

    participant: int
    statement: int
    value: int
    at: datetime
    is_important: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    """A vote that holds: who, on what (identifiers of the export), which, when."""

    voter: int
    statement: int
    value: int
    at: datetime


def import_consultation(
    *,
    export: Export,
    organisation: Organisation,
    by: Person | None,
    now: datetime,
    slug: str = "",
    title: str = "",
) -> Imported:
    """Make a consultation of what `read_export` read: closed, in preparation, to be completed and published.

    Of each participant and statement the last vote is kept, with its line in the log. Authors are not: what somebody
    wrote could tell whose votes these are. `by` is None on the terminal only. Raise WrongInput where the files hold
    what has no place here; nothing is then kept.
    """
    if by is not None and (not rules.can_create(by) or by.organisation_id != organisation.pk):
        raise NotAllowed(
            "cannot_begin_consultation",
            gettext_noop("Only a facilitator who belongs to an organisation may begin a consultation."),
        )
    title = clean_words(title or export.summary.get("topic", ""))[:200]
    shift = _check_statements(export)
    held = list(_list_held(export, now))
    with transaction.atomic():
        consultation = _begin(export, organisation, by, now, title, slug, [vote.at for vote in held])
        statements = _add_statements(consultation, export, {vote.statement for vote in held}, shift, now)
        people = _add_participants(consultation, export, held, now)
        votes = [DatedVote(people[one.voter], statements[one.statement], one.value, one.at) for one in held]
        add_dated_votes(consultation, votes)
    return Imported(consultation, len(statements), len(people), len(held), shift)


def _check_statements(export: Export) -> int:
    """Refuse what cannot be a statement here; give what is added to the numbers: Polis begins with 0, we with 1."""
    shift = int(any(one.id == 0 for one in export.statements))
    for one in export.statements:
        text = clean_words(one.text)
        if one.id > LARGEST_NUMBER:
            raise WrongInput(
                "import_number_too_large",
                gettext_noop("“comments.csv” has a statement %(number)d: the largest number is %(most)d."),
                number=one.id,
                most=LARGEST_NUMBER,
            )
        if len(text) > MOST_CHARACTERS:
            raise WrongInput(
                "import_statement_too_long",
                gettext_noop(
                    "Statement %(number)d of “comments.csv” has %(count)d characters; the most is %(most)d. "
                    "Shorten it, or mark it as rejected with -1 and leave its text out."
                ),
                number=one.id,
                count=len(text),
                most=MOST_CHARACTERS,
            )
        if not text and one.moderation >= 0:
            raise WrongInput(
                "import_statement_without_text",
                gettext_noop(
                    "Statement %(number)d of “comments.csv” has no text under “comment-body”: nobody could tell what "
                    "was voted on. Give the text, or mark it as rejected with -1."
                ),
                number=one.id,
            )
    return shift


def _list_held(export: Export, now: datetime) -> Iterator[_Held]:
    """Give the votes that hold, in the order in which they were cast."""
    cast = zip(
        export.voters.tolist(),
        export.voted.tolist(),
        export.votes.tolist(),
        export.times.tolist(),
        strict=True,
    )
    last: dict[tuple[int, int], tuple[int, int]] = {}
    for voter, statement, value, time in cast:
        last.pop((voter, statement), None)
        last[voter, statement] = (value, time)
    for (voter, statement), (value, time) in last.items():
        yield _Held(voter, statement, value, _read_instant(time, now))


def _read_instant(time: int | None, now: datetime) -> datetime:
    """Give an instant of the files; `now` where they do not say it."""
    if time is None or time < 0:
        return now
    if time > LAST_INSTANT:
        raise WrongInput(
            "import_instant_too_late",
            gettext_noop(
                "“%(time)d” under “timestamp” is no instant of our time. Write milliseconds since 1970, "
                "or take the column away."
            ),
            time=time,
        )
    return datetime.fromtimestamp(time / 1000, UTC)


def _begin(
    export: Export,
    organisation: Organisation,
    by: Person | None,
    now: datetime,
    title: str,
    slug: str,
    instants: Sequence[datetime],
) -> Consultation:
    if not title:
        raise WrongInput(
            "import_without_title",
            gettext_noop("The files do not say what the consultation is called. Give it a title."),
        )
    if slug and (slug != slugify(slug) or slug in TAKEN or Consultation.objects.filter(slug=slug).exists()):
        raise WrongInput(
            "import_slug_taken",
            gettext_noop(
                "No consultation can have the address “%(slug)s”: it is taken, or not made of plain letters, "
                "digits and hyphens. Choose another one."
            ),
            slug=slug,
        )
    days = [timezone.localdate(at) for at in (min(instants, default=now), max(instants, default=now))]
    longest = max((len(clean_words(one.text)) for one in export.statements), default=0)
    return Consultation.objects.create(
        organisation=organisation,
        slug=slug or choose_slug(title),
        title=title,
        question=title,
        context=clean_words(export.summary.get("conversation-description", ""))[:5_000],
        asked_by=organisation.name[:200],
        opens_date=days[0],
        closes_date=days[1],
        closed_at=now,
        statement_length=max(140, longest),
        created_by=by,
    )


def _add_statements(
    consultation: Consultation, export: Export, voted: set[int], shift: int, now: datetime
) -> dict[int, int]:
    """Add the statements; give the primary key of each by its identifier in the files."""
    keys: set[str] = set()
    rows = []
    for one in export.statements:
        text = clean_words(one.text)
        # Polis takes the same text twice; here the second one is compared with nothing.
        key = make_key(text)
        key = "" if key in keys else key
        keys.add(key)
        rows.append(
            Statement(
                consultation=consultation,
                number=one.id + shift,
                text=text,
                key=key,
                is_seed=one.is_seed,
                is_meta=one.is_meta,
                state=_choose_state(one, voted),
                created_at=_read_instant(one.created_at, now),
                # Shown there and never looked at: they wait for a moderator here too.
                read_at=now if one.moderation else None,
            )
        )
    Statement.objects.bulk_create(rows)
    consultation.last_statement = max((row.number for row in rows), default=0)
    consultation.save(update_fields=["last_statement"])
    return {one.id: row.pk for one, row in zip(export.statements, rows, strict=True)}


def _choose_state(statement: Imports, voted: set[int]) -> Statement.State:
    """What nobody looked at was shown at once where somebody voted on it, and waited where nobody did."""
    if statement.moderation < 0:
        return Statement.State.REJECTED
    if statement.moderation == 0 and statement.id not in voted:
        return Statement.State.WAITING
    return Statement.State.ACCEPTED


def _add_participants(
    consultation: Consultation, export: Export, held: Iterable[_Held], now: datetime
) -> dict[int, int]:
    """Add whoever is in the files; give the primary key of each by its identifier there."""
    joined: dict[int, datetime] = {}
    for vote in held:
        joined[vote.voter] = min(vote.at, joined.get(vote.voter, vote.at))
    rows = Participant.objects.bulk_create(
        Participant(
            consultation=consultation,
            channel=Participant.Channel.IMPORT,
            joined_at=joined.get(person, now),
        )
        for person in export.participants
    )
    return {person: row.pk for person, row in zip(export.participants, rows, strict=True)}


def add_dated_votes(consultation: Consultation, votes: Sequence[DatedVote]) -> None:
    """Add the first votes of a locked consultation, in their order, each with its line: too many for an object each."""
    write = connection.ops.adapt_datetimefield_value
    dates = [write(vote.at) for vote in votes]
    _insert(
        Vote,
        ("participant_id", "statement_id", "value", "cast_at", "is_important"),
        (
            (one.participant, one.statement, one.value, at, one.is_important)
            for one, at in zip(votes, dates, strict=True)
        ),
    )
    _insert(
        VoteChange,
        ("participant", "statement_id", "value", "cast_at", "consultation_id", "number"),
        (
            (one.participant, one.statement, one.value, at, consultation.pk, number)
            for number, (one, at) in enumerate(zip(votes, dates, strict=True), 1)
        ),
    )
    consultation.last_number = len(votes)
    consultation.save(update_fields=["last_number"])


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(  # the names are those of our own tables
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})",  # noqa: S608
            list(rows),
        )
