"""Weights of panels that give each type exactly its expected seats.

One weighted least squares finds the weights nearest to equal ones (in proportion) whose average is right; the few
panels with a negative weight are left out, and it is solved again. Three panels a dimension suffice (Wendel 1962:
random points around an aim contain it in their hull once they are twice as many as dimensions). The result stands on
many panels of nearly equal weight: close to the most random distribution, far less predictable than a basic solution.
"""

import numpy as np

from antigone.core.sortition.types import Floats

TRIES = 20
EXACT = 1e-10


def weigh_panels(panels: Floats, seats: Floats) -> tuple[Floats, Floats] | None:
    """Return distinct panels and weights ≥ 0 that sum to 1 with `weights @ panels == seats` to 1e-10, or None.

    >>> weigh_panels(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.25, 0.75]))[1].round(9).tolist()
    [0.75, 0.25]
    """
    if len(panels) == 0:
        return None
    panels, repeats = np.unique(panels, axis=0, return_counts=True)
    panels = panels.astype(np.float64)
    varies = panels.min(axis=0) != panels.max(axis=0)
    if np.abs(panels[0] - seats)[~varies].max(initial=0.0) > EXACT:
        return None
    # The last column makes the weights sum to 1.
    columns = np.hstack([panels[:, varies], np.ones((len(panels), 1))])
    aim = np.append(seats[varies], 1.0)
    start = repeats / repeats.sum()
    for _ in range(TRIES):
        weights = _project(columns, aim, start)
        if weights.min() >= 0:
            is_exact = np.abs(weights @ columns - aim).max() <= EXACT
            return (panels, weights) if is_exact else None
        kept = weights > start * 1e-3
        if kept.sum() < 0.9 * columns.shape[1]:
            return None
        columns, panels, start = columns[kept], panels[kept], start[kept] / start[kept].sum()
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


def _project(columns: Floats, aim: Floats, start: Floats) -> Floats:
    """Return the weights with `weights @ columns == aim` that differ least from `start`, relatively."""
    scaled = columns * start[:, None]
    normal = columns.T @ scaled
    normal[np.diag_indices_from(normal)] += 1e-12 * np.trace(normal) / len(normal)
    inverse = np.linalg.inv(normal)
    weights = start
    # The ridge makes each step a little short: the next ones end at the precision of the numbers.
    for _ in range(4):
        weights = weights + scaled @ (inverse @ (aim - weights @ columns))
    return weights
