"""An invented consultation, made the same way every time; whatever must not be seen begins with SECRET-."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.voting import save_votes
from antigone.consultation.models import Consultation, Participant, Statement

WORDS = (
    "Les cantines doivent servir deux repas végétariens par semaine.",
    "Il faut éteindre l’éclairage public de minuit à cinq heures.",
    "Le centre doit être fermé aux voitures le dimanche.",
    "La ville devrait prêter des vélos aux collégiens.",
    "Le stationnement doit rester gratuit le soir.",
    "Chaque quartier a besoin d’un jardin partagé.",
    "Les bus doivent passer jusqu’à une heure du matin le samedi.",
    "La ville doit dire ce que coûte chaque service.",
)


def begin_consultation(leader: Person, *, today: date | None = None) -> Consultation:
    """Begin a consultation of the leader's organisation, open now, without a statement."""
    day = today or timezone.localdate()
    assert leader.organisation is not None
    return Consultation.objects.create(
        organisation=leader.organisation,
        slug="vivre-ici",
        title="Vivre ici",
        question="Qu’est-ce qui rendrait la vie meilleure ici ?",
        context="Le conseil municipal prépare son projet pour trois ans.",
        asked_by="Le conseil municipal",
        use="Le conseil répondra en public à ce qui rassemble.",
        opens_date=day - timedelta(days=10),
        closes_date=day + timedelta(days=20),
        published_at=timezone.now() - timedelta(days=11),
        created_by=leader,
    )


def add_statements(consultation: Consultation, words: Sequence[str] = WORDS) -> list[Statement]:
    """Add seed statements, accepted."""
    first = consultation.last_statement + 1
    made = Statement.objects.bulk_create(
        Statement(
            consultation=consultation,
            number=number,
            text=text,
            key=text.casefold(),
            is_seed=True,
            state=Statement.State.ACCEPTED,
            created_at=timezone.now(),
        )
        for number, text in enumerate(words, first)
    )
    consultation.last_statement += len(made)
    consultation.save(update_fields=["last_statement"])
    return made


def add_votes(
    consultation: Consultation, rows: Sequence[Sequence[int | None]], *, network: str = ""
) -> list[Participant]:
    """Add a participant a row, with a vote (1, 0, -1; None: none) on each statement in the order of their numbers."""
    now = timezone.now()
    statements = list(consultation.statements.order_by("number"))
    people = [
        Participant.objects.create(consultation=consultation, network=network, joined_at=now) for _row in rows
    ]
    save_votes(
        consultation,
        [
            (person.pk, statement.pk, value, False)
            for person, row in zip(people, rows, strict=True)
            for statement, value in zip(statements, row, strict=False)
            if value is not None
        ],
        now,
    )
    return people


def make_camps(consultation: Consultation, sizes: tuple[int, int] = (12, 10)) -> list[Participant]:
    """Add two camps that agree on statements 1 and 2 and on nothing else, each with somebody who does not follow."""
    count = consultation.statements.count()
    rows: list[list[int | None]] = []
    for camp, size in enumerate(sizes):
        side = 1 if camp == 0 else -1
        for place in range(size):
            row: list[int | None] = [1, 1, *[side * (1 if number % 2 else -1) for number in range(count - 2)]]
            row[2 + place % max(count - 2, 1)] = 0
            rows.append(row)
    return add_votes(consultation, rows)
