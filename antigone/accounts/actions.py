"""Every change of people, roles and of who one is."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from antigone.accounts import rules
from antigone.accounts.models import HeldRole, Installation, Person, Role
from antigone.errors import NotAllowed, NotPossible, WrongInput


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    password: str | None = None,
    roles: Iterable[str] = (),
    by: Person | None = None,
    **fields: Any,
) -> Person:
    """Save a person with these roles; `by` is None from the command line only."""
    try:
        person = Person.objects.create_person(email=email, name=name, password=password, **fields)
    except ValidationError as error:
        raise WrongInput("person_refused", "; ".join(error.messages)) from error
    for role in roles:
        give_role(person=person, role=role, by=by)
    return person


@transaction.atomic
def give_role(*, person: Person, role: str, by: Person | None) -> HeldRole:
    """Give a role; once is enough. `by` is None from the command line only."""
    _check_role(role)
    if by is not None and not rules.may_give_role(by, person, role):
        raise NotAllowed("role_not_given", gettext_noop("You may not give this role to this person."))
    if not rules.can_hold(person, role):
        raise NotPossible(
            "roles_exclusive",
            gettext_noop("An operator cannot also be a guarantor, a facilitator or an elected official."),
        )
    held, _created = HeldRole.objects.get_or_create(person=person, role=role, defaults={"given_by": by})
    return held


@transaction.atomic
def take_role(*, person: Person, role: str, by: Person | None) -> None:
    """Take a role back. `by` is None from the command line only."""
    _check_role(role)
    if by is not None and not rules.may_take_role(by, person, role):
        raise NotAllowed("role_not_taken", gettext_noop("You may not take this role from this person."))
    person.roles.filter(role=role).delete()


def choose_language(*, person: Person, language: str) -> None:
    """Keep the language in which the person reads."""
    person.language = language
    person.save(update_fields=["language"])


def set_password(*, person: Person, password: str) -> None:
    """Replace the password and end every session that the old one opened."""
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(person=person)


def end_sessions(*, person: Person) -> int:
    """Sign the person out everywhere; return how many sessions were open."""
    opened = list(UserSession.objects.filter(user=person))
    for session in opened:
        session.end()
    return len(opened)


def switch_demo_person(*, request: HttpRequest, person: Person | None) -> None:
    """Become an invented person, or a visitor again, where everything is invented."""
    if not Installation.objects.is_demo() or (person is not None and not person.is_demo):
        raise NotPossible("not_a_demo", gettext_noop("Roles are tried in a demonstration only."))
    logout(request)
    if person is not None:
        login(request, person, backend="antigone.accounts.backends.Backend")


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise WrongInput(
            "unknown_role",
            gettext_noop("There is no role “%(role)s”. The roles are: %(roles)s."),
            role=role,
            roles=", ".join(Role.values),
        )
