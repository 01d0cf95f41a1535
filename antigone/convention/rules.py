"""Who may do what in a convention. A visitor is None; an operator, who runs the machine, has no part in any."""

from antigone.accounts.models import Person, Role
from antigone.convention.models import Appointment, Convention, Freeze, Member, Phase, Proposal, Question
from antigone.selection.models import Draw


def can_create(person: Person | None) -> bool:
    """Tell whether `person` may begin a convention: a facilitator, who has an organisation to do it for."""
    return (
        person is not None
        and person.is_active
        and person.organisation_id is not None
        and person.has_role(Role.FACILITATOR)
    )


def holds(person: Person | None, convention: Convention, *roles: str) -> bool:
    """Tell whether `person` is appointed to this convention in one of these roles, and runs no machine."""
    return Appointment.objects.of_person(person).filter(convention=convention, role__in=roles).exists()


def can_facilitate(person: Person | None, convention: Convention) -> bool:
    return holds(person, convention, Appointment.Role.FACILITATOR)


def can_guarantee(person: Person | None, convention: Convention) -> bool:
    return holds(person, convention, Appointment.Role.GUARANTOR)


def can_follow(person: Person | None, convention: Convention) -> bool:
    """Tell whether `person` reads everything of it but what is a member's own."""
    return holds(person, convention, Appointment.Role.FACILITATOR, Appointment.Role.GUARANTOR)


def can_answer(person: Person | None, convention: Convention) -> bool:
    """Tell whether `person` answers its proposals: an elected official appointed to it."""
    return holds(person, convention, Appointment.Role.ELECTED_OFFICIAL)


def is_expert_asked(person: Person | None, question: Question) -> bool:
    """Tell whether `person` is the expert to whom a question was sent, and still one of this convention."""
    return (
        person is not None
        and question.hearing is not None
        and question.hearing.expert_id == person.pk
        and holds(person, question.convention, Appointment.Role.EXPERT)
    )


def can_be_appointed(person: Person, role: str) -> bool:
    """Tell whether `person` may hold this role in a convention: never somebody who runs the machine."""
    return person.is_active and not person.has_role(Role.OPERATOR) and person.has_role(role)


def prepares_its_draw(person: Person, convention: Convention) -> bool:
    """Tell whether `person` may prepare the draws of the convention's organisation, and read who replied to it."""
    return person.organisation_id == convention.organisation_id and person.has_role(Role.FACILITATOR)


def get_member(person: Person | None, convention: Convention) -> Member | None:
    """Return the member that `person` is in this convention and still sits as, or None."""
    return Member.objects.of_person(person).sitting().filter(convention=convention).first()


def can_write(person: Person | None, proposal: Proposal) -> bool:
    """Tell whether `person` writes in this proposal: a facilitator, or one of its writers; any member without."""
    convention = proposal.convention
    if can_facilitate(person, convention):
        return True
    member = get_member(person, convention)
    if member is None:
        return False
    writers = set(proposal.writers.values_list("pk", flat=True))
    return not writers or member.pk in writers


def can_dismiss(person: Person | None, appointment: Appointment) -> bool:
    """Tell whether `person` may send somebody away: never a guarantor once the mandate is published."""
    if appointment.role == Appointment.Role.GUARANTOR and appointment.convention.is_public:
        return False
    return appointment.person != person and can_facilitate(person, appointment.convention)


def is_draw_stopped(draw: Draw) -> bool:
    """Tell whether the convention that this draw seats is frozen."""
    return Freeze.objects.filter(convention__draw=draw, lifted_at=None).exists()


def is_kept(person: Person) -> bool:
    """Tell whether nobody but `person` may end their part: the guarantor of a convention that is not closed."""
    guarded = Appointment.objects.filter(
        person=person, role=Appointment.Role.GUARANTOR, convention__is_reconstruction=False
    )
    return guarded.exclude(convention__phase=Phase.CLOSED).exists()
