"""Weights of panels that give each type exactly its expected seats.

A weighted least squares finds the weights nearest to equal ones (in proportion) whose average is right; panels with
a negative weight are left out, and it is solved again. Two panels a dimension suffice when their average is nearly
right (Wendel 1962: random points around an aim contain it in their hull once they are twice as many as dimensions).
The result stands on many panels of nearly equal weight: close to the most random distribution, far less predictable
than a basic solution. Conjugate gradients solve it (Hestenes and Stiefel 1952): a panel has few members, so that one
step costs a few additions a seat, and the steps needed hardly grow with the pool.
"""

import numpy as np

from antigone.core.sortition.progress import Budget
from antigone.core.sortition.types import Counts, Floats, Panels

TRIES = 20
STEPS = 1000
ROUGH, FINE, EXACT = 1e-3, 1e-11, 1e-10
SMALL, TINY = 0.05, 0.02
"""Panels of less than this part of an equal weight are left out, once one has less than that."""


class _Members:
    """Panels by their free seats alone: the type in each of them, (J, k)."""

    def __init__(self, members: Counts, least: Floats) -> None:
        self.members, self.least = members, least

    def average(self, weights: Floats) -> Floats:
        """Return the expected seats of each type."""
        spread = np.repeat(weights, self.members.shape[1])
        seats = np.bincount(self.members.ravel(), weights=spread, minlength=len(self.least))
        return np.asarray(seats + weights.sum() * self.least)

    def value(self, prices: Floats) -> Floats:
        """Return the price of each panel."""
        values: Floats = prices[self.members].sum(axis=1) + self.least @ prices
        return values


def weigh_panels(panels: Panels, seats: Floats, budget: Budget | None = None) -> tuple[Panels, Floats] | None:
    """Return distinct panels and weights ≥ 0 that sum to 1 with `weights @ panels == seats` to 1e-10, or None.

    All panels have one size over zero, which is the sum of `seats`. With a `budget`, raises Cancelled.

    >>> weigh_panels(np.array([[1, 0], [0, 1]], dtype=np.int32), np.array([0.25, 0.75]))[1].round(9).tolist()
    [0.25, 0.75]
    """
    if len(panels) == 0:
        return None
    places: dict[bytes, int] = {}
    numbers = np.array([places.setdefault(panel.tobytes(), len(places)) for panel in panels])
    panels = panels[np.unique(numbers, return_index=True)[1]]
    least = panels.min(axis=0)
    free = panels - least
    panel, type_ = np.nonzero(free)
    members = np.repeat(type_, free[panel, type_]).reshape(len(panels), -1)
    dimensions = int(free.any(axis=0).sum())
    start = np.bincount(numbers) / len(numbers)
    left = np.arange(len(panels))
    for attempt in range(TRIES):
        if budget is not None:
            budget.tell("weights", attempt, TRIES)
        found = _project(_Members(members, least.astype(float)), seats, start)
        if found is None:
            return None
        weights, is_exact = found
        if is_exact and weights.min() >= 0:
            return panels[left], weights
        kept = weights > SMALL * start
        if kept.sum() < 0.9 * dimensions:
            return None
        left, members, start = left[kept], members[kept], start[kept] / start[kept].sum()
    return None


def polish_weights(panels: Floats, seats: Floats, weights: Floats) -> Floats:
    """Move the weights in use by so little that the average is `seats` to the last digit, where none gets negative.

    >>> polish_weights(np.eye(2), np.array([0.25, 0.75]), np.array([0.2500001, 0.7499999])).round(9).tolist()
    [0.25, 0.75]
    """
    used = np.nonzero(weights > 0)[0]
    columns = np.vstack([panels[used].T, np.ones(len(used))])
    moved = weights.copy()
    for _ in range(2):
        missing = np.append(seats, 1.0) - columns @ moved[used]
        moved[used] += np.linalg.lstsq(columns, missing, rcond=1e-12)[0]
    return moved if moved.min() >= 0 else weights


def _project(panels: _Members, aim: Floats, start: Floats) -> tuple[Floats, bool] | None:
    """Return the weights of average `aim` that differ least from `start`, relatively; None where there are none.

    Weights among which some are too small are only roughly so; whether they are exact is told.
    """
    scale = 1 / np.sqrt(np.maximum(panels.average(start), 1e-4))
    weights, is_rough = start, True
    missing = scale * (aim - panels.average(weights))
    direction, last, error = missing, np.inf, float(missing @ missing)
    for _ in range(STEPS):
        if is_rough and error < ROUGH**2:
            if (weights < TINY * start).any():
                return weights, False
            is_rough = False
        worst = float(np.abs(missing / scale).max())
        # An aim that is right to its last digits only is not reached to the very end, and steps then lead away.
        if worst < FINE or (worst < EXACT / 2 and error > last):
            break
        moved = start * panels.value(scale * direction)
        change = scale * panels.average(moved)
        slope = float(direction @ change)
        if slope <= 0.0:
            break
        step = error / slope
        weights = weights + step * moved
        missing = missing - step * change
        last, error = error, float(missing @ missing)
        direction = missing + error / last * direction
    return (weights, True) if np.abs(panels.average(weights) - aim).max() <= EXACT else None
