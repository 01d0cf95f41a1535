"""A follow-up question → a question that stands alone."""

import re
from collections.abc import Sequence

from antigone.core.retrieval.query import ASPECTS
from antigone.core.retrieval.terms import split_terms

# "Et pour un enfant allergique ?", "Mais le dimanche ?": the sentence leans on the one before.
_LEANS = re.compile(
    r"\s*(?:et|mais|sinon|alors|donc|ou|puis|dans ce cas|avec|sans|and|but|what about)\b", re.IGNORECASE
)
# Words that stand for something said before.
_STANDS_FOR = re.compile(
    r"\b(?:il|elle|ils|elles|celui|celle|ceux|celles|cela|ça|ca|en|y|leur|lui|son|sa|ses|"
    r"ce|cet|cette|ces|it|they|them|that|this)\b",
    re.IGNORECASE,
)
_FEW = 2


def complete_question(question: str, earlier: Sequence[str]) -> str:
    """Return `question` with the words of the earlier ones that it leans on; unchanged when it stands alone.

    `earlier` holds the questions of the conversation as they were understood, oldest first; only the last
    one counts, since it already holds what it leant on itself.

    >>> complete_question("Et combien coûte le repas ?", ["Comment inscrire un enfant à la cantine ?"])
    'Et combien coûte le repas ? (inscrire, enfant, cantine)'
    >>> complete_question("Combien ça coûte ?", ["Quand la piscine ouvre-t-elle ?"])
    'Combien ça coûte ? (piscine)'
    >>> complete_question("Et le samedi ?", ["Quand la piscine ouvre-t-elle ?"])
    'Et le samedi ? (Quand, piscine, ouvre)'
    >>> complete_question("Quels sont les horaires de la piscine municipale ?", ["Qui est le maire ?"])
    'Quels sont les horaires de la piscine municipale ?'
    """
    if not earlier:
        return question
    terms = split_terms(question)
    leans = (
        _LEANS.match(question)
        or len(terms) <= _FEW
        or (_STANDS_FOR.search(question) and len(terms) <= 2 * _FEW)
    )
    if not leans:
        return question
    known = {term.stem for term in terms}
    # "Et combien ça coûte ?" after "Quand la piscine ouvre-t-elle ?" keeps the swimming pool and leaves the hours.
    if known & ASPECTS:
        known |= ASPECTS
    last = earlier[-1]
    kept: dict[str, str] = {}
    for term in split_terms(last):
        if term.stem not in known:
            kept.setdefault(term.stem, last[term.start : term.end])
    return f"{question} ({', '.join(kept.values())})" if kept else question
