"""Misspelt words of a question → the nearest words that the index knows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from antigone.core.retrieval.query import Query, QueryTerm
from antigone.core.retrieval.stopwords import QUESTION_WORDS
from antigone.core.retrieval.terms import stem_word

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_SHORTEST = 4  # below, too many words are near


def spelling_candidates(surface: str) -> set[str]:
    """Return every word one edit away from `surface`: a letter missing, too many, wrong, or two swapped.

    >>> sorted(spelling_candidates("vlo") & {"velo", "vol", "lo", "vlo", "solo"})
    ['lo', 'velo', 'vol']
    """
    splits = [(surface[:i], surface[i:]) for i in range(len(surface) + 1)]
    near = {left + right[1:] for left, right in splits if right}
    near |= {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    near |= {left + letter + right[1:] for left, right in splits if right for letter in _ALPHABET}
    near |= {left + letter + right for left, right in splits for letter in _ALPHABET}
    return near - {surface, ""}


def repair(query: Query, known: Callable[[Iterable[str]], Mapping[str, int]]) -> Query:
    """Replace the words of `query` that the index does not know by the best known one an edit away.

    Best is a word with the same first letter, which people seldom mistype; then the most frequent in the
    index; then the first in the alphabet.

    `known` returns, of the stems given, those that the index holds, with their document frequency; it is
    called at most twice, whatever the number of words. Question words, words of fewer than four letters and
    anything with a digit are left alone; so is a word without a known neighbour.

    >>> from antigone.core.retrieval.query import analyse_query
    >>> index = {"subvent": 12, "associ": 40}
    >>> known = lambda stems: {stem: index[stem] for stem in stems if stem in index}
    >>> repair(analyse_query("subvnetion aux associations"), known).repaired
    (('subvnetion', 'subvention'),)
    """
    repairable = {term for term in query.terms if _can_repair(term)}
    if not repairable:
        return query
    found = known({term.stem for term in repairable})
    near = {term: spelling_candidates(term.surface) for term in repairable if term.stem not in found}
    if not near:
        return query
    stems = {word: stem_word(word) for words in near.values() for word in words}
    frequency = known(set(stems.values()))
    repairs: dict[QueryTerm, QueryTerm] = {}
    for term, words in near.items():
        ranked = [(w[0] != term.surface[0], -frequency[stems[w]], w) for w in words if stems[w] in frequency]
        if ranked:
            word = min(ranked)[2]
            repairs[term] = replace(term, stem=stems[word], surface=word)
    return Query(
        terms=tuple(repairs.get(term, term) for term in query.terms),
        repaired=tuple((term.surface, repairs[term].surface) for term in query.terms if term in repairs),
    )


def _can_repair(term: QueryTerm) -> bool:
    return (
        len(term.surface) >= _SHORTEST
        and term.surface not in QUESTION_WORDS
        and not any(map(str.isdigit, term.surface))
    )
