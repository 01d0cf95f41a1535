"""Measure the extractive answer on real questions: `python benchmarks/answers.py`.

Reads `../shared/data/retrieval` (PIAF: French questions on Wikipedia, with their answer). Two things are
measured: is the known answer inside the first quotes, and does the confidence tell a question whose document
is there from the same question whose document has been withdrawn. `--fit` prints the weights that
`antigone/core/retrieval/answers.py` holds, fitted on the documents of one half; figures are given for both.
"""

import argparse
import json
import math
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from antigone.core.retrieval import answers
from antigone.core.retrieval.answers import Extraction, extract_answer, measure_confidence
from antigone.core.retrieval.candidates import (
    CANDIDATE_WEIGHTS,
    Candidate,
    Evidence,
    measure_candidates,
    weigh_candidate,
)
from antigone.core.retrieval.query import analyse_query
from antigone.core.retrieval.ranking import Candidate as Indexed
from antigone.core.retrieval.ranking import Statistics, rank
from antigone.core.retrieval.terms import analyse_passage

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "retrieval"
FITTED, HELD_OUT = 0, 1
CANDIDATES, EVIDENCE = 60, 8
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Passage:
    id: str
    doc: str
    title: str
    text: str


@dataclass(frozen=True)
class Question:
    text: str
    answer: str
    relevant: str
    doc: str

    @property
    def half(self) -> int:
        return zlib.crc32(self.doc.encode()) % 2


class Library:
    """Hold all passages in memory, behind the ranking of the product."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = {passage.id: passage for passage in passages}
        self.of_doc: defaultdict[str, set[str]] = defaultdict(set)
        self.indexed: dict[str, Indexed] = {}
        self.postings: defaultdict[str, set[str]] = defaultdict(set)
        length = 0
        for passage in passages:
            terms = analyse_passage(passage.title, passage.text)
            self.indexed[passage.id] = Indexed(
                passage.id, terms.title, terms.stems, terms.surfaces, terms.sentences
            )
            self.of_doc[passage.doc].add(passage.id)
            stems = [*terms.title.split(), *terms.stems.split()]
            length += len(stems)
            for stem in set(stems):
                self.postings[stem].add(passage.id)
        self.average_length = length / len(passages)

    def search(self, question: str, without: str = "") -> tuple[list[Evidence], dict[str, int], int]:
        """Return evidence, document frequencies and number of passages, as if one document were absent."""
        gone = self.of_doc.get(without, set())
        query = analyse_query(question)
        holders = {stem: self.postings.get(stem, set()) - gone for stem in query.stems}
        frequency = {stem: len(ids) for stem, ids in holders.items()}
        total = len(self.passages) - len(gone)
        rough: defaultdict[str, float] = defaultdict(float)
        for term in query.terms:
            for holder in holders[term.stem]:
                rough[holder] += term.weight * math.log(1 + total / (1 + frequency[term.stem]))
        best = sorted(rough, key=lambda one: (-rough[one], one))[:CANDIDATES]
        statistics = Statistics(total, self.average_length, frequency)
        ranked = rank(query, [self.indexed[one] for one in best], statistics)[:EVIDENCE]
        return [self.as_evidence(one.id, one.score) for one in ranked], frequency, total

    def as_evidence(self, passage_id: object, score: float) -> Evidence:
        passage = self.passages[str(passage_id)]
        return Evidence(passage.id, passage.title, passage.text, score)


def load(every: int) -> tuple[Library, list[Question]]:
    if not (DATA / "questions.jsonl").is_file():
        sys.exit(
            f"No questions to measure on: {DATA} is absent. Put passages.jsonl and questions.jsonl there."
        )
    rows = [json.loads(line) for line in (DATA / "passages.jsonl").open(encoding="utf-8")]
    library = Library([Passage(row["id"], row["doc"], row["title"], row["text"]) for row in rows])
    asked = [json.loads(line) for line in (DATA / "questions.jsonl").open(encoding="utf-8")]
    questions = [
        Question(row["question"], row["answer"], row["relevant"][0], row["group"])
        for row in asked
        if row.get("answer")
    ]
    return library, questions[::every]


def normalise(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[«»“”\"]", " ", text.replace("’", "'"))).strip()


@dataclass(frozen=True)
class Result:
    """Hold what one question gave: with all documents, with its passage alone, without its document."""

    question: Question
    hits: list[bool]  # for each quote: does it hold the answer?
    hits_given: list[bool]
    characters: int
    confidence: float
    confidence_without: float


def measure(library: Library, question: Question) -> Result:
    evidence, frequency, total = library.search(question.text)
    found = extract_answer(question.text, evidence, frequency, total)
    given = [library.as_evidence(question.relevant, 1.0)]
    found_given = extract_answer(question.text, given, frequency, total)
    absent = extract_answer(question.text, *library.search(question.text, without=question.doc))
    return Result(
        question,
        [holds_answer(question, text) for text in quote_texts(evidence, found)],
        [holds_answer(question, text) for text in quote_texts(given, found_given)],
        sum(map(len, quote_texts(evidence, found))),
        found.confidence,
        absent.confidence,
    )


def quote_texts(evidence: Sequence[Evidence], extraction: Extraction) -> list[str]:
    texts = {found.id: found.text for found in evidence}
    return [texts[quote.id][quote.start : quote.end] for quote in extraction.quotes]


def holds_answer(question: Question, text: str) -> bool:
    return normalise(question.answer) in normalise(text)


def print_quality(results: Sequence[Result]) -> None:
    print("\nGold answer inside the quotes\n")
    print("| documents | retrieval | questions | first quote | first three | quotes | characters a quote |")
    print("|---|---|---|---|---|---|---|")
    for half, name in ((FITTED, "fitted on"), (HELD_OUT, "held out")):
        own = [result for result in results if result.question.half == half]
        quotes = sum(len(result.hits) for result in own)
        length = sum(result.characters for result in own) / quotes
        for way, hits in (
            ("end to end", [result.hits for result in own]),
            ("gold passage given", [result.hits_given for result in own]),
        ):
            first, three = (np.mean([any(one[:depth]) for one in hits]) for depth in (1, 3))
            print(
                f"| {name} | {way} | {len(own)} | {first:.3f} | {three:.3f} "
                f"| {quotes / len(own):.1f} | {length:.0f} |"
            )


def print_abstention(results: Sequence[Result]) -> None:
    for half, name in ((FITTED, "fitted on"), (HELD_OUT, "held out")):
        own = [result for result in results if result.question.half == half]
        present = np.array([result.confidence for result in own])
        absent = np.array([result.confidence_without for result in own])
        right = np.array([any(result.hits[:3]) for result in own])
        print(f"\nAbstention, {name}: AUC {area_under_curve(present, absent):.3f}\n")
        print("| threshold | answerable answered | of which right | unanswerable answered |")
        print("|---|---|---|---|")
        for threshold in THRESHOLDS:
            kept = present >= threshold
            mark = " (default)" if threshold == answers.DEFAULT_THRESHOLD else ""
            print(
                f"| {threshold}{mark} | {kept.mean():.3f} | {right[kept].mean():.3f} "
                f"| {(absent >= threshold).mean():.3f} |"
            )


def area_under_curve(present: np.ndarray, absent: np.ndarray) -> float:
    """Return the chance that a present one scores above an absent one; a tie counts half."""
    ordered = np.sort(absent)
    below = np.searchsorted(ordered, present, "left") + np.searchsorted(ordered, present, "right")
    return float(below.mean() / (2 * len(absent)))


def fit_candidates(library: Library, questions: Sequence[Question]) -> dict[str, float]:
    """Fit the weights of candidates: softmax over those of a question, right ones against all."""
    names = list(CANDIDATE_WEIGHTS)
    groups: list[tuple[np.ndarray, np.ndarray]] = []
    for question in questions:
        evidence, frequency, total = library.search(question.text)
        candidates = measure_candidates(question.text, evidence, frequency, total)
        right = np.array([is_right(question, evidence[one.evidence], one) for one in candidates])
        if right.any():
            groups.append((np.array([[one.features[name] for name in names] for one in candidates]), right))
    weights = np.zeros(len(names))
    for _ in range(50):
        gradient, curvature = -2 * weights, 2 * np.eye(len(names))
        for features, right in groups:
            share = softmax(features @ weights)
            among = np.where(right, share, 0) / share[right].sum()
            mean = share @ features
            gradient += (among - share) @ features
            curvature += (features.T * share) @ features - np.outer(mean, mean)
        step = np.linalg.solve(curvature, gradient)
        weights += step / max(1.0, np.abs(step).max())
    return dict(zip(names, weights.round(2).tolist(), strict=True))


def is_right(question: Question, found: Evidence, candidate: Candidate) -> bool:
    text = found.text[candidate.span.start : candidate.span.end]
    return found.id == question.relevant and holds_answer(question, text)


def softmax(values: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.exp(values - values.max())
    shares: np.ndarray = powers / powers.sum()
    return shares


def fit_confidence(library: Library, questions: Sequence[Question]) -> dict[str, float]:
    """Fit the confidence: the same questions with their document, then without."""
    names = list(answers._CONFIDENCE_WEIGHTS)
    rows, present = [], []
    for question in questions:
        for without in ("", question.doc):
            evidence, frequency, total = library.search(question.text, without)
            candidates = measure_candidates(question.text, evidence, frequency, total)
            if candidates:
                best = max(candidates, key=weigh_candidate)
                features = measure_confidence(question.text, evidence, best, frequency, total)
                rows.append([1.0, *(features[name] for name in names)])
                present.append(not without)
    matrix, target = np.array(rows), np.array(present, float)
    weights = np.zeros(matrix.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-matrix @ weights))
        curvature = (matrix.T * (share * (1 - share))) @ matrix + 0.5 * np.eye(len(weights))
        weights += np.linalg.solve(curvature, matrix.T @ (target - share) - 0.5 * weights)
    return dict(zip(["bias", *names], weights.round(2).tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--fit", action="store_true", help="print weights fitted on one half of the documents"
    )
    parser.add_argument("--every", type=int, default=1, help="take one question in so many (default: all)")
    options = parser.parse_args()
    library, questions = load(options.every)
    if options.fit:
        chosen = [question for question in questions if question.half == FITTED]
        print("candidates:", fit_candidates(library, chosen))
        print("confidence:", fit_confidence(library, chosen))
        return
    results = [measure(library, question) for question in questions]
    print_quality(results)
    print_abstention(results)


if __name__ == "__main__":
    main()
