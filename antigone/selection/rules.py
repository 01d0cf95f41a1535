"""Who may do what with draws and recruitments. A visitor is None; an operator, who runs the machine, reads nobody."""

from collections.abc import Callable

from antigone.accounts.models import Person, Role
from antigone.selection.models import Commitment, Draw, Recruitment

# Whoever draws, runs the machine or answers the panel does not watch over the draw.
EXCLUDED_FROM_SIGNING = (Role.FACILITATOR, Role.OPERATOR, Role.ELECTED_OFFICIAL)

# Rooms above add here, as they start, what stops a draw.
STOPPERS: list[Callable[[Draw], bool]] = []


def is_stopped(draw: Draw) -> bool:
    """Tell whether nothing of this draw may change for now, whoever asks."""
    return any(stops(draw) for stops in STOPPERS)


def can_create(person: Person | None) -> bool:
    """Tell whether `person` may begin a draw: a facilitator, who has an organisation to draw for."""
    return (
        person is not None
        and person.is_active
        and person.organisation_id is not None
        and person.has_role(Role.FACILITATOR)
    )


def can_prepare(person: Person | None, draw: Draw) -> bool:
    """Tell whether `person` may edit, compute, commit to, draw and publish."""
    return Draw.objects.prepared_by(person).filter(pk=draw.pk).exists()


def can_follow(person: Person | None, draw: Draw) -> bool:
    """Tell whether `person` may read all of the draw, respondents too."""
    return Draw.objects.followed_by(person).filter(pk=draw.pk).exists()


def can_recruit(person: Person | None) -> bool:
    """Tell whether `person` may begin a recruitment: as for a draw."""
    return can_create(person)


def can_lead(person: Person | None, recruitment: Recruitment) -> bool:
    """Tell whether `person` may change a recruitment, export its letters, draw and erase."""
    return Recruitment.objects.led_by(person).filter(pk=recruitment.pk).exists()


def can_count(person: Person | None, recruitment: Recruitment) -> bool:
    """Tell whether `person` may read the counts of a recruitment and check its draw; no name."""
    return Recruitment.objects.counted_by(person).filter(pk=recruitment.pk).exists()


def can_call(person: Person | None, recruitment: Recruitment) -> bool:
    """Tell whether `person` may enter replies, and so see the names and numbers of those invited."""
    return Recruitment.objects.called_by(person).filter(pk=recruitment.pk).exists()


def can_be_cosigner(person: Person | None) -> bool:
    """Tell whether `person` may be asked to sign a draw: a guarantor, and nothing that a guarantor watches."""
    return (
        person is not None
        and person.is_active
        and person.has_role(Role.GUARANTOR)
        and not person.has_role(*EXCLUDED_FROM_SIGNING)
    )


def can_cosign(person: Person | None, draw: Draw) -> bool:
    """Tell whether `person` was asked to sign this draw and still may: never whoever committed to it."""
    return (
        person is not None
        and can_be_cosigner(person)
        and draw.cosigners.filter(pk=person.pk).exists()
        and not Commitment.objects.filter(draw=draw, committed_by=person).exists()
    )
