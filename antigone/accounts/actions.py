"""Every change of people, roles and of who one is."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import login, logout
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts import rules
from antigone.accounts.models import HeldRole, Installation, Organisation, Person, Role
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
        if password is not None:
            validate_password(password, Person(email=email, name=name))
        person = Person.objects.create_person(email=email, name=name, password=password, **fields)
    except ValidationError as error:
        raise WrongInput("person_refused", " ".join(error.messages)) from error
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
    _forget_loaded_roles(person)
    return held


@transaction.atomic
def take_role(*, person: Person, role: str, by: Person | None) -> None:
    """Take a role back. `by` is None from the command line only."""
    _check_role(role)
    if by is not None and not rules.may_take_role(by, person, role):
        raise NotAllowed("role_not_taken", gettext_noop("You may not take this role from this person."))
    if role == Role.GUARANTOR and rules.is_kept(person):
        raise NotPossible(
            "guarantor_kept",
            gettext_noop(
                "This person is the guarantor of a convention that is not closed: nobody ends that part but themself."
            ),
        )
    person.roles.filter(role=role).delete()
    _forget_loaded_roles(person)


@transaction.atomic
def change_roles(*, person: Person, roles: Iterable[str], by: Person) -> None:
    """Give and take until the person holds exactly these roles."""
    wanted, held = set(roles), set(person.roles.values_list("role", flat=True))
    for role in sorted(held - wanted):
        take_role(person=person, role=role, by=by)
    for role in sorted(wanted - held):
        give_role(person=person, role=role, by=by)


def choose_language(*, person: Person, language: str) -> None:
    """Keep the language in which the person reads."""
    person.language = language
    person.save(update_fields=["language"])


def set_password(*, person: Person, password: str) -> None:
    """Replace the password and end every session that the old one opened."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WrongInput("password_refused", " ".join(error.messages)) from error
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(person=person)


def end_sessions(*, person: Person) -> int:
    """Sign the person out everywhere; return how many sessions were open."""
    opened = list(UserSession.objects.filter(user=person))
    for session in opened:
        session.end()
    return len(opened)


@transaction.atomic
def forget_ended_sessions() -> int:
    """Forget the sessions that are over, with the addresses and browsers they came from; return how many."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    count: int = ended.count()
    ended.delete()
    return count


def forget_second_factor(*, person: Person) -> int:
    """Let the person sign in with the password alone; return how many factors were forgotten."""
    forgotten, _kinds = Authenticator.objects.filter(user=person).delete()
    return int(forgotten)


def switch_demo_person(*, request: HttpRequest, person: Person | None) -> None:
    """Become an invented person, or a visitor again, where everything is invented."""
    if not Installation.objects.is_demo() or (person is not None and not person.is_demo):
        raise NotPossible("not_a_demo", gettext_noop("Roles are tried in a demonstration only."))
    logout(request)
    if person is not None:
        login(request, person, backend="antigone.accounts.backends.Backend")
        UserSession.objects.create_from_request(request)


def _forget_loaded_roles(person: Person) -> None:
    """Drop roles read before they changed, so that `has_role` reads them again."""
    getattr(person, "_prefetched_objects_cache", {}).pop("roles", None)


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise WrongInput(
            "unknown_role",
            gettext_noop("There is no role “%(role)s”. The roles are: %(roles)s."),
            role=role,
            roles=", ".join(Role.values),
        )


# Name, address, role, whether with the city, group. Named as in the tests.
DEMO_PEOPLE = [
    ("Alice Morel", "alice", Role.FACILITATOR, True, None),
    ("Bob Lefèvre", "bob", Role.MEMBER, False, None),
    ("Chloé Martin", "chloe", Role.AGENT, True, "Agents d’accueil"),
    ("Inès Benali", "ines", Role.AGENT, True, "Documentalistes"),
    ("David Nguyen", "david", Role.DEVELOPER, False, None),
    ("Esther Kouassi", "esther", Role.GUARANTOR, False, None),
    ("Farid Haddad", "farid", Role.ELECTED_OFFICIAL, True, None),
    ("Gaëlle Robin", "gaelle", Role.ETHICS_MEMBER, False, None),
    ("Hugo Fontaine", "hugo", Role.PROTECTION_OFFICER, True, None),
    ("Jeanne Astier", "jeanne", Role.EXPERT, False, None),
    ("Olivia Petit", "olivia", Role.OPERATOR, True, None),
]


@transaction.atomic
def create_demo_people() -> list[Person]:
    """Mark an empty database as a demonstration's and make its people; again, only those who are missing.

    None has a password: they are become on the page of roles, in a demonstration only.
    """
    if not Installation.objects.is_demo() and Person.objects.exists():
        raise NotPossible(
            "people_are_real",
            gettext_noop("This database holds real people. Make the demonstration in another one."),
        )
    Installation.objects.update_or_create(pk=1, defaults={"is_demo": True})
    city, company = _demo_organisations()
    groups = {
        name: city.groups.get_or_create(name=name)[0] for name in ("Documentalistes", "Agents d’accueil")
    }
    people = []
    for name, address, role, is_of_city, group in DEMO_PEOPLE:
        email = f"{address}@valmont.example"
        person = Person.objects.filter(email=email).first() or create_person(
            email=email,
            name=name,
            roles=[role],
            is_demo=True,
            organisation=city if is_of_city else company if role == Role.DEVELOPER else None,
        )
        person.groups.set([groups[group]] if group else [])
        people.append(person)
    return people


def _demo_organisations() -> tuple[Organisation, Organisation]:
    city, _new = Organisation.objects.get_or_create(
        slug="valmont", defaults={"name": "Ville de Valmont", "kind": Organisation.Kind.AUTHORITY}
    )
    company, _new = Organisation.objects.get_or_create(
        slug="valmont-numerique", defaults={"name": "Valmont Numérique", "kind": Organisation.Kind.COMPANY}
    )
    return city, company
