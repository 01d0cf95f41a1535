"""Panels whose average is a given vector of expected seats: herded sampling.

A panel starts from systematic sampling along a random order of the features, which already meets the targets nearly;
then it is repaired, one person out and one in at a time, until it meets all of them. What all panels together still
miss of each type pulls on those that are drawn and repaired next (herding, Welling 2009), so that they hold of each
type what that many panels should, but for two or three seats. Every type keeps to the floor or the ceiling of its
expected seats, and every row to the face of the targets that the aim lies on: otherwise no mixture of the panels could
have the aim as its average.
"""

from dataclasses import dataclass, replace

import numpy as np

from antigone.core.sortition.progress import Budget
from antigone.core.sortition.types import Counts, Floats, Panels, Types
from antigone.core.sortition.workbench import Noise, Singles, Workbench

LEAST_SHARE = 1e-4
WIDTH = 128
"""How many panels are repaired side by side."""
LATE = 30
"""After so many exchanges by chance, those that mend one row and break none are sought out."""
QUEUE = 64
"""How many panels start from one random order."""
HERDING = 1.2
"""How much what is missing of a type pulls: its odds grow by this power of the seats. Over 1.5, all rush at once."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard panels are sought: exchanges before one is given up, and how many a dimension."""

    repairs: int
    multiple: float


EFFORTS = (Effort(200, 2.0), Effort(400, 3.0), Effort(400, 6.0))


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
        self.noise = Noise(types, stream)

    def sample(
        self, aim: Floats, number: int, least: Floats, most: Floats, tilt: Floats | float = 0.0
    ) -> Panels:
        """Return at most `number` panels with `least <= panel <= most`; `tilt` adds to the weight of types."""
        run = _Run(self, _balance(aim, float(self.types.size), least, most), least, most, tilt)
        run.repair(number, 0.0)
        return run.read_panels()

    def herd(self, aim: Floats, number: int, least: Floats, most: Floats, budget: Budget) -> Panels:
        """Return at most `number` panels with `least <= panel <= most` whose average is close to the aim."""
        run = _Run(self, _balance(aim, float(self.types.size), least, most), least, most, 0.0)
        run.repair(number, HERDING, budget)
        return run.read_panels()


def herd_panels(
    types: Types, seats: Floats, stream: np.random.Generator, effort: Effort, budget: Budget
) -> Panels:
    """Return panels (J, T) on the face of `seats` whose average is close to `seats`; perhaps none.

    Where time is over, those that are done. Raises Cancelled.
    """
    sampler = Sampler(find_face(types, seats), stream, effort)
    least, most = np.floor(seats + 1e-7), np.ceil(seats - 1e-7)
    number = int(effort.multiple * (most > least).sum()) + 60
    return sampler.herd(np.clip(seats, least, most), number, least, most, budget)


class _Run:
    """One sampling: the panels that are done, and what they and those under way miss of each free type.

    Free types are numbered in a random order, so that each block of them is like the others.
    """

    def __init__(
        self, sampler: Sampler, aim: Floats, least: Floats, most: Floats, tilt: Floats | float
    ) -> None:
        self.types, self.stream, self.effort = sampler.types, sampler.stream, sampler.effort
        self.least = least
        self.free = self.stream.permutation(np.nonzero(most > least)[0])
        self.room = (most - least)[self.free]
        self.share = (aim - least)[self.free]
        self.seats = round(float(self.share.sum()))
        share = np.clip(self.share, LEAST_SHARE, 1 - LEAST_SHARE)
        self.weight = np.log(share / (1 - share)) + np.broadcast_to(tilt, len(aim))[self.free]
        self.missing = np.zeros(len(self.free))
        self.bench = Workbench(self.types, self.free, least, self.room.astype(np.int8), sampler.noise)
        self.done: list[Counts] = []

    def repair(self, number: int, gain: float, budget: Budget | None = None) -> None:
        """Start panels and repair them side by side: one that is done, or given up, makes place for the next."""
        bench, queue = self.bench, np.zeros((0, self.seats), dtype=np.int64)
        if self.seats + self.least.sum() != self.types.size:
            return
        if self.seats == 0:
            bench.clear(1, 0)
            bench.load(np.zeros(1, dtype=np.int64), np.zeros((1, 0), dtype=np.int64))
            self.done = [bench.members[~bench.find_broken()]]
            return
        width = min(number, max(16, min(WIDTH, number // 8)))
        bench.clear(width, self.seats)
        age, places = np.zeros(width, dtype=np.int64), np.arange(width)
        wanted = number
        while len(age):
            if budget is not None:
                budget.tell("panels", wanted - number, wanted)
                if budget.is_spent:
                    return
            if len(places):
                if len(queue) < len(places):
                    queue = np.vstack([queue, self._start(min(QUEUE + width, number - len(queue)), gain)])
                bench.load(places, queue[: len(places)])
                queue, age[places], number = queue[len(places) :], 0, number - len(places)
            else:
                seats, leaving, coming = bench.propose(self._press(gain, self.weight), age >= LATE)
                bench.exchange(np.arange(len(age)), seats, leaving, coming)
                self._note(leaving, coming)
                age += 1
            broken = bench.find_broken()
            is_old = broken & (age >= self.effort.repairs)
            self.done.append(bench.members[~broken])
            self._count(bench.members[is_old], -1)
            gone = np.nonzero(is_old | ~broken)[0]
            places = gone[:number]
            if len(gone) > number:
                kept = np.delete(np.arange(len(broken)), gone[number:])
                bench.keep(kept)
                age, places = age[kept], np.searchsorted(kept, places)

    def read_panels(self) -> Panels:
        """Return the panels that are done, with all their seats."""
        members = np.vstack([np.zeros((0, self.seats), dtype=np.int64), *self.done])
        panels = np.tile(self.least.astype(np.int32), (len(members), 1))
        np.add.at(panels, (np.arange(len(members))[:, None], self.free[members]), 1)
        return panels

    def _start(self, number: int, gain: float) -> Counts:
        """Sample systematically along a random order of the features, those of one class of households together."""
        codes, classes = self.types.codes[self.free], self.types.classes[self.free]
        key, scale = self.stream.random(len(codes)), 1.0
        for column in self.stream.permutation(codes.shape[1]):
            values = int(codes[:, column].max()) + 1
            key += scale * self.stream.permutation(values)[codes[:, column]]
            scale *= values
        # Side by side, the types of a class get the floor or the ceiling of their sum: no household sits twice.
        first = np.full(int(classes.max()) + 2, np.inf)
        np.minimum.at(first, classes, key)
        order = np.lexsort((key, np.where(classes < 0, key, first[classes])))
        aim = self.share
        if gain:
            aim = np.clip(aim + np.clip(self.missing / number, -0.45, 0.9), 0.0, self.room)
            aim = _balance(aim, float(self.seats), np.zeros(len(aim)), self.room)
        ends = np.cumsum(aim[order])
        ends[-1] = self.seats
        offsets = self.stream.permutation((np.arange(number) + self.stream.random()) / number)
        places = np.searchsorted(ends, offsets[:, None] + np.arange(self.seats), side="right")
        members: Counts = order[places]
        self._count(members, 1)
        return members

    def _press(self, gain: float, weight: Floats | float) -> Singles:
        """Return how much each type should come: in proportion to its weight and to how many are missing."""
        pressure = gain * np.sign(self.missing) * np.log1p(np.abs(self.missing)) + weight
        return pressure.astype(np.float32)

    def _count(self, members: Counts, sign: int) -> None:
        """Count panels in, or out."""
        held = np.bincount(members.ravel(), minlength=len(self.share))
        self.missing += sign * (len(members) * self.share - held)

    def _note(self, leaving: Counts, coming: Counts) -> None:
        """Count exchanges."""
        number = len(self.share)
        self.missing += np.bincount(leaving, minlength=number) - np.bincount(coming, minlength=number)


def _balance(aim: Floats, size: float, least: Floats, most: Floats) -> Floats:
    """Move an aim inside its box until it sums to the size."""
    for _ in range(30):
        short = size - float(aim.sum())
        room = most - aim if short > 0 else aim - least
        if abs(short) < 1e-9 or room.sum() < 1e-12:
            break
        aim = np.clip(aim + np.sign(short) * room * min(1.0, abs(short) / float(room.sum())), least, most)
    return aim
