"""Begin a recruitment, change what it says, take its register and what its columns hold."""

import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.proportions import compute_bands
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection import rules
from antigone.selection.actions.recruitment.rights import lock_recruitment, require_leader
from antigone.selection.models import Recruitment
from antigone.selection.models.recruitment import NEVER_CALLERS
from antigone.selection.registers import Layout, check_roles, inspect_register
from antigone.selection.wording import translating_errors

State = Recruitment.State
MOST_DAYS = 3 * 366
MOST_NUMBERS = 1_000_000
FOLDER = "registers"
# A file that nobody described is not kept for longer.
HOURS_FOR_MAPPING = 24
EARLY_STATES = (State.DRAFT, State.MAPPING, State.REFUSED)
LIVING_STATES = (*EARLY_STATES, State.IMPORTING, State.READY, State.DRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a recruitment says of itself, in its notice and on its form."""

    title: str
    purpose: str
    origin: str
    contact_point: str
    reply_date: date
    purge_date: date
    features: dict[str, dict[str, str]]
    missing: str = ""
    dates: Sequence[str] = field(default_factory=list)


def create_recruitment(*, terms: Terms, source: str, by: Person) -> Recruitment:
    """Begin a recruitment of the person's organisation."""
    if not rules.can_recruit(by) or by.organisation is None:
        raise NotAllowed(
            "recruitments_not_created",
            gettext_noop("Only a facilitator with an organisation may begin a recruitment."),
        )
    _check_terms(terms)
    return Recruitment.objects.create(
        organisation=by.organisation, source=source, created_by=by, **_list_fields(terms)
    )


def change_terms(*, recruitment: Recruitment, terms: Terms, by: Person) -> None:
    """Change what a recruitment says; features and dates only until contacts are drawn, the purge only sooner."""
    require_leader(by, recruitment)
    _check_terms(terms)
    with transaction.atomic():
        locked = lock_recruitment(recruitment, *LIVING_STATES)
        fields = _list_fields(terms)
        is_announced = bool(locked.root)
        if is_announced and terms.purge_date > locked.purge_date:
            raise NotPossible(
                "purge_not_later",
                gettext_noop("The date of the erasure was announced: it may come sooner, not later."),
            )
        if locked.is_drawn and (fields["features"] != locked.features or fields["dates"] != locked.dates):
            raise NotPossible(
                "form_fixed", gettext_noop("People were invited with this form: its questions do not change.")
            )
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(fields))


def name_callers(*, recruitment: Recruitment, people: Iterable[Person], by: Person) -> None:
    """Name those who telephone: they see the names and numbers of those invited, and enter replies."""
    require_leader(by, recruitment)
    named = list(people)
    for person in named:
        if person.has_role(*NEVER_CALLERS) or not person.is_active:
            raise NotAllowed(
                "caller_refused",
                gettext_noop(
                    "A guarantor, an elected official or an operator does not call for a recruitment."
                ),
            )
    with transaction.atomic():
        lock_recruitment(recruitment, *LIVING_STATES).callers.set(named)


def keep_register(*, recruitment: Recruitment, chunks: Iterable[bytes], by: Person) -> Layout:
    """Keep a file until its columns are described, for a day; one that is not a table is not kept."""
    require_leader(by, recruitment)
    if recruitment.source == Recruitment.Source.PHONES:
        raise NotPossible("no_file_needed", gettext_noop("Telephone numbers are drawn: no file is needed."))
    name = secrets.token_hex(16)
    path = get_register_path(name)
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        _write(path, chunks)
        layout = inspect_register(path)
        with transaction.atomic():
            locked = lock_recruitment(recruitment, *EARLY_STATES)
            former, locked.file, locked.kept_at = locked.file, name, timezone.now()
            locked.state, locked.columns, locked.report = State.MAPPING, [], {}
            locked.save(update_fields=["file", "kept_at", "state", "columns", "report"])
        undo.pop_all()
    if former:
        get_register_path(former).unlink(missing_ok=True)
    return layout


def map_columns(
    *, recruitment: Recruitment, roles: Sequence[str], drops_repeated: bool, by: Person
) -> Recruitment:
    """Say what the columns of the file hold, and hand it to the background; what has no role is not kept."""
    require_leader(by, recruitment)
    check_roles(roles, recruitment.source)
    return _start(recruitment, State.MAPPING, columns=list(roles), drops_repeated=drops_repeated)


def plan_numbers(
    *, recruitment: Recruitment, count: int, mobile_share: int, prefixes: Sequence[str], seed: str, by: Person
) -> Recruitment:
    """Ask for telephone numbers drawn by a seed, and hand the work to the background."""
    require_leader(by, recruitment)
    if recruitment.source != Recruitment.Source.PHONES:
        raise NotPossible("file_needed", gettext_noop("This recruitment takes a file, not numbers drawn."))
    if not (0 < count <= MOST_NUMBERS and 0 <= mobile_share <= 100 and seed.strip()):
        raise WrongInput(
            "numbers_unreadable",
            gettext_noop(
                "Write how many numbers, up to %(limit)s, how many of a hundred are mobile, and a seed."
            ),
            limit=MOST_NUMBERS,
        )
    plan = {"count": count, "mobile_share": mobile_share, "prefixes": list(prefixes), "seed": seed.strip()}
    return _start(recruitment, *EARLY_STATES, plan=plan)


def get_register_path(name: str) -> Path:
    """Give where a file waits for its import."""
    return Path(settings.DATA_FOLDER) / FOLDER / name


def clean_registers() -> int:
    """Remove the files that no recruitment names (after a crash), and those that nobody described for a day."""
    limit = timezone.now() - timedelta(hours=HOURS_FOR_MAPPING)
    Recruitment.objects.filter(state=State.MAPPING, kept_at__lt=limit).update(
        state=State.DRAFT, file="", columns=[]
    )
    named = set(Recruitment.objects.exclude(file="").values_list("file", flat=True))
    folder, removed = get_register_path(""), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        # One that was begun within the hour may still be on its way here.
        is_new = timezone.now().timestamp() - path.stat().st_mtime < 3_600
        if path.name not in named and not is_new:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _start(recruitment: Recruitment, *states: str, **fields: object) -> Recruitment:
    from antigone.selection.tasks import do_register_import  # noqa: PLC0415 (tasks call actions: the one way back)

    with transaction.atomic():
        locked = lock_recruitment(recruitment, *states)
        fields |= {"state": State.IMPORTING, "attempts": 0, "done": 0, "total": 0, "report": {}}
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(fields))
        do_register_import.enqueue(locked.pk)
    return locked


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk)


def _list_fields(terms: Terms) -> dict[str, object]:
    return {
        "title": terms.title,
        "purpose": terms.purpose,
        "origin": terms.origin,
        "missing": terms.missing,
        "contact_point": terms.contact_point,
        "reply_date": terms.reply_date,
        "purge_date": terms.purge_date,
        "features": [[feature, [[value, str(share)] for value, share in values.items()]]
                     for feature, values in terms.features.items()],
        "dates": list(terms.dates),
    }  # fmt: skip


def _check_terms(terms: Terms) -> None:
    today = timezone.localdate()
    if not today <= terms.reply_date < terms.purge_date <= today + timedelta(days=MOST_DAYS):
        raise WrongInput(
            "dates_out_of_order",
            gettext_noop(
                "Replies are taken until a day that is to come, and personal data are erased after it, within three "
                "years. Correct the dates."
            ),
        )
    if not terms.features:
        raise WrongInput(
            "no_features", gettext_noop("Give at least one feature with its values and their shares.")
        )
    with translating_errors():
        compute_bands(terms.features, 100)
