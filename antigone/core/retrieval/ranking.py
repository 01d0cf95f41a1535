"""Candidates of an index → the order in which a reader would want them, and whether they hold an answer."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest, nsmallest
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
_WEIGHTIEST = 12  # stems of a question, and pairs, that tell at a glance which passages are worth ranking
_LETTERS = 7.0  # of a stem and the space after it, on average
_KIN_LETTERS = 4  # "inscrire" and "inscription" begin alike

_Key = TypeVar("_Key", bound=Hashable)
_Row = TypeVar("_Row", bound=tuple[Hashable, str, str, str, str])


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


def shortlist(query: Query, rows: Sequence[_Row], statistics: Statistics, limit: int) -> list[_Row]:
    """Return the `limit` rows that are worth ranking, best first: a quick BM25 of stems, pairs and related words.

    Rows hold what `Candidate` holds, in its order. It reads a row in a tenth of the time that `rank` takes.

    >>> from antigone.core.retrieval.query import analyse_query
    >>> rows = [(1, "", "march samed", "", ""), (2, "piscin", "ouvr samed", "", "")]
    >>> shortlist(analyse_query("piscine samedi"), rows, Statistics(2, 3.0, {"piscin": 1, "samed": 2}), 1)
    [(2, 'piscin', 'ouvr samed', '', '')]
    """
    if len(rows) <= limit:
        return list(rows)
    question = _Question(query, statistics)
    known = [
        stem for stem in question.written if stem in statistics.document_frequency or stem in question.related
    ]
    stems = [
        (question.written[stem], question.weights[stem], question.related.get(stem, ()))
        for stem in nlargest(_WEIGHTIEST, known, key=question.weights.__getitem__)
    ]
    bigrams = [
        (question.written_bigrams[pair], _BIGRAM * question.bigrams[pair])
        for pair in nlargest(_WEIGHTIEST, question.bigrams, key=question.bigrams.__getitem__)
    ]
    letters = _LETTERS * max(statistics.average_length, 1.0)
    scored = []
    for place, row in enumerate(rows):
        text = f" {row[1]} {row[2]} "
        length = len(text) / letters
        norm = _K1 * (1 - _B + _B * length)
        score = -_LENGTH * question.total * min(length, _LONG)
        for written, weight, related in stems:
            if count := text.count(written):
                score += weight * count * (_K1 + 1) / (count + norm)
            else:
                for other in related:
                    if other in text:
                        score += RELATED_SHARE * weight
                        break
        for written, weight in bigrams:
            if written in text:
                score += weight
        scored.append((-score, place))
    return [rows[place] for _, place in nsmallest(limit, scored)]


class _Question:
    """The weights of a question against one index, computed once for all candidates."""

    def __init__(self, query: Query, statistics: Statistics) -> None:
        self.weights: dict[str, float] = {}
        self.surfaces = {term.surface for term in query.terms}
        for term in query.terms:
            weight = term.weight * _rarity(statistics, term.stem)
            self.weights[term.stem] = max(weight, self.weights.get(term.stem, 0.0))
        # As each stands in a stored string, between spaces; and how its cousins begin.
        self.written = {stem: f" {stem} " for stem in self.weights}
        self.kin = {
            stem: f" {stem[:_KIN_LETTERS]}"
            for stem in self.weights
            if len(stem) >= _KIN_LETTERS and stem.isalpha()
        }
        self.related = {
            stem: [f" {other} " for other in related]
            for stem in self.weights
            if (related := related_stems(stem))
        }
        self.bigrams = {
            (first.stem, second.stem): (self.weights[first.stem] + self.weights[second.stem]) / 2
            for first, second in query.bigrams
        }
        self.written_bigrams = {pair: f" {pair[0]} {pair[1]} " for pair in self.bigrams}
        self.total = sum(self.weights.values())
        self.ideal = (1 + _SURFACE + _SENTENCE) * self.total + _BIGRAM * sum(self.bigrams.values())


@dataclass(slots=True)
class _Match:
    """What of a question one candidate holds."""

    candidate: Candidate
    found: Set[str]
    missing: tuple[str, ...]
    score: float
    weight: float
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
            match.weight / question.total,
            match.sentence / question.total,
            match.missing,
        )
        for match in matches
    ]
    return sorted(ranked, key=lambda one: -one.score)


def _match(question: _Question, candidate: Candidate, average_length: float) -> _Match:
    """Score one candidate alone, by searches in its stored strings: splitting them takes twice as long."""
    weights = question.weights
    start = len(candidate.title.split())
    stems = f" {candidate.title} {candidate.stems} " if start else f" {candidate.stems} "
    hits = []
    frequency: dict[str, int] = {}
    for stem, written in question.written.items():
        if written in stems:
            found = _find_all(written, stems)
            frequency[stem] = len(found)
            hits += [(stems.count(" ", 0, at), stem) for at in found]
    hits.sort()
    named = {stem for place, stem in hits if place < start}
    exact = _count_exact(question.surfaces, candidate.surfaces, hits, start)
    pairs = {
        pair: len(_find_all(written, stems))
        for pair, written in question.written_bigrams.items()
        if written in stems
    }
    length = (stems.count(" ") - 1) / average_length
    norm = _K1 * (1 - _B + _B * length)
    weight = _weigh(weights, frequency)
    # Where the title lacks one stem at most, the sentence that holds it holds all.
    is_together = len(frequency) <= len(named) + 1
    sentence = weight if is_together else _best_sentence(weights, candidate.sentences, hits, named, start)
    missing = tuple([stem for stem in weights if stem not in frequency])
    score = (
        _saturate(frequency, weights, norm)
        + _SURFACE * _saturate(exact, weights, norm)
        + _BIGRAM * _saturate(pairs, question.bigrams, norm)
        + _TITLE * _weigh(weights, named) / (1 + 0.25 * max(start - 1, 0))
        + _SENTENCE * sentence
        - _LENGTH * question.total * min(length, _LONG)
        + _HEADING * _weigh_heading(weights, candidate.sentences, hits, start)
        + _KIN * _find_kin(question, missing, stems)
        + _find_related(question, missing, stems)
    )
    return _Match(candidate, frequency.keys(), missing, score, weight, sentence)


def _find_all(written: str, text: str) -> list[int]:
    """Return where `written`, which begins and ends with a space, stands in `text`; neighbours share a space."""
    found = []
    at = text.find(written)
    while at >= 0:
        found.append(at)
        at = text.find(written, at + 1)
    return found


def _count_exact(
    asked: Set[str], surfaces: str, hits: Sequence[tuple[int, str]], start: int
) -> Mapping[str, int]:
    """Count the stems that are written exactly as asked.

    Titles are stored as stems alone: there, a stem counts as the word itself.
    """
    if not hits:
        return {}
    words = surfaces.split(" ", hits[-1][0] - start + 1)  # up to the last one needed
    exact: dict[str, int] = {}
    for place, stem in hits:
        if place < start or words[place - start] in asked:
            exact[stem] = exact.get(stem, 0) + 1
    return exact


def _weigh(weights: Mapping[str, float], stems: Iterable[str]) -> float:
    return sum([weights[stem] for stem in stems])


def _saturate(counts: Mapping[_Key, int], weights: Mapping[_Key, float], norm: float) -> float:
    """Return the BM25 of what was counted: each time a thing comes back it adds less."""
    return sum([weights[key] * count * (_K1 + 1) / (count + norm) for key, count in counts.items()])


def _best_sentence(
    weights: Mapping[str, float], sentences: str, hits: Iterable[tuple[int, str]], named: Set[str], start: int
) -> float:
    """Return the weight of the question's stems in the title and the one sentence that holds most of them."""
    ends = list(accumulate(map(int, sentences.split()), initial=start))
    by_sentence: dict[int, set[str]] = {}
    for place, stem in hits:
        sentence = bisect_right(ends, place)
        if sentence in by_sentence:
            by_sentence[sentence].add(stem)
        else:
            by_sentence[sentence] = {stem, *named}
    return max([_weigh(weights, found) for found in by_sentence.values()], default=0.0)


def _weigh_heading(
    weights: Mapping[str, float], sentences: str, hits: Iterable[tuple[int, str]], start: int
) -> float:
    """Return the weight of the question's stems in the passage's first line, if it is short: a heading."""
    first, _, rest = sentences.partition(" ")
    if not rest or int(first) > _HEADING_TERMS:
        return 0.0
    return _weigh(weights, {stem for place, stem in hits if start <= place < start + int(first)})


def _find_kin(question: _Question, missing: Iterable[str], stems: str) -> float:
    """Return the weight of the missing stems that have a cousin among `stems`, by the letters they share."""
    credit = 0.0
    for asked in missing:
        start = question.kin.get(asked)
        if start is None:
            continue
        place = stems.find(start)
        likeness = 0.0
        while place >= 0:
            end = stems.find(" ", place + 1)
            stem = stems[place + 1 : end]
            likeness = max(likeness, _count_shared(asked, stem) / min(len(asked), len(stem)))
            place = stems.find(start, end)
        credit += question.weights[asked] * likeness
    return credit


def _find_related(question: _Question, missing: Iterable[str], stems: str) -> float:
    """Return the weight of the missing stems for which the passage has another word of the same meaning."""
    related = question.related
    asked = [stem for stem in missing if stem in related and any(one in stems for one in related[stem])]
    return RELATED_SHARE * _weigh(question.weights, asked)


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
            match.score += _COMPANION * _weigh(question.weights, together - match.found)


def _rarity(statistics: Statistics, stem: str) -> float:
    """Return the inverse document frequency of a stem (Robertson and Zaragoza 2009, never negative).

    A word that no passage has is as rare as those that stand for it.
    """
    count = statistics.document_frequency.get
    frequency = count(stem, 0) or max((count(other, 0) for other in related_stems(stem)), default=0)
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
