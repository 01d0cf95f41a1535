"""Candidates of an index → the order in which a reader would want them, and whether they hold an answer."""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from antigone.core.retrieval.query import Query

# BM25 for passages of a few sentences: a repeated word adds little, a long passage loses little.
_K1, _B = 0.6, 0.4
# What each sign adds to the BM25 of the stems. Set by hand near the optimum of a listwise regression on one
# half of 3,682 questions and checked on the other: see `benchmarks/search_quality.py`.
_SURFACE, _BIGRAM, _TITLE, _KIN, _SENTENCE, _COMPANION = 0.6, 0.35, 0.45, 0.8, 0.3, 0.3
_KIN_LETTERS = 4  # "inscrire" and "inscription" begin alike


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold a passage as an index stores it: the strings of `PassageTerms`, and its identity."""

    id: Hashable
    title: str
    stems: str
    surfaces: str
    sentences: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Hold what an index knows of all its passages.

    `average_length` counts terms, title included; `document_frequency` gives, for the stems of a question
    at least, how many passages hold them in title or text.
    """

    passages: int
    average_length: float
    document_frequency: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Hold a candidate's score and the shares (0 to 1) of the question found in it and in its best sentence."""

    id: Hashable
    score: float
    coverage: float
    sentence_coverage: float


class _Question:
    """The weights of a question against one index, computed once for all candidates."""

    def __init__(self, query: Query, statistics: Statistics) -> None:
        self.weights: dict[str, float] = {}
        self.surfaces: dict[str, float] = {}
        self.kin: defaultdict[str, list[str]] = defaultdict(list)
        for term in query.terms:
            weight = term.weight * _rarity(statistics, term.stem)
            self.weights[term.stem] = max(weight, self.weights.get(term.stem, 0.0))
            self.surfaces[term.surface] = max(weight, self.surfaces.get(term.surface, 0.0))
        for stem in self.weights:
            if len(stem) >= _KIN_LETTERS and not stem[0].isdigit():
                self.kin[stem[:_KIN_LETTERS]].append(stem)
        self.bigrams = {
            (first.stem, second.stem): self.weights[first.stem] + self.weights[second.stem]
            for first, second in query.bigrams
        }
        self.total = sum(self.weights.values())


@dataclass(slots=True)
class _Match:
    """What of a question one candidate holds."""

    candidate: Candidate
    found: set[str]
    score: float
    sentence: float


def rank(query: Query, candidates: Sequence[Candidate], statistics: Statistics) -> list[Ranked]:
    """Order the candidates of an index for `query`, best first; ties keep the order given.

    The score is a BM25 of stems over title and text, to which are added: the words written exactly as asked,
    pairs of neighbours in the same order, the title's share, words of the same family, the best sentence,
    and words that the passage lacks but another passage under the same title holds.

    >>> from antigone.core.retrieval.query import analyse_query
    >>> from antigone.core.retrieval.terms import analyse_passage
    >>> texts = {"a": "Le marché se tient le samedi.", "b": "La piscine ouvre le samedi à dix heures."}
    >>> terms = {key: analyse_passage("Horaires", text) for key, text in texts.items()}
    >>> candidates = [Candidate(key, t.title, t.stems, t.surfaces, t.sentences) for key, t in terms.items()]
    >>> statistics = Statistics(2, 5.0, {"piscin": 1, "samed": 2, "ouvr": 1})
    >>> [ranked.id for ranked in rank(analyse_query("Quand ouvre la piscine ?"), candidates, statistics)]
    ['b', 'a']
    """
    question = _Question(query, statistics)
    if not question.total:
        return [Ranked(candidate.id, 0.0, 0.0, 0.0) for candidate in candidates]
    matches = [_match(question, candidate, statistics.average_length) for candidate in candidates]
    _credit_companions(question, matches)
    ranked = [
        Ranked(
            match.candidate.id,
            match.score,
            _share(question, match.found),
            match.sentence / question.total,
        )
        for match in matches
    ]
    return sorted(ranked, key=lambda one: -one.score)


def _match(question: _Question, candidate: Candidate, average_length: float) -> _Match:
    title = candidate.title.split()
    body = candidate.stems.split()
    surfaces = candidate.surfaces.split()
    weights = question.weights
    hits = [(place, stem) for place, stem in enumerate(body) if stem in weights]
    in_title = [stem for stem in title if stem in weights]
    frequency = Counter(in_title)
    frequency.update(stem for _, stem in hits)
    norm = _K1 * (1 - _B + _B * (len(title) + len(body)) / average_length)

    def bm25(counts: Mapping[str, int], weight: Mapping[str, float]) -> float:
        return sum(weight[key] * count * (_K1 + 1) / (count + norm) for key, count in counts.items())

    exact = Counter(surfaces[place] for place, _ in hits if surfaces[place] in question.surfaces)
    pairs = Counter(
        (body[place - 1], stem)
        for place, stem in hits
        if place and (body[place - 1], stem) in question.bigrams
    )
    named = sum(weights[stem] for stem in set(in_title))
    sentence = _best_sentence(weights, candidate.sentences, hits, set(in_title))
    score = (
        bm25(frequency, weights)
        + _SURFACE * bm25(exact, question.surfaces)
        + _BIGRAM * 0.5 * sum(question.bigrams[p] * n * (_K1 + 1) / (n + norm) for p, n in pairs.items())
        + _TITLE * named / (1 + 0.25 * max(len(title) - 1, 0))
        + _SENTENCE * sentence
    )
    if len(frequency) < len(weights):
        score += _KIN * _find_kin(question, frequency, {*title, *body})
    return _Match(candidate, set(frequency), score, sentence)


def _best_sentence(
    weights: Mapping[str, float], sentences: str, hits: Iterable[tuple[int, str]], in_title: set[str]
) -> float:
    """Return the weight of the question's stems in the title and the one sentence that holds most of them."""
    ends = [int(count) for count in sentences.split()]
    best = 0.0
    current: set[str] = set()
    number, end = 0, (ends[0] if ends else math.inf)
    for place, stem in hits:
        while place >= end and number + 1 < len(ends):
            best = max(best, sum(weights[one] for one in current | in_title))
            current = set()
            number += 1
            end += ends[number]
        current.add(stem)
    return max(best, sum(weights[one] for one in current | in_title))


def _find_kin(question: _Question, frequency: Mapping[str, int], stems: Iterable[str]) -> float:
    """Return the weight of the missing stems that have a cousin among `stems`, by the letters they share."""
    likeness: dict[str, float] = {}
    for stem in stems:
        for asked in question.kin.get(stem[:_KIN_LETTERS], ()):
            if asked not in frequency:
                shared = _count_shared(asked, stem) / min(len(asked), len(stem))
                likeness[asked] = max(shared, likeness.get(asked, 0.0))
    return sum(question.weights[asked] * shared for asked, shared in likeness.items())


def _count_shared(first: str, second: str) -> int:
    length = min(len(first), len(second))
    return next((place for place in range(length) if first[place] != second[place]), length)


def _credit_companions(question: _Question, matches: Sequence[_Match]) -> None:
    """Credit a passage with what it lacks and another passage under its title holds."""
    by_title: defaultdict[str, list[_Match]] = defaultdict(list)
    for match in matches:
        by_title[match.candidate.title].append(match)
    for companions in by_title.values():
        together = set().union(*(match.found for match in companions))
        for match in companions:
            match.score += _COMPANION * sum(question.weights[stem] for stem in together - match.found)


def _rarity(statistics: Statistics, stem: str) -> float:
    """Return the inverse document frequency of a stem (Robertson and Zaragoza 2009, never negative)."""
    frequency = statistics.document_frequency.get(stem, 0)
    return math.log1p(max(statistics.passages - frequency + 0.5, 0.5) / (frequency + 0.5))


def _share(question: _Question, found: Iterable[str]) -> float:
    return sum(question.weights[stem] for stem in found) / question.total


def fuse(rankings: Sequence[Sequence[Hashable]], k: int = 60) -> list[Hashable]:
    """Fuse rankings of the same things into one by reciprocal rank (Cormack, Clarke and Büttcher 2009).

    Each thing scores the sum of 1 / (k + rank); ties keep the order of first appearance.

    >>> fuse([["a", "b", "c"], ["b", "d"]])
    ['b', 'a', 'd', 'c']
    """
    scores: defaultdict[Hashable, float] = defaultdict(float)
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            scores[one] += 1 / (k + place)
    return sorted(scores, key=lambda one: -scores[one])
