"""Who may do what with a draw. A visitor is None; an operator, who runs the machine, reads no respondent."""

from antigone.accounts.models import Person, Role
from antigone.selection.models import Draw


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
