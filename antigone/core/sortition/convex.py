"""Maximise a sum of weighted logarithms under linear equations and bounds, by an interior path.

At the maximum of `Σ n_t log v_t` each v_t times its price is exactly n_t, while each distance to a bound times the
price of that bound is zero. That is the path of linear programming (Kojima, Mizuno and Yoshise 1989) with targets n_t
for the first, and targets that fall to zero for the second: each step is one system of as many equations as rows.
"""

from dataclasses import dataclass

import numpy as np

from antigone.core.sortition.progress import Budget
from antigone.core.sortition.types import Counts, Flags, Floats

STEPS = 80
CLOSE = 1e-12
"""The targets of bounds end here, in the unit of the sum of logarithms divided by its weights."""
NEAR = 1e-8
FALL = 0.1
"""What one step aims to leave of the targets of bounds."""
DEPENDENT = 1e-9
STAY = 0.995
"""How far towards the nearest bound a step goes."""


@dataclass(frozen=True, eq=False)
class Logs:
    """`Σ weights[t] log v[t]` over the first variables, `rows @ v == right`, `lower <= v <= upper`.

    `lower` is not under zero; a variable without a weight has a bound on at least one side.
    """

    weights: Floats
    rows: Floats
    right: Floats
    lower: Floats
    upper: Floats


@dataclass(eq=False)
class _Point:
    """Where the path is: values, their distances to bounds, multipliers of rows, prices of values and of bounds.

    Distances are kept apart from values, whose digits they would lose.
    """

    values: Floats
    low: Floats
    high: Floats
    multipliers: Floats
    price: Floats
    low_price: Floats
    high_price: Floats


def maximise_logs(problem: Logs, start: Floats, budget: Budget | None = None) -> tuple[Floats, Floats] | None:
    """Return the values and the multipliers of rows at the maximum; None out of time or digits.

    `start` (N,) is strictly within the bounds; rows need not hold there, but are independent. The price of a variable,
    `rows.T @ multipliers`, is `weights / values` where it is at no bound.

    >>> problem = Logs(np.array([1.0, 2.0]), np.ones((1, 2)), np.array([3.0]), np.zeros(2), np.full(2, 9.0))
    >>> values, multipliers = maximise_logs(problem, np.ones(2))
    >>> values.round(9).tolist(), multipliers.round(9).tolist()
    ([1.0, 2.0], [1.0])
    """
    path = _Path(problem)
    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            path.follow(path.open(start), budget)
    except FloatingPointError:
        pass  # Beyond what numbers can hold: what was nearest before counts.
    if path.best is None or path.least > NEAR or (budget is not None and budget.is_spent):
        return None
    return path.best.values, path.best.multipliers


def pick_independent(rows: Floats) -> Counts:
    """Return the numbers of rows (R, N) that are no combination of rows before them.

    >>> pick_independent(np.array([[1.0, 1.0], [2.0, 2.0], [0.0, 1.0]])).tolist()
    [0, 2]
    """
    basis = np.zeros((0, rows.shape[1]))
    picked = []
    for number, row in enumerate(rows):
        rest = row - (basis @ row) @ basis
        rest -= (basis @ rest) @ basis
        length = float(np.linalg.norm(rest))
        if length > DEPENDENT * max(1.0, float(np.linalg.norm(row))):
            basis = np.vstack([basis, rest / length])
            picked.append(number)
    return np.array(picked, dtype=np.int64)


class _Path:
    def __init__(self, problem: Logs) -> None:
        self.problem = problem
        number = len(problem.weights)
        self.weights = np.zeros(len(problem.lower))
        self.weights[:number] = problem.weights
        self.is_log = self.weights > 0
        self.has_low = (problem.lower > 0) | ~self.is_log
        self.has_high = np.isfinite(problem.upper)
        self.unit = float(problem.weights.mean())
        self.best: _Point | None = None
        self.least = np.inf

    def follow(self, point: _Point, budget: Budget | None) -> None:
        """Go on until steps lead away, or time is over; note the nearest point to the end."""
        for _ in range(STEPS):
            target = self.measure(point)
            distance = target / self.unit + self.misses(point)
            # Beyond what numbers can tell apart, steps lead away.
            if target <= CLOSE * self.unit and distance >= self.least:
                return
            if distance < self.least:
                self.least, self.best = distance, point
            ahead = self.step(point, max(FALL * target, 0.01 * CLOSE * self.unit))
            if ahead is None or (budget is not None and budget.is_spent):
                return
            point = ahead

    def open(self, start: Floats) -> _Point:
        """Start where all prices fit their targets."""
        low = np.where(self.has_low, start - self.problem.lower, 1.0)
        high = np.where(self.has_high, self.problem.upper - start, 1.0)
        prices = self.weights / start, self.has_low * self.unit / low, self.has_high * self.unit / high
        return _Point(start.copy(), low, high, np.zeros(len(self.problem.rows)), *prices)

    def measure(self, point: _Point) -> float:
        """Return the mean distance to a bound times its price."""
        products = (point.low * point.low_price).sum() + (point.high * point.high_price).sum()
        return float(products) / max(1, int(self.has_low.sum() + self.has_high.sum()))

    def misses(self, point: _Point) -> float:
        """Return by how much the rows and the targets of logarithms are missed."""
        rows = np.abs(self.problem.rows @ point.values - self.problem.right)
        logs = np.abs(point.values * point.price - self.weights)[self.is_log] / self.unit
        return float(max(rows.max(initial=0.0), logs.max(initial=0.0)))

    def step(self, point: _Point, target: float) -> _Point | None:
        """Return the point one step of Newton nearer to the targets, short of every bound; None out of digits."""
        with np.errstate(all="ignore"):
            try:
                ahead = self._step(point, target)
            except np.linalg.LinAlgError:
                return None
        is_finite = np.isfinite(ahead.values).all() and np.isfinite(ahead.multipliers).all()
        return ahead if is_finite else None

    def _step(self, point: _Point, target: float) -> _Point:
        rows, values, low, high = self.problem.rows, point.values, point.low, point.high
        at_low, at_high = self.has_low * target / low, self.has_high * target / high
        pull = self.weights / values + at_low - at_high - rows.T @ point.multipliers
        give = 1 / (point.price / values + point.low_price / low + point.high_price / high)
        change = _fit(rows, give, pull, self.problem.right - rows @ values)
        move = give * (pull - rows.T @ change)
        logs = self.weights / values - point.price * (1 + move / values)
        lows = at_low - point.low_price * (1 + move / low)
        highs = at_high - point.high_price * (1 - move / high)
        ahead = _reach((values, move, self.is_log), (low, move, self.has_low), (high, -move, self.has_high))
        priced = _reach(
            (point.price, logs, self.is_log),
            (point.low_price, lows, self.has_low),
            (point.high_price, highs, self.has_high),
        )
        return _Point(
            values + ahead * move,
            low + self.has_low * ahead * move,
            high - self.has_high * ahead * move,
            point.multipliers + priced * change,
            point.price + priced * logs,
            point.low_price + priced * lows,
            point.high_price + priced * highs,
        )


def _fit(rows: Floats, give: Floats, pull: Floats, missing: Floats) -> Floats:
    """Return the multipliers c with `rows @ (give * (pull - rows.T @ c)) == missing`.

    As a least squares: its normal equations would lose what gives little beside what gives much.
    """
    root = np.sqrt(give)
    columns = (rows * root).T
    scale = 1 / np.sqrt((columns**2).sum(axis=0))
    order = np.argsort(-root, kind="stable")
    factor, upper = np.linalg.qr((columns * scale)[order])
    inner = factor.T @ (root * pull)[order] - np.linalg.solve(upper.T, scale * missing)
    solution: Floats = scale * np.linalg.solve(upper, inner)
    return solution


def _reach(*pairs: tuple[Floats, Floats, Flags]) -> float:
    """Return how much of a move keeps all distances over zero."""
    longest = 1.0
    for distance, move, counts in pairs:
        falls = counts & (move < 0)
        longest = min(longest, STAY * float((distance[falls] / -move[falls]).min(initial=np.inf)))
    return longest
