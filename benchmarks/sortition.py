"""Measure the draw: certified leximin on pools like those of the papers, beside what everybody uses.

    python benchmarks/sortition.py [--peer-seconds 600] [--only sf_e_like ...]

Ours is timed whole, one thread: types, leximin, panels of people with whole weights, and the exact proof that decides
whether the status is `optimal`; then the check of the file. The ten pools are those of ../shared/data/sortition (left
out where absent); the others are generated here. The peer is sortition-algorithms with its *maximin*, an easier
problem, on each backend that is installed, in a process that is stopped after --peer-seconds; where the package
cannot be imported, the table says so.
"""

import argparse
import csv
import importlib.util
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from antigone.core.sortition.certificate import verify
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "sortition"
BACKENDS = ("highspy", "mip")
Case = tuple[str, Pool, Targets, bool]


def read_pool(folder: Path, *, households: float = 0.0) -> tuple[Pool, Targets]:
    """Read a pool; a share of its people, in the order of the file, live two by two."""
    with (folder / "features.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (folder / "candidates.csv").open() as file:
        people = list(csv.DictReader(file))
    features = sorted({row["feature"] for row in rows})
    shared = int(households * len(people))
    pool = tuple(
        Person(
            person["nationbuilder_id"],
            {f: person[f] for f in features},
            f"home {i // 2}" if i < shared else "",
        )
        for i, person in enumerate(people)
    )
    targets = tuple(Target(row["feature"], row["value"], int(row["min"]), int(row["max"])) for row in rows)
    return Pool(pool), Targets(json.loads((folder / "meta.json").read_text())["k"], targets)


def make_pool(people: int, size: int, features: int, seed: int) -> tuple[Pool, Targets]:
    """Make a pool whose shares differ from those of the city, and targets of the city's shares, one seat around."""
    stream = np.random.Generator(np.random.Philox(key=seed))
    columns, targets = [], []
    for feature in range(features):
        values = int(stream.integers(2, 6))
        city = stream.dirichlet(np.full(values, 8.0))
        ours = city * stream.uniform(0.5, 2.0, values)
        columns.append(stream.choice(values, people, p=ours / ours.sum()))
        for value in range(values):
            seats = float(city[value]) * size
            targets.append(Target(f"f{feature}", f"v{value}", max(0, int(seats) - 1), int(seats) + 2))
    codes = np.stack(columns, axis=1).tolist()
    pool = tuple(
        Person(f"p{i:05}", {f"f{f}": f"v{code}" for f, code in enumerate(row)}) for i, row in enumerate(codes)
    )
    return Pool(pool), Targets(size, tuple(targets))


def list_cases() -> Iterator[Case]:
    """Give every pool of the table."""
    for folder in sorted(DATA.iterdir()) if DATA.is_dir() else ():
        yield (folder.name, *read_pool(folder), False)
    yield ("convention 300 / 40 / 5", *make_pool(300, 40, 5, 1), False)
    yield ("4,000 / 150 / 7", *make_pool(4000, 150, 7, 2), False)
    if (DATA / "sf_e_like").is_dir():
        yield ("sf_e_like, households 30 %", *read_pool(DATA / "sf_e_like", households=0.3), True)


def run_peer(pool: Pool, targets: Targets, backend: str) -> None:
    """Find the peer's maximin; its result is not used."""
    from sortition_algorithms import features, people, settings  # noqa: PLC0415 - only where installed
    from sortition_algorithms.core import find_random_sample  # noqa: PLC0415

    names = sorted({target.feature for target in targets.targets})
    rows = [{"feature": t.feature, "value": t.value, "min": t.min, "max": t.max} for t in targets.targets]
    collection, _, _ = features.read_in_features(list(rows[0]), rows)
    chosen = settings.Settings(id_column="id", columns_to_keep=[], solver_backend=backend)
    body = [{"id": person.id, **{name: person.features[name] for name in names}} for person in pool.people]
    everybody, _ = people.read_in_people(list(body[0]), body, collection, chosen)
    find_random_sample(collection, everybody, targets.size, chosen, "maximin")


def time_peer(pool: Pool, targets: Targets, seconds: float) -> str:
    """Return the best time of the peer's backends, or why there is none."""
    if importlib.util.find_spec("sortition_algorithms") is None:
        return "not installed"
    times = []
    for backend in BACKENDS:
        process = multiprocessing.get_context("spawn").Process(target=run_peer, args=(pool, targets, backend))
        start = time.perf_counter()
        process.start()
        process.join(seconds)
        if process.is_alive():
            process.kill()
            process.join()
        elif process.exitcode == 0:
            times.append(time.perf_counter() - start)
    return f"{min(times):.1f}" if times else f"> {seconds:.0f}, or failed"


def measure(case: Case, peer_seconds: float) -> float:
    """Print one row of the table; return our seconds."""
    name, pool, targets, households = case
    start = time.perf_counter()
    fair = distribute(pool, targets, households=households, time_limit=120)
    took = time.perf_counter() - start
    text = json.dumps(fair.certificate)
    start = time.perf_counter()
    checked = verify(json.loads(text))
    check = time.perf_counter() - start
    peer = "-" if households else time_peer(pool, targets, peer_seconds)
    said = fair.status if checked.is_valid else "REFUSED"
    print(
        f"{name:28} {len(pool.people):6} {targets.size:5} {took:8.2f} {check:7.2f} {said:8} {fair.gap:8.1e}"
        f" {float(fair.minimum):10.7f} {len(fair.panels):7} {peer:>14}",
        flush=True,
    )
    return took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer-seconds", type=float, default=600)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    print(
        f"{'pool':28} {'people':>6} {'seats':>5} {'s':>8} {'check s':>7} {'status':8} {'gap':>8} {'minimum':>10}"
        f" {'panels':>7} {'peer maximin s':>14}"
    )
    papers = 0.0
    for case in list_cases():
        if not options.only or case[0] in options.only:
            took = measure(case, options.peer_seconds)
            papers += took if case[0].endswith("_like") else 0.0
    print(f"Sum of the paper pools: {papers:.2f} s")


if __name__ == "__main__":
    main()
