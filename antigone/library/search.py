"""Search the passages that a person may read: question → terms → passages of the index → best first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from antigone.accounts.models import Person
from antigone.core.retrieval.query import QUESTION_WEIGHT, Query, analyse_query, select_terms
from antigone.core.retrieval.ranking import Candidate, Ranked, Statistics, evidence, fuse, rank, shortlist
from antigone.core.retrieval.spelling import repair
from antigone.core.retrieval.terms import split_terms
from antigone.library.index import TERM_CHARACTERS
from antigone.library.index.counts import Size, count_passages, read_size
from antigone.library.index.inverted import InvertedIndex, get_inverted_index
from antigone.library.index.scope import Row, Scope
from antigone.library.index.vectors import find_nearest
from antigone.library.models import Collection, Passage

CANDIDATES = 100
# A page pasted as a question is searched by its rarest words, and has enough of them without repairs.
_SEARCHED_STEMS = 16
_REPAIRED_TERMS = 30
_SHOWN = (
    Passage.objects.select_related("document__collection", "page__version")
    .defer("title_terms", "stems", "surfaces", "sentences", "page__word_boxes")
    .order_by()
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold a passage, its score, and the stems asked for."""

    passage: Passage
    score: float
    stems: frozenset[str]

    @property
    def marks(self) -> tuple[tuple[int, int], ...]:
        """Return where in `passage.text` the words asked for stand, as (start, end), in order."""
        terms = split_terms(self.passage.text)
        return tuple((term.start, term.end) for term in terms if term.stem in self.stems)


@dataclass(frozen=True, slots=True)
class Results:
    """Hold the hits, best first, and the misspelt words with those searched for instead.

    `evidence` (0 to 1) is how likely the passages hold an answer.
    `has_nearest` tells that vectors were compared too, of which `evidence` knows nothing.
    `document_frequency` and `passages` weigh words over the whole library: never show them, for they count
    passages that the person may not read.
    """

    hits: tuple[Hit, ...] = ()
    repaired: Mapping[str, str] = field(default_factory=dict)
    evidence: float = 0.0
    document_frequency: Mapping[str, int] = field(default_factory=dict)
    passages: int = 0
    has_nearest: bool = False


def search(
    text: str,
    *,
    person: Person | None,
    collections: Iterable[Collection | int] | None = None,
    languages: Iterable[str] | None = None,
    published_from: date | None = None,
    published_until: date | None = None,
    limit: int = 10,
    vector: Sequence[float] | None = None,
    vector_model: str = "",
) -> Results:
    """Return the `limit` passages that answer `text` best, among the current ones that `person` may read.

    None is a visitor. The permission is part of the query: nothing that the person may not read, or that was
    withdrawn, adds a hit, a mark or a repaired word. `text` is never read as the index's own language. With the
    `vector` that an embedding engine's model made of it, passages are also found by theirs.
    """
    scope = Scope.of(
        person,
        collections=collections,
        languages=languages,
        published_from=published_from,
        published_until=published_until,
    )
    query = _analyse(text)
    if scope is None or not query.terms:
        return Results()
    query, ranked, statistics = _rank(query, get_inverted_index(), scope)
    nearest = [] if vector is None else find_nearest(vector, vector_model, scope, limit)
    hits = _read_hits(query, _join(ranked[:limit], nearest)[:limit])
    return Results(
        hits=hits,
        repaired=_write_repairs(query, hits),
        evidence=evidence(query, ranked, statistics),
        document_frequency=statistics.document_frequency,
        passages=statistics.passages,
        has_nearest=bool(nearest),
    )


def _rank(query: Query, index: InvertedIndex, scope: Scope) -> tuple[Query, list[Ranked], Statistics]:
    """Return the query with its words repaired, and the passages that hold them, best first."""
    size = read_size()
    frequencies, rows = _find(query, index, size, scope)
    repaired = _repair(query, frequencies, index, scope, rows)
    if repaired.repaired:
        query = repaired
        frequencies, rows = _find(query, index, size, scope)
    statistics = Statistics(size.passages, size.terms / max(size.passages, 1), frequencies)
    candidates = [Candidate(*row) for row in shortlist(query, rows, statistics, CANDIDATES)]
    return query, rank(query, candidates, statistics), statistics


def _join(ranked: list[Ranked], nearest: Sequence[int]) -> list[Ranked]:
    """Fuse the best by words with the best by vectors; one found by its vector alone scores nothing.

    Neither order's tail comes in: passages that stand in both, far down, would pass the first of one.
    """
    found = {one: Ranked(one, 0.0, 0.0, 0.0) for one in nearest} | {one.id: one for one in ranked}
    return [found[one] for one in fuse([[each.id for each in ranked], nearest])]


def _analyse(text: str) -> Query:
    """Analyse a question, without words that are too long for any index."""
    query = analyse_query(text)
    return replace(query, terms=tuple(term for term in query.terms if len(term.surface) <= TERM_CHARACTERS))


def _find(query: Query, index: InvertedIndex, size: Size, scope: Scope) -> tuple[dict[str, int], list[Row]]:
    """Return in how many passages each stem stands, and the passages worth ranking."""
    frequencies = count_passages([*query.stems, *query.related])
    stems = select_terms(query, frequencies, size.passages)[:_SEARCHED_STEMS]
    if not stems:
        return frequencies, []
    asked = {stem: frequencies[stem] for stem in stems}
    return frequencies, index.find(asked, size.passages, scope)


def _repair(
    query: Query, frequencies: Mapping[str, int], index: InvertedIndex, scope: Scope, rows: Sequence[Row]
) -> Query:
    """Replace misspelt words; a word is what stands in a passage of `scope`, as those of `rows` do."""
    if len(query.terms) > _REPAIRED_TERMS:
        return query
    seen = f" {' '.join(f'{title} {stems}' for _, title, stems, _, _ in rows[:CANDIDATES])} "

    def know(stems: Iterable[str]) -> Mapping[str, int]:
        asked = set(stems)
        counted = frequencies if asked <= set(query.stems) else count_passages(asked)
        return {
            stem: counted[stem]
            for stem in asked & counted.keys()
            if f" {stem} " in seen or index.holds(stem, scope)
        }

    return repair(query, know)


def _write_repairs(query: Query, hits: Iterable[Hit]) -> dict[str, str]:
    """Return each misspelt word with the one searched for, as the passages found write it, accents included."""
    if not query.repaired:
        return {}
    stems = {term.surface: term.stem for term in query.terms}
    texts = [text for hit in hits for text in (hit.passage.text, hit.passage.document.title)]
    written: dict[str, str] = {}
    for text in texts:
        for term in split_terms(text):
            written.setdefault(term.stem, text[term.start : term.end].lower())
    return {wrong: written.get(stems.get(right, ""), right) for wrong, right in query.repaired}


def _read_hits(query: Query, best: Iterable[Ranked]) -> tuple[Hit, ...]:
    """Read the passages to be shown, with all that a page says of them."""
    best = list(best)
    passages = {passage.pk: passage for passage in _SHOWN.filter(pk__in=[ranked.id for ranked in best])}
    for passage in passages.values():
        if passage.collection_id == passage.document.collection_id:
            passage.collection = passage.document.collection
    stems = frozenset(term.stem for term in query.terms if term.weight > QUESTION_WEIGHT)
    return tuple(
        Hit(passages[ranked.id], ranked.score, stems)
        for ranked in best
        if ranked.id in passages  # removed a moment ago
    )
