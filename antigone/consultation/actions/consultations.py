"""A consultation begins, is written, published, then changed in public alone; it is closed, and opened again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation import rules
from antigone.consultation.actions.choices import record_choice
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.models import Choice, Consultation, State
from antigone.errors import NotAllowed, NotPossible

# What is typed, by what the public list of changes calls it.
WRITTEN = {
    "title": Choice.Kind.TEXT,
    "question": Choice.Kind.TEXT,
    "context": Choice.Kind.TEXT,
    "asked_by": Choice.Kind.TEXT,
    "use": Choice.Kind.TEXT,
    "opens_date": Choice.Kind.DAYS,
    "closes_date": Choice.Kind.DAYS,
    "moderation": Choice.Kind.MODERATION,
    "door": Choice.Kind.DOOR,
    "takes_statements": Choice.Kind.RULES,
    "statement_length": Choice.Kind.RULES,
    "statements_each": Choice.Kind.RULES,
    "visit_cap": Choice.Kind.RULES,
}
# Addresses that pages of their own have.
TAKEN = {"importer", "nouvelle"}
NEEDED = ("question", "asked_by", "use", "opens_date", "closes_date")


@transaction.atomic
def create_consultation(*, texts: Mapping[str, Any], by: Person) -> Consultation:
    """Begin a consultation of the organisation of `by`; nobody but those who lead it sees it yet."""
    if by.organisation_id is None or not rules.can_create(by):
        raise NotAllowed(
            "cannot_begin_consultation",
            gettext_noop("Only a facilitator who belongs to an organisation may begin a consultation."),
        )
    return Consultation.objects.create(
        organisation_id=by.organisation_id,
        slug=choose_slug(str(texts["title"])),
        created_by=by,
        **{name: value for name, value in texts.items() if name in WRITTEN},
    )


@transaction.atomic
def save_consultation(
    *,
    consultation: Consultation,
    texts: Mapping[str, Any],
    version: int,
    reason: str,
    by: Person,
    now: datetime,
) -> Consultation:
    """Save what was typed; `version` is the one that was read. Once published, each change stands in public."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    if locked.version != version:
        raise NotPossible(
            "consultation_changed_meanwhile",
            gettext_noop(
                "Somebody saved this consultation while you were writing. Compare with yours, then save again."
            ),
        )
    changed = {
        name: value for name, value in texts.items() if name in WRITTEN and getattr(locked, name) != value
    }
    if not changed:
        return locked
    if locked.is_public:
        _require_stays_open(locked, changed, now)
        for name, value in changed.items():
            change = (_write_value(getattr(locked, name)), _write_value(value))
            record_choice(locked, WRITTEN[name], change, reason, by, now)
    for name, value in changed.items():
        setattr(locked, name, value)
    if locked.is_public:
        _require_complete(locked)
    locked.version += 1
    locked.save(update_fields=[*changed, "version"])
    return locked


@transaction.atomic
def publish_consultation(*, consultation: Consultation, by: Person, now: datetime) -> Consultation:
    """Let everybody read it; it takes votes from its first day on. It cannot be taken back."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    if locked.is_public:
        raise NotPossible("consultation_published", gettext_noop("This consultation is published already."))
    _require_complete(locked)
    locked.published_at = now
    locked.save(update_fields=["published_at"])
    return locked


@transaction.atomic
def close_consultation(*, consultation: Consultation, reason: str, by: Person, now: datetime) -> Consultation:
    """End it before its last day, for a reason that everybody reads."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    if locked.find_state(timezone.localdate(now)) not in (State.OPEN, State.ANNOUNCED):
        raise NotPossible(
            "consultation_not_running", gettext_noop("This consultation is not open: nothing to close.")
        )
    record_choice(locked, Choice.Kind.CLOSE, ("", ""), reason, by, now)
    locked.closed_at = now
    locked.version += 1
    locked.save(update_fields=["closed_at", "version"])
    return locked


@transaction.atomic
def reopen_consultation(
    *, consultation: Consultation, closes_date: date, reason: str, by: Person, now: datetime
) -> Consultation:
    """Open it again until a day to come, for a reason that everybody reads."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    if locked.find_state(timezone.localdate(now)) != State.CLOSED:
        raise NotPossible("consultation_not_closed", gettext_noop("This consultation is not closed."))
    if closes_date < max(timezone.localdate(now), locked.opens_date or closes_date):
        raise NotPossible(
            "last_day_past", gettext_noop("The last day is past. Choose today or a day to come.")
        )
    change = (str(locked.closes_date), str(closes_date))
    record_choice(locked, Choice.Kind.REOPEN, change, reason, by, now)
    locked.closed_at, locked.closes_date = None, closes_date
    locked.version += 1
    locked.save(update_fields=["closed_at", "closes_date", "version"])
    return locked


@transaction.atomic
def choose_matrix(
    *, consultation: Consultation, publishes: bool, reason: str, by: Person, now: datetime
) -> Consultation:
    """Choose that the votes of each participant are published, under names drawn by lot, or no longer are."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    if locked.publishes_matrix == publishes:
        return locked
    change = (_write_flag(locked.publishes_matrix), _write_flag(publishes))
    record_choice(locked, Choice.Kind.MATRIX, change, reason, by, now)
    locked.publishes_matrix = publishes
    locked.version += 1
    locked.save(update_fields=["publishes_matrix", "version"])
    return locked


def choose_slug(title: str) -> str:
    """Give what the address ends with: the title, then a number where it is taken."""
    stem = slugify(title)[:70].strip("-_") or "consultation"
    taken = {*Consultation.objects.filter(slug__startswith=stem).values_list("slug", flat=True), *TAKEN}
    return next(one for one in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def list_missing(consultation: Consultation) -> list[str]:
    """Name what a consultation lacks to be published."""
    fields = [name for name in NEEDED if not getattr(consultation, name)]
    return [str(Consultation._meta.get_field(name).verbose_name) for name in fields]  # type: ignore[union-attr]


def _require_complete(consultation: Consultation) -> None:
    missing = list_missing(consultation)
    if missing:
        raise NotPossible(
            "consultation_incomplete",
            gettext_noop("The consultation cannot be public without: %(missing)s."),
            missing=", ".join(missing),
        )


def _require_stays_open(consultation: Consultation, changed: Mapping[str, Any], now: datetime) -> None:
    """Refuse days that would rewrite what has happened: closing and opening again have their own reasons."""
    today = timezone.localdate(now)
    state = consultation.find_state(today)
    if state == State.CLOSED and {"opens_date", "closes_date"} & changed.keys():
        raise NotPossible(
            "days_are_past",
            gettext_noop("This consultation is closed: open it again to give it a new last day."),
        )
    if state == State.OPEN and "opens_date" in changed:
        raise NotPossible(
            "already_open", gettext_noop("This consultation is open: its first day changes no more.")
        )
    opens, closes = changed.get("opens_date"), changed.get("closes_date")
    if opens is not None and opens < today:
        raise NotPossible(
            "first_day_past", gettext_noop("The first day is past. Choose today or a day to come.")
        )
    if closes is not None and closes < max(
        today, changed.get("opens_date") or consultation.opens_date or today
    ):
        raise NotPossible(
            "last_day_past", gettext_noop("The last day is past. Choose today or a day to come.")
        )
    if "door" in changed and consultation.participants.exists():
        raise NotPossible(
            "door_used", gettext_noop("People have voted already: who may vote changes no more.")
        )


def _write_value(value: object) -> str:
    """Write a value as it is kept: `wording.say_value` says it in the language of a page."""
    if isinstance(value, bool):
        return _write_flag(value)
    return "" if value is None else str(value)


def _write_flag(value: bool) -> str:
    """Write yes or no so that a page says it in its own language."""
    return "yes" if value else "no"
