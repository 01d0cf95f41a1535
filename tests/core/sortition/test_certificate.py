import copy
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from antigone.core.sortition.certificate import verify
from antigone.core.sortition.objectives import distribute
from tests.core.sortition.pools import make_interesting_pool, read_paper_pool

ROOT = Path(__file__).resolve().parents[3]
STRANGER = ROOT / "docs" / "reference" / "verify_draw.py"


def load_stranger() -> Callable[[Any], object]:
    spec = importlib.util.spec_from_file_location("verify_draw", STRANGER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check  # type: ignore[no-any-return]


def is_believed_by_stranger(data: Any) -> bool:
    try:
        load_stranger()(data)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False
    return True


@pytest.fixture(scope="module")
def draw() -> Any:
    """Give the certificate of a tiny pool whose proof needs cuts."""
    for number in range(100):
        pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=True)
        data = distribute(pool, targets, households=True).certificate
        if data["cuts"] and data["household_classes"] and len(data["levels"]) > 3 and data["minimum"] > 0:
            return json.loads(json.dumps(data))
    pytest.fail("no pool needed a cut")


def test_stranger_is_short_and_imports_nothing_of_ours() -> None:
    text = STRANGER.read_text()
    assert len(text.splitlines()) < 150
    assert "antigone." not in text


def test_verify_true_file_is_believed_by_both(draw: Any) -> None:
    assert verify(draw).failures == ()
    load_stranger()(draw)


@pytest.mark.parametrize("objective", ["leximin", "maximin", "nash", "goldilocks", "random"])
def test_verify_all_objectives_is_believed_by_both(objective: Any) -> None:
    for number in range(12):
        pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=number % 2 == 0)
        data = distribute(pool, targets, objective=objective, households=number % 2 == 0).certificate
        assert verify(data).failures == ()
        load_stranger()(data)


def test_verify_large_pool_is_believed_by_both() -> None:
    data = json.loads(json.dumps(distribute(*read_paper_pool("cca_like")).certificate))
    assert verify(data).failures == ()
    load_stranger()(data)


def seat_somebody_else(draw: Any) -> None:
    members = draw["panels"][0]["members"]
    members[0] = next(p["id"] for p in draw["people"] if p["id"] not in members)


def swap(draw: Any, key: str) -> None:
    first, *others = draw["people"]
    other = next(person for person in others if person[key] != first[key])
    first[key], other[key] = other[key], first[key]


def set_path(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(draw: Any) -> None:
        place = draw
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to

    return change


def drop(*path: Any) -> Callable[[Any], None]:
    def change(draw: Any) -> None:
        place = draw
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


def first_leaf(change: Callable[[Any], None]) -> Callable[[Any], None]:
    def find(draw: Any) -> None:
        node = draw["cuts"][0]["proof"]
        while "less" in node:
            node = node["less"]
        change(node)

    return find


def first_id(draw: Any) -> str:
    return str(draw["people"][0]["id"])


TAMPERING: list[Callable[[Any], None]] = [
    *(
        drop(key)
        for key in ("format", "objective", "size", "targets", "people", "households", "panels", "total")
    ),
    *(
        drop(key)
        for key in ("groups", "household_classes", "scale", "cuts", "levels", "bound", "status", "gap")
    ),
    *(drop(key) for key in ("probabilities", "minimum")),
    set_path("format", to="antigone-draw/2"),
    set_path("objective", to="maximin"),
    set_path("objective", to="best"),
    set_path("size", to=lambda size: size + 1),
    set_path("size", to=lambda size: size - 1),
    set_path("targets", to=lambda targets: [*targets, targets[0]]),
    set_path("targets", to=lambda targets: [{**t, "min": t["min"] + 1} for t in targets]),
    set_path("targets", to=lambda targets: [{**t, "max": t["max"] - 1} for t in targets]),
    set_path("targets", to=lambda targets: targets[::-1]),
    set_path("people", to=lambda people: people[1:]),
    set_path("people", to=lambda people: [*people, people[0]]),
    set_path("people", to=lambda people: [*people, {**people[0], "id": "stranger"}]),
    lambda draw: swap(draw, "features"),
    lambda draw: set_path("people", to=[{**person, "household": "one"} for person in draw["people"]])(draw),
    set_path("total", to=lambda total: total + 1),
    set_path("scale", to=lambda scale: scale * 2),
    set_path("panels", to=[]),
    set_path("panels", to=lambda panels: panels[1:]),
    set_path("panels", to=lambda panels: [*panels, panels[0]]),
    set_path("panels", 0, "weight", to=lambda weight: weight + 1),
    set_path("panels", 0, "weight", to=0),
    set_path("panels", 0, "weight", to=lambda weight: -weight),
    set_path("panels", 0, "weight", to=float),
    set_path("panels", 0, "members", to=lambda members: members[1:]),
    set_path("panels", 0, "members", to=lambda members: [members[0], *members[:-1]]),
    seat_somebody_else,
    set_path("groups", to=lambda groups: groups[1:]),
    set_path("groups", to=lambda groups: [groups[0] + groups[1], *groups[2:]]),
    set_path("household_classes", to=[]),
    set_path("household_classes", 0, to=lambda names: [*names, names[0]]),
    set_path("household_classes", 0, to=["nowhere"]),
    set_path("levels", to=[]),
    set_path("levels", to=lambda levels: levels[1:]),
    set_path("levels", to=lambda levels: levels[::-1]),
    set_path("levels", to=lambda levels: [*levels, levels[0]]),
    set_path("levels", 0, "groups", to=lambda groups: [*groups, 10**6]),
    set_path("levels", 0, "groups", to=[-1]),
    set_path("levels", 0, "multipliers", to=lambda pairs: [[row, -number] for row, number in pairs]),
    set_path("levels", 0, "multipliers", to=lambda pairs: [[row, float(number)] for row, number in pairs]),
    set_path("levels", 0, "multipliers", to=lambda pairs: [*pairs, [10**6, 1]]),
    set_path("levels", 1, "multipliers", to=[]),
    set_path("cuts", to=[]),
    set_path("cuts", 0, "bound", to=lambda bound: bound - 1),
    set_path("cuts", 0, "coefficients", to=lambda pairs: [[group, number + 99] for group, number in pairs]),
    first_leaf(set_path("multipliers", to=[])),
    set_path("status", to="gap"),
    set_path("gap", to=0.5),
    set_path("gap", to=lambda gap: gap / 2 if gap else 1e-12),
    set_path("minimum", to=lambda minimum: minimum * 2),
    lambda draw: draw["probabilities"].update({first_id(draw): 0.123}),
    lambda draw: draw["probabilities"].pop(first_id(draw)),
    lambda draw: draw["probabilities"].update({"stranger": 0.5}),
]


@pytest.mark.parametrize("tamper", TAMPERING, ids=range(len(TAMPERING)))
def test_verify_tampered_file_is_refused_by_both(draw: Any, tamper: Callable[[Any], None]) -> None:
    false = copy.deepcopy(draw)
    tamper(false)
    assert not verify(false).is_valid
    assert not is_believed_by_stranger(false)


CONCAVE: list[Callable[[Any], None]] = [
    set_path("objective", to="leximin"),
    set_path("objective", to="maximin"),
    lambda draw: draw.update(objective="nash" if draw["objective"] == "goldilocks" else "goldilocks"),
    drop("bound"),
    set_path("bound", to=None),
    set_path("bound", to=[]),
    set_path("bound", to=lambda pairs: [[row, -number] for row, number in pairs]),
    set_path("bound", to=lambda pairs: [[row, float(number)] for row, number in pairs]),
    set_path("bound", to=lambda pairs: [[row, number // 2] for row, number in pairs]),
    set_path("bound", to=lambda pairs: [*pairs, [0, 2**79]]),
    set_path("bound", to=lambda pairs: [*pairs, [10**6, 1]]),
    set_path("bound", to=lambda pairs: [[-1, 1], *pairs]),
    set_path("levels", to=[]),
    set_path("levels", to=lambda levels: [*levels, levels[0]]),
    set_path("levels", 0, "groups", to=lambda groups: [*groups, groups[0]]),
    set_path("levels", 0, "groups", to=[]),
    lambda draw: draw["levels"][0].update(groups=list(range(len(draw["groups"])))),
    lambda draw: draw["levels"][0]["groups"].append(10**6),
    lambda draw: draw["levels"][0]["groups"].append(find_seated(draw)),
    set_path("levels", 0, "multipliers", to=[]),
    set_path("levels", 0, "multipliers", to=lambda pairs: [[row, -number] for row, number in pairs]),
    set_path("size", to=lambda size: size + 1),
    set_path("targets", to=lambda targets: [{**t, "max": t["max"] + 1} for t in targets]),
    set_path("panels", 0, "weight", to=lambda weight: weight + 1),
    set_path("groups", to=lambda groups: groups[1:]),
    set_path("status", to="gap"),
    set_path("gap", to=0.5),
    set_path("minimum", to=0.5),
    lambda draw: draw["probabilities"].update({first_id(draw): 0.123}),
]


def find_seated(draw: Any) -> int:
    return next(g for g, ids in enumerate(draw["groups"]) if draw["probabilities"][ids[0]] > 0)


@pytest.fixture(scope="module", params=["nash", "goldilocks"])
def concave(request: pytest.FixtureRequest) -> Any:
    """Give the certificate of a tiny pool where some people can never sit, and others differ."""
    for number in range(300):
        pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=False)
        data = distribute(pool, targets, objective=request.param).certificate
        chances = {chance for chance in data["probabilities"].values() if chance}
        if data["levels"] and data["bound"] and len(chances) > 2 and max(chances) < 1:
            return json.loads(json.dumps(data))
    pytest.fail("no pool left somebody out")


def test_verify_concave_file_is_believed_by_both(concave: Any) -> None:
    assert verify(concave).failures == ()
    load_stranger()(concave)


@pytest.mark.parametrize("tamper", CONCAVE, ids=range(len(CONCAVE)))
def test_verify_tampered_concave_file_is_refused_by_both(concave: Any, tamper: Callable[[Any], None]) -> None:
    false = copy.deepcopy(concave)
    tamper(false)
    assert not verify(false).is_valid
    assert not is_believed_by_stranger(false)


def test_verify_relaxed_proof_is_refused(draw: Any) -> None:
    assert len(TAMPERING) >= 50
    assert not verify("not a file at all").is_valid  # type: ignore[arg-type]
