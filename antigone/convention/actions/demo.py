"""The conventions of the demonstration: one that is held now, one that is being answered, one of the past."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from antigone.accounts.models import Organisation, Person
from antigone.consultation.models import Statement
from antigone.consultation.opendata.citing import describe_statements
from antigone.convention.actions.avis import write_files
from antigone.convention.actions.reconstructions import import_convention
from antigone.convention.models import (
    Appointment,
    Ballot,
    Convention,
    Identity,
    Judgment,
    Member,
    Note,
    Origin,
    Paragraph,
    Payment,
)
from antigone.convention.opendata.parsing import ConventionFile, read_convention
from antigone.convention.opendata.unpacking import Line
from antigone.selection.models import Draw, Seat

# The day on which the files of invented conventions are written: they are moved by whole weeks to today.
WRITTEN_AT = datetime.fromisoformat("2026-11-24T12:00:00+00:00")
RUNNING, ANSWERED, PAST = "nuit.json", "eau.json", "montpellier.json"
OWN_MEMBER = "Basile"
# Proposal of the convention that is held now → statements of the consultation before it that it takes from.
CONSULTATION = "vivre-la-nuit"
CITED = {1: (2, 16), 2: (3, 9), 3: (5, 6, 14, 24), 4: (4, 15, 23), 5: (10,), 6: (9, 17), 7: (8, 13)}
PRACTICAL = (
    "Rendez-vous à 8 h 45 à l’accueil. Le déjeuner est offert ; dites-nous avant mercredi ce que vous ne mangez pas. "
    "Garde d’enfants sur place. Si vous avez un empêchement, appelez le 05 55 00 10 10."
)


@transaction.atomic
def load_demo_conventions(*, folder: Path, by: Person, member: Person, team: list[Person]) -> None:
    """Make the three conventions from the files of a folder; done twice, it adds nothing.

    `team` are those appointed under their names in the files; `member` sits in the convention that is held now.
    """
    organisation = by.organisation
    if organisation is None or Convention.objects.filter(organisation=organisation).exists():
        return
    city, _new = Organisation.objects.get_or_create(
        slug="montpellier",
        defaults={"name": "Montpellier (reconstitution)", "kind": Organisation.Kind.AUTHORITY},
    )
    import_convention(file=_read(folder / PAST), organisation=city, by=None)
    answered = _bring_to_life(_read(folder / ANSWERED), organisation, [by, *team])
    for avis in answered.avis.exclude(delivered_at=None):
        write_files(avis, site=f"http://localhost:{settings.PORT}", now=timezone.now())
    running = _bring_to_life(_read(folder / RUNNING), organisation, [by, *team])
    _take_seats(running)
    _seat(running, member)
    _cite(running)
    for convention in (answered, running):
        convention.sessions.update(practical=PRACTICAL)


def _read(path: Path) -> ConventionFile:
    return read_convention(path.read_bytes())


def _bring_to_life(file: ConventionFile, organisation: Organisation, team: list[Person]) -> Convention:
    """Build a convention of the demonstration as if it had been held here up to today."""
    now = timezone.now()
    weeks = timedelta(weeks=(now - WRITTEN_AT) // timedelta(weeks=1))
    for lines in file.lines.values():
        for line in lines:
            _move(line, weeks)
    convention = import_convention(file=file, organisation=organisation, by=None).convention
    convention.is_reconstruction = False
    convention.created_by = team[0]
    convention.save(update_fields=["is_reconstruction", "created_by"])
    guarantor = None
    for appointment in convention.appointments.all():
        appointment.person = next((person for person in team if person.name == appointment.name), None)
        appointment.save(update_fields=["person"])
        if appointment.role == Appointment.Role.GUARANTOR:
            guarantor = appointment.person
        if appointment.role == Appointment.Role.EXPERT:
            convention.hearings.filter(expert_name=appointment.name).update(expert=appointment.person)
    # Imported, they joined today: too late for the votes that are open.
    convention.members.update(joined_at=convention.sessions.get(number=1).starts_at)
    convention.freezes.update(frozen_by=guarantor, lifted_by=guarantor)
    convention.observations.update(written_by=guarantor)
    return convention


def _move(line: Line, weeks: timedelta) -> None:
    values: dict[str, Any] = line.values
    for name, value in values.items():
        if hasattr(value, "isoformat"):
            values[name] = value + weeks


def _take_seats(convention: Convention) -> None:
    """Give the members the seats of the draw of the same name, with what the draw counted."""
    draw = Draw.objects.filter(organisation=convention.organisation_id, title=convention.title).first()
    if draw is None:
        return
    convention.draw = draw
    convention.save(update_fields=["draw"])
    seats = Seat.objects.filter(draw=draw).select_related("holder").order_by("number")
    members = list(convention.members.order_by("number"))
    for member, seat in zip(members, seats, strict=False):
        member.seat = seat
        member.features = seat.holder.features
    Member.objects.bulk_update(members, ["seat", "features"])


def _cite(convention: Convention) -> None:
    """Have the first paragraph of each proposal take from statements of the consultation, where it is there."""
    cited = (
        Statement.objects.accepted().filter(consultation__slug=CONSULTATION).select_related("consultation")
    )
    statements = {one.number: one for one in cited}
    figures = describe_statements(statements.values())
    for paragraph in Paragraph.objects.filter(proposal__convention=convention, position=1).select_related(
        "proposal"
    ):
        version = paragraph.versions.order_by("number").first()
        found = [
            statements[number] for number in CITED.get(paragraph.proposal.number, ()) if number in statements
        ]
        Origin.objects.bulk_create(
            Origin(version=version, cited=one, figures=figures[one.pk]) for one in found
        )


def _seat(convention: Convention, person: Person) -> None:
    """Let `person` sit, with an identity, money owed, a note; and let some others have voted already."""
    now = timezone.now()
    own = convention.members.get(pseudonym=OWN_MEMBER)
    own.person = person
    own.save(update_fields=["person"])
    Identity.objects.create(member=own, name=person.name, contact=person.email)
    first = convention.sessions.get(number=1)
    for kind, amount, label, is_paid in (
        (Payment.Kind.INDEMNITY, 2 * convention.indemnity, "Deux jours de la première session", True),
        (Payment.Kind.TRAVEL, 8, "Bus", False),
    ):
        Payment.objects.create(
            member=own,
            session=first,
            kind=kind,
            label=label,
            amount=amount,
            owed_at=first.ends_at,
            paid_at=now if is_paid else None,
        )
    Note.objects.create(
        member=own, text="Demander si le bus de nuit s’arrête devant l’hôpital.", saved_at=now
    )
    others = list(convention.members.exclude(pk=own.pk).order_by("number"))
    Judgment.objects.bulk_create(
        Judgment(ballot=ballot, member=other, level=(3, 4, 5, 4, 2)[index % 5], given_at=now)
        for ballot in Ballot.objects.filter(convention=convention, state=Ballot.State.OPEN)
        for index, other in enumerate(others[:17])
    )
