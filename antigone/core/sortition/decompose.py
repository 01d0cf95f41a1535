"""Weights of panels that give each type exactly its expected seats.

A weighted least squares finds the weights nearest to equal ones (in proportion) whose average is right; panels with
a negative weight are left out, and it is solved again. Two panels a dimension suffice when their average is nearly
right (Wendel 1962: random points around an aim contain it in their hull once they are twice as many as dimensions).
The result stands on many panels of nearly equal weight: close to the most random distribution, far less predictable
than a basic solution. Conjugate gradients solve it (Hestenes and Stiefel 1952): a panel has few members, so that one
step costs a few additions a seat, and the steps needed hardly grow with the pool.
"""

import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.types import Counts, Floats

TRIES = 20
STEPS = 1000
ROUGH, FINE, EXACT = 1e-4, 1e-12, 1e-10


class _Incidence:
    """Panels by their members only."""

    def __init__(self, panels: NDArray[np.int32]) -> None:
        panel, self.types = np.nonzero(panels)
        self.seats = panels[panel, self.types].astype(float)
        self.lengths: Counts = np.bincount(panel, minlength=len(panels)).astype(np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.number = panels.shape[1]

    def average(self, weights: Floats) -> Floats:
        """Return `weights @ panels`."""
        shares = np.repeat(weights, self.lengths) * self.seats
        seats: Floats = np.bincount(self.types, weights=shares, minlength=self.number)
        return seats

    def value(self, prices: Floats) -> Floats:
        """Return `panels @ prices`."""
        values: Floats = np.add.reduceat(prices[self.types] * self.seats, self.starts)
        return values


def weigh_panels(panels: NDArray[np.int32], seats: Floats) -> tuple[NDArray[np.int32], Floats] | None:
    """Return distinct panels and weights ≥ 0 that sum to 1 with `weights @ panels == seats` to 1e-10, or None.

    Panels all have the same size over zero, which is the sum of `seats`.

    >>> weigh_panels(np.array([[1, 0], [0, 1]], dtype=np.int32), np.array([0.25, 0.75]))[1].round(9).tolist()
    [0.25, 0.75]
    """
    if len(panels) == 0:
        return None
    places: dict[bytes, int] = {}
    numbers = np.array([places.setdefault(panel.tobytes(), len(places)) for panel in panels])
    panels = panels[np.unique(numbers, return_index=True)[1]]
    start = np.bincount(numbers) / len(numbers)
    dimensions = int((panels.min(axis=0) != panels.max(axis=0)).sum())
    for _ in range(TRIES):
        weights = _project(_Incidence(panels), seats, start)
        if weights is None:
            return None
        if weights.min() >= 0:
            return panels, weights
        kept = weights > start * 1e-3
        if kept.sum() < 0.9 * dimensions:
            return None
        panels, start = panels[kept], start[kept] / start[kept].sum()
    return None


def _project(panels: _Incidence, aim: Floats, start: Floats) -> Floats | None:
    """Return the weights of average `aim` that differ least from `start`, relatively; None where there are none.

    Weights among which some are clearly negative are only roughly so.
    """
    scale = 1 / np.sqrt(np.maximum(panels.average(start), 1e-4))
    weights, is_rough = start, True
    missing = scale * (aim - panels.average(weights))
    direction, error = missing, float(missing @ missing)
    for _ in range(STEPS):
        if is_rough and error < ROUGH**2:
            if (weights < -0.01 * start).any():
                return weights
            is_rough = False
        if np.abs(missing).max() < FINE:
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
    return weights if np.abs(panels.average(weights) - aim).max() <= EXACT else None
