"""Answer a question with verbatim quotes of the passages found, or say how unlikely they are to answer.

No model writes anything here: an answer is a choice of quotes. Each is weighed by how much of the question it
covers, by what stands around it, and by whether it holds the kind of thing that is asked.
"""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from antigone.core.retrieval.kinds import FIGURES, NAMES, AnswerKind, has_kind, read_kind
from antigone.core.retrieval.query import NAME_WEIGHT, Query, analyse_query
from antigone.core.retrieval.quotes import LONGEST_QUOTE, QuotableSpan, begins_in_midair, split_quotable
from antigone.core.retrieval.terms import Term, split_terms

DEFAULT_THRESHOLD = 0.5  # under this confidence a caller should abstain: table in `benchmarks/answers.py`

_MOST_EVIDENCE = 8
_SURFACE = 0.5  # a word found as written weighs 1.5 times a word found by its stem
_KIN = 0.6  # of a full match, for a word of the same family: "inscription" for "inscrire"
_KIN_LETTERS = 5
_LEAST_SHARE = 0.02  # of the best quote's share: below, a quote would only blur the answer
_COMPARABLE = 0.5  # of the best quote's share: from there on, reading order matters more than rank
_SAME = 0.8  # share of stems in common from which two quotes say the same

# Listwise logistic regression (softmax over the candidates of a question) on one half of the PIAF questions,
# by document: `benchmarks/answers.py --fit` prints them. The other half gives the figures reported there.
_CANDIDATE_WEIGHTS = {
    "cover": 5.48,
    "rare": 1.0,
    "length": 0.3,
    "heading": 3.99,
    "before": 2.19,
    "passage": 3.97,
    "score": 5.02,
    "figure": 2.06,
    "name": 1.35,
    "manner": 0.62,
}
# Logistic regression on the same half: every question with its document present, then withdrawn.
_CONFIDENCE_BIAS = -5.62
_CONFIDENCE_WEIGHTS = {
    "near": 2.24,
    "passage": 3.07,
    "names_missing": -2.78,
    "lead": 3.53,
    "together": 1.41,
    "terms": 0.94,
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
class Quote:
    """Hold a verbatim quote: `text[start:end]` of the evidence `id`.

    `score` is the probability (0 to 1) that this candidate, among all, is the one that answers, if one does.
    """

    id: Hashable
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Extraction:
    """Hold the quotes, best first, and the confidence (0 to 1) that the passages hold the answer at all."""

    quotes: tuple[Quote, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold a piece that could be quoted, the place in the evidence of its passage, and its features."""

    evidence: int
    span: QuotableSpan
    previous: QuotableSpan | None
    stems: frozenset[str]
    matches: Sequence[float]  # of each term of the question, 0 to 1
    features: dict[str, float]


class _Question:
    """The terms of a question, each with its weight: rarity times what the query says it counts."""

    def __init__(self, text: str, document_frequency: DocumentFrequency, passages: int) -> None:
        self.text = text
        self.kind: AnswerKind = read_kind(text)
        query: Query = analyse_query(text)
        self.terms = tuple({term.stem: term for term in reversed(query.terms)}.values())[::-1]
        get = document_frequency if callable(document_frequency) else _reader(document_frequency)
        self.weights = [term.weight * _rarity(get(term.stem), passages) for term in self.terms]
        self.total = sum(self.weights) or 1.0

    def match(self, terms: Sequence[Term]) -> list[float]:
        """Return how well each term of the question is found among `terms`, 0 to 1."""
        stems = {term.stem for term in terms}
        surfaces = {term.surface for term in terms}
        matches = []
        for asked in self.terms:
            if asked.stem in stems:
                matches.append((1 + _SURFACE * (asked.surface in surfaces)) / (1 + _SURFACE))
            else:
                matches.append(_KIN * any(_are_kin(asked.stem, stem) for stem in stems))
        return matches

    def share(self, matches: Sequence[float]) -> float:
        """Return the share of the question's weight that is matched, 0 to 1."""
        return sum(map(float.__mul__, matches, self.weights)) / self.total


def extract_answer(
    question: str,
    evidence: Sequence[Evidence],
    document_frequency: DocumentFrequency,
    passages: int,
    *,
    limit: int = 4,
) -> Extraction:
    """Choose at most `limit` verbatim quotes of `evidence` that answer `question`.

    `evidence` is best first, of which the first eight are read; `document_frequency` tells in how many of all
    the `passages` of the library a stem occurs. Quotes come best first, except that neighbours in a
    passage that are about as likely keep their reading order; they never overlap nor repeat each other.
    A quote that opens with a pronoun brings the sentence before it. Without evidence, or without a question,
    there is no quote and the confidence is 0. The caller abstains under a threshold of confidence.

    >>> text = "La mairie est place Foch. Elle est ouverte le samedi de 9 h à 12 h."
    >>> found = [Evidence("p1", "Mairie de Sainte-Aube", text, 7.2)]
    >>> extraction = extract_answer("Quand la mairie est-elle ouverte ?", found, {"mair": 3}, 100, limit=1)
    >>> [text[quote.start : quote.end] for quote in extraction.quotes]
    ['La mairie est place Foch. Elle est ouverte le samedi de 9 h à 12 h.']
    """
    candidates = measure_candidates(question, evidence, document_frequency, passages)
    if not candidates:
        return Extraction((), 0.0)
    beliefs = _softmax([weigh_candidate(one) for one in candidates])
    order = sorted(range(len(candidates)), key=lambda place: -beliefs[place])
    ranked = [(candidates[place], beliefs[place]) for place in order]
    features = measure_confidence(question, evidence, candidates[order[0]], document_frequency, passages)
    confidence = 1 / (1 + math.exp(-_CONFIDENCE_BIAS - _dot(_CONFIDENCE_WEIGHTS, features)))
    return Extraction(_choose_quotes(ranked, evidence, limit), confidence)


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
    asked = _Question(question, document_frequency, passages)
    best = max((found.score for found in evidence), default=0.0) or 1.0
    candidates: list[Candidate] = []
    for place, found in enumerate(evidence[:_MOST_EVIDENCE] if asked.terms else ()):
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
    return _dot(_CANDIDATE_WEIGHTS, candidate.features)


def measure_confidence(
    question: str,
    evidence: Sequence[Evidence],
    best: Candidate,
    document_frequency: DocumentFrequency,
    passages: int,
) -> dict[str, float]:
    """Return what tells whether `best`, the first quote, answers.

    `near`: share of the question's weight in the quote, its heading and the piece before; `passage`: in its
    passage and title; `names_missing`: share of the names of the question that the passage lacks; `lead`: how
    far the next document falls behind the first; `together`: share of the evidence under the same title as
    the quote; `terms`: logarithm of the number of terms asked.

    >>> found = [Evidence(1, "Piscine", "La piscine ouvre à 9 h.", 2.0)]
    >>> (best,) = measure_candidates("À quelle heure ouvre la piscine ?", found, {}, 10)
    >>> measure_confidence("À quelle heure ouvre la piscine ?", found, best, {}, 10)["names_missing"]
    0.0
    """
    asked = _Question(question, document_frequency, passages)
    read = evidence[:_MOST_EVIDENCE]
    passage = read[best.evidence]
    matches = _either(asked.match(split_terms(passage.title)), asked.match(split_terms(passage.text)))
    names = [
        float(term.weight == NAME_WEIGHT and not match)
        for term, match in zip(asked.terms, matches, strict=True)
    ]
    others = [found.score for found in read if found.title != read[0].title]
    return {
        "near": sum(best.features[name] for name in ("cover", "heading", "before")),
        "passage": best.features["passage"],
        "names_missing": asked.share(names),
        "lead": 1 - max(others, default=0.0) / (read[0].score or 1.0),
        "together": sum(found.title == passage.title for found in read) / _MOST_EVIDENCE,
        "terms": math.log1p(len(asked.terms)),
    }


def _measure_passage(asked: _Question, found: Evidence, place: int, score: float) -> list[Candidate]:
    terms = split_terms(found.text)
    spans = split_quotable(found.text)
    inside = [_within(terms, span.start, span.end) for span in spans]
    matches = [asked.match(these) for these in inside]
    title = asked.match(split_terms(found.title))
    passage = asked.share(_either(title, asked.match(terms)))
    candidates = []
    for order, (span, own) in enumerate(zip(spans, matches, strict=True)):
        above = _either(title, asked.match(_within(terms, *span.heading))) if span.heading else title
        cover = asked.share(own)
        under = asked.share(_either(own, above))
        before = asked.share(_either(_either(own, above), matches[order - 1])) if order else under
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


def _measure_rarity(asked: _Question, candidates: Sequence[Candidate]) -> None:
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


def _measure_kind(asked: _Question, sentence: str) -> dict[str, float]:
    met = float(has_kind(sentence, asked.kind, asked.text))
    is_figure, is_name = asked.kind in FIGURES, asked.kind in NAMES
    return {"figure": met * is_figure, "name": met * is_name, "manner": met * (not (is_figure or is_name))}


def _choose_quotes(
    ranked: Sequence[tuple[Candidate, float]], evidence: Sequence[Evidence], limit: int
) -> tuple[Quote, ...]:
    """Take the best candidates that are new, as quotes that can be read alone."""
    chosen: list[Candidate] = []
    quotes: list[Quote] = []
    for candidate, belief in ranked:
        if len(quotes) >= limit or belief < _LEAST_SHARE * ranked[0][1]:
            break
        found = evidence[candidate.evidence]
        taken = [quote for quote in quotes if quote.id == found.id]
        if any(quote.start <= candidate.span.start < quote.end for quote in taken):
            continue
        if any(_say_the_same(candidate, other) for other in chosen):
            continue
        chosen.append(candidate)
        quotes.append(Quote(found.id, _find_start(candidate, found.text, taken), candidate.span.end, belief))
    return tuple(_keep_reading_order(quotes, {found.id: found.text for found in evidence}))


def _find_start(candidate: Candidate, text: str, taken: Sequence[Quote]) -> int:
    """Return where the quote starts: with the piece before, when the candidate leans on it and it is free."""
    span, previous = candidate.span, candidate.previous
    if previous is None or not begins_in_midair(text[span.start : span.end]):
        return span.start
    is_free = not any(quote.start < previous.end and previous.start < quote.end for quote in taken)
    return previous.start if is_free and span.end - previous.start <= LONGEST_QUOTE else span.start


def _keep_reading_order(quotes: Sequence[Quote], texts: Mapping[Hashable, str]) -> list[Quote]:
    """Put a quote before the one it comes right before in the text, unless it is much less likely."""
    ordered: list[Quote] = []
    for quote in quotes:
        after = ordered[-1] if ordered else None
        leads = after is not None and after.id == quote.id and quote.end <= after.start
        if after and leads and not texts[quote.id][quote.end : after.start].strip():
            ordered.insert(len(ordered) - (quote.score >= _COMPARABLE * after.score), quote)
        else:
            ordered.append(quote)
    return ordered


def _say_the_same(one: Candidate, other: Candidate) -> bool:
    together = len(one.stems | other.stems)
    return together > 0 and len(one.stems & other.stems) >= _SAME * together


def _within(terms: Sequence[Term], start: int, end: int) -> list[Term]:
    return [term for term in terms if start <= term.start < end]


def _either(one: Sequence[float], other: Sequence[float]) -> list[float]:
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


def _dot(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features[name] for name, weight in weights.items())


def _softmax(values: Sequence[float]) -> list[float]:
    highest = max(values)
    powers = [math.exp(value - highest) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
