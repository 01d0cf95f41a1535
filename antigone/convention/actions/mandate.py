"""A convention begins: who facilitates it, who is appointed to it."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import Appointment, Convention, Phase
from antigone.errors import NotAllowed, NotPossible


@transaction.atomic
def create_convention(
    *, title: str, question: str, commissioner: str, by: Person, **mandate: Any
) -> Convention:
    """Begin a convention of the organisation of `by`, who facilitates it; nobody else sees it yet."""
    if by.organisation_id is None or not rules.can_create(by):
        raise NotAllowed(
            "not_facilitator_of_organisation",
            gettext_noop("Only a facilitator who belongs to an organisation may begin a convention."),
        )
    convention = Convention.objects.create(
        organisation_id=by.organisation_id,
        slug=_choose_slug(title),
        title=title,
        question=question,
        commissioner=commissioner,
        created_by=by,
        **mandate,
    )
    Appointment.objects.create(
        convention=convention,
        person=by,
        name=by.name,
        role=Appointment.Role.FACILITATOR,
        appointed_by=by,
    )
    return convention


@transaction.atomic
def appoint(*, convention: Convention, person: Person, role: str, by: Person, title: str = "") -> Appointment:
    """Give `person` a role in this convention; nobody holds two, and who runs the machine holds none."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *(phase for phase in Phase.values if phase != Phase.CLOSED))
    if not rules.can_be_appointed(person, role):
        raise NotPossible(
            "cannot_be_appointed",
            gettext_noop(
                "%(name)s cannot be appointed in this role: it goes to people who hold it in their account, and "
                "never to an operator."
            ),
            name=person.name,
        )
    if locked.members.filter(person=person).exists() or locked.appointments.filter(person=person).exists():
        raise NotPossible(
            "roles_exclude",
            gettext_noop("%(name)s already has a part in this convention: nobody has two in the same one."),
            name=person.name,
        )
    return Appointment.objects.create(
        convention=locked, person=person, name=person.name, role=role, title=title, appointed_by=by
    )


def _choose_slug(title: str) -> str:
    """Return what the address of the convention ends with: its title, then a number where it is taken."""
    stem = slugify(title)[:70].strip("-") or "convention"
    taken = set(Convention.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(
        slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken
    )
