"""Who may do what with people and roles."""

from antigone.accounts.models import Person, Role

# Whoever runs the machine may not also judge it: an operator gives these to others, never to itself.
NEVER_AN_OPERATORS = frozenset({Role.GUARANTOR, Role.FACILITATOR, Role.ELECTED_OFFICIAL})


def may_manage_people(person: Person | None) -> bool:
    """Operators create people, close accounts and give roles."""
    return person is not None and person.is_active and person.has_role(Role.OPERATOR)


def may_give_role(giver: Person | None, person: Person, role: str) -> bool:
    """An operator gives roles to others; none changes its own, and none becomes what watches operators."""
    if not may_manage_people(giver) or giver == person:
        return False
    return can_hold(person, role)


def may_take_role(taker: Person | None, person: Person, role: str) -> bool:
    """An operator takes roles from others, except a guarantor's: that one is not its to remove."""
    return may_manage_people(taker) and taker != person and role != Role.GUARANTOR


def can_hold(person: Person, role: str) -> bool:
    """Tell whether a role goes with those that the person holds already."""
    held = {held.role for held in person.roles.all()}
    if role == Role.OPERATOR:
        return not held & NEVER_AN_OPERATORS
    return not (role in NEVER_AN_OPERATORS and Role.OPERATOR in held)
