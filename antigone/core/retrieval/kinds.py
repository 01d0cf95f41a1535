"""The kind of answer that a question expects, and the sentences that could be of that kind.

A question that asks "quand" is better answered by a sentence that holds a date. Both readings are shallow:
patterns on the words of the question, patterns on the sentence. They weigh, they never decide.
"""

import re
from enum import StrEnum

from antigone.core.retrieval.terms import fold


class AnswerKind(StrEnum):
    """Name what a question asks for."""

    TIME = "time"
    PRICE = "price"
    NUMBER = "number"
    CONTACT = "contact"
    PERSON = "person"
    PLACE = "place"
    STEPS = "steps"
    CONDITIONS = "conditions"
    REASON = "reason"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    OTHER = "other"


FIGURES = frozenset((AnswerKind.TIME, AnswerKind.PRICE, AnswerKind.NUMBER, AnswerKind.CONTACT))
NAMES = frozenset((AnswerKind.PERSON, AnswerKind.PLACE))


def _word(words: str) -> str:
    """Write the pattern of one word among `words`, which spaces separate; `_` stands for a space inside."""
    return rf"\b(?:{words.replace(' ', '|').replace('_', ' ')})\b"


# On the folded question; tried in this order, the first that matches names the kind.
_WHICH = r"(?:^|\bquel(?:le)?s? )(?:(?:est|sont|etait|etaient|fut) )?(?:l[ae'] ?|les )?"
_CALLED = r"comment (?:s'appel|se nomm|appel|s'intitul)"
_PAPERS = "pieces? documents? justificatifs? demarches? etapes? formalites? papiers"
_ASKED = {
    AnswerKind.TIME: (
        r"^(?:\w+ )?quand\b",
        r"\bcombien d[e'] ?(?:temps|jours|mois|an)",
        _word(
            "heures? horaires? dates? duree delais? echeance ouverte?s? ouvre ouvrent fermee?s? ferme ferment"
        ),
        _WHICH + _word("jours? mois siecles? annees? epoques? periodes? saisons? decennies?"),
    ),
    AnswerKind.PRICE: (
        r"\bcombien (?:coute|vaut|paye|paie|doit-on|faut-il payer|dois-je)",
        _word("coute coutent couter payante?s? payer"),
        _WHICH + _word("prix tarifs? couts? montants? amendes? loyers? frais"),
    ),
    AnswerKind.CONTACT: (
        _word(
            "telephone telephoner mails? e-mails? courriels? joindre contacter contacts?"
            " coordonnees site_internet"
        ),
        r"\badresse (?:mail|e-mail|electronique|internet)\b|\bqui appeler\b",
    ),
    AnswerKind.NUMBER: (
        r"\bcombien\b",
        _word(
            "pourcentage proportion nombre superficie surface population taille hauteur distance longueur "
            "largeur altitude taux score age quantite capacite vitesse poids seuil limite"
        ),
    ),
    AnswerKind.CONDITIONS: (
        _word("conditions? criteres?"),
        r"\bqui (?:peut|peuvent|a droit|doit)\b|\bquels? cas\b|\bai-je (?:le )?droit",
    ),
    AnswerKind.STEPS: (
        _WHICH + _word(_PAPERS),
        _word(_PAPERS) + r".*\bf(?:ournir|aut)",
        rf"^(?:et )?(?!{_CALLED})comment |\bque (?:faire|faut-il|dois-je)\b",
    ),
    AnswerKind.REASON: (_word("pourquoi raisons? causes? motifs?"),),
    AnswerKind.PLACE: (
        r"^(?:d'|jusqu'|par |vers )?ou\b|\bou (?:se|est|sont|a|ont|puis|peut|faut|trouve)\b",
        _WHICH
        + _word(
            "villes? pays lieux? regions? endroits? adresses? rues? communes? continents? departements? "
            "quartiers? etats? iles? provinces?"
        ),
    ),
    AnswerKind.DEFINITION: (
        r"\bqu'?est[- ]ce qu(?:e\b|')|\bc'est quoi\b|\bque sont\b",
        _word("signifie definition definit veut_dire designe"),
    ),
    AnswerKind.PERSON: (
        r"^(?:(?:par|avec|de|a|contre|chez|pour|selon|en) |d'apres )?qui\b",
        rf"\b{_CALLED}",
        _WHICH
        + _word(
            "noms? personnes? hommes? femmes? auteurs? rois? presidents? joueurs? equipes? clubs? elue?s? "
            "maires? societes? entreprises?"
        ),
    ),
    AnswerKind.YES_NO: (
        r"^est-ce qu|^(?:(?!qu|comment|combien).)*\b\w+-(?:t-)?(?:il|elle|on|je|ils|elles|vous|ce)\b",
    ),
}
_QUESTIONS = {kind: re.compile("|".join(patterns)) for kind, patterns in _ASKED.items()}

_CAPITAL = r"[A-ZÀ-Þ][\w’'-]+"
_HELD = {
    AnswerKind.TIME: (
        r"\b(?:1\d{3}|20\d\d)\b|\b\d{1,2} ?h(?: ?\d\d)?\b|\b\d{1,2}:\d\d\b|\bsiècle",
        _word("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        _word(
            "lundis? mardis? mercredis? jeudis? vendredis? samedis? dimanches? printemps été automne hiver"
        ),
        r"\b\w+ " + _word("ans années? jours? mois semaines? heures? minutes?"),
    ),
    AnswerKind.PRICE: (
        r"\d\s?(?:€|\$|EUR\b|F\b)",
        r"\d\s(?:\w+ (?:d[e'’]\s?)?)?"
        + _word("euros? dollars? francs? livres? centimes? millions milliards"),
        r"\bgratuit",
    ),
    AnswerKind.CONTACT: (r"\b0\d(?:[ .]?\d\d){4}\b|\+33|[\w.-]+@[\w-]+\.\w+|\b(?:www|https?:)",),
    AnswerKind.NUMBER: (
        r"\d+",
        _word(
            "deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante"
        ),
        _word("soixante cents? mille millions? milliards? dizaines? douzaines? centaines? milliers?"),
        _word("moitié tiers quart aucune? seule?"),
    ),
    AnswerKind.PERSON: (rf"(?<![.!?»] )(?<=[\s'’(«]){_CAPITAL}",),
    AnswerKind.PLACE: (
        rf"\b(?:à|au|aux|en|dans|près d[eu]|sur|vers|depuis|de|du)\s(?:l[ae']\s?|les\s)?{_CAPITAL}",
        r"\b\d{5}\b",
        _word(
            "rue avenue boulevard place allée quai chemin route impasse étage rez-de-chaussée bâtiment"
            " guichet"
        ),
    ),
    AnswerKind.STEPS: (
        _word("faut vous devez doit doivent peut peuvent présenter fournir remplir déposer joindre demande"),
        _word("auprès étapes? grâce moyen") + r"|\b\w{3,}ez\b|\ben \w+ant\b|(?:^|\n)\s*[-•–]\s",
    ),
    AnswerKind.CONDITIONS: (
        _word(
            "si conditions? réserve moins plus âgée?s? doit doivent peut peuvent lorsque? sauf justifie[rz]?"
        ),
        _word("cas seule?s? réservée?s? exigée?s?"),
    ),
    AnswerKind.REASON: (
        _word(
            "car parce raison afin pour puisque grâce causes? donc permet permettre suite éviter ainsi due?s?"
        ),
    ),
    AnswerKind.DEFINITION: (
        _word(
            "est sont désigne désignent signifie constitue correspond appelée?s? définie?s? consiste ensemble"
        ),
        _word("était étaient fut"),
    ),
    AnswerKind.YES_NO: (
        _word(
            "oui non obligatoires? interdite?s? autorisée?s? peut peuvent pouvez doit doivent devez faut pas"
        ),
        _word("aucune? nécessaires? exigée?s? facultati(?:f|ve)s? gratuite?s?"),
    ),
}
_SENTENCES = {
    kind: re.compile("|".join(patterns), re.NOFLAG if kind in NAMES else re.IGNORECASE)
    for kind, patterns in _HELD.items()
}


def read_kind(question: str) -> AnswerKind:
    """Return the kind of answer that a French question expects.

    >>> read_kind("Quels sont les horaires de la mairie ?").value
    'time'
    >>> read_kind("Faut-il un justificatif de domicile ?").value
    'yes_no'
    """
    folded = re.sub(r"\s+", " ", fold(question).replace("’", "'")).strip(' ?!.«»"')
    return next((kind for kind, pattern in _QUESTIONS.items() if pattern.search(folded)), AnswerKind.OTHER)


def has_kind(sentence: str, kind: AnswerKind, question: str = "") -> bool:
    """Tell whether `sentence` holds something of that kind which `question` did not already say.

    A sentence is never of the kind `OTHER`.

    >>> has_kind("La mairie ouvre à 8 h 30.", AnswerKind.TIME)
    True
    >>> has_kind("La loi de 1905 sépare.", AnswerKind.TIME, "Quand la loi de 1905 a-t-elle été votée ?")
    False
    """
    if kind is AnswerKind.OTHER:
        return False
    said = question.lower()
    return any(match.group().lower() not in said for match in _SENTENCES[kind].finditer(sentence))
