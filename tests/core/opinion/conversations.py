"""The six real conversations, where they are beside the checkout; made ones everywhere."""

import random
from functools import cache
from pathlib import Path

import pytest

from antigone.core.opinion import Export, Opinion, read_export

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

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real conversations are not beside the checkout"
)


@cache
def load(name: str) -> Export:
    """Read one of the real conversations."""
    return read_export(read_files(name))


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
