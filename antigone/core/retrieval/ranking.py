"""Candidates of an index → the order in which a reader would want them, and whether they hold an answer."""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from antigone.core.retrieval.query import Query
from antigone.core.retrieval.thesaurus import RELATED_SHARE, related_stems

# BM25 for passages of a few sentences: a repeated word adds little, a long passage loses little.
_K1, _B = 0.6, 0.4
# What each sign adds to the BM25 of the stems. Set by hand near the optimum of a listwise regression on one
# half of 3,682 questions and checked on the other: see `benchmarks/search_quality.py`.
_SURFACE, _BIGRAM, _TITLE, _KIN, _SENTENCE, _COMPANION = 0.6, 0.35, 0.35, 0.8, 0.3, 0.2
_HEADING, _HEADING_TERMS = 0.6, 6  # for words in a first line of so few terms at most
# Taken off, as a share of the question's weight, for a passage of usual length, and twice that at most.
_LENGTH, _LONG = 0.06, 2.0
# Logistic regression on the same questions, each with its document present, then withdrawn: `--fit` there.
_EVIDENCE_BIAS = -4.17
_EVIDENCE = {"score": 3.34, "question": -2.28, "lead": 3.54, "repaired": -2.38, "missing_names": -4.14}
_KIN_LETTERS = 4  # "inscrire" and "inscription" begin alike

_Key = TypeVar("_Key", bound=Hashable)


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
    """Hold a candidate's score, and what of the question it holds.

    `coverage` and `sentence_coverage` are the shares (0 to 1, by weight) of the question found in the passage
    and in its title and best sentence; `missing` the stems of the question that are nowhere in it.
    """

    id: Hashable
    score: float
    coverage: float
    sentence_coverage: float
    missing: tuple[str, ...] = ()


class _Question:
    """The weights of a question against one index, computed once for all candidates."""

    def __init__(self, query: Query, statistics: Statistics) -> None:
        self.weights: dict[str, float] = {}
        self.surfaces = {term.surface for term in query.terms}
        for term in query.terms:
            weight = term.weight * _rarity(statistics, term.stem)
            self.weights[term.stem] = max(weight, self.weights.get(term.stem, 0.0))
        self.kin = {stem for stem in self.weights if len(stem) >= _KIN_LETTERS and stem.isalpha()}
        self.bigrams = {
            (first.stem, second.stem): (self.weights[first.stem] + self.weights[second.stem]) / 2
            for first, second in query.bigrams
        }
        self.total = sum(self.weights.values())
        self.ideal = (1 + _SURFACE + _SENTENCE) * self.total + _BIGRAM * sum(self.bigrams.values())


@dataclass(slots=True)
class _Match:
    """What of a question one candidate holds."""

    candidate: Candidate
    found: Set[str]
    missing: tuple[str, ...]
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
    average_length = max(statistics.average_length, 1.0)
    matches = [_match(question, candidate, average_length) for candidate in candidates]
    _credit_companions(question, matches)
    ranked = [
        Ranked(
            match.candidate.id,
            match.score,
            sum(question.weights[stem] for stem in match.found) / question.total,
            match.sentence / question.total,
            match.missing,
        )
        for match in matches
    ]
    return sorted(ranked, key=lambda one: -one.score)


def _match(question: _Question, candidate: Candidate, average_length: float) -> _Match:
    weights = question.weights
    title = candidate.title.split()
    stems = title + candidate.stems.split()
    # Titles are stored as stems alone: there, a stem counts as the word itself.
    surfaces = title + candidate.surfaces.split()
    hits = [(place, stem) for place, stem in enumerate(stems) if stem in weights]
    named = {stem for place, stem in hits if place < len(title)}
    frequency = Counter(stem for _, stem in hits)
    exact = Counter(
        stem for place, stem in hits if place < len(title) or surfaces[place] in question.surfaces
    )
    pairs = Counter((stems[place - 1], stem) for place, stem in hits if place)
    length = len(stems) / average_length
    norm = _K1 * (1 - _B + _B * length)
    sentence = _best_sentence(weights, candidate.sentences, hits, named, len(title))
    score = (
        _saturate(frequency, weights, norm)
        + _SURFACE * _saturate(exact, weights, norm)
        + _BIGRAM * _saturate(pairs, question.bigrams, norm)
        + _TITLE * sum(weights[stem] for stem in named) / (1 + 0.25 * max(len(title) - 1, 0))
        + _SENTENCE * sentence
        - _LENGTH * question.total * min(length, _LONG)
        + _HEADING * _weigh_heading(weights, candidate.sentences, hits, len(title))
    )
    missing = tuple(stem for stem in weights if stem not in frequency)
    score += _KIN * _find_kin(question, missing, f" {candidate.title} {candidate.stems} ")
    score += _find_related(question, missing, set(stems))
    return _Match(candidate, frequency.keys(), missing, score, sentence)


def _saturate(counts: Mapping[_Key, int], weights: Mapping[_Key, float], norm: float) -> float:
    """Return the BM25 of what was counted: each time a thing comes back it adds less."""
    return sum(
        weights[key] * count * (_K1 + 1) / (count + norm) for key, count in counts.items() if key in weights
    )


def _best_sentence(
    weights: Mapping[str, float], sentences: str, hits: Iterable[tuple[int, str]], named: Set[str], start: int
) -> float:
    """Return the weight of the question's stems in the title and the one sentence that holds most of them."""
    ends = list(accumulate(map(int, sentences.split()), initial=start))
    by_sentence: defaultdict[int, set[str]] = defaultdict(set)
    for place, stem in hits:
        by_sentence[bisect_right(ends, place)].add(stem)
    return max((sum(weights[stem] for stem in found | named) for found in by_sentence.values()), default=0.0)


def _weigh_heading(
    weights: Mapping[str, float], sentences: str, hits: Iterable[tuple[int, str]], start: int
) -> float:
    """Return the weight of the question's stems in the passage's first line, if it is short: a heading."""
    first, _, rest = sentences.partition(" ")
    if not rest or int(first) > _HEADING_TERMS:
        return 0.0
    return sum(weights[stem] for stem in {stem for place, stem in hits if start <= place < start + int(first)})


def _find_kin(question: _Question, missing: Iterable[str], stems: str) -> float:
    """Return the weight of the missing stems that have a cousin among `stems`, by the letters they share.

    Searches the stored string itself: faster than looking at each of its words.
    """
    credit = 0.0
    for asked in missing:
        start = f" {asked[:_KIN_LETTERS]}"
        place = stems.find(start) if asked in question.kin else -1
        likeness = 0.0
        while place >= 0:
            end = stems.find(" ", place + 1)
            stem = stems[place + 1 : end]
            likeness = max(likeness, _count_shared(asked, stem) / min(len(asked), len(stem)))
            place = stems.find(start, end)
        credit += question.weights[asked] * likeness
    return credit


def _find_related(question: _Question, missing: Iterable[str], stems: Set[str]) -> float:
    """Return the weight of the missing stems for which the passage has another word of the same meaning."""
    return RELATED_SHARE * sum(question.weights[asked] for asked in missing if related_stems(asked) & stems)


def _count_shared(first: str, second: str) -> int:
    length = min(len(first), len(second))
    return next((place for place in range(length) if first[place] != second[place]), length)


def _credit_companions(question: _Question, matches: Sequence[_Match]) -> None:
    """Credit a passage with what it lacks and another passage under its title holds."""
    by_title: defaultdict[str, list[_Match]] = defaultdict(list)
    for match in matches:
        if match.candidate.title:
            by_title[match.candidate.title].append(match)
    for companions in by_title.values():
        together = set().union(*(match.found for match in companions))
        for match in companions:
            match.score += _COMPANION * sum(question.weights[stem] for stem in together - match.found)


def _rarity(statistics: Statistics, stem: str) -> float:
    """Return the inverse document frequency of a stem (Robertson and Zaragoza 2009, never negative)."""
    frequency = statistics.document_frequency.get(stem, 0)
    return math.log1p(max(statistics.passages - frequency + 0.5, 0.5) / (frequency + 0.5))


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


def evidence(query: Query, ranked: Sequence[Ranked], statistics: Statistics) -> float:
    """Return how likely (0 to 1) the passages ranked first hold an answer to `query`.

    A gate for saying "nothing found", not a proof: measured by `benchmarks/search_quality.py` on questions
    whose document is withdrawn. `ranked` and `statistics` are those of `rank`.

    >>> evidence(Query(()), [], Statistics(0, 0.0, {}))
    0.0
    """
    if not ranked or not query.terms:
        return 0.0
    signs = measure_evidence(query, ranked, statistics)
    logit = _EVIDENCE_BIAS + sum(_EVIDENCE[name] * sign for name, sign in signs.items())
    return 1 / (1 + math.exp(-logit))


def measure_evidence(query: Query, ranked: Sequence[Ranked], statistics: Statistics) -> dict[str, float]:
    """Measure the signs that `evidence` weighs: how well the first passage does, and what speaks against it.

    `ranked` must not be empty. Signs: the logarithms of the best score and of what the question weighs; its
    lead over the fifth, by the score of an ideal passage; the shares of the question that the repair of its
    spelling changed, and that are names missing from the first passage.
    """
    question = _Question(query, statistics)
    best = ranked[0]
    fifth = ranked[4].score if len(ranked) > 4 else 0.0
    repaired = {word for _, word in query.repaired}
    total = question.total or 1.0

    def share(stems: Set[str]) -> float:
        return sum(question.weights[stem] for stem in stems) / total

    return {
        "score": math.log1p(max(best.score, 0.0)),
        "question": math.log1p(question.total),
        "lead": (best.score - fifth) / (question.ideal or 1.0),
        "repaired": share({term.stem for term in query.terms if term.surface in repaired}),
        "missing_names": share({term.stem for term in query.terms if term.weight > 1} & set(best.missing)),
    }
