import numpy as np

from antigone.core.sortition.leximin import solve_relaxation
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.reaching import reach_seats
from antigone.core.sortition.types import Floats
from tests.core.sortition.pools import find_leximin, make_interesting_pool


def test_seats_are_reached_exactly_when_brute_force_says_so() -> None:
    reached = 0
    for number in range(60):
        stream = np.random.default_rng([7, number])
        _, _, types, panels = make_interesting_pool(stream, households=number % 4 == 3)
        seats, _ = solve_relaxation(types, Budget(20))
        is_within = np.abs(find_leximin(panels, types.counts) * types.counts - seats).max() < 1e-6
        nothing: Floats = np.zeros((0, len(types)))
        mixture, found = reach_seats(types, seats, nothing, 0, Budget(20))
        known = {panel.tobytes() for panel in panels}
        assert all(panel.astype(np.int64).tobytes() in known for panel in found)
        assert (mixture is not None) == is_within
        if mixture is not None:
            reached += 1
            assert np.abs(mixture.weights @ mixture.panels - seats).max() < 1e-9
            assert mixture.weights.min() >= 0
    assert 10 < reached < 60


def test_no_time_reaches_nothing() -> None:
    _, _, types, panels = make_interesting_pool(np.random.default_rng([7, 0]), households=False)
    seats, _ = solve_relaxation(types, Budget(20))
    mixture, found = reach_seats(types, seats, panels[:1].astype(float), 0, Budget(0))
    assert mixture is None
    assert len(found) == 1
