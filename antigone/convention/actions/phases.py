"""A convention goes forward, one phase at a time; the draw that seats its members is attached to it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.checklist import list_obstacles, next_phase
from antigone.convention.models import Appointment, Convention, Phase, PhaseOpening
from antigone.errors import NotPossible
from antigone.selection.actions import name_cosigners
from antigone.selection.models import Draw
from antigone.selection.rules import can_be_cosigner


@transaction.atomic
def open_phase(*, convention: Convention, phase: str, by: Person) -> PhaseOpening:
    """Open the next phase, which `phase` names; refused while an item of its checklist is missing."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *(phase for phase in Phase.values if phase != Phase.CLOSED))
    if phase != next_phase(locked):
        raise NotPossible(
            "not_the_next_phase",
            gettext_noop("Phases open one after the other. The next one is “%(phase)s”."),
            phase=str(next_phase(locked).label),
        )
    now = timezone.now()
    obstacles = list_obstacles(locked, Phase(phase), now)
    if obstacles:
        raise NotPossible(
            "phase_not_ready",
            gettext_noop("This phase cannot open yet. Missing: %(missing)s."),
            missing=", ".join(obstacles),
        )
    locked.phase = phase
    locked.closed_at = now if phase == Phase.CLOSED else None
    locked.save(update_fields=["phase", "closed_at"])
    return PhaseOpening.objects.create(convention=locked, phase=phase, opened_at=now, opened_by=by)


@transaction.atomic
def attach_draw(*, convention: Convention, draw: Draw, by: Person) -> Convention:
    """Name the draw that seats the members: of the same organisation, and committed to after the mandate.

    The guarantors of the convention are asked to sign it; one committed to already has to be theirs to sign.
    """
    require_facilitator(by, convention)
    locked = lock_convention(convention, Phase.SELECTION)
    if locked.draw is not None and not locked.draw.is_prepared:
        raise NotPossible(
            "draw_attached", gettext_noop("The draw of this convention is committed to: it is not replaced.")
        )
    draw = Draw.objects.select_for_update().get(pk=draw.pk)
    is_taken = Convention.objects.filter(draw=draw).exclude(pk=locked.pk).exists()
    if draw.organisation_id != locked.organisation_id or is_taken:
        raise NotPossible(
            "draw_not_attachable",
            gettext_noop("This draw belongs to another organisation or to another convention."),
        )
    if not draw.is_prepared and locked.published_at and draw.commitment.committed_at < locked.published_at:
        raise NotPossible(
            "draw_before_mandate",
            gettext_noop(
                "This draw was committed to before the mandate was published: it cannot seat this convention."
            ),
        )
    _have_cosigned(locked, draw, by)
    locked.draw = draw
    locked.save(update_fields=["draw"])
    return locked


def _have_cosigned(convention: Convention, draw: Draw, by: Person) -> None:
    """Ask the guarantors of the convention to sign its draw, while they can still be asked."""
    appointed = convention.appointments.filter(role=Appointment.Role.GUARANTOR)
    guarantors = Person.objects.filter(pk__in=appointed.values("person"))
    if draw.is_prepared:
        name_cosigners(draw=draw, people=[one for one in guarantors if can_be_cosigner(one)], by=by)
    elif not draw.cosigners.filter(pk__in=guarantors).exists():
        raise NotPossible(
            "draw_without_guarantor",
            gettext_noop("No guarantor of this convention was asked to sign this draw: it cannot seat it."),
        )
