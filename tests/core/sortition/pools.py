"""Pools to draw from: tiny ones that can be enumerated, and those of the papers."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.types import Counts, Floats, Types, collapse_pool

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "sortition"
NAMES = (
    *("mass_like", "sf_a_like", "sf_b_like", "sf_c_like", "sf_d_like"),
    *("hd_like", "obf_like", "nexus_like", "cca_like", "sf_e_like"),
)


def read_paper_pool(name: str) -> tuple[Pool, Targets]:
    """Read one of the ten pools like those of the papers; skip where they are absent."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent")
    with (folder / "features.csv").open() as file:
        rows = list(csv.DictReader(file))
    with (folder / "candidates.csv").open() as file:
        people = list(csv.DictReader(file))
    features = sorted({row["feature"] for row in rows})
    pool = Pool(
        tuple(
            Person(person["nationbuilder_id"], {name: person[name] for name in features}) for person in people
        )
    )
    targets = tuple(Target(row["feature"], row["value"], int(row["min"]), int(row["max"])) for row in rows)
    return pool, Targets(json.loads((folder / "meta.json").read_text())["k"], targets)


def make_tiny_pool(stream: np.random.Generator, *, households: bool) -> tuple[Pool, Targets]:
    """Make a pool of 8 to 17 people with narrow targets that some panel meets."""
    features = int(stream.integers(3, 6))
    values = stream.integers(2, 4, features)
    number, size = int(stream.integers(8, 18)), int(stream.integers(3, 7))
    codes = np.stack([stream.choice(v, number, p=stream.dirichlet(np.full(v, 2.0))) for v in values], axis=1)
    chosen = stream.choice(number, size, replace=False)
    targets = []
    for feature in range(features):
        for value in range(values[feature]):
            seats = int((codes[chosen, feature] == value).sum())
            is_wide = stream.random() < 0.25
            least = max(0, seats - int(is_wide and stream.random() < 0.5))
            most = seats + int(is_wide and stream.random() < 0.5)
            targets.append(Target(f"feature {feature}", f"value {value}", least, most))
    homes = stream.integers(0, number, number)
    people = (
        Person(
            f"person {i:02}",
            {f"feature {f}": f"value {code}" for f, code in enumerate(row.tolist())},
            f"home {homes[i]}" if households else "",
        )
        for i, row in enumerate(codes)
    )
    return Pool(tuple(people)), Targets(size, tuple(targets))


def make_interesting_pool(
    stream: np.random.Generator, *, households: bool
) -> tuple[Pool, Targets, Types, Counts]:
    """Make tiny pools until one has at least three panels; return them too."""
    while True:
        pool, targets = make_tiny_pool(stream, households=households)
        types = collapse_pool(pool, targets, households=households)
        panels = enumerate_panels(types)
        if len(panels) >= 3:
            return pool, targets, types, panels


def enumerate_panels(types: Types) -> Counts:
    """Return all panels of types."""
    found: list[Counts] = []
    panel = np.zeros(len(types), dtype=np.int64)
    after = np.append(np.cumsum(types.counts[::-1])[::-1], 0)

    def extend(t: int, left: int, sums: Floats) -> None:
        if (sums > types.upper).any() or after[t] < left:
            return
        if left == 0:
            if (sums >= types.lower).all():
                found.append(panel.copy())
            return
        for seats in range(min(left, int(types.counts[t])) + 1):
            panel[t] = seats
            extend(t + 1, left - seats, sums + seats * types.matrix[:, t])
        panel[t] = 0

    extend(0, types.size, np.zeros(len(types.matrix)))
    return np.array(found)


def find_leximin(panels: Counts, counts: Counts) -> Floats:
    """Return each type's chance by the definition: one linear programme a level, then one a type."""
    shares = panels / counts
    number, size = shares.shape
    fixed: dict[int, float] = {}
    ones = [np.ones(number)]
    while len(fixed) < size:
        free = [t for t in range(size) if t not in fixed]
        rows = [np.append(-shares[:, t], float(t in free)) for t in range(size)]
        floors = [-fixed[t] + 1e-11 if t in fixed else 0.0 for t in range(size)]
        costs = np.append(np.zeros(number), -1.0)
        least = -linprog(costs, A_ub=np.array(rows), b_ub=floors, A_eq=[np.append(ones[0], 0)], b_eq=[1]).fun
        floors = [-fixed.get(t, least) + 1e-10 for t in range(size)]
        for t in free:
            most = -linprog(-shares[:, t], A_ub=-shares.T, b_ub=floors, A_eq=ones, b_eq=[1]).fun
            if most < least + 1e-7:
                fixed[t] = least
    return np.array([fixed[t] for t in range(size)])
