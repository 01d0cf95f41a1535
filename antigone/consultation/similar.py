"""Which statements say nearly the same as one that somebody is about to add.

Two texts are alike by the words that they share, rare ones weighing more, and by the letters that they share, which
forgives mistakes of spelling.
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from math import log, sqrt

from antigone.consultation.models import Consultation, Statement
from antigone.core.retrieval.terms import fold, split_terms

# Under it two statements share a topic at most (tests/consultation/test_similar.py).
LEAST_ALIKE = 0.42
SHOWN = 5


def find_similar(consultation: Consultation, text: str, *, apart_from: int | None = None) -> list[Statement]:
    """Find the accepted statements most like a text, the most alike first; `apart_from` is a row left out."""
    others = [one for one in consultation.statements.accepted() if one.pk != apart_from]
    weights = weigh_terms([one.text for one in others] + [text])
    alike = [(measure_likeness(text, one.text, weights), one) for one in others]
    alike.sort(key=lambda pair: (-pair[0], pair[1].number))
    return [one for likeness, one in alike[:SHOWN] if likeness >= LEAST_ALIKE]


def weigh_terms(texts: list[str]) -> dict[str, float]:
    """Weigh each term the more the fewer texts have it."""
    counts = Counter(stem for text in texts for stem in set(_list_stems(text)))
    return {stem: 1 + log(len(texts) / count) for stem, count in counts.items()}


def measure_likeness(one: str, other: str, weights: Mapping[str, float]) -> float:
    """Measure how alike two texts are, from 0 to 1: the mean of the cosine of their terms and of their letters."""
    here, there = set(_list_stems(one)), set(_list_stems(other))
    shared = sum(weights.get(stem, 1.0) ** 2 for stem in here & there)
    length = sqrt(_square(here, weights) * _square(there, weights))
    terms = shared / length if length else 0.0
    left, right = _list_triples(one), _list_triples(other)
    both = len(left) + len(right)
    letters = 2 * len(left & right) / both if both else 0.0
    return (terms + letters) / 2


def _square(stems: set[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(stem, 1.0) ** 2 for stem in stems)


@lru_cache(maxsize=20_000)
def _list_stems(text: str) -> tuple[str, ...]:
    return tuple(term.stem for term in split_terms(text))


@lru_cache(maxsize=20_000)
def _list_triples(text: str) -> frozenset[str]:
    letters = f"  {' '.join(''.join(c if c.isalnum() else ' ' for c in fold(text)).split())} "
    return frozenset(letters[start : start + 3] for start in range(len(letters) - 2))
