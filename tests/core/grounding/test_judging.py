import pytest

from antigone.core.grounding import Mark, Source, ground_answer


@pytest.mark.parametrize(
    ("true", "lie"),
    [
        ("La navette part de la gare pour la mairie.", "La navette part à la gare pour la mairie."),
        ("Le maire a nommé le directeur du musée.", "Le maire est nommé, le directeur du musée."),
        ("Le maire a nommé le directeur du musée.", "Le directeur a nommé le maire du musée."),
        ("Le forfait coûte 10 € de plus le samedi soir.", "Le forfait coûte 10 € le samedi soir."),
        ("Les agents qui aident les familles sont payés.", "Les agents que aident les familles sont payés."),
        (
            "Les enfants non inscrits ne sont pas accueillis le mercredi.",
            "Les enfants inscrits ne sont pas accueillis le mercredi.",
        ),
        ("La police municipale enregistre les plaintes.", "La police enregistre les plaintes."),
        ("Tarifs\nAdulte | 5,10 €\nEnfant | 3,20 €\nRetraité | 4 €", "Enfant | 5,10 €"),
        ("Tarifs\nAdulte | 5,10 €\nEnfant | 3,20 €\nRetraité | 4 €", "| Adulte | 3,20 € |"),
        ("Adulte : 5,10 € ; enfant : 3,20 €.", "Enfant : 5,10 € ; adulte : 3,20 €."),
        ("Adulte 5,10 €, enfant 3,20 €.", "Enfant 5,10 €, adulte 3,20 €."),
        ("Pour les adultes 5 €, pour les enfants 3 €.", "Pour les enfants 5 €, pour les adultes 3 €."),
        ("Pour les adultes : 5 €, pour les enfants : 3 €.", "5 € pour les enfants, 3 € pour les adultes."),
        ("Depuis 2020, 5 €, avant 3 €.", "5 € avant, 3 € depuis 2020."),
        (
            "Les élèves arrivés avant 9 h mangent gratuitement.",
            "Avant 9 h, mangent gratuitement les élèves arrivés.",
        ),
        ("Le musée (sauf le dimanche) est ouvert au public.", "Le musée est ouvert au public."),
        ("Le musée, qui est gratuit, est ouvert au public.", "Le musée est ouvert au public."),
        ("La carte est gratuite s'il est mineur.", "La carte est gratuite, il est mineur."),
        ("Il n'y a pas de permanence le mardi matin.", "Il y a permanence le mardi matin."),
        ("Nul ne peut voter deux fois au conseil.", "Nul peut voter deux fois au conseil."),
        ("Le maire Paul Martin préside la séance.", "Le maire Paule Martine préside la séance."),
        ("Martin préside la séance du conseil.", "Martine préside la séance du conseil."),
        (
            "Le stationnement est interdit\nPlace du Marché tous les samedis.",
            "Le stationnement est interdit.",
        ),
        (
            "L'avis du maire ou du préfet est requis pour ce permis.",
            "L'avis du maire et du préfet est requis pour ce permis.",
        ),
        (
            "Le délai est d'un mois pour répondre au courrier.",
            "Le délai est de deux mois pour répondre au courrier.",
        ),
        ("Le délai est d'un an et six mois au plus.", "Le délai est d'un an et six jours au plus."),
        (
            "Le logement est attribué par le maire après avis de la commission.",
            "Le logement est attribué par la commission après avis du maire.",
        ),
        ("La ville paie l'association 500 €.", "La ville est payée 500 € par l'association."),
        ("Vous devez payer la taxe avant mai.", "Nous devons payer la taxe avant mai."),
        (
            "Le coût pour la ville est de 12 € par repas servi.",
            "Le tarif pour la ville est de 12 € par repas servi.",
        ),
        (
            "Les locataires des immeubles anciens doivent payer.",
            "Les anciens locataires des immeubles doivent payer.",
        ),
        ("Le budget augmente de 3 % puis de 5 % en 2026.", "Le budget augmente de 5 % puis de 3 % en 2026."),
        (
            "Article 3. Le prêt est limité à un livre.\nArticle 4. Le retard est puni d'une amende.",
            "Selon l'article 3, le retard est puni d'une amende.",
        ),
        (
            "Le retard coûte 1 € par jour à l'usager.",
            "« Le retard coûte 1 € par jour à l'usager » : c'est faux.",
        ),
        (
            "La piscine est ouverte du 1er au 15 juillet 2025.",
            "La piscine est ouverte du 15 au 1er juillet 2025.",
        ),
        (
            "Les chiens sont admis au parc. Les chats ne le sont pas.",
            "Les chiens ne le sont pas. Les chats sont admis au parc.",
        ),
        (
            "Il ouvre un dossier pour chaque famille aidée.",
            "Il ouvre deux dossiers pour chaque famille aidée.",
        ),
        (
            "Une aide est versée aux familles chaque mois.",
            "Aucune aide n'est versée aux familles chaque mois.",
        ),
        ("L'aide est d'un euro par enfant scolarisé.", "L'aide est de l'euro par enfant scolarisé."),
        ("La séance est publique le 3 mars.", "La séance est publique le 3 mars 2031."),
        ("Le prêt est limité à un document.", "Le prêt est limité aux documents."),
    ],
)
def test_small_change_of_words_that_turns_the_meaning_is_not_verified(true: str, lie: str) -> None:
    grounded = ground_answer(lie, [Source("guide", true, "Guide")])
    assert Mark.CITED not in [s.mark for s in grounded.sentences]
    assert Mark.SUPPORTED not in [s.mark for s in grounded.sentences]
