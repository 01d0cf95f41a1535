"""Import a register in the background: read and checked as a whole first, then saved in one transaction.

The reading writes nothing but its progress: rows wait in a spool without a name, gone with the process. A refused,
cancelled or killed import leaves nothing.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from time import monotonic

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.contacts import Row, RunningRoot, hash_cells, mark_household
from antigone.core.sortition.telephones import Plan, generate_numbers
from antigone.errors import AntigoneError, NotPossible
from antigone.selection.actions.recruitment.prepare import get_register_path
from antigone.selection.actions.recruitment.rights import require_leader
from antigone.selection.models import Recruitment
from antigone.selection.registers import (
    FAULTS_KEPT,
    MOST_ROWS,
    MOST_STRATA,
    Entry,
    Fault,
    Spool,
    inspect_register,
    read_register,
)

logger = logging.getLogger(__name__)
State = Recruitment.State
MOST_ATTEMPTS = 3
SECRET_BYTES = 32
ROWS_AT_ONCE = 2_000
ROWS_BETWEEN_LOOKS = 2_000
SECONDS_BETWEEN_LOOKS = 0.5
INSERT = (
    "INSERT INTO selection_contact (recruitment_id, number, stratum, household, name, address, phone, hash, is_drawn) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


class _Cancelled(Exception):
    """Somebody stopped the import, or purged the recruitment."""


class _Reading:
    """One pass over a source: what may be kept goes to the spool, what is wrong is counted."""

    def __init__(self, recruitment: Recruitment, spool: Spool, secret: bytes) -> None:
        self.recruitment, self.spool, self.secret = recruitment, spool, secret
        self.faults: list[list[int | str]] = []
        self.fault_count = self.repeated = 0
        self.strata = Counter[str]()
        self.root = RunningRoot()

    def take(self, entry: Entry) -> None:
        """Keep one row, unless it was there before."""
        if not self.spool.is_new(entry.key):
            self.repeated += 1
            if not self.recruitment.drops_repeated:
                self.blame(Fault(entry.line, "repeated"))
            return
        number = self.root.count + 1
        cells = {"name": entry.name, "address": entry.address, "phone": entry.phone}
        row = Row(
            number,
            entry.stratum,
            mark_household(self.secret, entry.home),
            hash_cells(self.secret, number, cells),
        )
        self.root.add(row)
        self.strata[entry.stratum] += 1
        self.spool.add((number, row.stratum, row.household, entry.name, entry.address, entry.phone, row.hash))

    def blame(self, fault: Fault) -> None:
        """Count a fault; the first ones are told by their lines."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append([fault.line, fault.code])

    def describe(self, code: str = "") -> dict[str, object]:
        """Give the report that is kept: nothing of what the lines say."""
        return {
            "code": code,
            "rows": self.root.count,
            "repeated": self.repeated,
            "faults": self.faults,
            "fault_count": self.fault_count,
        }

    @property
    def refusal(self) -> str:
        """Say why the whole is refused; nothing where it is not."""
        if self.fault_count:
            return "faults"
        if not self.root.count:
            return "nobody"
        return "too_many_strata" if len(self.strata) > MOST_STRATA else ""


def run_register_import(recruitment_id: int) -> None:
    """Import the source of a recruitment; done again after a stop, three times at most. Ends as a state in any case."""
    recruitment = _begin(recruitment_id)
    if recruitment is None:
        return
    try:
        with closing(Spool()) as spool:
            reading = _Reading(recruitment, spool, secrets.token_bytes(SECRET_BYTES))
            _read(recruitment, reading)
            if reading.refusal:
                _refuse(recruitment, reading.describe(reading.refusal))
            else:
                _save(recruitment, reading)
    except _Cancelled:
        return
    except AntigoneError as error:
        _refuse(recruitment, {"code": error.code})
    except OperationalError:
        raise  # the database does not answer: it stays as it is, and is resumed
    except Exception:  # the edge of the worker: a fault of ours must end as a state that people see
        logger.exception("Register of recruitment %s could not be imported.", recruitment.pk)
        _refuse(recruitment, {"code": "failed"})


def cancel_register_import(*, recruitment: Recruitment, by: Person) -> None:
    """Stop an import; nothing is kept of the file."""
    require_leader(by, recruitment)
    importing = Recruitment.objects.importing().filter(pk=recruitment.pk)
    with transaction.atomic():
        stopped = importing.first()
        importing.update(state=State.DRAFT, file="", columns=[], plan={}, report={})
    if stopped is None:
        raise NotPossible(
            "register_import_over", gettext_noop("This import is over already. There is nothing to cancel.")
        )
    _remove_file(stopped)


def resume_register_imports() -> int:
    """Hand what a stop of the server left undone to the background again; returns how many."""
    from antigone.selection.tasks import do_register_import  # noqa: PLC0415 (tasks call actions: the one way back)

    left = list(Recruitment.objects.importing().values_list("pk", flat=True))
    for recruitment_id in left:
        do_register_import.enqueue(recruitment_id)
    return len(left)


def _begin(recruitment_id: int) -> Recruitment | None:
    importing = Recruitment.objects.importing().filter(pk=recruitment_id)
    recruitment = importing.first()
    if recruitment is None:
        return None
    if recruitment.attempts >= MOST_ATTEMPTS:
        _refuse(recruitment, {"code": "interrupted"})
        return None
    importing.update(attempts=F("attempts") + 1, done=0, total=0)
    return recruitment


def _read(recruitment: Recruitment, reading: _Reading) -> None:
    told_at = monotonic()
    for done, found in enumerate(_read_source(recruitment), 1):
        if isinstance(found, Fault):
            reading.blame(found)
        elif done > MOST_ROWS:
            raise NotPossible(
                "too_many_rows",
                gettext_noop("There are more than %(limit)s rows. Keep fewer."),
                limit=MOST_ROWS,
            )
        else:
            reading.take(found)
        if done % ROWS_BETWEEN_LOOKS == 0 and monotonic() - told_at >= SECONDS_BETWEEN_LOOKS:
            told_at = monotonic()
            if not Recruitment.objects.importing().filter(pk=recruitment.pk).update(done=done):
                raise _Cancelled


def _read_source(recruitment: Recruitment) -> Iterator[Entry | Fault]:
    if recruitment.source == Recruitment.Source.PHONES:
        return _generate(recruitment)
    path = get_register_path(recruitment.file)
    if not path.is_file():
        raise NotPossible("register_gone", gettext_noop("The file is not there any more. Choose it again."))
    return read_register(path, inspect_register(path), recruitment.columns, recruitment.source)


def _generate(recruitment: Recruitment) -> Iterator[Entry | Fault]:
    said = recruitment.plan
    plan = Plan(said["count"], said["mobile_share"], tuple(said["prefixes"]))
    try:
        for line, (number, kind) in enumerate(generate_numbers(plan, said["seed"]), 1):
            yield Entry(line, "", "", number, kind, "", number.encode())
    except ValueError as error:
        raise NotPossible(
            "too_many_numbers",
            gettext_noop(
                "There are not as many numbers under these prefixes. Ask for fewer, or add a prefix."
            ),
        ) from error


def _save(recruitment: Recruitment, reading: _Reading) -> None:
    """Save everything or nothing; the database is held for the time of the writing alone."""
    names = []
    if recruitment.file:
        header = inspect_register(get_register_path(recruitment.file)).header
        names = [name for name, role in zip(header, recruitment.columns, strict=True) if role == "stratum"]
    with transaction.atomic():
        importing = Recruitment.objects.importing().filter(pk=recruitment.pk)
        saved = importing.update(
            state=State.READY,
            file="",
            columns=[],
            rows=reading.root.count,
            strata=dict(sorted(reading.strata.items())),
            strata_names=", ".join(names)[:500],
            root=reading.root.finish(),
            sealed_at=timezone.now(),
            secret=reading.secret,
            report=reading.describe(),
        )
        if not saved:
            raise _Cancelled
        rows = ((recruitment.pk, *row, False) for row in reading.spool.read())
        with connection.cursor() as cursor:
            # Ten times faster than through objects: nobody else may write meanwhile.
            while batch := list(islice(rows, ROWS_AT_ONCE)):
                cursor.executemany(INSERT, batch)
    _remove_file(recruitment)


def _refuse(recruitment: Recruitment, report: dict[str, object]) -> None:
    Recruitment.objects.importing().filter(pk=recruitment.pk).update(
        state=State.REFUSED, file="", columns=[], report=report
    )
    _remove_file(recruitment)


def _remove_file(recruitment: Recruitment) -> None:
    """Remove the file that the row stopped naming; a crash in between leaves it to the cleaning."""
    if recruitment.file:
        get_register_path(recruitment.file).unlink(missing_ok=True)
