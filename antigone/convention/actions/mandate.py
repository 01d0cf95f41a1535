"""A convention begins; its mandate is written, published, then corrected in public or not at all."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.checklist import list_missing
from antigone.convention.models import (
    Appointment,
    Convention,
    MandateChange,
    Phase,
    PhaseOpening,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.models import Draw

# What the mandate is made of; nothing else of a convention is typed.
MANDATE = (
    "title", "question", "commissioner", "context", "commitment", "criteria", "seats", "budget", "funding",
    "starts_date", "ends_date", "answers_due_date", "indemnity", "vote_threshold", "vote_quorum", "language",
)  # fmt: skip
BEFORE_CLOSED = tuple(phase for phase in Phase.values if phase != Phase.CLOSED)

# Addresses of the room that are no convention.
TAKEN = ("nouvelle", "rejoindre", "importer")


@transaction.atomic
def create_convention(
    *, title: str, by: Person, question: str = "", commissioner: str = "", **mandate: Any
) -> Convention:
    """Begin a convention of the organisation of `by`, who facilitates it; nobody else sees it yet."""
    if by.organisation_id is None or not rules.can_create(by):
        raise NotAllowed(
            "not_facilitator_of_organisation",
            gettext_noop("Only a facilitator who belongs to an organisation may begin a convention."),
        )
    convention = Convention.objects.create(
        organisation_id=by.organisation_id,
        slug=choose_slug(title),
        title=title,
        question=question,
        commissioner=commissioner,
        created_by=by,
        **mandate,
    )
    Appointment.objects.create(
        convention=convention,
        person=by,
        name=by.name,
        role=Appointment.Role.FACILITATOR,
        appointed_by=by,
    )
    PhaseOpening.objects.create(
        convention=convention, phase=convention.phase, opened_at=timezone.now(), opened_by=by
    )
    return convention


@transaction.atomic
def save_mandate(
    *, convention: Convention, mandate: Mapping[str, Any], version: int, by: Person
) -> Convention:
    """Save the mandate as far as it is written, before it is published; `version` is the one that was read."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, Phase.PREPARATION)
    if locked.is_public:
        raise NotPossible(
            "mandate_published",
            gettext_noop(
                "This mandate is published. It can only be corrected, with a reason that everybody reads."
            ),
        )
    _check_version(locked, version)
    return _write(locked, mandate)


@transaction.atomic
def publish_mandate(*, convention: Convention, by: Person) -> Convention:
    """Let everybody read the mandate. Refused while something of it is missing; cannot be taken back."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, Phase.PREPARATION)
    if locked.is_public:
        raise NotPossible("mandate_already_published", gettext_noop("This mandate is published already."))
    _check_complete(locked)
    locked.published_at = timezone.now()
    locked.save(update_fields=["published_at"])
    return locked


@transaction.atomic
def correct_mandate(
    *, convention: Convention, mandate: Mapping[str, Any], reason: str, version: int, by: Person
) -> list[MandateChange]:
    """Change the published mandate: what it said before stays public, beside the reason."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *BEFORE_CLOSED)
    if not locked.is_public:
        raise NotPossible(
            "mandate_not_published", gettext_noop("This mandate is not published yet: edit it directly.")
        )
    if not reason.strip():
        raise WrongInput(
            "mandate_change_without_reason",
            gettext_noop("Say why the mandate is changed: everybody reads it."),
        )
    _check_version(locked, version)
    changed = {name: value for name, value in mandate.items() if getattr(locked, name) != value}
    _check_promises(locked, changed)
    changes = [
        MandateChange(
            convention=locked,
            field=name,
            before=_write_value(getattr(locked, name)),
            after=_write_value(value),
            reason=reason.strip(),
            changed_at=timezone.now(),
            changed_by=by,
        )
        for name, value in changed.items()
    ]
    _write(locked, changed)
    _check_complete(locked)
    return MandateChange.objects.bulk_create(changes)


def _check_promises(convention: Convention, changed: Mapping[str, Any]) -> None:
    """Refuse what would take back what people already rely on."""
    draw = convention.draw
    if {"seats", "criteria"} & changed.keys() and draw is not None and draw.stage != Draw.Stage.PREPARED:
        raise NotPossible(
            "panel_promised",
            gettext_noop("The draw is committed to: the seats and the criteria of the panel change no more."),
        )
    if {"vote_threshold", "vote_quorum"} & changed.keys() and convention.ballots.exists():
        raise NotPossible(
            "vote_rule_used",
            gettext_noop("Members have voted under this rule: the threshold and the quorum change no more."),
        )
    due = changed.get("answers_due_date")
    promised = convention.answers_due_date
    if due and promised and due > promised and convention.has_reached(Phase.ANSWERS):
        raise NotPossible(
            "answers_promised",
            gettext_noop("The avis is delivered: the date of the answers may come nearer, never move away."),
        )


def _check_complete(convention: Convention) -> None:
    missing = list_missing(convention)
    if missing:
        raise NotPossible(
            "mandate_incomplete",
            gettext_noop("The mandate cannot be public without: %(missing)s."),
            missing=", ".join(missing),
        )


def _check_version(convention: Convention, version: int) -> None:
    if convention.version != version:
        raise NotPossible(
            "mandate_changed_meanwhile",
            gettext_noop(
                "Somebody saved this mandate while you were writing. Compare with yours, then save again."
            ),
        )


def _write(convention: Convention, mandate: Mapping[str, Any]) -> Convention:
    for name, value in mandate.items():
        assert name in MANDATE, name
        setattr(convention, name, value)
    convention.version += 1
    convention.save(update_fields=[*mandate, "version"])
    return convention


def _write_value(value: object) -> str:
    return "" if value is None else str(value)


def choose_slug(title: str) -> str:
    """Return what the address of the convention ends with: its title, then a number where it is taken."""
    stem = slugify(title)[:70].strip("-") or "convention"
    taken = {*Convention.objects.filter(slug__startswith=stem).values_list("slug", flat=True), *TAKEN}
    return next(
        slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken
    )
