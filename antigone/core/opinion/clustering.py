"""Points of the map → groups, for each number of groups: k-means on a weighted grid, judged by silhouette.

People who stand in one cell of the grid are one point of that weight: the work depends on the cells (4,096 at most)
and not on the people. Starts are drawn by k-means++ (Arthur & Vassilvitskii 2007) from the seed alone.
"""

from dataclasses import dataclass

import numpy as np

from antigone.core.opinion.votes import Flags, Floats, Integers

GRID = 64
STARTS = 10
TRIALS = 5
"""Rounds after which only the best starts go on."""
FINALISTS = 5
ROUNDS = 100
CHUNK = 512
"""Rows of distances held at once."""


@dataclass(frozen=True, eq=False)
class Cells:
    """M occupied cells: mean `points` (M, 2) of the people in each, how many they are, and each person's cell."""

    points: Floats
    weights: Integers
    of_person: Integers


@dataclass(frozen=True, eq=False)
class Clustering:
    """One way to group the people: `labels` 0 to `count` - 1, one a person, and the mean silhouette of all of them."""

    count: int
    labels: Integers
    silhouette: float

    @property
    def sizes(self) -> Integers:
        """How many people each group has."""
        return np.bincount(self.labels, minlength=self.count)


def lay_grid(points: Floats) -> tuple[Floats, float]:
    """Lay a square grid over the points: its corner, and the side of a cell."""
    corner = points.min(axis=0)
    return corner, float((points.max(axis=0) - corner).max()) / GRID


def find_cells(points: Floats, corner: Floats, side: float) -> Integers:
    """Give the number of the cell of each point, those outside being in a cell at the edge.

    >>> find_cells(np.array([[0.0, 0.0], [1.0, 2.0], [900.0, 0.0]]), np.zeros(2), 1.0).tolist()
    [0, 66, 4032]
    """
    if side <= 0:
        return np.zeros(len(points), dtype=np.int64)
    steps = np.clip((points - corner) / side, 0, GRID - 1).astype(np.int64)
    return steps[:, 0] * GRID + steps[:, 1]


def make_cells(points: Floats) -> Cells:
    """Lay a square grid over the points and gather those in one cell.

    >>> make_cells(np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 0.001]])).weights.tolist()
    [2, 1]
    """
    places = find_cells(points, *lay_grid(points))
    _, of_person, weights = np.unique(places, return_inverse=True, return_counts=True)
    sums = np.column_stack([np.bincount(of_person, weights=points[:, axis]) for axis in (0, 1)])
    return Cells(sums / weights[:, None], weights, of_person)


def cluster(points: Floats, counts: range, seed: int) -> list[Clustering]:
    """Group people into each number of groups of `counts` that there are cells enough for.

    >>> crowd = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 5.0], [5.0, 5.1]])
    >>> [found] = cluster(crowd, range(2, 3), seed=1)
    >>> found.labels.tolist(), round(found.silhouette, 2)
    ([0, 0, 1, 1], 0.99)
    """
    if not len(points):
        return []
    cells = make_cells(points)
    found = [_find_groups(cells, count, seed) for count in counts if count <= len(cells.weights)]
    values = measure_silhouettes(cells, found)
    return [
        Clustering(count, labels[cells.of_person], value)
        for count, labels, value in zip(counts, found, values, strict=False)
    ]


def _find_groups(cells: Cells, count: int, seed: int) -> Integers:
    """Give the label of each cell in the best of several starts; the group of the first cell is 0, and so on.

    All starts make a few rounds; those that are then the best go on until nobody changes groups.
    """
    weights = cells.weights.astype(np.float64)
    own = float(weights @ (cells.points**2).sum(axis=1))
    centres = _draw_starts(cells, count, seed)
    labels, far = _assign(cells.points, centres)
    for number in range(ROUNDS):
        if number == TRIALS:
            best = _rank(far @ weights + own)[:FINALISTS]
            centres, labels = centres[best], labels[best]
        centres = _move(cells.points, weights, labels, centres)
        moved, far = _assign(cells.points, centres)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return _number_in_order(labels[_rank(far @ weights + own)[0]])


def _rank(inertia: Floats) -> Integers:
    """Order starts by inertia, those equal but for rounding as they come: no choice hangs on a last bit."""
    return np.argsort((inertia / max(float(inertia.max()), 1e-300)).round(9), kind="stable")


def _draw_starts(cells: Cells, count: int, seed: int) -> Floats:
    """Draw centres (STARTS, count, 2), each in proportion to the square of its distance from those before."""
    random = np.random.Generator(np.random.PCG64([abs(seed), int(seed < 0), count]))
    draws = random.random((count, STARTS))
    nearest = np.ones((STARTS, len(cells.weights)))
    centres = np.zeros((STARTS, count, 2))
    for number in range(count):
        mass = np.cumsum(nearest * cells.weights, axis=1)
        aims = draws[number] * mass[:, -1]
        chosen = np.minimum((mass <= aims[:, None]).sum(axis=1), len(cells.weights) - 1)
        centres[:, number] = cells.points[chosen]
        square = ((cells.points[None] - centres[:, number, None]) ** 2).sum(axis=2)
        nearest = square if number == 0 else np.minimum(nearest, square)
    return centres


def _assign(points: Floats, centres: Floats) -> tuple[Integers, Floats]:
    """Give the nearest centre of each point in each start, and how far: (starts, M) twice.

    Far as the square of the distance less that of the point from the origin, which orders centres as well.
    """
    starts, count, _ = centres.shape
    far = (centres.reshape(-1, 2) @ points.T).reshape(starts, count, -1)
    far *= -2.0
    far += (centres * centres).sum(axis=2)[:, :, None]
    labels = np.zeros((starts, len(points)), dtype=np.int64)
    nearest = far[:, 0].copy()
    for number in range(1, count):
        np.copyto(labels, number, where=far[:, number] < nearest)
        np.minimum(nearest, far[:, number], out=nearest)
    return labels, nearest


def _move(points: Floats, weights: Floats, labels: Integers, centres: Floats) -> Floats:
    """Move each centre to the mean of its points; one without points stays."""
    starts, count, _ = centres.shape
    keys = (labels + count * np.arange(starts)[:, None]).ravel()
    total, x, y = (
        np.bincount(keys, weights=np.broadcast_to(values, labels.shape).ravel(), minlength=starts * count)
        for values in (weights, weights * points[:, 0], weights * points[:, 1])
    )
    kept = np.maximum(total, 1.0)  # a whole number of people
    moved = np.empty((starts * count, 2))
    moved[:, 0], moved[:, 1] = x / kept, y / kept
    return np.where((total == 0).reshape(starts, count, 1), centres, moved.reshape(centres.shape))


def _number_in_order(labels: Integers) -> Integers:
    """Number labels in the order in which they come.

    >>> _number_in_order(np.array([2, 0, 2])).tolist()
    [0, 1, 0]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    ranks = np.empty(len(first), dtype=np.int64)
    ranks[np.argsort(first)] = np.arange(len(first))
    return ranks[inverse]


def measure_silhouettes(cells: Cells, ways: list[Integers]) -> list[float]:
    """Give the mean silhouette of the people (not of the cells) for several ways to label the cells.

    Of a person, (b - a) / max(a, b): a the mean distance to the others of the group, b that to the nearest other
    group; 0 for who is alone (Rousseeuw 1987). People of one cell are at no distance from each other.
    """
    if not ways:
        return []
    members = [_share_out(labels, cells.weights) for labels in ways]
    columns = np.concatenate(members, axis=1)
    sums = np.empty((len(cells.weights), columns.shape[1]))
    x, y = cells.points[:, 0], cells.points[:, 1]
    for start in range(0, len(x), CHUNK):
        end = start + CHUNK
        across, along = x[start:end, None] - x, y[start:end, None] - y
        sums[start:end] = np.sqrt(across * across + along * along) @ columns
    values, start = [], 0
    for labels, member in zip(ways, members, strict=True):
        end = start + member.shape[1]
        values.append(_average(sums[:, start:end], labels, member.sum(axis=0), cells.weights))
        start = end
    return values


def _share_out(labels: Integers, weights: Integers) -> Floats:
    shared = np.zeros((len(labels), int(labels.max()) + 1))
    shared[np.arange(len(labels)), labels] = weights
    return shared


def _average(sums: Floats, labels: Integers, sizes: Floats, weights: Integers) -> float:
    """Average the silhouettes, from the sums of distances to each group (M, count)."""
    if len(sizes) < 2:
        return 0.0
    rows = np.arange(len(labels))
    alone: Flags = sizes[labels] <= 1
    own = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    others = sums / sizes
    others[rows, labels] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(own, nearest)
    values = np.where(alone | (widest == 0), 0.0, (nearest - own) / np.where(widest == 0, 1.0, widest))
    return float((values * weights).sum() / weights.sum())
