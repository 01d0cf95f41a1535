"""Who may do what in a consultation. A visitor is None; an operator, who runs the machine, has no part in any."""

from collections.abc import Callable
from dataclasses import dataclass

from antigone.accounts.models import Person, Role
from antigone.consultation.models import NEVER_MODERATORS, Consultation, Statement


@dataclass(frozen=True, slots=True)
class Citation:
    """Something public that takes from a statement: what it is called, and its page."""

    title: str
    address: str


# Rooms above add here, as they start, what tells who cites a statement.
CITERS: list[Callable[[Statement], list[Citation]]] = []


def list_citations(statement: Statement) -> list[Citation]:
    """Give what takes from a statement and that everybody may read."""
    return [citation for cites in CITERS for citation in cites(statement)]


def can_create(person: Person | None) -> bool:
    """Tell whether `person` may begin a consultation: a facilitator, who has an organisation to do it for."""
    return (
        person is not None
        and person.is_active
        and person.organisation_id is not None
        and person.has_role(Role.FACILITATOR)
        and not person.has_role(Role.OPERATOR)
    )


def can_lead(person: Person | None, consultation: Consultation) -> bool:
    """Tell whether `person` may prepare, open and close it, and say what is published."""
    return Consultation.objects.led_by(person).filter(pk=consultation.pk).exists()


def can_moderate(person: Person | None, consultation: Consultation) -> bool:
    """Tell whether `person` may decide on its statements, and enter votes cast off line."""
    return Consultation.objects.moderated_by(person).filter(pk=consultation.pk).exists()


def can_follow(person: Person | None, consultation: Consultation) -> bool:
    """Tell whether `person` may read what waits for a moderator, and what is suspicious."""
    return Consultation.objects.followed_by(person).filter(pk=consultation.pk).exists()


def can_be_moderator(person: Person) -> bool:
    """Tell whether `person` may be named a moderator: never who watches, answers or runs the machine."""
    return person.is_active and not person.has_role(*NEVER_MODERATORS)
