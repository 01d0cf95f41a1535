"""An invented convention, made the same way every time; whatever must not be seen begins with SECRET-."""

from datetime import timedelta

from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention.actions import appoint, create_convention
from antigone.convention.models import Convention, Identity, Member

AGES = ("16-29", "30-59", "60+")
GENDERS = ("femme", "homme")


def begin_convention(
    facilitator: Person, *, guarantor: Person, official: Person, expert: Person
) -> Convention:
    """Begin a convention with its whole team and a complete mandate, not published yet."""
    today = timezone.localdate()
    convention = create_convention(
        title="La ville et l’intelligence artificielle",
        question="Quelle intelligence artificielle au service des habitants ?",
        commissioner="Conseil municipal",
        context="La ville fait fonctionner sa propre intelligence artificielle.",
        commitment="Chaque proposition reçoit une réponse motivée.",
        criteria="Âge, genre",
        seats=10,
        budget=90_000,
        funding="Budget de la ville",
        starts_date=today,
        ends_date=today + timedelta(days=60),
        answers_due_date=today + timedelta(days=120),
        indemnity=92,
        by=facilitator,
    )
    for person, role in ((guarantor, "guarantor"), (official, "elected_official"), (expert, "expert")):
        appoint(
            convention=convention,
            person=person,
            role=role,
            title=f"Fonction de {person.name}",
            by=facilitator,
        )
    return convention


def seat_members(convention: Convention, number: int) -> list[Member]:
    """Seat members under names of their own, each with an identity that the public never sees."""
    now = timezone.now()
    members = Member.objects.bulk_create(
        Member(
            convention=convention,
            number=index + 1,
            pseudonym=f"Membre {index + 1}",
            features={"âge": AGES[index * 7 % 3], "genre": GENDERS[index % 2]},
            joined_at=now,
        )
        for index in range(number)
    )
    Identity.objects.bulk_create(
        Identity(
            member=member,
            name=f"SECRET-Nom-{member.number}",
            contact=f"SECRET-06-{member.number:04}",
            needs=f"SECRET-besoin-{member.number}",
        )
        for member in members
    )
    return members
