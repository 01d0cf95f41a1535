"""Answer a question with verbatim quotes of the passages found, or say how unlikely they are to answer.

No model writes anything here: an answer is a choice of quotes. Each is weighed by how much of the question it
covers, by what stands around it, and by whether it holds the kind of thing that is asked.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from antigone.core.retrieval.candidates import (
    MOST_EVIDENCE,
    AskedQuestion,
    Candidate,
    DocumentFrequency,
    Evidence,
    either,
    measure_candidates,
    weigh_candidate,
)
from antigone.core.retrieval.kinds import AnswerKind
from antigone.core.retrieval.quotes import LONGEST_QUOTE, begins_in_midair
from antigone.core.retrieval.terms import split_terms

__all__ = [
    "DEFAULT_THRESHOLD",
    "AnswerKind",
    "Evidence",
    "Extraction",
    "Quote",
    "average_odds",
    "extract_answer",
    "measure_confidence",
]

DEFAULT_THRESHOLD = 0.5  # under this confidence a caller should abstain: table in `benchmarks/answers.py`

_LEAST_SHARE = 0.02  # of the best quote's share: below, a quote would only blur the answer
_COMPARABLE = 0.5  # of the best quote's share: from there on, reading order matters more than rank
_TINY = 1e-9
_SAME = 0.8  # share of stems in common from which two quotes say the same

# Logistic regression on the half of the PIAF questions that `benchmarks/answers.py --fit` takes, each
# question with its document present, then withdrawn.
_CONFIDENCE_BIAS = -5.75
_CONFIDENCE_WEIGHTS = {
    "near": 2.34,
    "passage": 3.15,
    "names_missing": -2.56,
    "lead": 3.27,
    "together": 1.07,
    "terms": 1.0,
}


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


def average_odds(*chances: float) -> float:
    """Return the chance whose odds are the geometric mean of those of `chances`, each 0 to 1.

    Two signs of the same thing are surer together: the confidence of an extraction and the evidence of its
    ranking (`benchmarks/answers.py`).

    >>> round(average_odds(0.9, 0.5), 2)
    0.75
    """
    logits = [math.log(max(chance, _TINY) / max(1 - chance, _TINY)) for chance in chances]
    return 1 / (1 + math.exp(-sum(logits) / len(logits)))


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
    asked = AskedQuestion(question, document_frequency, passages)
    read = evidence[:MOST_EVIDENCE]
    passage = read[best.evidence]
    matches = either(asked.match(split_terms(passage.title)), asked.match(split_terms(passage.text)))
    others = [found.score for found in read if found.title != read[0].title]
    return {
        "near": sum(best.features[name] for name in ("cover", "heading", "before")),
        "passage": best.features["passage"],
        "names_missing": asked.share_names_missing(matches),
        "lead": max(0.0, 1 - max(others, default=0.0) / (read[0].score or 1.0)),
        "together": sum(found.title == passage.title for found in read) / MOST_EVIDENCE,
        "terms": math.log1p(len(asked.terms)),
    }


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


def _dot(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    return sum(weight * features[name] for name, weight in weights.items())


def _softmax(values: Sequence[float]) -> list[float]:
    highest = max(values)
    powers = [math.exp(value - highest) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
