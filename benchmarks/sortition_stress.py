"""Draw from random pools that are hard, and count how often the best is proved in time.

    python benchmarks/sortition_stress.py [--pools 60] [--seed 1] [--seconds 20] [--only NUMBER ...]

Pools of 60 to 700 people, 12 to 50 seats, 3 to 8 features; features follow each other or not, shares are even or
skewed; one pool in ten is tiny. Half have a minimum that is the maximum for every target: the seats of some panel, or
rounded shares; a third have households. One thread. Each file is checked by `verify` and by the second verifier.
`tight` are those whose relaxation panels reach, `two-sided` those optimal by cuts or by mixing panels alone; `over` is
the most by which the time limit was passed.
"""

import argparse
import importlib.util
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.certificate import verify
from antigone.core.sortition.errors import Infeasible
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets

SECOND_VERIFIER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "verify_draw.py"
KINDS = ("wide", "panel", "wide", "rounded")
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Case:
    """One pool to draw from."""

    name: str
    kind: str
    pool: Pool
    targets: Targets
    households: bool


@dataclass(frozen=True)
class Result:
    """What came of one case."""

    kind: str
    status: str
    has_cuts: bool
    gap: float
    took: float
    check: float


def make_case(seed: int, number: int) -> Case:
    """Make one pool: a number of a seed is one pool, for ever."""
    stream = np.random.Generator(np.random.Philox(key=[seed, number]))
    is_tiny, kind, households = number % 10 == 9, KINDS[number % 4], bool(stream.random() < 1 / 3)
    people = int(stream.integers(14, 41)) if is_tiny else int(np.exp(stream.uniform(np.log(60), np.log(701))))
    size = int(stream.integers(4, 11) if is_tiny else np.exp(stream.uniform(np.log(12), np.log(51))))
    size = min(size, people // 2)
    values = stream.integers(2, 4 if is_tiny else 7, int(stream.integers(3, 9)))
    codes = _make_people(stream, people, values)
    homes = _make_homes(stream, codes) if households else np.arange(people)
    targets = []
    panel = _choose_panel(stream, homes, size)
    for feature, number_of_values in enumerate(values.tolist()):
        shares = np.bincount(codes[:, feature], minlength=number_of_values) / people
        city = shares ** stream.uniform(0.3, 1.0)
        exact = city / city.sum() * size
        counts = np.bincount(codes[panel, feature], minlength=number_of_values)
        seats = _round(exact) if kind == "rounded" else counts
        for value in range(number_of_values):
            least, most = int(seats[value]), int(seats[value])
            if kind == "wide":
                middle = exact[value]
                least, most = int(min(least, np.floor(middle))), int(max(most, np.ceil(middle)))
            targets.append(Target(f"feature {feature}", f"value {value}", least, most))
    pool = tuple(
        Person(
            f"person {i:03}",
            {f"feature {f}": f"value {code}" for f, code in enumerate(row)},
            f"home {homes[i]}" if households else "",
        )
        for i, row in enumerate(codes.tolist())
    )
    name = f"{seed}/{number}"
    kind = "tiny" if is_tiny else kind
    return Case(name, kind, Pool(pool), Targets(size, tuple(targets)), households)


def _make_people(stream: np.random.Generator, people: int, values: Codes) -> Codes:
    """Give everybody a value of each feature (people, features): people of one milieu are like each other."""
    milieus = int(stream.integers(1, 5)) if stream.random() < 0.5 else 1
    milieu = stream.integers(0, milieus, people)
    evenness = float(stream.choice([0.7, 2.0, 8.0]))
    codes = np.zeros((people, len(values)), dtype=np.int64)
    for feature, count in enumerate(values.tolist()):
        for group in range(milieus):
            here = np.nonzero(milieu == group)[0]
            codes[here, feature] = stream.choice(
                count, len(here), p=stream.dirichlet(np.full(count, evenness))
            )
    return codes


def _make_homes(stream: np.random.Generator, codes: Codes) -> Codes:
    """Put a share of people into homes of two or three; those of a home often share values."""
    people = len(codes)
    homes = np.arange(people)
    order = stream.permutation(people)
    shared = int(stream.uniform(0.2, 0.7) * people)
    place = 0
    while place + 1 < shared:
        together = order[place : place + int(stream.integers(2, 4))]
        homes[together] = together[0]
        if stream.random() < 0.5:
            feature = int(stream.integers(0, codes.shape[1]))
            codes[together, feature] = codes[together[0], feature]
        place += len(together)
    return homes


def _choose_panel(stream: np.random.Generator, homes: Codes, size: int) -> Codes:
    """Choose people of different homes: as many as there are seats, or as homes."""
    order = stream.permutation(len(homes))
    _, first = np.unique(homes[order], return_index=True)
    return order[np.sort(first)][:size]


def _round(exact: NDArray[np.float64]) -> Codes:
    """Round to whole seats by largest remainder."""
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: round(exact.sum()) - int(whole.sum())]] += 1
    return whole


def load_second_verifier() -> Callable[[Any], Fraction]:
    """Load the verifier of the documentation."""
    spec = importlib.util.spec_from_file_location("verify_draw", SECOND_VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    check: Callable[[Any], Fraction] = module.check
    return check


def measure(case: Case, seconds: float, check: Callable[[Any], Fraction]) -> Result:
    """Draw and check."""
    start = time.perf_counter()
    try:
        fair = distribute(case.pool, case.targets, households=case.households, time_limit=seconds)
    except Infeasible:
        return Result(case.kind, "infeasible", False, 0.0, time.perf_counter() - start, 0.0)
    took = time.perf_counter() - start
    data = json.loads(json.dumps(fair.certificate))
    times = []
    for verifier in (lambda: verify(data).gap, lambda: check(data)):
        start = time.perf_counter()
        gap = verifier()
        times.append(time.perf_counter() - start)
        if not (Fraction(fair.gap) * Fraction(999, 1000) <= gap <= fair.gap):
            return Result(case.kind, "REFUSED", False, fair.gap, took, max(times))
    return Result(case.kind, fair.status, bool(data["cuts"]), fair.gap, took, max(times))


def print_table(results: list[Result], seconds: float) -> None:
    """Print one row a kind of pools, and one for all."""
    print(
        f"{'kind':8} {'pools':>5} {'feasible':>8} {'optimal':>7} {'share':>7} {'tight':>5} {'two-sided':>9}"
        f" {'gap':>4} {'worst gap':>9} {'median s':>8} {'p90 s':>6} {'over s':>6} {'check s':>7}"
    )
    for kind in ("wide", "panel", "rounded", "tiny", ""):
        rows = [result for result in results if kind in ("", result.kind)]
        drawn = [result for result in rows if result.status != "infeasible"]
        if len(drawn) < 2:
            continue
        optimal = [result for result in drawn if result.status == "optimal"]
        times = [result.took for result in drawn]
        print(
            f"{kind or 'all':8} {len(rows):5} {len(drawn):8} {len(optimal):7} {len(optimal) / len(drawn):7.1%}"
            f" {sum(not result.has_cuts for result in optimal):5} {sum(r.has_cuts for r in optimal):9}"
            f" {len(drawn) - len(optimal):4} {max(result.gap for result in drawn):9.1e} {median(times):8.2f}"
            f" {quantiles(times, n=10)[-1]:6.2f} {max(max(r.took for r in rows) - seconds, 0.0):6.2f}"
            f" {max(result.check for result in drawn):7.2f}"
        )


def list_cases(options: argparse.Namespace) -> Iterator[Case]:
    """Give the cases asked for."""
    for number in options.only or range(options.pools):
        yield make_case(options.seed, number)


def main() -> None:
    """Print what took long or failed, then the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pools", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--only", nargs="*", type=int, default=[])
    options = parser.parse_args()
    check, results = load_second_verifier(), []
    for case in list_cases(options):
        result = measure(case, options.seconds, check)
        results.append(result)
        if result.took > 2 or result.status not in ("optimal", "infeasible") or options.only:
            homes = "households" if case.households else ""
            print(
                f"{case.name:8} {case.kind:8} {len(case.pool.people):4} people {case.targets.size:3} seats"
                f" {len({t.feature for t in case.targets.targets})} features {homes:10} {result.status:10}"
                f" gap {result.gap:8.1e} {result.took:6.2f} s, check {result.check:.2f} s",
                flush=True,
            )
    print_table(results, options.seconds)


if __name__ == "__main__":
    main()
