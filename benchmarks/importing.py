"""Measure the whole import of text PDFs on one core: `python benchmarks/importing.py`.

Writes 50 PDFs of 20 pages, then types `antigone library add` on their folder, pinned to one core: start, confined
reading, cutting, analysis, index and flushes to the disk included. There is no peer in the run.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS, PAGES, LINES = 50, 20, 40
SENTENCE = (
    "le conseil municipal délibère sur la convention de partenariat relative aux travaux de voirie et à la "
    "tarification des services périscolaires pour les familles de la commune au titre de l'exercice"
)
WORDS = SENTENCE.split()


def write_pdf(path: Path, number: int) -> None:
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(PAGES):
        text = canvas.beginText(60, 780)
        for line in range(LINES):
            start = (number * 7 + page * 3 + line * 5) % len(WORDS)
            text.textLine(" ".join([*WORDS[start:], *WORDS[:start]][:12]) + f" n° {number}-{page}-{line}.")
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pdfs = Path(folder, "pdfs")
        pdfs.mkdir()
        for number in range(DOCUMENTS):
            write_pdf(pdfs / f"deliberation-{number}.pdf", number)
        environment = {
            **os.environ,
            "ANTIGONE_DATA": str(Path(folder, "data")),
            "DJANGO_SETTINGS_MODULE": "antigone.settings",
        }
        command = [sys.executable, "-c", "from antigone.cli import main; main()"]
        subprocess.run([*command, "setup"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        subprocess.run(
            ["taskset", "-c", "0", *command, "library", "add", str(pdfs), "--collection", "actes", "--create"],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        seconds = time.monotonic() - began
    print("| what | figure |\n| --- | --- |")
    print(f"| {DOCUMENTS * PAGES:,} text PDF pages in {DOCUMENTS} documents | {seconds:.1f} s |")
    print(f"| pages a second, one core, everything included | {DOCUMENTS * PAGES / seconds:.0f} |")


if __name__ == "__main__":
    main()
