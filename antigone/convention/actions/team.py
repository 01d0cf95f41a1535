"""Who is appointed to a convention, who is sent away, who leaves."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.documents import close_team_documents, open_team_documents
from antigone.convention.actions.rights import lock_convention, require_facilitator, require_guarantor
from antigone.convention.models import Appointment, Convention, Departure, Phase
from antigone.errors import NotAllowed, NotPossible, WrongInput

# Who watches over the draw, or answers the members, does not draw them.
WATCHING = (Appointment.Role.GUARANTOR, Appointment.Role.ELECTED_OFFICIAL)
BEFORE_CLOSED = tuple(phase for phase in Phase.values if phase != Phase.CLOSED)


@transaction.atomic
def appoint(*, convention: Convention, person: Person, role: str, by: Person, title: str = "") -> Appointment:
    """Give `person` a role in this convention; nobody holds two, and who runs the machine holds none."""
    require_facilitator(by, convention)
    locked = lock_convention(convention, *BEFORE_CLOSED)
    if not rules.can_be_appointed(person, role):
        raise NotPossible(
            "cannot_be_appointed",
            gettext_noop(
                "%(name)s cannot be appointed in this role: it goes to people who hold it in their account, and "
                "never to an operator."
            ),
            name=person.name,
        )
    if role in WATCHING and rules.prepares_its_draw(person, locked):
        raise NotPossible(
            "prepares_its_draw",
            gettext_noop(
                "%(name)s facilitates for this organisation and may prepare its draws: neither a guarantor nor an "
                "elected official of its conventions may."
            ),
            name=person.name,
        )
    if (
        locked.members.filter(person=person).exists()
        or locked.appointments.filter(person=person).exists()
        or locked.departures.filter(person=person).exclude(role=role).exists()
    ):
        raise NotPossible(
            "roles_exclude",
            gettext_noop("%(name)s already has a part in this convention: nobody has two in the same one."),
            name=person.name,
        )
    appointment = Appointment.objects.create(
        convention=locked, person=person, name=person.name, role=role, title=title, appointed_by=by
    )
    open_team_documents(appointment)
    return appointment


def appoint_by_email(
    *, convention: Convention, email: str, role: str, by: Person, title: str = ""
) -> Appointment:
    """Appoint whoever has this address. One refusal for every reason: it tells nobody who has an account."""
    require_facilitator(by, convention)
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    try:
        if person is not None:
            return appoint(convention=convention, person=person, role=role, by=by, title=title)
    except NotPossible as error:
        if error.code not in ("cannot_be_appointed", "prepares_its_draw", "roles_exclude"):
            raise
    else:
        # Refused as well where nobody has the address, after the same locks.
        with transaction.atomic():
            lock_convention(convention, *BEFORE_CLOSED)
    raise NotPossible(
        "nobody_to_appoint",
        gettext_noop(
            "Nobody with this address can be appointed in this role. They need an account that holds the role, "
            "no other part in this convention, and not to run the machine."
        ),
    )


@transaction.atomic
def dismiss(*, appointment: Appointment, by: Person, reason: str = "") -> None:
    """End somebody's part. Once the mandate is public, with a reason that everybody reads."""
    require_facilitator(by, appointment.convention)
    locked = lock_convention(appointment.convention, *BEFORE_CLOSED)
    appointment = Appointment.objects.select_related("convention").get(pk=appointment.pk)
    if not rules.can_dismiss(by, appointment):
        raise NotAllowed(
            "not_dismissed",
            gettext_noop(
                "A guarantor of a published convention leaves by themself alone, and nobody sends themself away."
            ),
        )
    if locked.is_public:
        _keep_one_of(locked, appointment)
        _record_departure(appointment, reason, is_own=False)
    close_team_documents(appointment)
    appointment.delete()


@transaction.atomic
def step_down(*, convention: Convention, reason: str, by: Person) -> Departure:
    """End one's own part as a guarantor, with a public reason; once the freeze is lifted, where there is one."""
    require_guarantor(by, convention)
    locked = lock_convention(convention, *BEFORE_CLOSED)
    appointment = locked.appointments.get(person=by)
    departure = _record_departure(appointment, reason, is_own=True)
    close_team_documents(appointment)
    appointment.delete()
    return departure


def _keep_one_of(convention: Convention, appointment: Appointment) -> None:
    """Refuse to leave a published convention without a facilitator, or without anybody to answer."""
    if appointment.role == Appointment.Role.EXPERT:
        return
    if not convention.appointments.filter(role=appointment.role).exclude(pk=appointment.pk).exists():
        raise NotPossible(
            "last_of_role",
            gettext_noop("%(name)s is the only one in this role. Appoint somebody else first."),
            name=appointment.name,
        )


def _record_departure(appointment: Appointment, reason: str, *, is_own: bool) -> Departure:
    if not reason.strip():
        raise WrongInput(
            "departure_without_reason", gettext_noop("Say why, in a sentence: everybody reads it.")
        )
    return Departure.objects.create(
        convention_id=appointment.convention_id,
        person=appointment.person,
        name=appointment.name,
        role=appointment.role,
        title=appointment.title,
        reason=reason.strip(),
        is_own=is_own,
        left_at=timezone.now(),
    )
