"""The passages of a document: cut, analysed, put into the index."""

from collections.abc import Iterable, Iterator

from antigone.core.retrieval.passages import cut_passages
from antigone.core.retrieval.terms import analyse_passage
from antigone.library.index import index_passages, remove_passages
from antigone.library.models import Document, Page, Passage


def cut_pages(pages: Iterable[Page]) -> Iterator[Passage]:
    """Make the passages of pages, saved or not; nothing is saved here, and they have no document yet."""
    for page in pages:
        for start, end in cut_passages(page.text):
            terms = analyse_passage("", page.text[start:end])
            yield Passage(
                page=page,
                start=start,
                end=end,
                stems=terms.stems,
                surfaces=terms.surfaces,
                sentences=terms.sentences,
            )


def index_document(document: Document, passages: list[Passage]) -> None:
    """Replace the passages of a document; call it within the transaction of the change."""
    title_terms = analyse_passage(document.title, "").title
    for passage in passages:
        passage.document = document
        passage.collection_id = document.collection_id
        passage.title_terms = title_terms
    remove_passages([document.pk])
    index_passages(passages)


def reindex_document(document: Document) -> None:
    """Cut and index the latest version again; call it within a transaction that holds the document's row."""
    index_document(document, list(cut_pages(document.versions.latest().pages.all())))
