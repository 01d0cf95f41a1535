"""Measure every piece of the passages found that could be quoted in answer to a question."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from antigone.core.retrieval.kinds import FIGURES, NAMES, has_kind, read_kind
from antigone.core.retrieval.query import NAME_WEIGHT, analyse_query
from antigone.core.retrieval.quotes import QuotableSpan, split_quotable
from antigone.core.retrieval.terms import Term, split_terms
from antigone.core.retrieval.thesaurus import related_stems

MOST_EVIDENCE = 8

_SURFACE = 0.5  # a word found as written weighs 1.5 times a word found by its stem
_RELATED = 0.75
_KIN = 0.6  # of a full match, for a word of the same family: "inscription" for "inscrire"
_KIN_LETTERS = 5

# Listwise logistic regression (softmax over the candidates of a question) on one half of the PIAF questions,
# by document: `benchmarks/answers.py --fit` prints them. The other half gives the figures reported there.
CANDIDATE_WEIGHTS = {
    "cover": 2.97,
    "rare": 2.27,
    "length": 0.29,
    "heading": 3.62,
    "before": 2.27,
    "passage": 3.15,
    "score": 5.25,
    "figure": 2.07,
    "name": 1.27,
    "manner": 0.6,
}

DocumentFrequency = Mapping[str, int] | Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold a retrieved passage; `score` is that of the ranking, higher is better."""

    id: Hashable
    title: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold a piece that could be quoted, the place in the evidence of its passage, and its features."""

    evidence: int
    span: QuotableSpan
    previous: QuotableSpan | None
    stems: frozenset[str]
    matches: Sequence[float]  # of each term of the question, 0 to 1
    features: dict[str, float]


class AskedQuestion:
    """Hold the terms of a question, each with its weight: rarity times what the query says it counts.

    >>> asked = AskedQuestion("Où est la piscine ?", {"piscin": 2}, 100)
    >>> [term.stem for term in asked.terms], asked.share([1.0])
    (['piscin'], 1.0)
    """

    def __init__(self, text: str, document_frequency: DocumentFrequency, passages: int) -> None:
        self.text = text
        self.kind = read_kind(text)
        self.terms = tuple({term.stem: term for term in reversed(analyse_query(text).terms)}.values())[::-1]
        get = document_frequency if callable(document_frequency) else _reader(document_frequency)
        # A word that no passage has is as rare as those that stand for it, and they count for it whole.
        self.unknown = {term.stem for term in self.terms if not get(term.stem)}
        self.weights = [
            term.weight * _rarity(max(map(get, (term.stem, *related_stems(term.stem)))), passages)
            if term.stem in self.unknown
            else term.weight * _rarity(get(term.stem), passages)
            for term in self.terms
        ]
        self.total = sum(self.weights) or 1.0

    def match(self, terms: Sequence[Term]) -> list[float]:
        """Return how well each term of the question is found among `terms`, 0 to 1."""
        stems = {term.stem for term in terms}
        surfaces = {term.surface for term in terms}
        matches = []
        for asked in self.terms:
            if asked.stem in stems:
                matches.append((1 + _SURFACE * (asked.surface in surfaces)) / (1 + _SURFACE))
            elif related_stems(asked.stem) & stems:
                matches.append(1.0 if asked.stem in self.unknown else _RELATED)
            else:
                matches.append(_KIN * any(_are_kin(asked.stem, stem) for stem in stems))
        return matches

    def share(self, matches: Sequence[float]) -> float:
        """Return the share of the question's weight that is matched, 0 to 1."""
        return sum(map(float.__mul__, matches, self.weights)) / self.total

    def share_names_missing(self, matches: Sequence[float]) -> float:
        """Return the share of the question's weight that is names (a capital inside) not matched at all."""
        pairs = zip(self.terms, matches, strict=True)
        return self.share([float(term.weight == NAME_WEIGHT and not match) for term, match in pairs])


def measure_candidates(
    question: str, evidence: Sequence[Evidence], document_frequency: DocumentFrequency, passages: int
) -> list[Candidate]:
    """Return every piece of the evidence that could be quoted with its features, in reading order.

    Features, 0 to 1 but for the last: `cover`, the share of the question's weight in the piece; `rare`, the
    same where a term weighs the less the more candidates hold it; `heading`, what its heading and title add;
    `before`, what the piece before it adds; `passage`, the share in the whole passage; `score`, that of the
    passage over the best; `figure`, `name`, `manner`: the expected kind is met; `length`, a logarithm.

    >>> found = [Evidence(1, "Piscine", "Le bassin ouvre à 9 h le matin. Le bonnet est obligatoire.", 2.0)]
    >>> first, second = measure_candidates("À quelle heure ouvre la piscine ?", found, {}, 10)
    >>> first.features["figure"], second.features["figure"]
    (1.0, 0.0)
    """
    asked = AskedQuestion(question, document_frequency, passages)
    best = max((found.score for found in evidence), default=0.0) or 1.0
    candidates: list[Candidate] = []
    for place, found in enumerate(evidence[:MOST_EVIDENCE] if asked.terms else ()):
        candidates += _measure_passage(asked, found, place, found.score / best)
    _measure_rarity(asked, candidates)
    return candidates


def weigh_candidate(candidate: Candidate) -> float:
    """Return how much speaks for a candidate: the logarithm, up to a constant, of its chance to answer.

    >>> found = [Evidence(1, "Piscine", "Le bassin ouvre à 9 h le matin. Le bonnet est obligatoire.", 2.0)]
    >>> first, second = measure_candidates("À quelle heure ouvre la piscine ?", found, {}, 10)
    >>> weigh_candidate(first) > weigh_candidate(second)
    True
    """
    return sum(weight * candidate.features[name] for name, weight in CANDIDATE_WEIGHTS.items())


def _measure_passage(asked: AskedQuestion, found: Evidence, place: int, score: float) -> list[Candidate]:
    terms = split_terms(found.text)
    spans = split_quotable(found.text)
    inside = [_within(terms, span.start, span.end) for span in spans]
    matches = [asked.match(these) for these in inside]
    title = asked.match(split_terms(found.title))
    passage = asked.share(either(title, asked.match(terms)))
    candidates = []
    for order, (span, own) in enumerate(zip(spans, matches, strict=True)):
        above = either(title, asked.match(_within(terms, *span.heading))) if span.heading else title
        cover = asked.share(own)
        under = asked.share(either(own, above))
        before = asked.share(either(either(own, above), matches[order - 1])) if order else under
        stems = frozenset(term.stem for term in inside[order])
        features = {
            "cover": cover,
            "heading": under - cover,
            "before": before - under,
            "passage": passage,
            "score": score,
            "length": math.log1p(len(stems)),
            **_measure_kind(asked, found.text[span.start : span.end]),
        }
        previous = spans[order - 1] if order else None
        candidates.append(Candidate(place, span, previous, stems, own, features))
    return candidates


def _measure_rarity(asked: AskedQuestion, candidates: Sequence[Candidate]) -> None:
    """Add to each candidate's features what it covers of the terms that few other candidates hold."""
    places = range(len(asked.terms))
    holders = [sum(one.matches[place] > 0 for one in candidates) for place in places]
    weights = [
        weight * _rarity(count, len(candidates)) * (count > 0)
        for weight, count in zip(asked.weights, holders, strict=True)
    ]
    total = sum(weights) or 1.0
    for one in candidates:
        one.features["rare"] = sum(map(float.__mul__, map(float, one.matches), weights)) / total


def _measure_kind(asked: AskedQuestion, sentence: str) -> dict[str, float]:
    met = float(has_kind(sentence, asked.kind, asked.text))
    is_figure, is_name = asked.kind in FIGURES, asked.kind in NAMES
    return {"figure": met * is_figure, "name": met * is_name, "manner": met * (not (is_figure or is_name))}


def _within(terms: Sequence[Term], start: int, end: int) -> list[Term]:
    return [term for term in terms if start <= term.start < end]


def either(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """Return the better of two matches, term by term.

    >>> either([0.0, 1.0], [0.6, 0.6])
    [0.6, 1.0]
    """
    return list(map(max, one, other))


@lru_cache(1 << 16)
def _are_kin(one: str, other: str) -> bool:
    """Tell whether two stems begin alike, on five letters and three fifths of the longer at least."""
    shared = max(_KIN_LETTERS, math.ceil(0.6 * max(len(one), len(other))))
    return min(len(one), len(other)) >= shared and one[:shared] == other[:shared]


def _rarity(frequency: int, passages: int) -> float:
    """Return the inverse document frequency (Robertson and Zaragoza 2009, never negative)."""
    return math.log1p((max(passages - frequency, 0) + 0.5) / (frequency + 0.5))


def _reader(frequencies: Mapping[str, int]) -> Callable[[str], int]:
    return lambda stem: frequencies.get(stem, 0)
