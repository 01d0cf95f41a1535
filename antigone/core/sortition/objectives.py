"""From a pool and its targets to the fairest distribution over panels, with its certificate."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from antigone.core.sortition.certificate import Certificate, Data, find_bound
from antigone.core.sortition.errors import EmptyPool, InvalidSize, PoolTooSmall
from antigone.core.sortition.expand import WeightedPanel, expand_panels, round_weights
from antigone.core.sortition.goldilocks import bound_seats, narrow_chances, search_goldilocks
from antigone.core.sortition.leeway import find_leeway, prove_never_seated
from antigone.core.sortition.leximin import solve_relaxation
from antigone.core.sortition.mixture import Mixture, realise_seats
from antigone.core.sortition.nash import bound_nash, search_nash, solve_nash
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Pool, Targets
from antigone.core.sortition.progress import Budget, Progress
from antigone.core.sortition.proof import SCALE, Multipliers, scale_multipliers
from antigone.core.sortition.reaching import reach_seats
from antigone.core.sortition.sampling import EFFORTS, herd_panels, open_stream
from antigone.core.sortition.two_sided import solve_two_sided
from antigone.core.sortition.types import Counts, Floats, Types, collapse_pool, sort_targets

REACH = 0.25
"""The share of the time for reaching the relaxation's seats by panels."""
Objective = Literal["leximin", "maximin", "nash", "goldilocks", "random"]


@dataclass(frozen=True, eq=False)
class Distribution:
    """Panels with whole weights, and each person's chance, exactly.

    `status` is `optimal` when the certificate proves, in exact fractions, that no more than 1e-9 can be gained; `gap`
    when time ran out before (or for the objective `random`): the distribution is valid all the same, and `gap` bounds
    what could be gained, in the objective's own measure.
    """

    objective: Objective
    status: Literal["optimal", "gap"]
    gap: float
    probabilities: dict[str, Fraction]
    panels: tuple[WeightedPanel, ...]
    certificate: Data

    @property
    def total(self) -> int:
        """The sum of the weights of the panels."""
        return int(self.certificate["total"])

    @property
    def minimum(self) -> Fraction:
        """The smallest chance."""
        return min(self.probabilities.values())

    @property
    def bound(self) -> Fraction:
        """What the smallest chance of no distribution can exceed, as far as it is proved: exact, measured anew."""
        return find_bound(self.certificate)


def distribute(
    pool: Pool,
    targets: Targets,
    *,
    objective: Objective = "leximin",
    households: bool = False,
    seed: int = 0,
    time_limit: float = 60,
    progress: Progress | None = None,
) -> Distribution:
    """Return the distribution over panels that is fairest by an objective.

    `leximin` makes the smallest chance as large as it can be, then the next, to the last; `maximin` stops after the
    first; `nash` makes the product of the chances as large as it can be; `goldilocks` keeps the largest chance small
    and the smallest large, `largest / mean + mean / smallest`, and the product as large as that allows (both leave out
    who can never sit); `random` draws panels without an objective, to compare. With `households`, at most one person
    of each sits. The order of the pool and of the targets changes nothing; `seed` changes which panels carry the
    chances, never the chances of an optimum. After `time_limit` seconds the best distribution found so far is
    returned, with a certified gap.

    Raises Infeasible where no panel meets the targets, EmptyPool, PoolTooSmall, InvalidSize, Cancelled, SolverGaveUp.

    >>> from antigone.core.sortition.pool import Person, Target
    >>> people = [("ada", "north"), ("bob", "north"), ("eve", "south")]
    >>> pool = Pool(tuple(Person(id, {"side": side}) for id, side in people))
    >>> fair = distribute(pool, Targets(2, (Target("side", "north", 1, 1), Target("side", "south", 1, 1))))
    >>> fair.status, {id: str(chance) for id, chance in fair.probabilities.items()}
    ('optimal', {'ada': '1/2', 'bob': '1/2', 'eve': '1'})
    """
    if targets.size < 1:
        raise InvalidSize(size=targets.size)
    if not pool.people:
        raise EmptyPool
    if len(pool.people) < targets.size:
        raise PoolTooSmall(count=len(pool.people), unit=Phrase(gettext_noop("people")), size=targets.size)
    targets = sort_targets(targets)
    types = collapse_pool(pool, targets, households=households)
    budget = Budget(time_limit, progress)
    mixture = _SOLVERS[objective](types, seed, budget)
    budget.tell("proof", 0, 1)
    return _certify(mixture, objective, types, pool, targets, seed, households)


def _certify(
    mixture: Mixture,
    objective: Objective,
    types: Types,
    pool: Pool,
    targets: Targets,
    seed: int,
    households: bool,
) -> Distribution:
    """Give the panels people and whole weights, and prove what they reach."""
    rounded = round_weights(mixture.weights)
    kept = [j for j, weight in enumerate(rounded) if weight > 0]
    weights = [rounded[j] for j in kept]
    panels = np.rint(mixture.panels[kept]).astype(np.int64)
    people = expand_panels(types, panels, weights, open_stream(seed))
    seats, total = _sum_seats(panels, weights), sum(weights)
    scale = sum(panel.weight for panel in people) // total
    by_type = [Fraction(number, total * len(ids)) for number, ids in zip(seats, types.members, strict=True)]
    chances = dict(
        sorted((id, chance) for chance, ids in zip(by_type, types.members, strict=True) for id in ids)
    )
    home = {person.id: person.household for person in pool.people}
    rows = len(types.matrix)
    certificate = Certificate(
        objective=objective,
        pool=pool,
        targets=targets,
        households=households,
        groups=types.members,
        classes=tuple(tuple(home[ids[0]] for ids in group.households) for group in types.household_classes),
        panels=tuple(people),
        seats=tuple(number * scale for number in seats),
        levels=tuple(
            (tuple(level.types.tolist()), _prove(level.multipliers, level.cuts, rows))
            for level in mixture.levels
        ),
        bound=None if mixture.bound is None else _prove(*mixture.bound, rows),
        cuts=mixture.cuts,
    ).to_data()
    return Distribution(
        objective, certificate["status"], certificate["gap"], chances, tuple(people), certificate
    )


def _sum_seats(panels: Counts, weights: list[int]) -> list[int]:
    """Return the weight on each type, exactly: in two halves, since 64 bits could not hold it."""
    high = np.array([weight >> 32 for weight in weights], dtype=np.int64) @ panels
    low = np.array([weight & 0xFFFFFFFF for weight in weights], dtype=np.int64) @ panels
    return [(int(upper) << 32) + int(lower) for upper, lower in zip(high, low, strict=True)]


def _prove(multipliers: Floats, cuts: tuple[tuple[int, float], ...], rows: int) -> Multipliers:
    """Write multipliers as whole numbers: of rows first, then of cuts."""
    # Those of cuts whose coefficients are very fine are very small, and no noise.
    used = tuple((rows + cut, max(0, int(Fraction(value) * SCALE))) for cut, value in cuts)
    return scale_multipliers(multipliers.tolist()) + used


def _realise(types: Types, seats: Floats, seed: int, budget: Budget) -> tuple[Mixture | None, Floats]:
    """Return a mixture with exactly these expected seats, or None; and all panels that were found on the way."""
    mixture, found = realise_seats(types, seats, seed, budget)
    if mixture is None:
        mixture, found = reach_seats(types, seats, found, seed, budget.part(REACH))
    return mixture, found


def _solve_leximin(types: Types, seed: int, budget: Budget) -> Mixture:
    seats, levels = solve_relaxation(types, budget)
    mixture, found = _realise(types, seats, seed, budget)
    if mixture is None:
        return solve_two_sided(types, found, seed, budget, levels=None)
    return mixture.prove(levels)


def _solve_maximin(types: Types, seed: int, budget: Budget) -> Mixture:
    """Reach the largest smallest chance; among what reaches it, the leximin of the relaxation where panels do."""
    seats, levels = solve_relaxation(types, budget)
    mixture, found = _realise(types, seats, seed, budget)
    if mixture is None:
        return solve_two_sided(types, found, seed, budget, levels=1)
    return mixture.prove((), (levels[0].multipliers, ()))


def _solve_nash(types: Types, seed: int, budget: Budget) -> Mixture:
    leeway = find_leeway(types, np.zeros(len(types)), types.counts.astype(float))
    solved = solve_nash(types, leeway)
    if solved is None:
        return search_nash(types, np.zeros((0, len(types))), seed, budget)
    seats, multipliers = solved
    mixture, found = _realise(types, seats, seed, budget)
    if mixture is None:
        return search_nash(types, found, seed, budget)
    return mixture.prove(prove_never_seated(types, leeway), bound_nash(types, seats, multipliers, leeway))


def _solve_goldilocks(types: Types, seed: int, budget: Budget) -> Mixture:
    whole = find_leeway(types, np.zeros(len(types)), types.counts.astype(float))
    band = narrow_chances(types, whole.is_seated)
    price = band.prices @ types.matrix
    leeway = find_leeway(types, *bound_seats(types, whole.is_seated, band, price, slack=1e-11))
    solved = solve_nash(types, leeway)
    mixture, found = _realise(types, leeway.seats if solved is None else solved[0], seed, budget)
    if mixture is None:
        return search_goldilocks(types, found, seed, budget)
    return mixture.prove(prove_never_seated(types, whole), (band.prices, ()))


def _draw_random(types: Types, seed: int, budget: Budget) -> Mixture:
    """Draw panels of people who are alike in chance as far as the targets let them, all of one weight."""
    _, levels = solve_relaxation(types, budget, levels=1)
    equal = types.counts * (types.size / types.counts.sum())
    panels = herd_panels(types, equal, open_stream(seed), EFFORTS[0], budget)
    if len(panels) == 0:
        return solve_two_sided(types, panels.astype(float), seed, budget, levels=0)
    return Mixture(
        panels.astype(float), np.full(len(panels), 1 / len(panels)), bound=(levels[0].multipliers, ())
    )


_SOLVERS: dict[Objective, Callable[[Types, int, Budget], Mixture]] = {
    "leximin": _solve_leximin,
    "maximin": _solve_maximin,
    "nash": _solve_nash,
    "goldilocks": _solve_goldilocks,
    "random": _draw_random,
}
