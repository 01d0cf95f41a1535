"""The pools of the benchmarks of the draw: those like the papers', and made ones."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from antigone.core.sortition.pool import Person, Pool, Target, Targets

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "sortition"
Case = tuple[str, Pool, Targets, bool]
"""Its name, the pool, the targets, and whether a household sends at most one person."""


def list_cases() -> Iterator[Case]:
    """Give every pool of the table; those like the papers' only where the data are there."""
    for folder in sorted(DATA.iterdir()) if DATA.is_dir() else ():
        if folder.is_dir():
            yield (folder.name, *read_folder(folder), False)
    yield ("convention 300 / 40 / 5", *make_pool(300, 40, 5, 1), False)
    for seed in (2, 3):
        yield (f"4,000 / 150 / 7 ({seed})", *make_pool(4000, 150, 7, seed), False)
    if (DATA / "sf_e_like").is_dir():
        yield ("sf_e_like, households 30 %", *read_folder(DATA / "sf_e_like", households=0.3), True)


def read_folder(folder: Path, *, households: float = 0.0) -> tuple[Pool, Targets]:
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
