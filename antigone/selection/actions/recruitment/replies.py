"""Take replies: one by one from those who telephone, from a file, or from the person who has a code."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.tables import Table, read_table
from antigone.errors import WrongInput
from antigone.selection.actions.recruitment.invitations import close_invitation
from antigone.selection.actions.recruitment.rights import (
    lock_awaited,
    lock_recruitment,
    require_caller,
    require_open,
)
from antigone.selection.codes import hash_code, normalise_code
from antigone.selection.models import Invitation, Recruitment, Reply, list_shares
from antigone.selection.wording import translating_errors

State = Invitation.State
MOST_NOTE = 1_000
MOST_WORDS = {"name": 200, "reach": 200, "interpreter": 100, "note": MOST_NOTE}
FLAGS = ("childcare", "mobility", "plain_language")
YES = frozenset({"1", "x", "oui", "yes", "o", "y", "vrai", "true"})
NO = frozenset({"", "0", "non", "no", "n", "faux", "false"})
FAULTS = {
    "number": gettext_noop("“%(text)s” is not the number of an invitation that awaits a reply."),
    "twice": gettext_noop("the invitation %(text)s is on another line too."),
    "value": gettext_noop("“%(text)s” is not a value of “%(feature)s”."),
    "flag": gettext_noop("“%(text)s” is neither yes nor no, under “%(feature)s”."),
    "date": gettext_noop("“%(text)s” is not one of the dates."),
    "long": gettext_noop("a cell is too long, under “%(feature)s”."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody says: a value of each feature, and what they need in order to come."""

    features: Mapping[str, str]
    name: str = ""
    reach: str = ""
    unavailable: list[str] = field(default_factory=list)
    childcare: bool = False
    mobility: bool = False
    plain_language: bool = False
    interpreter: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one line of a file of replies."""

    line: int
    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportedReplies:
    """How many replies a file brought; none where it has faults."""

    count: int
    faults: tuple[LineFault, ...] = ()


def enter_reply(*, invitation: Invitation, answers: Answers, by: Person) -> Reply:
    """Take the yes of somebody on the telephone."""
    require_caller(by, invitation.recruitment)
    with transaction.atomic():
        return _save(lock_awaited(invitation), answers, Reply.Channel.PHONE, by)


def find_invitation(code: str) -> Invitation:
    """Give the invitation that a code opens; unknown, used and outdated codes are refused with the same words."""
    written = normalise_code(code)
    found = (
        Invitation.objects.awaited()
        .filter(code_hash=hash_code(written), recruitment__in=Recruitment.objects.open_to_replies())
        .select_related("recruitment__organisation")
        .first()
        if written
        else None
    )
    if found is None:
        raise _refuse_code()
    return found


def reply_by_code(*, code: str, answers: Answers) -> Reply:
    """Take the yes of the person who has the letter; the code is used up."""
    with transaction.atomic():
        return _save(_lock_by_code(code), answers, Reply.Channel.CODE, None)


def refuse_by_code(*, code: str, outcome: str) -> None:
    """Take a no, or the wish to hear no more, which erases name, address and number at once."""
    if outcome not in (State.DECLINED, State.OPTED_OUT):
        raise WrongInput(
            "outcome_unknown", gettext_noop("This is not how a call can end. Choose from the form.")
        )
    with transaction.atomic():
        close_invitation(_lock_by_code(code), outcome, by=None)


def import_replies(*, recruitment: Recruitment, data: bytes, filename: str, by: Person) -> ImportedReplies:
    """Take all the replies of a file, or none: then each line that is wrong is told."""
    require_caller(by, recruitment)
    with translating_errors():
        table = read_table(data, filename)
        columns = {name: table.find_column(name) for name in ["number", *list_shares(recruitment)]}
    with transaction.atomic():
        locked = lock_recruitment(recruitment, Recruitment.State.DRAWN)
        require_open(locked)
        reader = _FileReader(locked, table, columns)
        found = [reader.read(line, cells) for line, cells in table.rows]
        if reader.faults:
            return ImportedReplies(0, tuple(reader.faults))
        for pair in found:
            assert pair is not None
            _save(*pair, Reply.Channel.CSV, by)
    return ImportedReplies(len(found))


class _FileReader:
    """Rows of a file of replies → invitations and answers; what is wrong is gathered."""

    def __init__(self, recruitment: Recruitment, table: Table, columns: Mapping[str, int]) -> None:
        self.recruitment, self.table, self.columns = recruitment, table, columns
        self.shares = list_shares(recruitment)
        self.faults: list[LineFault] = []
        awaited = Invitation.objects.awaited().filter(recruitment=recruitment)
        self.awaited = {str(invitation.number): invitation for invitation in awaited}
        self.seen = Counter(cells[columns["number"]].lstrip("0") for _line, cells in table.rows)

    def read(self, line: int, cells: tuple[str, ...]) -> tuple[Invitation, Answers] | None:
        """Give one row's invitation and answers; None where something is wrong with it."""
        before = len(self.faults)
        number = cells[self.columns["number"]].lstrip("0")
        invitation = self.awaited.get(number)
        if invitation is None:
            self._blame(line, "number", text=number[:40])
        elif self.seen[number] > 1:
            self._blame(line, "twice", text=number)
        features = {}
        for feature, values in self.shares.items():
            features[feature] = value = cells[self.columns[feature]]
            if value not in values:
                self._blame(line, "value", text=value[:80], feature=feature)
        given: dict[str, Any] = {"unavailable": self._read_dates(line, self._get(cells, "unavailable"))}
        given |= {flag: self._read_flag(line, flag, self._get(cells, flag)) for flag in FLAGS}
        given |= {name: self._read_words(line, name, self._get(cells, name)) for name in MOST_WORDS}
        answers = Answers(features=features, **given)
        return (invitation, answers) if invitation is not None and len(self.faults) == before else None

    def _get(self, cells: tuple[str, ...], name: str) -> str:
        return cells[self.table.header.index(name)] if name in self.table.header else ""

    def _read_flag(self, line: int, name: str, text: str) -> bool:
        if text.casefold() not in YES | NO:
            self._blame(line, "flag", text=text[:40], feature=name)
        return text.casefold() in YES

    def _read_words(self, line: int, name: str, text: str) -> str:
        if len(text) > MOST_WORDS[name]:
            self._blame(line, "long", feature=name)
        return text

    def _read_dates(self, line: int, text: str) -> list[str]:
        dates = [date.strip() for date in text.split("|") if date.strip()]
        for date in dates:
            if date not in self.recruitment.dates:
                self._blame(line, "date", text=date[:80])
        return dates

    def _blame(self, line: int, code: str, **params: str) -> None:
        self.faults.append(LineFault(line, code, params))


def _lock_by_code(code: str) -> Invitation:
    """Hold the invitation of a code; two who use it at once: the second is told that it opens nothing."""
    found = find_invitation(code)
    locked = Invitation.objects.select_for_update(of=("self",)).filter(pk=found.pk).get()
    if not locked.is_awaited or locked.code_hash != found.code_hash:
        raise _refuse_code()
    return locked


def _refuse_code() -> WrongInput:
    return WrongInput(
        "code_refused",
        gettext_noop(
            "This code opens nothing: it is not written as in the letter, was used already, or its time is over. "
            "Look at the letter again, or call the number that is on it."
        ),
    )


def _save(invitation: Invitation, answers: Answers, channel: str, by: Person | None) -> Reply:
    shares = list_shares(Recruitment.objects.get(pk=invitation.recruitment_id))
    if set(answers.features) != set(shares) or any(
        value not in shares[feature] for feature, value in answers.features.items()
    ):
        raise WrongInput(
            "reply_incomplete",
            gettext_noop("A question has no answer, or one that it does not have. Complete the form."),
        )
    close_invitation(invitation, State.ANSWERED, by=by)
    return Reply.objects.create(
        invitation=invitation,
        features=dict(answers.features),
        name=answers.name,
        reach=answers.reach,
        unavailable=list(answers.unavailable),
        childcare=answers.childcare,
        mobility=answers.mobility,
        plain_language=answers.plain_language,
        interpreter=answers.interpreter,
        note=answers.note,
        channel=channel,
        entered_by=by,
    )
