import numpy as np
import pytest

from antigone.core.sortition.certificate import verify
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.types import Counts
from tests.core.sortition.pools import NAMES, make_interesting_pool, read_paper_pool


def find_best_mean(panels: Counts, counts: Counts) -> float:
    """Return the largest geometric mean of chances over all mixtures of panels (Cover 1984, one weight a panel)."""
    seated = panels.max(axis=0) > 0
    shares, people = (panels / counts)[:, seated], counts[seated]
    weights = np.full(len(panels), 1 / len(panels))
    for _ in range(20_000):
        growth = shares @ (people / (weights @ shares)) / people.sum()
        if growth.max() < 1 + 1e-8:
            break
        weights = weights * growth
    return float(np.exp(people @ np.log(weights @ shares) / people.sum()))


@pytest.mark.parametrize("part", range(4))
def test_nash_tiny_pools_equals_brute_force(part: int) -> None:
    for number in range(30):
        households = number % 4 == 3
        pool, targets, types, panels = make_interesting_pool(
            np.random.default_rng([8, part, number]), households=households
        )
        fair = distribute(pool, targets, objective="nash", households=households)
        found = np.array([float(fair.probabilities[ids[0]]) for ids in types.members])
        seated = panels.max(axis=0) > 0
        assert ((found > 0) == seated).all()
        people = types.counts[seated]
        mean = float(np.exp(people @ np.log(found[seated]) / people.sum()))
        assert abs(mean - find_best_mean(panels, types.counts)) < 1e-6
        # No panel has a steeper price than the distribution itself: the maximum, and there is but one.
        assert ((panels[:, seated] / found[seated]).sum(axis=1) < people.sum() * (1 + 1e-9)).all()
        assert fair.status == "optimal"
        assert verify(fair.certificate).is_valid


@pytest.mark.parametrize("name", NAMES)
def test_nash_paper_pools_is_proved(name: str) -> None:
    pool, targets = read_paper_pool(name)
    fair = distribute(pool, targets, objective="nash")
    assert fair.status == "optimal"
    assert verify(fair.certificate).is_valid
    # Another solver of convex programmes found .316316 for this pool.
    if name == "mass_like":
        chances = np.array([float(chance) for chance in fair.probabilities.values()])
        assert abs(np.exp(np.log(chances).mean()) - 0.316316) < 1e-6


def test_nash_no_time_gives_a_valid_distribution() -> None:
    for number in range(20):
        pool, targets, *_ = make_interesting_pool(np.random.default_rng(number), households=False)
        for objective in ("nash", "goldilocks"):
            fair = distribute(pool, targets, objective=objective, time_limit=0)  # type: ignore[arg-type]
            assert verify(fair.certificate).is_valid
