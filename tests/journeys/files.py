"""Files that a librarian has on her disk."""

import io
from pathlib import Path

from docx import Document
from reportlab.pdfgen.canvas import Canvas


def write_pdf(path: Path, *lines: str) -> Path:
    """Write a page whose lines one can read on its image."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1)
    for row, line in enumerate(lines):
        canvas.drawString(72, 760 - 20 * row, line)
    canvas.save()
    path.write_bytes(file.getvalue())
    return path


def write_docx(path: Path, heading: str, *paragraphs: str) -> Path:
    document = Document()
    document.add_heading(heading)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def write_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
