"""Who may do what with a draw. A visitor is None; an operator, who runs the machine, reads no respondent."""

from antigone.accounts.models import Person, Role
from antigone.selection.models import Commitment, Draw

# Whoever draws, runs the machine or answers the panel does not watch over the draw.
EXCLUDED_FROM_SIGNING = (Role.FACILITATOR, Role.OPERATOR, Role.ELECTED_OFFICIAL)


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
