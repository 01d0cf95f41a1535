"""Panels side by side, on each of which one person after another is exchanged until it meets all rows.

Only free seats are here: those of types whose seats vary from panel to panel. A panel is the list of the types in its
free seats, so that who leaves is found among k seats; who comes is found among a block of types at a time.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.types import Counts, Floats, Types

Singles = NDArray[np.float32]
BLOCK = 600
"""Of about so many types, one is chosen to come: a larger pool is looked through block by block, step by step."""
NOISE_ROWS = 512
PULL = np.float32(2.5)
"""What a row that is missed counts against chance."""
NEVER = np.float32(-1e9)
NEAR = 4
"""A panel that misses so many seats in all is mended by an exchange that touches two rows only, where there is one."""


class Noise:
    """Rows of Gumbel noise: the highest score plus noise is a random choice in proportion to exp(score)."""

    def __init__(self, types: Types, stream: np.random.Generator) -> None:
        self.stream = stream
        width = max(min(len(types), 2 * BLOCK), types.size)
        uniform = stream.random((NOISE_ROWS, width), dtype=np.float32).clip(1e-7, 1 - 1e-7)
        self.rows: Singles = -np.log(-np.log(uniform))

    def draw(self, number: int, width: int) -> Singles:
        """Return `number` rows of `width`, each one of those kept."""
        rows: Singles = self.rows[self.stream.integers(0, NOISE_ROWS, number), :width]
        return rows


def list_rows(types: Types) -> Counts:
    """Return the rows of each type but the size, (T, F); one past the last row where a type is in fewer."""
    rows = len(types.matrix)
    type_, row = np.nonzero(types.matrix[1:].T)
    number = np.bincount(type_, minlength=len(types))
    listed = np.full((len(types), max(1, int(number.max()))), rows, dtype=np.int64)
    listed[type_, np.arange(len(type_)) - np.repeat(np.cumsum(number) - number, number)] = row + 1
    return listed


class Workbench:
    """Up to W panels, free types numbered as in `free`, each of at most `room` free seats.

    `members` (W, k) are the types in the free seats and `sums` (W, rows + 1) what the rows sum to; the last column
    stands for values without target. `index` (W, F, k) is where each member's rows are found in a flat table like
    `sums`.
    """

    def __init__(self, types: Types, free: Counts, least: Floats, room: Counts, noise: Noise) -> None:
        self.noise, self.room = noise, room
        self.rows_of = list_rows(types)[free]
        self.targets = len(types.matrix) - len(types.household_classes)
        self.classes = np.where(types.classes < 0, len(types.matrix), types.classes + self.targets)[free]
        self.has_classes = bool(types.household_classes)
        # The size never changes: nobody is sought for it.
        self.matrix: Singles = types.matrix[: self.targets, free].astype(np.float32)
        self.matrix[0] = 0
        self.lower: Singles = np.append(types.lower, -1e6).astype(np.float32)
        self.upper: Singles = np.append(types.upper, 1e6).astype(np.float32)
        self.base: Singles = np.append(types.matrix @ least, 0.0).astype(np.float32)
        self.base[0] = self.lower[0]
        edges = np.linspace(0, len(free), max(1, round(len(free) / BLOCK)) + 1).astype(int).tolist()
        self.blocks = [slice(*ends) for ends in pairwise(edges)]
        self.turn = 0
        # Types are alike in their targets when the sums of their rows' random keys are.
        self.keys: Counts = noise.stream.integers(0, 2**55, len(self.base))
        self.keys[self.targets : -1] = 0
        self.keys[-1] = 0
        keys_of = self.keys[self.rows_of].sum(axis=1)
        self.keys_of: Counts = keys_of
        self.by_key: Counts = np.argsort(keys_of, kind="stable")
        self.sorted_keys: Counts = keys_of[self.by_key]

    def clear(self, number: int, seats: int) -> None:
        """Make place for `number` panels of so many free seats."""
        self.members = np.zeros((number, seats), dtype=np.int64)
        self.index = np.zeros((number, self.rows_of.shape[1], seats), dtype=np.int64)
        self.seated = np.zeros((number, len(self.room)), dtype=np.int8)
        self.sums: Singles = np.zeros((number, len(self.base)), dtype=np.float32)

    def load(self, places: Counts, members: Counts) -> None:
        """Put panels in places."""
        width = len(self.base)
        rows = self.rows_of[members].transpose(0, 2, 1)
        own = rows + (np.arange(len(members)) * width)[:, None, None]
        sums = np.bincount(own.ravel(), minlength=len(members) * width)
        self.members[places] = members
        self.index[places] = rows + (places * width)[:, None, None]
        self.sums[places] = self.base + sums.reshape(-1, width)
        self.seated[places] = 0
        np.add.at(self.seated, (places[:, None], members), 1)

    def keep(self, places: Counts) -> None:
        """Keep the panels of these places only, and close the gaps."""
        self.members, self.seated, self.sums = self.members[places], self.seated[places], self.sums[places]
        shift = (np.arange(len(places)) - places) * len(self.base)
        self.index = self.index[places] + shift[:, None, None]

    def find_broken(self) -> NDArray[np.bool_]:
        """Return which panels miss a row."""
        missed: NDArray[np.bool_] = (self.sums < self.lower) | (self.sums > self.upper)
        return np.asarray(missed.any(axis=1))

    def propose(self, pressure: Singles, is_late: NDArray[np.bool_]) -> tuple[Counts, Counts, Counts]:
        """Choose for each panel a seat, the type that leaves it, and the one that comes; `sums` are as if it had.

        The likelier those whose exchange helps rows, who have little `pressure` (T,), and who come with much. Where
        `is_late` (W,), exchanges that touch two rows only come first.
        """
        panels = np.arange(len(self.members))
        mended, mended_seats, mended_by = self._mend(pressure, is_late)
        score = self._weigh((self.sums > self.upper), self.sums <= self.lower).ravel()[self.index].sum(axis=1)
        score += self.noise.draw(*score.shape)
        score -= pressure[self.members]
        seats = score.argmax(axis=1)
        seats[mended] = mended_seats
        leaving = self.members[panels, seats]
        self.sums[panels[:, None], self.rows_of[leaving]] -= 1
        self.turn = (self.turn + 1) % len(self.blocks)
        block = self.blocks[self.turn]
        wanted = self._weigh((self.sums < self.lower), self.sums >= self.upper)
        score = wanted[:, : self.targets] @ self.matrix[:, block]
        if self.has_classes:
            score += wanted[:, self.classes[block]]
        score += self.noise.draw(*score.shape)
        score += pressure[block]
        # Who leaves is still seated, and so does not come back at once.
        np.putmask(score, self.seated[:, block] >= self.room[block], NEVER)
        best = score.argmax(axis=1)
        coming = np.where(score[panels, best] > NEVER / 2, best + block.start, leaving)
        coming[mended] = mended_by
        self.sums[panels[:, None], self.rows_of[coming]] += 1
        return seats, leaving, coming

    def exchange(self, panels: Counts, seats: Counts, leaving: Counts, coming: Counts) -> None:
        """Carry out what was proposed for some of the panels."""
        self.members[panels, seats] = coming
        self.index[panels, :, seats] = self.rows_of[coming] + (panels * len(self.base))[:, None]
        self.seated[panels, leaving] -= 1
        self.seated[panels, coming] += 1

    def _mend(self, pressure: Singles, is_late: NDArray[np.bool_]) -> tuple[Counts, Counts, Counts]:
        """Find exchanges that take one from a row with too many and add one to a row with too few, and touch no other.

        Return the panels that have one, the seat, and who comes. Few types of a wide pool differ in one row from
        a member: chance hardly ever hits on them.
        """
        late = np.nonzero(is_late)[0]
        over, under = self.sums[late] - self.upper, self.lower - self.sums[late]
        missed = np.maximum(over, 0).sum(axis=1) + np.maximum(under, 0).sum(axis=1)
        is_near = (missed > 0) & (missed <= NEAR)
        near, over, under = late[is_near], over[is_near], under[is_near]
        from_row = self._pick(over > 0, under < 0)
        to_row = self._pick(under > 0, over < 0)
        has_row = (self.rows_of[self.members[near]] == from_row[:, None, None]).any(axis=2)
        which, seats = np.nonzero(has_row)
        sought = (
            self.keys_of[self.members[near[which], seats]] + (self.keys[to_row] - self.keys[from_row])[which]
        )
        first = np.searchsorted(self.sorted_keys, sought)
        number = np.searchsorted(self.sorted_keys, sought, side="right") - first
        alike = first + (self.noise.stream.random(len(first)) * number).astype(np.int64)
        coming = self.by_key[np.minimum(alike, len(self.by_key) - 1)]
        panels = near[which]
        fits = (number > 0) & (self.seated[panels, coming] < self.room[coming])
        fits &= over[which, self.classes[coming]] < 0
        panels, seats, coming = panels[fits], seats[fits], coming[fits]
        score = pressure[coming] - pressure[self.members[panels, seats]]
        order = np.lexsort((score, panels))
        last = order[np.append(panels[order][1:] != panels[order][:-1], True)] if len(order) else order
        return panels[last], seats[last], coming[last]

    def _pick(self, wished: NDArray[np.bool_], allowed: NDArray[np.bool_]) -> Counts:
        """Return a random row for each panel: of the targets wished, or of those allowed where none is."""
        score = self.noise.stream.random(wished.shape, dtype=np.float32) + allowed + 2 * wished
        score[:, 0] = 0
        score[:, self.targets : -1] = 0
        return np.asarray(score.argmax(axis=1))

    @staticmethod
    def _weigh(helps: NDArray[np.bool_], harms: NDArray[np.bool_]) -> Singles:
        """Return what one person fewer, or more, of each row is worth to each panel."""
        return PULL * (helps.astype(np.float32) - harms)
