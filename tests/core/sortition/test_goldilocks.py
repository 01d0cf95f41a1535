import numpy as np
import pytest
from scipy.optimize import linprog, minimize_scalar

from antigone.core.sortition.certificate import verify
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.types import Counts, Floats
from tests.core.sortition.pools import NAMES, make_interesting_pool, read_paper_pool


def find_least_sum(panels: Counts, counts: Counts, size: int) -> float:
    """Return the least `largest / mean + mean / smallest` over all mixtures of panels, by a search on the smallest."""
    seated = panels.max(axis=0) > 0
    shares = (panels / counts)[:, seated]
    mean = size / counts[seated].sum()
    number, types = shares.shape
    total = [np.append(np.ones(number), 0)]
    rows = np.hstack([-shares.T, np.ones((types, 1))])
    costs = np.append(np.zeros(number), 1.0)
    top = -linprog(-costs, A_ub=rows, b_ub=np.zeros(types), A_eq=total, b_eq=[1]).fun - 1e-12
    rows = np.vstack(
        [np.hstack([shares.T, -np.ones((types, 1))]), np.hstack([-shares.T, np.zeros((types, 1))])]
    )

    def add(smallest: float) -> float:
        floors = np.append(np.zeros(types), np.full(types, -smallest))
        return linprog(costs, A_ub=rows, b_ub=floors, A_eq=total, b_eq=[1]).fun / mean + mean / smallest

    found = minimize_scalar(add, bounds=(1e-3 * top, top), method="bounded", options={"xatol": 1e-10})
    return float(min(found.fun, add(top)))


def add_extremes(chances: Floats, counts: Counts, size: int) -> float:
    seated = chances > 0
    mean = size / counts[seated].sum()
    return float(chances[seated].max() / mean + mean / chances[seated].min())


@pytest.mark.parametrize("part", range(4))
def test_goldilocks_tiny_pools_equals_brute_force(part: int) -> None:
    for number in range(30):
        households = number % 4 == 3
        pool, targets, types, panels = make_interesting_pool(
            np.random.default_rng([9, part, number]), households=households
        )
        fair = distribute(pool, targets, objective="goldilocks", households=households)
        found = np.array([float(fair.probabilities[ids[0]]) for ids in types.members])
        assert ((found > 0) == (panels.max(axis=0) > 0)).all()
        least = find_least_sum(panels, types.counts, types.size)
        assert abs(add_extremes(found, types.counts, types.size) - least) < 1e-6
        assert fair.status == "optimal"
        assert verify(fair.certificate).is_valid


@pytest.mark.parametrize("name", NAMES)
def test_goldilocks_paper_pools_is_proved_and_narrower_than_leximin(name: str) -> None:
    pool, targets = read_paper_pool(name)
    fair, leximin = (distribute(pool, targets, objective=o) for o in ("goldilocks", "leximin"))
    assert fair.status == "optimal"
    assert verify(fair.certificate).is_valid
    assert max(fair.probabilities.values()) <= max(leximin.probabilities.values())
    assert float(fair.minimum) <= float(leximin.minimum) + 1e-9
