import subprocess
import sys
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.sortition.certificate import verify
from antigone.core.sortition.errors import Cancelled, EmptyPool, Infeasible, InvalidSize, PoolTooSmall
from antigone.core.sortition.objectives import Distribution, Objective, distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from tests.core.sortition.pools import (
    NAMES,
    find_leximin,
    make_interesting_pool,
    make_tiny_pool,
    read_paper_pool,
)

HALF = Targets(2, (Target("side", "left", 1, 1), Target("side", "right", 1, 1)))


def make_pool(**sides: str) -> Pool:
    return Pool(tuple(Person(id, {"side": side}) for id, side in sides.items()))


def add_weights(fair: Distribution) -> dict[str, Fraction]:
    weights: Counter[str] = Counter()
    for panel in fair.panels:
        weights.update(dict.fromkeys(panel.members, panel.weight))
    return {id: Fraction(weights[id], fair.total) for id in fair.probabilities}


@pytest.mark.parametrize("part", range(10))
def test_leximin_tiny_pools_equals_brute_force(part: int) -> None:
    for number in range(32):
        stream = np.random.default_rng([part, number])
        households = number % 4 == 3
        pool, targets, types, panels = make_interesting_pool(stream, households=households)
        fair = distribute(pool, targets, households=households)
        found = np.array([float(fair.probabilities[ids[0]]) for ids in types.members])
        assert np.abs(found - find_leximin(panels, types.counts)).max() < 1e-6
        assert fair.status == "optimal"
        assert verify(fair.certificate).is_valid


@pytest.mark.parametrize("name", NAMES)
def test_leximin_paper_pools_is_proved(name: str) -> None:
    pool, targets = read_paper_pool(name)
    fair = distribute(pool, targets)
    assert fair.status == "optimal"
    assert verify(fair.certificate).gap < Fraction(1, 10**9)
    assert add_weights(fair) == fair.probabilities


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    households=st.booleans(),
    objective=st.sampled_from(["leximin", "maximin", "nash", "goldilocks", "random"]),
    data=st.data(),
)
def test_distribute_any_pool_meets_targets_in_any_order(
    seed: int, households: bool, objective: Objective, data: st.DataObject
) -> None:
    pool, targets = make_tiny_pool(np.random.default_rng(seed), households=households)
    order = data.draw(st.permutations(range(len(pool.people))))
    shuffled = Pool(tuple(pool.people[i] for i in order))
    reversed_targets = Targets(targets.size, targets.targets[::-1])
    try:
        fair = distribute(pool, targets, objective=objective, households=households)
    except Infeasible:
        with pytest.raises(Infeasible):
            distribute(shuffled, reversed_targets, objective=objective, households=households)
        return
    again = distribute(shuffled, reversed_targets, objective=objective, households=households)
    assert (again.panels, again.probabilities) == (fair.panels, fair.probabilities)
    assert verify(fair.certificate).is_valid
    assert add_weights(fair) == fair.probabilities


def test_distribute_any_hash_seed_is_the_same() -> None:
    code = (
        "import numpy as np, hashlib, json; from tests.core.sortition.pools import make_interesting_pool as make;"
        "from antigone.core.sortition.objectives import distribute;"
        "pool, targets, *_ = make(np.random.default_rng(5), households=True);"
        "print(hashlib.sha256(json.dumps(distribute(pool, targets, households=True).certificate).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(digests) == 1


def test_leximin_identical_people_have_the_same_fraction() -> None:
    fair = distribute(make_pool(a="left", b="left", c="left", d="right", e="right"), HALF)
    assert [str(fair.probabilities[id]) for id in "abcde"] == ["1/3", "1/3", "1/3", "1/2", "1/2"]


def test_maximin_reaches_the_minimum_of_leximin() -> None:
    for number in range(20):
        pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=False)
        maximin = distribute(pool, targets, objective="maximin")
        assert maximin.status == "optimal"
        assert abs(maximin.minimum - distribute(pool, targets).minimum) < 1e-9


def test_random_is_never_called_better_than_leximin() -> None:
    pool, targets, *_ = make_interesting_pool(np.random.default_rng(3), households=False)
    chance = distribute(pool, targets, objective="random")
    assert verify(chance.certificate).is_valid
    assert chance.bound >= distribute(pool, targets).minimum - Fraction(1, 10**9)


def test_distribute_no_time_gives_a_valid_distribution() -> None:
    for number in range(30):
        pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=False)
        fair = distribute(pool, targets, time_limit=0)
        assert verify(fair.certificate).is_valid


@pytest.mark.parametrize(
    ("pool", "targets", "error"),
    [
        (Pool(()), HALF, EmptyPool),
        (make_pool(a="left"), HALF, PoolTooSmall),
        (make_pool(a="left", b="right"), Targets(0, HALF.targets), InvalidSize),
        (make_pool(a="left", b="left"), HALF, Infeasible),
    ],
)
def test_distribute_impossible_pool_says_why(pool: Pool, targets: Targets, error: type[Exception]) -> None:
    with pytest.raises(error):
        distribute(pool, targets)


class Impatient:
    def update(self, phase: str, done: int, total: int) -> None:
        assert 0 <= done <= total

    def is_cancelled(self) -> bool:
        return True


def test_distribute_cancelled_stops() -> None:
    with pytest.raises(Cancelled):
        distribute(make_pool(a="left", b="right"), HALF, progress=Impatient())
