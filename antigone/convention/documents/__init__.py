"""The avis as files that people keep: an OpenDocument text and a tagged PDF (PDF/UA-1).

Both are written from one `AvisDocument`, plain data that knows no table. What people wrote goes in as text, never as
markup, and nothing is fetched. The same document gives the same bytes.
"""

from antigone.convention.documents.content import (
    AvisDocument,
    Block,
    List,
    Note,
    Paragraph,
    Quote,
    Section,
    Table,
)
from antigone.convention.documents.opendocument import write_odt
from antigone.convention.documents.pdf import write_pdf

__all__ = [
    "AvisDocument",
    "Block",
    "List",
    "Note",
    "Paragraph",
    "Quote",
    "Section",
    "Table",
    "write_odt",
    "write_pdf",
]
