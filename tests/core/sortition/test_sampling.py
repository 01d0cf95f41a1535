import numpy as np
import pytest

from antigone.core.sortition.decompose import weigh_panels
from antigone.core.sortition.leximin import solve_relaxation
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.sampling import (
    EFFORTS,
    Sampler,
    find_face,
    herd_panels,
    open_stream,
)
from antigone.core.sortition.types import Floats, Types, collapse_pool


def make_types(*, households: bool) -> Types:
    stream = np.random.default_rng(4)
    ages, sides = stream.integers(0, 5, 200), stream.integers(0, 3, 200)
    people = (
        Person(f"p{n:03}", {"age": f"a{age}", "side": f"s{side}", "job": f"j{n % 7}"}, f"h{n // 2}")
        for n, (age, side) in enumerate(zip(ages.tolist(), sides.tolist(), strict=True))
    )
    bounds = [Target("age", f"a{n}", 3, 6) for n in range(5)] + [
        Target("side", f"s{n}", 5, 8) for n in range(3)
    ]
    targets = (*bounds, *(Target("job", f"j{n}", 2, 4) for n in range(7)))
    return collapse_pool(Pool(tuple(people)), Targets(20, targets), households=households)


def find_seats(types: Types) -> Floats:
    return solve_relaxation(types, Budget(60))[0]


@pytest.mark.parametrize("households", [False, True])
def test_herd_panels_meets_rows_and_nearly_the_aim(households: bool) -> None:
    types = make_types(households=households)
    seats = find_seats(types)
    panels = herd_panels(types, seats, open_stream(1), EFFORTS[0], Budget(60))
    face = find_face(types, seats)
    sums = panels @ face.matrix.T
    assert ((sums >= face.lower) & (sums <= face.upper)).all()
    assert (np.abs(panels - seats) < 1).all()
    # Independent draws would be off by this much on average.
    noise = np.sqrt(panels.var(axis=0).sum() / len(panels))
    assert np.linalg.norm(panels.mean(axis=0) - seats) < 0.6 * noise


def test_herd_panels_same_seed_same_panels() -> None:
    types = make_types(households=True)
    seats = find_seats(types)
    first, again, other = (
        herd_panels(types, seats, open_stream(seed), EFFORTS[0], Budget(60)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_sample_between_bounds_with_a_tilt_prefers_it() -> None:
    types = make_types(households=False)
    seats = find_seats(types)
    sampler = Sampler(types, open_stream(1), EFFORTS[0])
    least, most = np.floor(seats), np.minimum(np.ceil(seats) + 1, types.counts)
    tilt = np.where(np.arange(len(types)) % 2 == 0, 3.0, 0.0)
    plain = sampler.sample(seats, 96, least, most)
    tilted = sampler.sample(seats, 96, least, most, tilt)
    for panels in (plain, tilted):
        sums = panels @ types.matrix.T
        assert ((sums >= types.lower) & (sums <= types.upper)).all()
        assert ((panels >= least) & (panels <= most)).all()
    assert (tilted @ tilt).mean() > (plain @ tilt).mean()


def test_herd_panels_whole_aim_is_one_panel() -> None:
    types = collapse_pool(
        Pool(tuple(Person(id, {"side": id}) for id in "ab")),
        Targets(2, (Target("side", "a", 1, 1),)),
        households=False,
    )
    panels = herd_panels(types, np.ones(2), open_stream(1), EFFORTS[0], Budget(60))
    assert np.unique(panels, axis=0).tolist() == [[1, 1]]


def test_weigh_panels_reaches_the_aim_exactly() -> None:
    types = make_types(households=False)
    seats = find_seats(types)
    found = weigh_panels(herd_panels(types, seats, open_stream(1), EFFORTS[0], Budget(60)), seats)
    assert found is not None
    panels, weights = found
    assert weights.min() >= 0
    assert abs(weights.sum() - 1) < 1e-9
    assert np.abs(weights @ panels - seats).max() <= 1e-10
    assert len(np.unique(panels, axis=0)) == len(panels)


def test_weigh_panels_aim_out_of_reach_is_none() -> None:
    panels = np.array([[1, 1, 0], [1, 0, 1]], dtype=np.int32)
    assert weigh_panels(panels, np.array([0.5, 1.0, 0.5])) is None
    assert weigh_panels(panels[:0], np.array([1.0, 0.5, 0.5])) is None
