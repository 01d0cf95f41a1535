"""Measure search and abstention end to end, on files that went through the import.

    python benchmarks/search_imported.py [--sample N]

Each passage of ../shared/data/retrieval is written as a Markdown file (its title, then its text) and added by the
action behind `antigone library add`, with one confined reader. The 3,682 questions then go through `search()` as
typed, with one misspelt word, and without accents, beside plain FTS5 (its own tokenizer, all words joined by OR)
over the same files. A page cut into several passages counts once, at its best. Lastly, a sample of questions is
asked with its documents present, then with them withdrawn: how well `Results.evidence` and the assistant's
confidence tell one from the other (AUC).
"""

import argparse
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django
import numpy as np
from django.core.management import call_command
from search_quality import area_under_curve, find_place, misspell, score_row, strip_accents

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "retrieval"
SEED = 20_260_101
WITHDRAWN = 100  # documents, with all their questions

Ask = Callable[[str], list[str]]


def read_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def name_file(key: str) -> str:
    return f"{key.replace('/', '_')}.md"


def import_files(folder: Path, passages: Sequence[dict[str, Any]]) -> None:
    from antigone.library.actions import About, create_collection  # noqa: PLC0415 (after django.setup)
    from antigone.library.commands.add import add_files, find_files  # noqa: PLC0415
    from antigone.library.models import Collection, Corpus  # noqa: PLC0415

    files = folder / "files-to-add"
    files.mkdir()
    for passage in passages:
        (files / name_file(passage["id"])).write_text(f"# {passage['title']}\n\n{passage['text']}\n", "utf-8")
    collection = create_collection(name="Questions", audience=Collection.Audience.PUBLIC)
    began = time.perf_counter()
    report = add_files(list(find_files(files)), collection, About(), brings_back=False)
    spent = time.perf_counter() - began
    added = report.counts["added"]
    print(
        f"{added:,} files added in {spent:.0f} s ({added / spent:.0f} a second), {len(report.refused)} refused,"
    )
    print(
        f"{report.counts['unchanged']} with the same bytes as another; {Corpus.objects.get().passages:,} passages\n"
    )


def open_peer(passages: Sequence[dict[str, Any]]) -> sqlite3.Connection:
    peer = sqlite3.connect(":memory:")
    peer.execute(
        "CREATE VIRTUAL TABLE passage USING fts5(key UNINDEXED, title, text,"
        " tokenize='unicode61 remove_diacritics 2')"
    )
    rows = [(name_file(passage["id"]), passage["title"], passage["text"]) for passage in passages]
    peer.executemany("INSERT INTO passage VALUES (?, ?, ?)", rows)
    return peer


def ask_peer(peer: sqlite3.Connection, text: str) -> list[str]:
    """Return the files found, best first, as `ask_library` does."""
    words = " OR ".join(f'"{word}"' for word in "".join(c if c.isalnum() else " " for c in text).split())
    rows = peer.execute("SELECT key FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 10", (words,))
    return [key for (key,) in rows]


def ask_library(text: str) -> list[str]:
    from antigone.library.search import search  # noqa: PLC0415

    hits = search(text, person=None, limit=20).hits
    return list(dict.fromkeys(hit.passage.document.filename for hit in hits))[:10]


def measure_quality(questions: Sequence[dict[str, Any]], asks: dict[str, Ask]) -> None:
    generator = random.Random(SEED)
    texts = [question["question"] for question in questions]
    halves = np.array([sum(map(ord, question["group"])) % 2 == 0 for question in questions])
    variants = {
        "as typed": texts,
        "one misspelt word": [misspell(text, generator) for text in texts],
        "without accents": [strip_accents(text) for text in texts],
    }
    print(f"{'':<34}" + "".join(f"{name:>9}" for name in ("nDCG@10", "MRR@10", "R@10", "half A", "half B")))
    for name, ask in asks.items():
        for variant, asked in variants.items():
            places = [
                find_place(ask(text), name_file(question["relevant"][0]))  # type: ignore[arg-type]
                for text, question in zip(asked, questions, strict=True)
            ]
            print(score_row(f"{name}, {variant}", places, halves), flush=True)


def measure_abstention(questions: Sequence[dict[str, Any]], passages: Sequence[dict[str, Any]]) -> None:
    """Ask the questions of some documents with them present, then withdrawn with all that they were cut into."""
    from antigone.assistant.asking import inquire  # noqa: PLC0415
    from antigone.library.actions import withdraw_document  # noqa: PLC0415
    from antigone.library.models import Document  # noqa: PLC0415
    from antigone.library.search import search  # noqa: PLC0415

    source_of = {passage["id"]: passage["doc"] for passage in passages}
    sources = sorted({source_of[question["relevant"][0]] for question in questions})
    chosen = set(random.Random(SEED).sample(sources, min(WITHDRAWN, len(sources))))
    texts = [question["question"] for question in questions if source_of[question["relevant"][0]] in chosen]

    def ask_all() -> list[tuple[float, float]]:
        return [(search(text, person=None).evidence, inquire(text, person=None).confidence) for text in texts]

    present = ask_all()
    names = [name_file(key) for key, source in source_of.items() if source in chosen]
    for document in Document.objects.current().filter(filename__in=names):
        withdraw_document(document=document, by=None, reason="measured without it")
    scores = np.array(present + ask_all())
    is_present = np.repeat([True, False], len(texts))
    print(f"\n{len(texts)} questions on {len(chosen)} documents, present, then withdrawn:")
    for column, name in enumerate(("evidence", "the assistant's confidence")):
        print(f"  {name}: AUC {area_under_curve(scores[:, column], is_present):.3f}")


def run(folder: Path, sample: int) -> None:
    os.environ["ANTIGONE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "antigone.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    passages, questions = read_lines("passages"), read_lines("questions")[::sample]
    import_files(folder, passages)
    peer = open_peer(passages)
    measure_quality(questions, {"plain FTS5": lambda text: ask_peer(peer, text), "antigone": ask_library})
    measure_abstention(questions, passages)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="keep one question in N")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("Nothing measured: the questions are not beside the repository (../shared/data/retrieval).")
        return
    with tempfile.TemporaryDirectory(prefix="antigone-search-") as name:
        run(Path(name), options.sample)


if __name__ == "__main__":
    main()
