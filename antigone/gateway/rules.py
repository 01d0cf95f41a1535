"""Who holds keys, who sets limits, who sees what was used. A visitor is None."""

from antigone.accounts.models import Organisation, Person, Role
from antigone.gateway.models import Key
from antigone.register.models import Use


def is_operator(person: Person | None) -> bool:
    """Operators set the limits of organisations and uses, and declare engines."""
    return person is not None and person.is_active and person.has_role(Role.OPERATOR)


def is_developer(person: Person | None) -> bool:
    """Developers of an organisation make keys, try models, and see what their organisation used."""
    return (
        person is not None
        and person.is_active
        and person.organisation_id is not None
        and person.has_role(Role.DEVELOPER)
    )


def can_make_keys(person: Person | None, use: Use) -> bool:
    """Keys are made by developers of the use's own organisation."""
    return is_developer(person) and person is not None and person.organisation_id == use.organisation_id


def can_revoke(person: Person | None, key: Key) -> bool:
    """Anybody who could have made a key, and operators, may take it away."""
    return can_make_keys(person, key.use) or is_operator(person)


def can_see_usage(person: Person | None, organisation: Organisation) -> bool:
    """An organisation's developers, and operators, see what it used."""
    if is_operator(person):
        return True
    return is_developer(person) and person is not None and person.organisation_id == organisation.pk
