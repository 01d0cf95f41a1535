"""Who may do what in a convention. A visitor is None; an operator, who runs the machine, has no part in any."""

from antigone.accounts.models import Person, Role
from antigone.convention.models import Appointment, Convention, Member


def can_create(person: Person | None) -> bool:
    """Tell whether `person` may begin a convention: a facilitator, who has an organisation to do it for."""
    return (
        person is not None
        and person.is_active
        and person.organisation_id is not None
        and person.has_role(Role.FACILITATOR)
    )


def holds(person: Person | None, convention: Convention, *roles: str) -> bool:
    """Tell whether `person` is appointed to this convention in one of these roles."""
    if person is None or not person.is_active:
        return False
    return convention.appointments.filter(person=person, role__in=roles).exists()


def can_facilitate(person: Person | None, convention: Convention) -> bool:
    return holds(person, convention, Appointment.Role.FACILITATOR)


def can_guarantee(person: Person | None, convention: Convention) -> bool:
    return holds(person, convention, Appointment.Role.GUARANTOR)


def can_follow(person: Person | None, convention: Convention) -> bool:
    """Tell whether `person` reads everything of it but what is a member's own."""
    return holds(person, convention, Appointment.Role.FACILITATOR, Appointment.Role.GUARANTOR)


def can_answer(person: Person | None, convention: Convention) -> bool:
    """Tell whether `person` answers its proposals: an elected official appointed to it."""
    return holds(person, convention, Appointment.Role.ELECTED_OFFICIAL)


def can_be_appointed(person: Person, role: str) -> bool:
    """Tell whether `person` may hold this role in a convention: never somebody who runs the machine."""
    return person.is_active and not person.has_role(Role.OPERATOR) and person.has_role(role)


def get_member(person: Person | None, convention: Convention) -> Member | None:
    """Return the member that `person` is in this convention and still sits as, or None."""
    return Member.objects.of_person(person).sitting().filter(convention=convention).first()
