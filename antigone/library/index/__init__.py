"""The index of the passages: written with them in one transaction, derived, so that it can be rebuilt.

Three things are derived from `Passage`: the inverted index, which the database itself keeps equal to the
table; the vocabulary, and the size of the corpus, which `index_passages` and `remove_passages` count.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from antigone.library.index.inverted import get_inverted_index
from antigone.library.models import Corpus, Document, Passage, Vocabulary

__all__ = ["check", "index_passages", "rebuild", "remove_passages"]

TERM_CHARACTERS = 80
_BATCH = 1_000
_ADD = (
    "INSERT INTO library_vocabulary (term, passages) VALUES (%s, %s) ON CONFLICT (term) "
    "DO UPDATE SET passages = library_vocabulary.passages + excluded.passages"
)
_FORGET = "DELETE FROM library_vocabulary WHERE term = %s AND passages <= %s"
_SUBTRACT = "UPDATE library_vocabulary SET passages = passages - %s WHERE term = %s"

Progress = Callable[[int, int], None]


class _Counts:
    """What some passages add to the vocabulary and to the size of the corpus."""

    def __init__(self) -> None:
        self.passages = self.terms = 0
        self.stems: Counter[str] = Counter()

    def add(self, title_terms: str, stems: str) -> None:
        terms = title_terms.split() + stems.split()
        self.passages += 1
        self.terms += len(terms)
        self.stems.update(set(terms))


def index_passages(passages: Iterable[Passage]) -> None:
    """Save new passages, found from then on, with what is counted of them, in the caller's transaction."""
    with transaction.atomic():
        corpus = _lock_corpus()
        remaining = iter(passages)
        while batch := list(islice(remaining, _BATCH)):
            counts = _Counts()
            for passage in batch:
                _shorten_terms(passage)
                counts.add(passage.title_terms, passage.stems)
            Passage.objects.bulk_create(batch)
            corpus.update(passages=F("passages") + counts.passages, terms=F("terms") + counts.terms)
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, sorted(counts.stems.items()))


def remove_passages(documents: QuerySet[Document] | Iterable[int]) -> None:
    """Delete the passages of these documents, found no more, with what was counted of them.

    Counts that were wrong before never stop a removal; `check` tells them.
    """
    with transaction.atomic():
        corpus = _lock_corpus()
        kept = documents if isinstance(documents, QuerySet) else list(documents)
        passages = Passage.objects.filter(document__in=kept).order_by()
        counts = _count(passages)
        passages.delete()
        corpus.update(
            passages=Greatest(F("passages") - counts.passages, 0),
            terms=Greatest(F("terms") - counts.terms, 0),
        )
        with connection.cursor() as cursor:
            cursor.executemany(_FORGET, list(counts.stems.items()))
            cursor.executemany(_SUBTRACT, [(number, stem) for stem, number in counts.stems.items()])


def rebuild(progress: Progress = lambda done, total: None) -> None:
    """Derive the inverted index and all counts again from the passages, in one transaction.

    `progress` is called with the number of passages counted and their total.
    """
    with transaction.atomic():
        corpus = _lock_corpus()
        get_inverted_index().install()
        counts = _count(Passage.objects.order_by(), progress)
        corpus.update(passages=counts.passages, terms=counts.terms)
        Vocabulary.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, sorted(counts.stems.items()))


def check() -> list[str]:
    """Compare the inverted index and all counts with the passages; say each difference in words.

    Changes nothing, and lets nobody else change passages meanwhile (a minute for a million).
    """
    faults = get_inverted_index().find_faults()
    with transaction.atomic():
        corpus = Corpus.objects.select_for_update().filter(pk=1).first() or Corpus()
        counts = _count(Passage.objects.order_by())
        kept = dict(Vocabulary.objects.values_list("term", "passages").iterator())
    if (corpus.passages, corpus.terms) != (counts.passages, counts.terms):
        faults.append(
            _(
                "The library holds %(passages)d passages and %(terms)d terms, "
                "but counts %(counted_passages)d and %(counted_terms)d."
            )
            % {
                "passages": counts.passages,
                "terms": counts.terms,
                "counted_passages": corpus.passages,
                "counted_terms": corpus.terms,
            }
        )
    if wrong := sum(1 for term in kept.keys() | counts.stems if kept.get(term) != counts.stems.get(term)):
        faults.append(_("%(number)d words of the vocabulary are counted wrongly.") % {"number": wrong})
    return faults


def _lock_corpus() -> QuerySet[Corpus]:
    """Return the one row of the corpus, locked: whoever counts waits for who counted before."""
    Corpus.objects.select_for_update().get_or_create(pk=1)
    return Corpus.objects.filter(pk=1)


def _count(passages: QuerySet[Passage], progress: Progress | None = None) -> _Counts:
    counts = _Counts()
    total = passages.count() if progress else 0
    for title_terms, stems in passages.values_list("title_terms", "stems").iterator(chunk_size=_BATCH):
        counts.add(title_terms, stems)
        if progress and (counts.passages % _BATCH == 0 or counts.passages == total):
            progress(counts.passages, total)
    return counts


def _shorten_terms(passage: Passage) -> None:
    """Cut terms that no person types (a coded image, a key): databases limit the length of a word."""
    for name in ("title_terms", "stems", "surfaces"):
        terms = getattr(passage, name).split()
        if any(len(term) > TERM_CHARACTERS for term in terms):
            setattr(passage, name, " ".join(term[:TERM_CHARACTERS] for term in terms))
