"""The six real conversations, where they are beside the checkout; made ones everywhere."""

import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from antigone.core.opinion import Export, Opinion, Statement, read_export

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "consultation"
NAMES = [
    "15-per-hour-seattle",
    "bg2050-volunteers",
    "canadian-electoral-reform",
    "football-concussions",
    "london.youth.policing",
    "scoop-hivemind.biodiversity",
]
Cast = list[tuple[int, int, int]]

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/consultation")


CASES = [pytest.param("made"), *[pytest.param(name, marks=needs_data) for name in NAMES]]


@cache
def load(name: str) -> Export:
    """Read one of the real conversations, or make one: three camps, a rejected statement, one about the rest."""
    if name != "made":
        return read_export(read_files(name))
    cast = np.array(make_votes(people=90, statements=25, camps=3), dtype=np.int64)
    return Export(
        statements=tuple(
            Statement(id, moderation=-1 if id == 7 else 1, is_meta=id == 9, author=id) for id in range(26)
        ),
        voters=cast[:, 0],
        voted=cast[:, 1],
        votes=cast[:, 2].astype(np.int8),
        times=np.arange(len(cast), dtype=np.int64),
        participants=tuple(range(90)),
        groups={person: person % 3 for person in range(80)},
        summary={"topic": "Des bancs", "url": ""},
    )


def read_files(name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (DATA / name).glob("*.csv")}


def make_votes(people: int = 60, statements: int = 12, camps: int = 2, seed: int = 1) -> Cast:
    """Make votes of camps that each have a mind of their own on most statements, and share the first three."""
    chance = random.Random(seed)
    minds = [[chance.choice((-1, 1)) for _ in range(statements)] for _ in range(camps)]
    for mind in minds:
        mind[:3] = [1, 1, -1]
    if camps == 2:
        minds[1][3:] = [-vote for vote in minds[0][3:]]
    cast = []
    for person in range(people):
        for statement in range(statements):
            if chance.random() < 0.85:
                is_usual = chance.random() < 0.9
                vote = minds[person % camps][statement] if is_usual else chance.choice((-1, 0, 1))
                cast.append((person, statement, vote))
    return cast


def count(cast: Cast) -> Opinion:
    """Count votes all at once."""
    opinion = Opinion()
    opinion.record_many(*zip(*cast, strict=True)) if cast else None
    return opinion
