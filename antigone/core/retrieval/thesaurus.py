"""Words that a town hall and its inhabitants use for the same thing.

"Cantine" is what parents say, "restaurant scolaire" what the regulation says. A word of the question that a
passage lacks counts in part when the passage has one of its group: enough to find it, never as much as the word.
"""

from functools import cache

from antigone.core.retrieval.terms import split_terms

# What a related word counts for, of the word itself.
RELATED_SHARE = 0.9

_GROUPS = """
horaire heure ouverture ouvert ouverte ouvrir ouvre fermeture fermé fermer ferme
tarif prix coût coûter coûte payer montant redevance
cantine restaurant restauration
pièce document justificatif papier
poubelle bac ordure déchet
enlever enlèvement collecte collecter ramassage ramasser évacuer
vélo bicyclette cyclable
voiture véhicule automobile
stationnement stationner garer parking
téléphone téléphoner appeler standard joindre contacter
bibliothèque médiathèque
emprunter emprunt prêt prêter
école scolaire
crèche garderie
annuler annulation décommander
réserver réservation
allergique allergie
tondre tonte tondeuse
bruit sonore tapage nuisance
habitant population
mairie hôtel
élu élus conseiller
subvention aide allocation
augmenter augmentation hausse relever
réduction réduit rabais
dette encours
amende contravention sanction pénalité
interdit interdire interdiction défendu
autoriser autorisé autorisation permis permettre
chien animal animaux
piscine bassin
décès obsèques inhumation
naissance naître
mariage marier
logement habitation domicile
travaux chantier
senior aîné retraité
handicap handicapé
délai durée
échéance limite
chatbot chatgpt conversationnel
perdre perte perdu
voler volé
déménager déménagement emménager
construire construction bâtir
rencontrer rendez-vous permanence recevoir reçoit
rembourser remboursement
résilier résiliation
signaler signalement
jeter déposer dépôt
"""


def related_stems(stem: str) -> frozenset[str]:
    """Return the stems that mean nearly the same as `stem`, without itself.

    >>> sorted(related_stems("cantin"))
    ['restaur']
    >>> related_stems("zol")
    frozenset()
    """
    return _read_groups().get(stem, frozenset())


@cache
def _read_groups() -> dict[str, frozenset[str]]:
    related: dict[str, frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        stems = frozenset(term.stem for term in split_terms(line))
        for stem in stems:
            related[stem] = related.get(stem, frozenset()) | (stems - {stem})
    return related
