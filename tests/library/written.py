"""Documents written straight into the library, where a test needs passages and not files."""

from antigone.core.retrieval.terms import analyse_passage
from antigone.library.index import index_passages
from antigone.library.models import Collection, Document, Page, Passage, Version


def write_document(collection: Collection, title: str, *texts: str, **fields: object) -> Document:
    """Save a document with one page and one passage for each text, as an import would."""
    filename = f"{title}-{Document.objects.count()}.txt"
    document = Document.objects.create(collection=collection, title=title, filename=filename, **fields)
    version = Version.objects.create(
        document=document, number=1, sha256="0" * 64, bytes=1, media_type="text/plain"
    )
    passages = []
    for number, text in enumerate(texts, start=1):
        page = Page.objects.create(version=version, number=number, label=f"p. {number}", text=text)
        terms = analyse_passage(title, text)
        passages.append(
            Passage(
                collection=collection,
                document=document,
                page=page,
                start=0,
                end=len(text),
                title_terms=terms.title,
                stems=terms.stems,
                surfaces=terms.surfaces,
                sentences=terms.sentences,
            )
        )
    index_passages(passages)
    return document
