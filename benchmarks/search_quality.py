"""Measure how well passages are found: `python benchmarks/search_quality.py [--fit]`.

3,682 French questions, each with the passage that answers it, over 7,129 passages (PIAF, CNIL,
service-public, civil code, CRPA), read from `../shared/data/retrieval` beside the repository. Prints:

- nDCG, MRR and recall at 10 of plain BM25 and of our pipeline, on the questions as typed, with one misspelt
  word each, and without accents;
- how well `evidence` tells questions whose document is present from those whose document is withdrawn (AUC).

Candidates come from an in-memory BM25 (k1 1.2, b .75, as SQLite's FTS5), a hundred a question.
`--fit` prints the logistic regression behind `evidence`, and its AUC on the half it has not seen.
"""

import argparse
import json
import math
import random
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from antigone.core.retrieval.query import Query, analyse_query, select_terms
from antigone.core.retrieval.ranking import (
    Candidate,
    Ranked,
    Statistics,
    evidence,
    measure_evidence,
    rank,
)
from antigone.core.retrieval.spelling import repair
from antigone.core.retrieval.terms import analyse_passage

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "retrieval"
CANDIDATES = 100
SEED = 20_260_101


class Index:
    """An inverted index in memory; `withdrawn` hides passages as if they had never been indexed."""

    def __init__(self, passages: list[dict[str, str]], *, with_title: bool = True) -> None:
        analysed = [analyse_passage(one["title"], one["text"]) for one in passages]
        self.candidates = [
            Candidate(number, one.title, one.stems, one.surfaces, one.sentences)
            for number, one in enumerate(analysed)
        ]
        stored = [f"{one.title} {one.stems}".split() if with_title else one.stems.split() for one in analysed]
        self.lengths = np.array([len(stems) for stems in stored])
        postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, stems in enumerate(stored):
            for stem, count in Counter(stems).items():
                postings[stem].append((number, count))
        self.postings = {stem: np.array(pairs).T for stem, pairs in postings.items()}

    def statistics(self, stems: Iterable[str], withdrawn: np.ndarray) -> Statistics:
        frequency = self.known(stems, withdrawn)
        return Statistics(len(self.lengths) - len(withdrawn), float(self.lengths.mean()), frequency)

    def known(self, stems: Iterable[str], withdrawn: np.ndarray) -> dict[str, int]:
        found = {stem: self.postings[stem][0] for stem in stems if stem in self.postings}
        counts = {
            stem: len(ids) - (np.isin(ids, withdrawn).sum() if len(withdrawn) else 0)
            for stem, ids in found.items()
        }
        return {stem: int(count) for stem, count in counts.items() if count}

    def best(self, stems: Iterable[str], withdrawn: np.ndarray) -> list[int]:
        """Return the best passages by BM25 (k1 1.2, b .75), at most a hundred."""
        passages = len(self.lengths)
        scores = np.zeros(passages)
        norms = 1.2 * (0.25 + 0.75 * self.lengths / self.lengths.mean())
        for stem in stems:
            if stem in self.postings:
                ids, counts = self.postings[stem]
                rarity = math.log1p((passages - len(ids) + 0.5) / (len(ids) + 0.5))
                scores[ids] += rarity * counts * 2.2 / (counts + norms[ids])
        scores[withdrawn] = 0
        order = np.argsort(-scores, kind="stable")[:CANDIDATES]
        return [int(number) for number in order if scores[number] > 0]


NOTHING = np.array([], dtype=int)


def search(
    index: Index, text: str, withdrawn: np.ndarray = NOTHING
) -> tuple[Query, list[Ranked], Statistics]:
    """Run the whole pipeline, as the library does over its own index."""
    query = repair(analyse_query(text), lambda stems: index.known(stems, withdrawn))
    statistics = index.statistics(query.stems, withdrawn)
    asked = select_terms(query, statistics.document_frequency, statistics.passages)
    found = [index.candidates[number] for number in index.best(asked, withdrawn)]
    return query, rank(query, found, statistics), statistics


def search_plainly(index: Index, text: str) -> list[int]:
    return index.best({term.stem for term in analyse_query(text).terms}, NOTHING)


def misspell(text: str, generator: random.Random) -> str:
    """Spoil one word of five letters or more: a letter dropped, swapped, wrong or too many."""
    words = list(re.finditer(r"[^\W\d_]{5,}", text))
    if not words:
        return text
    match = generator.choice(words)
    place = generator.randrange(match.start() + 1, match.end() - 1)
    letter = generator.choice("abcdefghijklmnopqrstuvwxyz")
    before, here, after, rest = text[:place], text[place], text[place + 1], text[place + 2 :]
    spoilt = (after + rest, after + here + rest, letter + after + rest, letter + here + after + rest)
    return before + generator.choice(spoilt)


def strip_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def score_row(label: str, places: list[int | None], halves: np.ndarray) -> str:
    """Format nDCG, MRR and recall at 10, and nDCG on each half of the documents."""
    gains = np.array(
        [1 / math.log2(place + 2) if place is not None and place < 10 else 0 for place in places]
    )
    reciprocal = np.array([1 / (place + 1) if place is not None and place < 10 else 0 for place in places])
    figures = (
        gains.mean(),
        reciprocal.mean(),
        (gains > 0).mean(),
        gains[halves].mean(),
        gains[~halves].mean(),
    )
    return f"{label:<34}" + "".join(f"{figure:>9.3f}" for figure in figures)


def find_place(ids: list[int], relevant: int) -> int | None:
    return ids.index(relevant) if relevant in ids else None


def measure_quality(
    index: Index, plain: Index, texts: list[str], relevant: list[int], halves: np.ndarray
) -> None:
    generator = random.Random(SEED)
    variants = {
        "as typed": texts,
        "one misspelt word": [misspell(text, generator) for text in texts],
        "without accents": [strip_accents(text) for text in texts],
    }
    print(f"{'':<34}" + "".join(f"{name:>9}" for name in ("nDCG@10", "MRR@10", "R@10", "half A", "half B")))

    def show(label: str, run: Callable[[str], list[int]]) -> None:
        for variant, questions in variants.items():
            pairs = zip(questions, relevant, strict=True)
            places = [find_place(run(text), target) for text, target in pairs]
            print(score_row(f"{label}, {variant}", places, halves), flush=True)

    show("plain BM25", lambda text: search_plainly(plain, text))
    show("antigone", lambda text: [one.id for one in search(index, text)[1]])  # type: ignore[misc]


def measure_abstention(
    index: Index, texts: list[str], documents: list[np.ndarray], halves: np.ndarray, *, fit: bool
) -> None:
    signs, likely, answerable, half = [], [], [], []
    for text, document, side in zip(texts, documents, halves, strict=True):
        for withdrawn in (NOTHING, document):
            query, ranked, statistics = search(index, text, withdrawn)
            likely.append(evidence(query, ranked, statistics))
            answerable.append(not len(withdrawn))
            half.append(side)
            signs.append(measure_evidence(query, ranked, statistics) if ranked else {})
    likely_, answerable_, half_ = np.array(likely), np.array(answerable), np.array(half)
    print(f"\nevidence: AUC {area_under_curve(likely_, answerable_):.3f} (document withdrawn or present)")
    for threshold in (0.3, 0.5, 0.7):
        kept = likely_ >= threshold
        present, gone = kept[answerable_].mean(), kept[~answerable_].mean()
        print(f"  at {threshold}: {present:.0%} of answerable questions kept, {gone:.0%} of the others")
    if fit:
        fit_evidence(signs, answerable_, half_)


def fit_evidence(signs: list[dict[str, float]], answerable: np.ndarray, half: np.ndarray) -> None:
    names = list(next(one for one in signs if one))
    table = np.array([[one.get(name, 0.0) for name in names] for one in signs])
    for side in (True, False):
        weights = regress(table[half == side], answerable[half == side])
        auc = area_under_curve(table[half != side] @ weights[:-1], answerable[half != side])
        print(f"  fitted on half {'A' if side else 'B'}: AUC {auc:.3f} on the other")
    weights = regress(table, answerable)
    print(
        "  fitted on all:",
        {name: round(float(w), 2) for name, w in zip([*names, "bias"], weights, strict=True)},
    )


def regress(table: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Fit a logistic regression by Newton's method; the last weight is the bias."""
    table = np.column_stack([table, np.ones(len(table))])
    weights = np.zeros(table.shape[1])
    for _ in range(25):
        likely = 1 / (1 + np.exp(-table @ weights))
        curvature = (table * (likely * (1 - likely))[:, None]).T @ table + 1e-3 * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, table.T @ (likely - answers) + 1e-3 * weights)
    return weights


def area_under_curve(scores: np.ndarray, positive: np.ndarray) -> float:
    """Return the chance that a positive scores above a negative (Mann and Whitney), ties counting half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives = positive.sum()
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * (~positive).sum()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="refit the weights of evidence")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="keep one question in N")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("Nothing measured: the questions are not beside the repository (../shared/data/retrieval).")
        return 0
    started = time.process_time()
    passages, questions = (
        [json.loads(line) for line in (DATA / f"{name}.jsonl").open(encoding="utf-8")]
        for name in ("passages", "questions")
    )
    questions = questions[:: options.sample]
    numbers = {one["id"]: number for number, one in enumerate(passages)}
    by_document: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(passages):
        by_document[one["doc"]].append(number)
    texts = [one["question"] for one in questions]
    relevant = [numbers[one["relevant"][0]] for one in questions]
    halves = np.array([sum(map(ord, one["group"])) % 2 == 0 for one in questions])
    index = Index(passages)
    measure_quality(index, Index(passages, with_title=False), texts, relevant, halves)
    documents = [np.array(by_document[passages[number]["doc"]]) for number in relevant]
    measure_abstention(index, texts, documents, halves, fit=options.fit)
    spent = time.process_time() - started
    print(f"\n{len(texts):,} questions, {len(passages):,} passages, {spent:.0f} s of processor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
