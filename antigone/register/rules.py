"""Who declares uses and who decides on them. A visitor is None."""

from antigone.accounts.models import Person, Role
from antigone.register.models import PUBLIC_STATES, Use


def can_declare(person: Person | None) -> bool:
    """Developers declare the uses of their organisation."""
    return (
        person is not None
        and person.is_active
        and person.organisation_id is not None
        and person.has_role(Role.DEVELOPER)
    )


def can_decide(person: Person | None) -> bool:
    """Operators accept, refuse, suspend and resume uses, until the ethics committee gives its opinion first."""
    return person is not None and person.is_active and person.has_role(Role.OPERATOR)


def can_read(person: Person | None, use: Use) -> bool:
    """Everybody reads a use that is, or was, at work; the others only those who follow it."""
    return use.state in PUBLIC_STATES or can_follow(person, use)


def can_follow(person: Person | None, use: Use) -> bool:
    """The people of its organisation who develop, and those who decide, read all of a use."""
    if can_decide(person):
        return True
    return can_declare(person) and person is not None and person.organisation_id == use.organisation_id
