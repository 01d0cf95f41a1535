"""Measure the search over a million passages in 200 collections, beside plain FTS5.

    python benchmarks/search_scale.py [--passages 1000000] [--questions 200] [--keep FOLDER]

The library is made in a temporary folder and removed at the end (4 GB for a million passages); `--keep` makes
it in a folder that stays, or measures again the one that is there. Its words are drawn, by topics, from a
Zipf-like vocabulary of 300,000 that continues the one of the real passages of ../shared/data/retrieval, with
between them the small words and the punctuation of these; the real passages are mixed in, and their questions
asked. Where they are absent, words and questions are made up. Rows go through the tables and triggers of the
product; only the analysis of made-up text is skipped, since its stems are known. Questions go through the real
`search()`, whose time is taken whole. The peer is what one would write first: FTS5 over the text with its own
tokenizer, all words of the question joined by OR, permissions as a condition.

ANTIGONE_DATABASE may name an empty PostgreSQL database, which is then filled and measured in place of SQLite.
"""

import argparse
import json
import math
import os
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import django
import numpy as np
from django.core.management import call_command
from django.db import connection, transaction

from antigone.core.retrieval.terms import analyse_passage, split_terms, stem_word

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "retrieval"
COLLECTIONS = 200
VOCABULARY = 300_000
TOPICS, TOPIC_WORDS, TOPIC_SHARE = 2_000, 60, 0.25
PASSAGES_A_PAGE = 5
BATCH = 5_000
CONSONANTS, VOWELS = "b c d f g l m n p r s t v ch tr br pl qu", "a e i o u ou an on in ai"
READERS = {"all": COLLECTIONS, "60 of 200": 60, "20 of 200": 20, "2 of 200": 2}
REPEATS = {"Antigone": 3, "plain FTS5": 1}
PEER_QUESTIONS = 8  # at a million passages the peer takes seconds for each
# What stands between two words that count, where there is no real passage to take it from.
GAPS = (
    " ",
    " de ",
    " la ",
    " de la ",
    " et ",
    ", ",
    " les ",
    " des ",
    " à ",
    " du ",
    " en ",
    ". Le ",
    " dans le ",
)


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
        gaps = Counter(gap for passage in real for gap in split_gaps(passage.text)) or Counter(GAPS)
        self.gaps = np.array([gap for gap, _ in gaps.most_common(5_000)], object)
        common_gaps = np.array([count for _, count in gaps.most_common(5_000)], float)
        self.cumulated_gaps = np.cumsum(common_gaps / common_gaps.sum())

    def write(self, surfaces: np.ndarray) -> str:
        """Write these words as a text, with small words and punctuation between them."""
        drawn = np.searchsorted(self.cumulated_gaps, self.random.random(len(surfaces))).clip(
            max=len(self.gaps) - 1
        )
        return f"Le {''.join(surfaces + self.gaps[drawn])}."

    def draw(self, lengths: np.ndarray, topics: np.ndarray) -> np.ndarray:
        total = int(lengths.sum())
        words = np.searchsorted(self.cumulated, self.random.random(total)).clip(max=len(self.surfaces) - 1)
        own = np.repeat(topics, lengths)
        special = self.random.random(total) < TOPIC_SHARE
        # The first words of a topic come back more often than the last.
        place = (TOPIC_WORDS * self.random.random(total) ** 2).astype(int)
        words[special] = self.topics[own, place][special]
        return words


def split_gaps(text: str) -> Iterator[str]:
    """Give what stands between the terms of a text, on one line."""
    terms = split_terms(text)
    for previous, term in pairwise(terms):
        yield text[previous.end : term.start].replace("\n", " ")


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
            sentences = " ".join(["16"] * (len(surfaces) // 16) + [str(len(surfaces) % 16)])
            terms = (" ".join(words.stems[heading]), " ".join(stems), " ".join(surfaces), sentences)
            yield Made(document % COLLECTIONS + 1, title, words.write(surfaces), terms)


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


def write_library(pages: Iterator[list[Made]], peer: sqlite3.Connection) -> None:
    """Write documents, versions, pages and passages; the file of a real passage is named by its key."""
    page_number = passage_number = terms = 0
    stems: Counter[str] = Counter()
    while batch := list(islice(pages, BATCH // PASSAGES_A_PAGE)):
        rows: tuple[list[tuple[Any, ...]], ...] = ([], [], [], [])
        documents, versions, texts, passages = rows
        plain: list[tuple[Any, ...]] = []
        for made in batch:
            page_number += 1
            one = made[0]
            documents.append((page_number, one.collection, one.title, one.key or str(page_number)))
            versions.append((page_number, page_number, one.title))
            texts.append((page_number, page_number, "\n".join(passage.text for passage in made)))
            start = 0
            for passage in made:
                passage_number += 1
                end = start + len(passage.text)
                place = (passage_number, passage.collection, page_number, page_number, start, end)
                passages.append((*place, *passage.terms))
                plain.append((passage_number, passage.title, passage.text, passage.collection))
                start = end + 1
                words = f"{passage.terms[0]} {passage.terms[1]}".split()
                terms += len(words)
                stems.update(set(words))
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, some in zip(INSERTS, rows, strict=True):
                cursor.executemany(sql, some)
        peer.executemany("INSERT INTO passage (rowid, title, text, collection) VALUES (?, ?, ?, ?)", plain)
    peer.commit()
    with transaction.atomic(), connection.cursor() as cursor:
        # What `index_passages` would have counted.
        cursor.executemany(
            "INSERT INTO library_vocabulary (term, passages) VALUES (%s, %s)", sorted(stems.items())
        )
        cursor.execute(
            "INSERT INTO library_corpus (id, passages, terms) VALUES (1, %s, %s)", [passage_number, terms]
        )


INSERTS = (
    "INSERT INTO library_document (id, collection_id, title, filename, publisher, source, licence, language,"
    " created_at, withdrawal_reason) VALUES (%s, %s, %s, %s, '', '', '', 'fr', '2026-01-01', '')",
    "INSERT INTO library_version (id, document_id, number, title, sha256, bytes, media_type, has_page_images,"
    " notices, imported_at) VALUES (%s, %s, 1, %s, '', 1, 'text/plain', false, '[]', '2026-01-01')",
    "INSERT INTO library_page (id, version_id, number, label, text, width, height, is_scanned, word_boxes)"
    " VALUES (%s, %s, 1, 'p. 1', %s, 0, 0, false, '')",
    'INSERT INTO library_passage (id, collection_id, document_id, page_id, start, "end", title_terms, stems,'
    " surfaces, sentences) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
)


def make_people() -> None:
    """Make people named for the collections that they read."""
    from antigone.accounts.models import Group, Organisation, Person  # noqa: PLC0415 (after django.setup)
    from antigone.library.models import Collection  # noqa: PLC0415

    city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
    collections = [
        Collection(id=number, name=f"C{number}", slug=f"c{number}", organisation=city, audience="groups")
        for number in range(1, COLLECTIONS + 1)
    ]
    Collection.objects.bulk_create(collections)
    for number, (name, readable) in enumerate(READERS.items()):
        group = Group.objects.create(organisation=city, name=name)
        group.read_collections.set(range(1, readable + 1))
        address = f"p{number}@ville.example"
        Person.objects.create_person(email=address, name=name, organisation=city).groups.add(group)


def read_questions(readable: int, number: int, random: np.random.Generator) -> list[Question]:
    """Return questions whose answer stands in the first `readable` collections."""
    from antigone.library.models import Passage  # noqa: PLC0415

    within = Passage.objects.filter(collection__lte=readable)
    if (DATA / "questions.jsonl").exists():
        numbers = dict(
            within.filter(document__filename__contains="-").values_list("document__filename", "pk")
        )
        rows = [json.loads(line) for line in (DATA / "questions.jsonl").read_text().splitlines()]
        rows = [row for row in rows if numbers.keys() >= set(row["relevant"])]
        some = [rows[i] for i in random.choice(len(rows), min(number, len(rows)), replace=False)]
        return [Question(row["question"], frozenset(numbers[key] for key in row["relevant"])) for row in some]
    questions = []
    for passage in within.filter(pk__in=random.integers(1, 20 * number, 400 * number).tolist())[:number]:
        chosen = random.choice(passage.surfaces.split(), 4, replace=False)
        questions.append(Question(f"Quel {chosen[0]} {' de '.join(chosen[1:])} ?", frozenset([passage.pk])))
    return questions


def measure(
    questions: Sequence[Question], ask: Callable[[str, int], list[int]], repeats: int
) -> dict[str, float]:
    """Ask each question `repeats` times; a question's time is its median, in ms of wall clock and of CPU."""
    walls, processors, gains, recalls = [], [], [], []
    for question in questions:
        # What is asked first, untimed, for a hundred: it also brings the pages from the disk.
        found = ask(question.text, 100)
        gains.append(measure_gain(found, question.relevant))
        recalls.append(len(question.relevant.intersection(found)) / len(question.relevant))
    for question in questions:
        wall, processor = [], []
        for _ in range(repeats):
            began, began_processor = time.perf_counter(), time.process_time()
            ask(question.text, 10)
            processor.append(time.process_time() - began_processor)
            wall.append(time.perf_counter() - began)
        walls.append(1_000 * statistics.median(wall))
        processors.append(1_000 * statistics.median(processor))
    return {
        "p50": float(np.percentile(walls, 50)),
        "p95": float(np.percentile(walls, 95)),
        "CPU p50": float(np.percentile(processors, 50)),
        "CPU p95": float(np.percentile(processors, 95)),
        "nDCG": statistics.mean(gains),
        "R@100": statistics.mean(recalls),
    }


def measure_gain(found: Sequence[int], relevant: frozenset[int]) -> float:
    """Return the nDCG at 10 (Järvelin and Kekäläinen 2002) of passages that are relevant or not."""
    discounts = [1 / math.log2(place + 2) for place in range(10)]
    gain = sum(discount for discount, one in zip(discounts, found, strict=False) if one in relevant)
    return gain / sum(discounts[: len(relevant)])


def ask_antigone(person: Any, text: str, limit: int) -> list[int]:
    from antigone.library.search import search  # noqa: PLC0415

    return [hit.passage.pk for hit in search(text, person=person, limit=limit).hits]


def ask_peer(peer: sqlite3.Connection, readable: int, text: str, limit: int) -> list[int]:
    words = " OR ".join(f'"{word}"' for word in "".join(c if c.isalnum() else " " for c in text).split())
    rows = peer.execute(
        "SELECT rowid FROM passage WHERE passage MATCH ? AND collection <= ? ORDER BY rank LIMIT ?",
        (words, readable, limit),
    )
    return [number for (number,) in rows]


def open_peer(folder: Path) -> sqlite3.Connection:
    peer = sqlite3.connect(folder / "peer.sqlite3")
    peer.execute("PRAGMA journal_mode=WAL")
    peer.execute("PRAGMA mmap_size=1073741824")
    peer.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(title, text, collection UNINDEXED,"
        " tokenize='unicode61 remove_diacritics 2')"
    )
    return peer


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the search over a million passages.")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to keep the library, or find it")
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "antigone.settings"
    if options.keep:
        run(options.keep, options.passages, options.questions)
        return
    with tempfile.TemporaryDirectory(prefix="antigone-search-") as name:
        run(Path(name), options.passages, options.questions)


def run(folder: Path, passages: int, asked: int) -> None:
    os.environ["ANTIGONE_DATA"] = str(folder)
    django.setup()
    call_command("migrate", verbosity=0)
    from antigone.library.models import Corpus  # noqa: PLC0415

    peer = open_peer(folder)
    if not Corpus.objects.exists():
        began = time.perf_counter()
        random = np.random.default_rng(20_260_101)
        make_people()
        real = read_real()
        write_library(mix(make_passages(passages, Words(real, random)), real, passages, random), peer)
        print(f"written in {time.perf_counter() - began:.0f} s")
    compare(peer, asked)
    measure_worst()
    sizes = [sum(p.stat().st_size for p in folder.glob(f"{n}.sqlite3*")) / 1e6 for n in ("antigone", "peer")]
    print(f"\n{Corpus.objects.get().passages:,} passages; {connection.vendor}; database {sizes[0]:,.0f} MB,")
    print(
        f"peer's text and index {sizes[1]:,.0f} MB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def compare(peer: sqlite3.Connection, number: int) -> None:
    """Print a row for each reader and each search."""
    from antigone.accounts.models import Person  # noqa: PLC0415

    columns = [
        "who reads",
        "search",
        "questions",
        "p50 ms",
        "p95 ms",
        "CPU p50",
        "CPU p95",
        "nDCG@10",
        "R@100",
    ]
    print(f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|")
    for reader in ("all", "20 of 200", "2 of 200"):
        readable = READERS[reader]
        questions = read_questions(readable, number, np.random.default_rng(readable))
        person = Person.objects.get(name=reader)

        asks: dict[str, Callable[[str, int], list[int]]] = {
            "Antigone": partial(ask_antigone, person),
            "plain FTS5": partial(ask_peer, peer, readable),
        }
        for name, asked in asks.items():
            some = questions if name == "Antigone" else questions[:PEER_QUESTIONS]
            figures = " | ".join(f"{value:.3g}" for value in measure(some, asked, REPEATS[name]).values())
            print(f"| {reader} | {name} | {len(some)} | {figures} |", flush=True)


def measure_worst() -> None:
    """Print the time of what is hardest, for people who read more or fewer collections than the index is told."""
    from antigone.accounts.models import Person  # noqa: PLC0415
    from antigone.library.models import Vocabulary  # noqa: PLC0415

    words = list(
        Vocabulary.objects.filter(passages__gt=1_000).order_by("term").values_list("term", flat=True)
    )
    letters = zip("abcdefghij", "klmnopqrst", strict=True)
    cases = {
        "one frequent word": "loi",
        "two frequent words": "loi ville",
        "2,000 characters": " ".join(words[:: max(len(words) // 250, 1)])[:2_000],
        "ten unknown words": " ".join(f"zq{first}xwv{second}kj" for first, second in letters),
    }
    print("\n| hardest | who reads | ms | CPU ms |\n| --- | --- | --- | --- |")
    for case, text in cases.items():
        for reader in ("all", "60 of 200", "20 of 200"):
            person = Person.objects.get(name=reader)
            figures = measure([Question(text, frozenset([0]))], partial(ask_antigone, person), 5)
            print(f"| {case} | {reader} | {figures['p50']:.0f} | {figures['CPU p50']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
