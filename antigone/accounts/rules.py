"""Who may do what with people and roles."""

from antigone.accounts.models import Person, Role

# Whoever runs the machine may not also judge it: these and the operator's role exclude each other.
NEVER_AN_OPERATORS = frozenset({Role.GUARANTOR, Role.FACILITATOR, Role.ELECTED_OFFICIAL})


def may_manage_people(person: Person | None) -> bool:
    """Operators create people, close accounts and give roles."""
    return person is not None and person.is_active and person.has_role(Role.OPERATOR)


def may_change_role(operator: Person | None, person: Person) -> bool:
    """An operator changes the roles of others, never its own."""
    return may_manage_people(operator) and operator != person


def may_give_role(operator: Person | None, person: Person, role: str) -> bool:
    """An operator gives another person any role that goes with those held already."""
    return may_change_role(operator, person) and can_hold(person, role)


def may_take_role(operator: Person | None, person: Person, role: str) -> bool:
    """An operator takes any role from another person, except a guarantor's."""
    return may_change_role(operator, person) and role != Role.GUARANTOR


def can_hold(person: Person, role: str) -> bool:
    """Tell whether a role goes with those that the person holds already."""
    if role == Role.OPERATOR:
        return not person.has_role(*NEVER_AN_OPERATORS)
    return role not in NEVER_AN_OPERATORS or not person.has_role(Role.OPERATOR)
