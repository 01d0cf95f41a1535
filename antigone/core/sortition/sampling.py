"""Panels whose average is a given vector of expected seats: herded sampling.

A batch of panels starts from systematic sampling along a random order of the features, which already meets the
targets nearly; then each panel is repaired, one person out and one in at a time, until it meets all of them. After
each batch the next one aims at what the batches before it missed (herding, Welling 2009), so that the average comes
within 0.03 seats of the aim instead of the noise of independent draws. Every type keeps to the floor or the ceiling of
its expected seats, and every row to the face of the targets that the aim lies on: otherwise no mixture of the panels
could have the aim as its average.
"""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.types import Counts, Floats, Types

Singles = NDArray[np.float32]
NOISE_ROWS = 2048
ORDERS = 4
"""How many random orders of the features start the panels of one batch."""
NEVER = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard panels are sought: `pull` towards the targets against chance, repairs, patience, panels a dimension."""

    pull: float
    repairs: int
    abandon: float
    batches: int
    multiple: float


EFFORTS = (
    Effort(3.0, 100, 0.01, 20, 3.0),
    Effort(3.0, 300, 0.002, 20, 3.0),
    Effort(2.5, 400, 0.002, 50, 6.0),
)


def open_stream(seed: int) -> np.random.Generator:
    """Open a counter-based stream of random numbers: one seed, one stream, on every machine."""
    return np.random.Generator(np.random.Philox(key=seed))


def find_face(types: Types, seats: Floats) -> Types:
    """Return the types with every row that `seats` meets exactly made an equality."""
    sums = types.matrix @ seats
    at_lower, at_upper = sums <= types.lower + 1e-7, sums >= types.upper - 1e-7
    upper = np.where(at_lower, types.lower, types.upper)
    return replace(types, lower=np.where(at_upper & ~at_lower, types.upper, types.lower), upper=upper)


class Sampler:
    """Draw panels near expected seats that meet every row of `types`."""

    def __init__(self, types: Types, stream: np.random.Generator, effort: Effort) -> None:
        self.types, self.stream, self.effort = types, stream, effort
        self.rows: Singles = types.matrix.astype(np.float32)
        self.columns: Singles = np.ascontiguousarray(self.rows.T)
        self.lower: Singles = types.lower.astype(np.float32)
        self.upper: Singles = types.upper.astype(np.float32)
        uniform = stream.random((NOISE_ROWS, len(types)), dtype=np.float32).clip(1e-7, 1 - 1e-7)
        self.noise: Singles = -np.log(-np.log(uniform))

    def sample(
        self, aim: Floats, number: int, least: Floats, most: Floats, tilt: Floats | float = 0.0
    ) -> Singles:
        """Return at most `number` panels with `least <= panel <= most`; `tilt` adds to the weight of types."""
        share = np.clip(aim - least, 1e-4, 1 - 1e-4)
        weight: Singles = (np.log(share / (1 - share)) + tilt).astype(np.float32)
        low, high = least.astype(np.float32), most.astype(np.float32)
        panels = self._start(aim, number).clip(low, high)
        return self._repair(panels, weight, low, high)

    def _start(self, aim: Floats, number: int) -> Singles:
        """Sample systematically along random orders of the features, one class of households after the other."""
        classes = self.types.classes
        panels = np.empty((number, len(self.types)), dtype=np.float32)
        codes = self.types.codes
        for part in np.array_split(np.arange(number), min(ORDERS, number)):
            keys: list[Floats | Counts] = [self.stream.random(len(self.types))]
            for column in self.stream.permutation(codes.shape[1]):
                keys.append(self.stream.permutation(int(codes[:, column].max()) + 1)[codes[:, column]])
            # Side by side, the types of a class get the floor or the ceiling of their sum: no household sits twice.
            ranks = np.append(self.stream.permutation(int(classes.max(initial=-1)) + 1), -1)
            order = np.lexsort([*keys, ranks[classes]])
            ends = np.concatenate([[0.0], np.cumsum(aim[order])])
            ends[-1] = round(ends[-1])
            starts = (np.arange(len(part)) + self.stream.random()) / len(part)
            panels[part[:, None], order] = np.diff(np.floor(ends + starts[:, None] + 1e-9), axis=1)
        return panels

    def _repair(self, panels: Singles, weight: Singles, low: Singles, high: Singles) -> Singles:
        """Exchange one person for another in every panel that misses a row, until few are left."""
        sums = panels @ self.columns
        broken = np.arange(len(panels))
        for step in range(self.effort.repairs):
            now = sums[broken]
            misses = ((now < self.lower - 0.5) | (now > self.upper + 0.5)).any(axis=1)
            broken = broken[misses]
            if len(broken) == 0 or (step > 20 and len(broken) <= self.effort.abandon * len(panels)):
                break
            panels[broken], sums[broken] = self._exchange(panels[broken], now[misses], weight, low, high)
        kept = np.ones(len(panels), dtype=bool)
        kept[broken] = False
        result: Singles = panels[kept]
        return result

    def _exchange(
        self, panels: Singles, sums: Singles, weight: Singles, low: Singles, high: Singles
    ) -> tuple[Singles, Singles]:
        """Take one person out of each panel and put another in, the likelier the more it helps."""
        pull = np.float32(self.effort.pull)
        rows = np.arange(len(panels))
        over = cast("Singles", pull * (sums > self.upper) - pull * (sums <= self.lower))
        score = self._score(over, -weight)
        score[panels <= low] = NEVER
        leaving = score.argmax(axis=1)
        # A start that was clipped may be short: then nobody leaves.
        full = rows[sums[:, 0] >= self.lower[0]]
        panels[full, leaving[full]] -= 1
        sums[full] -= self.columns[leaving[full]]
        under = cast("Singles", pull * (sums < self.lower) - pull * (sums >= self.upper))
        score = self._score(under, weight)
        score[panels >= high] = NEVER
        score[full, leaving[full]] -= 3
        coming = score.argmax(axis=1)
        open_ = rows[sums[:, 0] < self.upper[0]]
        panels[open_, coming[open_]] += 1
        sums[open_] += self.columns[coming[open_]]
        return panels, sums

    def _score(self, wanted: Singles, weight: Singles) -> Singles:
        """Score every type for every panel: what rows want, plus its weight, plus noise."""
        wanted[:, 0] = 0
        score: Singles = wanted @ self.rows
        score += self.noise[self.stream.integers(0, NOISE_ROWS, len(wanted))]
        score += weight
        return score


def herd_panels(types: Types, seats: Floats, stream: np.random.Generator, effort: Effort) -> Singles:
    """Return panels (J, T) on the face of `seats` whose average is close to `seats`; perhaps none."""
    sampler = Sampler(find_face(types, seats), stream, effort)
    least, most = np.floor(seats + 1e-7), np.ceil(seats - 1e-7)
    number = int(effort.multiple * (most > least).sum()) + 60
    batch = max(8, number // effort.batches)
    drawn, total = np.zeros(len(types)), 0
    batches: list[Singles] = []
    for _ in range(effort.batches):
        missing = np.clip((total * seats - drawn) / batch, -0.45, 0.9)
        aim = _balance(np.clip(seats + missing, least, most), float(types.size), least, most)
        panels = sampler.sample(aim, batch, least, most)
        batches.append(panels)
        drawn += panels.sum(axis=0)
        total += len(panels)
    return np.vstack(batches)


def _balance(aim: Floats, size: float, least: Floats, most: Floats) -> Floats:
    """Move an aim inside its box until it sums to the size."""
    for _ in range(30):
        short = size - float(aim.sum())
        room = most - aim if short > 0 else aim - least
        if abs(short) < 1e-9 or room.sum() < 1e-12:
            break
        aim = np.clip(aim + np.sign(short) * room * min(1.0, abs(short) / float(room.sum())), least, most)
    return aim
