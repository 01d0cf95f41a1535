"""The files of one small public draw, by balls and by a round of a beacon of our own."""

import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from antigone.core.sortition.commitments import Digits, Round, Source, commit
from antigone.core.sortition.documents import dump_pool, dump_targets
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.lottery import make_lottery
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.public_draw import Beacon, Outcome, Thrown, draw_panel
from antigone.core.sortition.published import (
    Secret,
    dump_commitment,
    dump_lottery,
    dump_public_draw,
    dump_secret,
    fit_lottery,
)
from tests.core.sortition.signing import OURS, sign_round

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
FIRST = (int(LATER.timestamp()) - OURS.genesis) // OURS.period + 2
BALLS = Digits("town hall", LATER, 10, 2)
ROUND = Round(OURS.hash, OURS.genesis, OURS.period, FIRST)
SECRET = bytes(range(32))
NAMES = ("chances.json", "lottery.json", "commitment.json", "secret.json", "public.json")


@dataclass(frozen=True)
class Asked:
    """A pool of twelve, some of whom live together, and what was found for it."""

    pool: Pool
    targets: Targets
    certificate: dict[str, Any]
    weighted: tuple[WeightedPanel, ...]
    lottery: tuple[tuple[str, ...], ...]


@cache
def make_asked() -> Asked:
    """Draw 4 of 12 people, at most one of each household, in a lottery of 100."""
    people = tuple(
        Person(
            f"é{number:02}",
            {"age": "18-29" if number % 3 else "30+", "sex": "f" if number % 2 else "m"},
            f"home {number // 2}" if number < 6 else "",
        )
        for number in range(12)
    )
    bounds = [("age", "18-29", 2, 3), ("age", "30+", 1, 2), ("sex", "f", 2, 2), ("sex", "m", 2, 2)]
    pool, targets = Pool(people), Targets(4, tuple(Target(*bound) for bound in bounds))
    fair = distribute(pool, targets, households=True)
    lottery = make_lottery(pool, targets, fair.panels, bound=fair.bound, number=100, households=True)
    return Asked(pool, targets, json.loads(json.dumps(fair.certificate)), fair.panels, lottery.panels)


def make_files(
    *, by_round: bool = False, by_weight: bool = False, all_files: bool = False
) -> dict[str, bytes]:
    """Give the files of a draw whose secret is published."""
    asked = make_asked()
    panels = list(asked.weighted) if by_weight else [WeightedPanel(panel, 1) for panel in asked.lottery]
    digits = Digits("town hall", LATER, 10, 40) if by_weight else BALLS
    source: Source = ROUND if by_round else digits
    outcome: Outcome = Thrown(((0, 7) * (digits.throws // 2),), LATER + timedelta(minutes=1))
    if by_round:
        outcome = Beacon(FIRST, sign_round(FIRST))
    commitment = commit(
        asked.pool, asked.targets, panels, secret=SECRET, version="0.1.0", source=source, committed_at=NOON
    )
    draw = draw_panel(commitment, panels, outcome)
    files = {
        "chances.json": json.dumps(asked.certificate, ensure_ascii=False).encode(),
        "lottery.json": dump_lottery(fit_lottery(asked.lottery, asked.certificate)),
        "commitment.json": dump_commitment(commitment),
        "secret.json": dump_secret(Secret(commitment.root, SECRET)),
        "public.json": dump_public_draw(draw, SECRET),
    }
    if by_weight:
        del files["lottery.json"]
    if all_files:
        files |= {"pool.json": dump_pool(asked.pool), "targets.json": dump_targets(asked.targets)}
    return files


@cache
def load_stranger(name: str) -> ModuleType:
    """Load a verifier of docs/reference, as when it is run from its folder."""
    sys.path.insert(0, str(REFERENCE))
    try:
        spec = importlib.util.spec_from_file_location(name, REFERENCE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(REFERENCE))
    return module


def is_believed_by_stranger(files: Mapping[str, bytes]) -> bool:
    """Tell whether the verifiers of docs/reference believe files, all of a kind that they know."""
    try:
        documents = {}
        for data in files.values():
            document = json.loads(data)
            documents[document["format"]] = document
        load_stranger("verify_public_draw").check(documents)
        if "antigone-lottery/1" in documents:
            load_stranger("verify_lottery").check(
                documents["antigone-draw/1"], documents["antigone-lottery/1"]
            )
        else:
            load_stranger("verify_draw").check(documents["antigone-draw/1"])
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return False
    return True
