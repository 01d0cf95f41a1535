"""A question in French → the terms to look for, with their weight."""

from collections.abc import Mapping
from dataclasses import dataclass

from antigone.core.retrieval.stopwords import QUESTION_WORDS
from antigone.core.retrieval.terms import Term, split_terms
from antigone.core.retrieval.thesaurus import related_stems

QUESTION_WEIGHT = 0.3
ASKED_WEIGHT = 0.5
NAME_WEIGHT = 1.5
# What one asks of a thing, not the thing: an answer gives the price without the word.
ASPECTS = frozenset(
    term.stem
    for term in split_terms(
        "combien quand comment pourquoi quel ouvert ouvre ouvrir ferme fermer horaire heure jour date délai durée "
        "coûte coût prix tarif payer montant adresse situé trouver pièce document fournir apporter faire peut faut "
        "obtenir demander"
    )
)
_WHICH = frozenset(("quel", "quels", "quelle", "quelles"))
_FREQUENT_SHARE = 0.02
_FREQUENT_PASSAGES = 2_000  # reading fewer postings than this costs nothing


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """Hold one term of a question and how much it counts (1 is usual)."""

    stem: str
    surface: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """Hold the terms of a question in order; `repaired` pairs a misspelt word with the one searched for."""

    terms: tuple[QueryTerm, ...]
    repaired: tuple[tuple[str, str], ...] = ()

    @property
    def stems(self) -> tuple[str, ...]:
        """Return the distinct stems, in order."""
        return tuple(dict.fromkeys(term.stem for term in self.terms))

    @property
    def related(self) -> tuple[str, ...]:
        """Return the stems that mean nearly the same as those asked, none of them asked itself."""
        asked = [term.stem for term in self.terms if term.weight > QUESTION_WEIGHT]
        related = (other for stem in asked for other in sorted(related_stems(stem)))
        return tuple(other for other in dict.fromkeys(related) if other not in self.stems)

    @property
    def bigrams(self) -> tuple[tuple[QueryTerm, QueryTerm], ...]:
        """Return the pairs of neighbouring terms, question words apart."""
        pairs = zip(self.terms, self.terms[1:], strict=False)
        return tuple(pair for pair in pairs if min(term.weight for term in pair) > QUESTION_WEIGHT)


def analyse_query(text: str) -> Query:
    """Analyse a question as `analyse_passage` analyses passages, and weigh its terms.

    Question words count little; so does what is asked of a thing ("quelle année", "combien coûte"), because
    an answer gives the year or the price without the word. Names (a capital inside the question) count more.

    >>> [(term.stem, term.weight) for term in analyse_query("En quelle année Zola est-il né à Paris ?").terms]
    [('quel', 0.3), ('anne', 0.5), ('zol', 1.5), ('ne', 1.0), ('pari', 1.5)]
    """
    terms = split_terms(text)
    before = [None, *terms]
    return Query(
        tuple(
            QueryTerm(term.stem, term.surface, _weigh(text, previous, term))
            for previous, term in zip(before, terms, strict=False)
        )
    )


def _weigh(text: str, previous: Term | None, term: Term) -> float:
    if term.surface in QUESTION_WORDS:
        return QUESTION_WEIGHT
    if term.stem in ASPECTS or (previous is not None and previous.surface in _WHICH):
        return ASKED_WEIGHT
    is_first = not any(map(str.isalnum, text[: term.start]))
    return NAME_WEIGHT if text[term.start].isupper() and not is_first else 1.0


def select_terms(query: Query, document_frequency: Mapping[str, int], passages: int) -> list[str]:
    """Return the stems to ask an inverted index for: one that joins them with OR stays fast.

    First those of the question, rarest first, then those related to them. Drops what no passage holds,
    question words, and stems in more than 2 % of `passages` (and more than 2,000), unless fewer than two of
    the question's would remain: then its two rarest.

    >>> query = analyse_query("Quel est le budget de la commune ?")
    >>> select_terms(query, {"quel": 90_000, "budget": 800, "commun": 60_000}, passages=100_000)
    ['budget', 'commun']
    """
    weights = {term.stem: term.weight for term in query.terms}
    known = sorted(
        (stem for stem in query.stems if document_frequency.get(stem)),
        key=lambda stem: (weights[stem] <= QUESTION_WEIGHT, document_frequency[stem]),
    )
    limit = max(_FREQUENT_SHARE * passages, _FREQUENT_PASSAGES)
    rare = [stem for stem in known if document_frequency[stem] <= limit and weights[stem] > QUESTION_WEIGHT]
    related = sorted(
        (stem for stem in query.related if 0 < document_frequency.get(stem, 0) <= limit),
        key=lambda stem: document_frequency[stem],
    )
    return (rare if len(rare) >= 2 else known[:2]) + related
