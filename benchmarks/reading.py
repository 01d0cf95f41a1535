"""Measure how fast documents are read through the confined child: `python benchmarks/reading.py`.

Every document is made here: a hundred pages of deliberations as PDF, about five as DOCX, ODT, XLSX and HTML.
"cold" counts the start of the child, "warm" a child that has already read one. "core" is the processor time
of the child alone, warm: what one core gives when nothing else runs on it.
"""

import argparse
import io
import time
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import docx
import odfdo
import openpyxl
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table
from rich.console import Console
from rich.table import Table as Printed

from antigone.circuit.confinement import ConfinedReader

PDF_PAGES = 100
WARM_READS = 10
TICK = 0.01  # seconds: how finely the kernel counts processor time
SENTENCE = (
    "Le conseil municipal, après en avoir délibéré, approuve l’avis de la convention citoyenne sur l’eau, "
    "demande au maire d’en présenter le calendrier et inscrit 12 000 euros au budget du quartier no {}. "
)
ROWS = [["Quartier", "Budget", "Votes"]] + [
    [f"Quartier {row}", f"{row * 900} €", str(row * 7)] for row in range(12)
]


@dataclass(frozen=True)
class Document:
    name: str
    data: bytes
    unit: str
    count: int


@dataclass(frozen=True)
class Speed:
    """Units a second."""

    cold: float
    warm: float
    core: float


def write_pdf() -> bytes:
    styles = getSampleStyleSheet()
    story: list[object] = []
    for page in range(PDF_PAGES):
        story.append(Paragraph(f"Délibération no {page}", styles["Heading1"]))
        story += [Paragraph(SENTENCE.format(row) * 3, styles["BodyText"]) for row in range(6)]
        story += [Table(ROWS), PageBreak()]
    stream = io.BytesIO()
    SimpleDocTemplate(stream, title="Recueil des délibérations").build(story)
    return stream.getvalue()


def write_docx() -> bytes:
    document = docx.Document()
    for article in range(10):
        document.add_heading(f"Article {article}", 1)
        for row in range(5):
            document.add_paragraph(SENTENCE.format(row) * 3)
        table = document.add_table(len(ROWS), 3)
        for cell, text in zip(table._cells, chain.from_iterable(ROWS), strict=True):
            cell.text = text
    return save(document)


def write_odt() -> bytes:
    document = odfdo.Document("text")
    for article in range(10):
        document.body.append(odfdo.Header(1, f"Article {article}"))
        for row in range(5):
            document.body.append(odfdo.Paragraph(SENTENCE.format(row) * 3))
        table = odfdo.Table(f"t{article}")
        table.set_values(ROWS)
        document.body.append(table)
    return save(document)


def write_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    for _ in range(40):
        for row in ROWS:
            workbook.active.append(row)
    return save(workbook)


def write_html() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    article = "<h2>Article</h2>" + f"<p>{SENTENCE * 3}</p>" * 5 + f"<table>{rows}</table>"
    return f"<!doctype html><html><body><nav>Menu</nav><main>{article * 10}</main></body></html>".encode()


def save(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def measure(document: Document, repeats: int) -> Speed:
    """Keep the best of several runs: what disturbs a run only ever slows it."""
    cold, warm, core = [], [], []
    for _ in range(repeats):
        started = time.perf_counter()
        with ConfinedReader() as reader:
            reader.read(document.data, document.name)
            cold.append(time.perf_counter() - started)
            before = measure_processor(reader)
            started = time.perf_counter()
            for _ in range(WARM_READS):
                reader.read(document.data, document.name)
            warm.append((time.perf_counter() - started) / WARM_READS)
            core.append(max(measure_processor(reader) - before, TICK) / WARM_READS)
    return Speed(*(document.count / min(times) for times in (cold, warm, core)))


def measure_processor(reader: ConfinedReader) -> float:
    """Read the processor time of the child, in seconds (Linux)."""
    fields = Path(f"/proc/{reader._get_child()._process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    documents = [
        Document("recueil.pdf", write_pdf(), "pages", PDF_PAGES),
        Document("reglement.docx", write_docx(), "documents", 1),
        Document("reglement.odt", write_odt(), "documents", 1),
        Document("budget.xlsx", write_xlsx(), "documents", 1),
        Document("page.html", write_html(), "documents", 1),
    ]
    table = Printed("document", "kB", "unit", "cold /s", "warm /s", "core /s")
    for document in documents:
        speed = measure(document, repeats)
        figures = (
            f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
            for value in (speed.cold, speed.warm, speed.core)
        )
        table.add_row(document.name, f"{len(document.data) / 1000:,.0f}", document.unit, *figures)
    Console().print(table)


if __name__ == "__main__":
    main()
