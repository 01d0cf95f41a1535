"""The recruitment of the demonstration: an invented register, letters sent, replies that come in."""

import random
from datetime import timedelta

from django.utils import timezone

from antigone.accounts.models import Person
from antigone.core.sortition.tables import write_table
from antigone.selection.actions.recruitment.contacting import draw_contacts, note_announcement
from antigone.selection.actions.recruitment.importing import run_register_import
from antigone.selection.actions.recruitment.invitations import export_letters, note_call
from antigone.selection.actions.recruitment.prepare import (
    Terms,
    create_recruitment,
    keep_register,
    map_columns,
)
from antigone.selection.actions.recruitment.replies import Answers, enter_reply
from antigone.selection.models import Invitation, Recruitment

VOTERS, INVITED, SEED = 1_800, 240, "4-1-7, mairie de Valmont"
DISTRICTS = {"Vieux-Valmont": 5, "Les Moulins": 4, "Gare": 3, "Plateau": 2, "Bord de l’eau": 2}
STREETS = (
    "rue des Tanneurs",
    "avenue de la Gare",
    "place du Vieux-Puits",
    "chemin des Moulins",
    "quai de l’Orme",
)
GIVEN = (
    "Adèle",
    "Bilal",
    "Camille",
    "Djamila",
    "Émile",
    "Fanta",
    "Gabriel",
    "Hélène",
    "Ismaël",
    "Jeanne",
    "Karim",
)
FAMILY = (
    "Abadie",
    "Besson",
    "Carpentier",
    "Diallo",
    "Estève",
    "Ferrand",
    "Garnier",
    "Haddad",
    "Imbert",
    "Joly",
    "Konaté",
)
FEATURES = {
    "Genre": {"Femme": "52", "Homme": "48"},
    "Âge": {"16-29": "23", "30-44": "26", "45-59": "24", "60 et plus": "27"},
    "Diplôme": {"Sans le bac": "45", "Bac": "20", "Études supérieures": "35"},
}
# Those who reply are not like those who do not: the bars show it.
READY = {"Genre": (5, 6), "Âge": (1, 3, 4, 5), "Diplôme": (2, 2, 6)}
DATES = [
    "Samedi 16 et dimanche 17 janvier",
    "Samedi 6 et dimanche 7 février",
    "Samedi 27 et dimanche 28 février",
]


def load_demo_recruitment(*, by: Person) -> None:
    """Make a recruitment whose replies come in; done twice, it adds nothing."""
    if Recruitment.objects.filter(organisation=by.organisation_id).exists():
        return
    chance = random.Random(SEED)  # noqa: S311 (an invented town)
    today = timezone.localdate()
    made = create_recruitment(
        terms=Terms(
            title="Convention citoyenne sur l’eau et la chaleur",
            purpose="Comment Valmont doit-elle partager l’eau et l’ombre quand il fait très chaud ? Trente habitants "
            "en débattent pendant trois week-ends ; le conseil municipal répond à chaque proposition.",
            origin="Votre nom et votre adresse viennent de la liste électorale de la commune, que tout électeur peut "
            "consulter (code électoral, article L37). Le conseil municipal a décidé de s’en servir pour ce tirage.",
            missing="Les habitants qui ne sont pas inscrits : étrangers hors de l’Union européenne, personnes mal "
            "inscrites ou de moins de dix-huit ans. Des associations les invitent par ailleurs.",
            contact_point="Mairie de Valmont, protection des données, 1 place du Vieux-Puits, 01 99 00 12 34",
            reply_date=today + timedelta(days=30),
            purge_date=today + timedelta(days=150),
            features=FEATURES,
            dates=DATES,
        ),
        source=Recruitment.Source.REGISTER,
        by=by,
    )  # fmt: skip
    layout = keep_register(recruitment=made, chunks=[_write_register(chance)], by=by)
    map_columns(recruitment=made, roles=layout.guess_roles(), drops_repeated=True, by=by)
    run_register_import(made.pk)
    now = timezone.now()
    Recruitment.objects.filter(pk=made.pk).update(sealed_at=now - timedelta(days=4))
    made.refresh_from_db()
    event = "trois chiffres tirés en mairie devant la garante et le public"
    note_announcement(made, event, now - timedelta(days=1), now - timedelta(days=3))
    draw_contacts(recruitment=made, size=INVITED, seed=SEED, one_per_household=True, by=by)
    export_letters(recruitment=made, reminds=False, by=by)
    _reply(made, chance, by)


def _write_register(chance: random.Random) -> bytes:
    rows = []
    for number in range(VOTERS):
        name = [chance.choice(FAMILY), chance.choice(GIVEN)]
        street = f"{chance.randrange(1, 180)} {chance.choice(STREETS)}"
        # Numbers that Arcep keeps for fiction.
        phone = f"063998{chance.randrange(10_000):04}" if number % 4 else ""
        (district,) = chance.choices(list(DISTRICTS), list(DISTRICTS.values()))
        rows.append([f"E{number:05}", *name, street, "01999", "Valmont", district, phone])
    header = ["identifiant", "nom", "prénom", "adresse", "code postal", "commune", "quartier", "téléphone"]
    return write_table(header, rows)


def _reply(recruitment: Recruitment, chance: random.Random, by: Person) -> None:
    for invitation in Invitation.objects.filter(recruitment=recruitment).select_related("contact"):
        said = chance.random()
        if said < 0.32:
            features = {
                feature: chance.choices(list(values), READY[feature])[0]
                for feature, values in FEATURES.items()
            }
            answers = Answers(
                features=features,
                name=invitation.contact.name if invitation.contact else "",
                reach="01 99 00 00 00",
                unavailable=[date for date in DATES if chance.random() < 0.12],
                childcare=chance.random() < 0.1,
                mobility=chance.random() < 0.05,
                plain_language=chance.random() < 0.15,
            )
            enter_reply(invitation=invitation, answers=answers, by=by)
        elif said < 0.55:
            note_call(
                invitation=invitation,
                outcome=chance.choice(["declined", "declined", "unreachable", "opted_out"]),
                by=by,
            )
