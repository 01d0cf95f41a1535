"""Who is heard: on what, with which interests declared, what they said."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import lock_convention, require_facilitator
from antigone.convention.models import Appointment, Convention, Hearing, Phase
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def plan_hearing(*, convention: Convention, by: Person, **said: Any) -> Hearing:
    """Plan the hearing of an expert. Interests are declared, and where there are none that is written."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, Phase.DELIBERATION)
    hearing = Hearing(convention=locked, **said)
    _check(hearing)
    hearing.save()
    return hearing


@transaction.atomic
def change_hearing(*, hearing: Hearing, version: int, by: Person, **said: Any) -> Hearing:
    """Save a hearing; raise NotPossible where somebody saved it since `version` was read."""
    require_facilitator(by, hearing.convention)
    lock_convention(hearing.convention, Phase.DELIBERATION)
    kept = Hearing.objects.select_for_update().get(pk=hearing.pk)
    if kept.version != version:
        raise NotPossible(
            "hearing_changed",
            gettext_noop(
                "Somebody else saved this hearing meanwhile. What you wrote is kept below, beside what they saved: "
                "put both together, then save."
            ),
        )
    for name, value in said.items():
        setattr(kept, name, value)
    kept.version = version + 1
    _check(kept)
    kept.save()
    return kept


@transaction.atomic
def publish_hearing(*, hearing: Hearing, by: Person) -> None:
    """Show a hearing to everybody, with the interests declared."""
    require_facilitator(by, hearing.convention)
    lock_convention(hearing.convention, Phase.DELIBERATION)
    Hearing.objects.filter(pk=hearing.pk).update(is_published=True)


def _check(hearing: Hearing) -> None:
    """Refuse a hearing without a declaration, an account that is not an expert's here, a session of elsewhere."""
    if not hearing.interests.strip():
        raise WrongInput(
            "interests_missing",
            gettext_noop("Write which interests the expert declared. Where there are none, write “none”."),
        )
    experts = hearing.convention.appointments.filter(role=Appointment.Role.EXPERT)
    if hearing.expert is not None and not experts.filter(person=hearing.expert).exists():
        raise WrongInput(
            "not_its_expert", gettext_noop("This account is not that of an expert of this convention.")
        )
    if hearing.session is not None and hearing.session.convention_id != hearing.convention_id:
        raise WrongInput("session_elsewhere", gettext_noop("This session is not one of this convention."))
