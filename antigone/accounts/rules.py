"""Who may do what with people and roles."""

from collections.abc import Callable

from antigone.accounts.models import Person, Role

# Whoever runs the machine may not also judge it: these and the operator's role exclude each other.
NEVER_AN_OPERATORS = frozenset({Role.GUARANTOR, Role.FACILITATOR, Role.ELECTED_OFFICIAL})

# Rooms above add here, as they start, when somebody's part is theirs alone to give up.
KEEPERS: list[Callable[[Person], bool]] = []


def is_kept(person: Person) -> bool:
    """Tell whether nobody may close this account, take its guarantor's role or make it an operator's."""
    return any(keeps(person) for keeps in KEEPERS)


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
        return not person.has_role(*NEVER_AN_OPERATORS) and not is_kept(person)
    return role not in NEVER_AN_OPERATORS or not person.has_role(Role.OPERATOR)
