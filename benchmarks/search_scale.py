"""Measure the search over a million passages in 200 collections, beside plain FTS5, on SQLite.

    python benchmarks/search_scale.py [--passages 1000000] [--questions 200] [--folder /tmp]

The library is made in a temporary folder and removed at the end (3 GB for a million passages). Its words
are drawn, by topics, from a Zipf-like vocabulary of 300,000 that continues the one of the real passages of
../shared/data/retrieval; these are mixed in, and their questions asked. Where they are absent, words and
questions are made up. Rows go through the tables and triggers of the product; only the analysis of made-up
text is skipped, since its stems are known. Questions go through the real `search()`, whose time is taken
whole. The peer is what one would write first: FTS5 over the text with its own tokenizer, all words of the
question joined by OR, permissions as a condition.
"""

import argparse
import json
import math
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import django
import numpy as np
from django.core.management import call_command
from django.db import connection, transaction

from antigone.core.retrieval.terms import analyse_passage, stem_word

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "retrieval"
COLLECTIONS = 200
VOCABULARY = 300_000
TOPICS, TOPIC_WORDS, TOPIC_SHARE = 2_000, 60, 0.25
PASSAGES_A_PAGE = 5
BATCH = 5_000
CONSONANTS, VOWELS = "b c d f g l m n p r s t v ch tr br pl qu", "a e i o u ou an on in ai"
READERS = {"all": COLLECTIONS, "20 of 200": 20, "2 of 200": 2}
REPEATS = 3


@dataclass(frozen=True)
class Made:
    """A passage to be written: where, what it says, and its analysed terms."""

    collection: int
    title: str
    text: str
    terms: tuple[str, str, str, str]
    key: str = ""


@dataclass(frozen=True)
class Question:
    text: str
    relevant: frozenset[int]


class Words:
    """A vocabulary with its frequencies: that of the real passages, then made-up words, rarer and rarer."""

    def __init__(self, real: Sequence[Made], random: np.random.Generator) -> None:
        counts: dict[str, float] = {}
        for passage in real:
            for surface in passage.terms[2].split():
                counts[surface] = counts.get(surface, 0) + 1
        syllables = np.array([c + v for c in CONSONANTS.split() for v in VOWELS.split()])
        made: set[str] = set()
        while len(counts) + len(made) < VOCABULARY:
            made.add("".join(random.choice(syllables, random.integers(2, 6))))
        made -= counts.keys()
        # After real words come ones as rare as the rarest; alone, made-up words follow Zipf's law.
        weights = [2.0 / rank**0.4 if counts else 1.0 / rank for rank in range(1, len(made) + 1)]
        self.surfaces = np.array([*counts, *sorted(made)], object)
        self.stems = np.array([stem_word(surface) for surface in self.surfaces], object)
        frequency = np.array([*counts.values(), *weights])
        self.cumulated = np.cumsum(frequency / frequency.sum())
        common = np.argsort(-frequency)[300:40_000]
        self.topics = random.choice(common, (TOPICS, TOPIC_WORDS))
        self.random = random

    def draw(self, lengths: np.ndarray, topics: np.ndarray) -> np.ndarray:
        total = int(lengths.sum())
        words = np.searchsorted(self.cumulated, self.random.random(total)).clip(max=len(self.surfaces) - 1)
        own = np.repeat(topics, lengths)
        special = self.random.random(total) < TOPIC_SHARE
        # The first words of a topic come back more often than the last.
        place = (TOPIC_WORDS * self.random.random(total) ** 2).astype(int)
        words[special] = self.topics[own, place][special]
        return words


def read_real() -> list[Made]:
    if not (DATA / "passages.jsonl").exists():
        return []
    passages = []
    for line in (DATA / "passages.jsonl").read_text().splitlines():
        row = json.loads(line)
        terms = analyse_passage(row["title"], row["text"])
        four = (terms.title, terms.stems, terms.surfaces, terms.sentences)
        passages.append(Made(row["collection"] + 1, row["title"], row["text"], four, row["id"]))
    return passages


def make_passages(number: int, words: Words) -> Iterator[Made]:
    random = words.random
    for start in range(0, number, BATCH):
        size = min(BATCH, number - start)
        lengths = np.clip(random.normal(49, 22, size).astype(int), 9, 110)
        topics = (np.arange(start, start + size) // PASSAGES_A_PAGE * 7919) % TOPICS
        drawn = np.split(words.draw(lengths, topics), np.cumsum(lengths)[:-1])
        for place, chosen in enumerate(drawn):
            surfaces, stems = words.surfaces[chosen], words.stems[chosen]
            document = (start + place) // PASSAGES_A_PAGE
            heading = words.topics[topics[place]][:2]
            title = " ".join(words.surfaces[heading])
            groups = (" ".join(surfaces[i : i + 4]) for i in range(0, len(surfaces), 4))
            text = f"Le {' de la '.join(groups)}."
            sentences = " ".join(["16"] * (len(surfaces) // 16) + [str(len(surfaces) % 16)])
            terms = (" ".join(words.stems[heading]), " ".join(stems), " ".join(surfaces), sentences)
            yield Made(document % COLLECTIONS + 1, title, text, terms)


def mix(
    made: Iterator[Made], real: Sequence[Made], number: int, random: np.random.Generator
) -> Iterator[list[Made]]:
    """Yield pages of passages, the real ones each on a page of its own, somewhere among the others."""
    places = np.sort(random.integers(0, max(number // PASSAGES_A_PAGE, 1), len(real)))
    waiting = list(zip(places.tolist(), real, strict=True))[::-1]
    page = 0
    while some := list(islice(made, PASSAGES_A_PAGE)):
        while waiting and waiting[-1][0] <= page:
            yield [waiting.pop()[1]]
        yield some
        page += 1
    for _place, passage in reversed(waiting):
        yield [passage]


def write_library(pages: Iterator[list[Made]], peer: sqlite3.Connection) -> dict[str, int]:
    """Write documents, versions, pages and passages; return the passages' numbers by the key of the data."""
    numbers: dict[str, int] = {}
    page_number = passage_number = 0
    while batch := list(islice(pages, BATCH // PASSAGES_A_PAGE)):
        documents: list[tuple[Any, ...]] = []
        versions: list[tuple[Any, ...]] = []
        texts: list[tuple[Any, ...]] = []
        passages: list[tuple[Any, ...]] = []
        plain: list[tuple[Any, ...]] = []
        for made in batch:
            page_number += 1
            one = made[0]
            documents.append((page_number, one.collection, one.title, f"{page_number}.txt"))
            versions.append((page_number, page_number, one.title))
            texts.append((page_number, page_number, "\n".join(passage.text for passage in made)))
            start = 0
            for passage in made:
                passage_number += 1
                if passage.key:
                    numbers[passage.key] = passage_number
                end = start + len(passage.text)
                place = (passage_number, passage.collection, page_number, page_number, start, end)
                passages.append((*place, *passage.terms))
                plain.append((passage_number, passage.title, passage.text, passage.collection))
                start = end + 1
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, rows in zip(INSERTS, (documents, versions, texts, passages), strict=True):
                cursor.executemany(sql, rows)
        peer.executemany("INSERT INTO passage (rowid, title, text, collection) VALUES (?, ?, ?, ?)", plain)
    return numbers


INSERTS = (
    "INSERT INTO library_document (id, collection_id, title, filename, publisher, source, licence, language,"
    " created_at, withdrawal_reason) VALUES (%s, %s, %s, %s, '', '', '', 'fr', '2026-01-01', '')",
    "INSERT INTO library_version (id, document_id, number, title, sha256, bytes, media_type, has_page_images,"
    " notices, imported_at) VALUES (%s, %s, 1, %s, '', 1, 'text/plain', 0, '[]', '2026-01-01')",
    "INSERT INTO library_page (id, version_id, number, label, text, width, height, is_scanned, word_boxes)"
    " VALUES (%s, %s, 1, 'p. 1', %s, 0, 0, 0, x'')",
    "INSERT INTO library_passage (id, collection_id, document_id, page_id, start, end, title_terms, stems,"
    " surfaces, sentences) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
)


def count_words() -> None:
    """Count the vocabulary from the index itself: what `index_passages` would have counted, faster."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'library_passage_index', 'col')"
        )
        cursor.execute("INSERT INTO library_vocabulary SELECT term, doc FROM words WHERE col = 'terms'")
        cursor.execute(
            "INSERT INTO library_corpus (id, passages, terms) SELECT 1,"
            " (SELECT count(*) FROM library_passage), sum(cnt) FROM words WHERE col = 'terms'"
        )
        cursor.execute("DROP TABLE temp.words")


def make_people() -> dict[str, Any]:
    """Make three people, who read all, 20 and 2 of the collections."""
    from antigone.accounts.models import Group, Organisation, Person  # noqa: PLC0415 (after django.setup)
    from antigone.library.models import Collection  # noqa: PLC0415

    city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
    collections = [
        Collection(id=number, name=f"C{number}", slug=f"c{number}", organisation=city, audience="groups")
        for number in range(1, COLLECTIONS + 1)
    ]
    Collection.objects.bulk_create(collections)
    people = {}
    for number, (name, readable) in enumerate(READERS.items()):
        group = Group.objects.create(organisation=city, name=name)
        group.read_collections.set(range(1, readable + 1))
        people[name] = Person.objects.create_person(
            email=f"p{number}@ville.example", name=name, organisation=city
        )
        people[name].groups.add(group)
    return people


def read_questions(number: int, numbers: dict[str, int], random: np.random.Generator) -> list[Question]:
    from antigone.library.models import Passage  # noqa: PLC0415

    if numbers:
        rows = [json.loads(line) for line in (DATA / "questions.jsonl").read_text().splitlines()]
        some = [rows[i] for i in random.choice(len(rows), min(number, len(rows)), replace=False)]
        return [
            Question(row["question"], frozenset(numbers[key] for key in row["relevant"] if key in numbers))
            for row in some
        ]
    ids = random.integers(1, Passage.objects.count(), number).tolist()
    questions = []
    for passage in Passage.objects.filter(pk__in=ids):
        chosen = random.choice(passage.surfaces.split(), 4, replace=False)
        questions.append(Question(f"Quel {chosen[0]} {' de '.join(chosen[1:])} ?", frozenset([passage.pk])))
    return questions


def measure(questions: Sequence[Question], ask: Callable[[str], list[int]]) -> dict[str, float]:
    """Ask each question `REPEATS` times; a question's time is its median, in ms of wall clock and of CPU."""
    walls, processors, gains = [], [], []
    for question in questions[:20]:
        ask(question.text)
    for question in questions:
        wall, processor = [], []
        for _ in range(REPEATS):
            began, began_processor = time.perf_counter(), time.process_time()
            found = ask(question.text)
            processor.append(time.process_time() - began_processor)
            wall.append(time.perf_counter() - began)
        walls.append(1_000 * statistics.median(wall))
        processors.append(1_000 * statistics.median(processor))
        gains.append(measure_gain(found, question.relevant))
    return {
        "p50": float(np.percentile(walls, 50)),
        "p95": float(np.percentile(walls, 95)),
        "CPU p50": float(np.percentile(processors, 50)),
        "CPU p95": float(np.percentile(processors, 95)),
        "nDCG": statistics.mean(gains),
    }


def measure_gain(found: Sequence[int], relevant: frozenset[int]) -> float:
    """Return the nDCG at 10 (Järvelin and Kekäläinen 2002) of passages that are relevant or not."""
    discounts = [1 / math.log2(place + 2) for place in range(10)]
    gain = sum(discount for discount, one in zip(discounts, found, strict=False) if one in relevant)
    return gain / sum(discounts[: len(relevant)]) if relevant else 0.0


def ask_peer(peer: sqlite3.Connection, text: str, readable: int) -> list[int]:
    words = " OR ".join(f'"{word}"' for word in "".join(c if c.isalnum() else " " for c in text).split())
    rows = peer.execute(
        "SELECT rowid FROM passage WHERE passage MATCH ? AND collection <= ? ORDER BY rank LIMIT 10",
        (words, readable),
    )
    return [number for (number,) in rows]


def open_peer(folder: Path) -> sqlite3.Connection:
    peer = sqlite3.connect(folder / "peer.sqlite3")
    peer.execute("PRAGMA journal_mode=WAL")
    peer.execute("PRAGMA mmap_size=1073741824")
    peer.execute(
        "CREATE VIRTUAL TABLE passage USING fts5(title, text, collection UNINDEXED,"
        " tokenize='unicode61 remove_diacritics 2')"
    )
    return peer


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the search over a million passages.")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=None, help="where to make the temporary folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="antigone-search-", dir=options.folder) as name:
        os.environ |= {"ANTIGONE_DATA": name, "DJANGO_SETTINGS_MODULE": "antigone.settings"}
        os.environ.pop("ANTIGONE_DATABASE", None)
        run(Path(name), options.passages, options.questions)


def run(folder: Path, passages: int, asked: int) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    random = np.random.default_rng(20_260_101)
    people = make_people()
    real = read_real()
    words = Words(real, random)
    peer = open_peer(folder)
    began = time.perf_counter()
    numbers = write_library(mix(make_passages(passages, words), real, passages, random), peer)
    count_words()
    peer.commit()
    sizes = [sum(p.stat().st_size for p in folder.glob(f"{n}.sqlite3*")) / 1e6 for n in ("antigone", "peer")]
    print(f"{passages:,} passages and {len(real):,} real ones written in {time.perf_counter() - began:.0f} s")
    print(f"database {sizes[0]:,.0f} MB, peer's index and text {sizes[1]:,.0f} MB")
    questions = read_questions(asked, numbers, random)
    print(f"{len(questions)} {'real' if real else 'made-up'} questions\n")
    compare(questions, people, peer, {numbers[one.key]: one.collection for one in real})


def compare(
    questions: Sequence[Question], people: dict[str, Any], peer: sqlite3.Connection, places: dict[int, int]
) -> None:
    """Print a row for each reader and each search; `places` has the collections of the real passages."""
    from antigone.library.search import search  # noqa: PLC0415

    columns = ["who reads", "search", "questions", "p50 ms", "p95 ms", "CPU p50", "CPU p95", "nDCG@10"]
    print(f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|")
    for reader, readable in READERS.items():
        fair = [q for q in questions if not places or all(places[n] <= readable for n in q.relevant)]

        def ask(text: str, person: Any = people[reader]) -> list[int]:
            return [hit.passage.pk for hit in search(text, person=person).hits]

        def ask_plain(text: str, readable: int = readable) -> list[int]:
            return ask_peer(peer, text, readable)

        for name, asked in {"Antigone": ask, "plain FTS5": ask_plain}.items():
            figures = " | ".join(f"{value:.3g}" for value in measure(fair, asked).values())
            print(f"| {reader} | {name} | {len(fair)} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
