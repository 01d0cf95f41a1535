"""From panels of types to panels of people, with whole weights and exactly the same chance for identical people.

Imagine all panels of types laid out on a line, each as long as its weight. A type's seats are stretches of that line:
one whole line for each seat it always has, and a part for the seat it has only sometimes. Laid end to end and cut into
equal pieces, one a person (McNaughton 1959), they give everybody the same length, and nobody two seats at once. Each
cut falls inside one panel and makes two of it, so that there are about as many more panels as people. Each type lays
the panels out in an order of its own, so that people do not follow each other through the panels.

Households of one class (or a type whose seats vary by more than one) take turns inside each panel instead.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import lcm

import numpy as np

from antigone.core.sortition.types import Counts, Floats, Types

PRECISION = 1 << 60
Seats = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightedPanel:
    """The ids of one panel, sorted, and its weight out of the total of all panels."""

    members: tuple[str, ...]
    weight: int


def round_weights(weights: Floats, total: int = PRECISION) -> list[int]:
    """Return whole weights that sum to `total`, by largest remainder.

    >>> round_weights(np.array([0.5, 0.25, 0.25]), 10)
    [5, 3, 2]
    """
    scale = float(weights.sum())
    exact = [float(weight) / scale * total for weight in weights]
    whole = [int(weight) for weight in exact]
    missing = total - sum(whole)
    order = sorted(range(len(whole)), key=lambda j: (whole[j] - exact[j], j))
    for j in range(abs(missing)):
        whole[order[j % len(order)]] += 1 if missing > 0 else -1
    return whole


def expand_panels(
    types: Types, panels: Counts, weights: list[int], stream: np.random.Generator
) -> list[WeightedPanel]:
    """Return panels of people whose weights are whole and give each person of a type the same share of the total.

    `panels` (J, T) meet the rows of `types`; `weights` are J whole numbers over zero. The weights returned sum to
    those given times the least common multiple of what is shared out (people of a type, turns of a household class).
    """
    return list(_Expansion(types, panels, weights, stream))


class _Expansion:
    """The stretches of all types, cut at the same places."""

    def __init__(self, types: Types, panels: Counts, weights: list[int], stream: np.random.Generator) -> None:
        self.types, self.panels = types, panels
        self.turns = {number: _Turns(types, number) for number in range(len(types.household_classes))}
        most, least = panels.max(axis=0), panels.min(axis=0)
        is_alone = (most > 0) & (types.classes < 0)
        people = types.counts
        self.single = [int(t) for t in np.nonzero(is_alone & (people == 1))[0]]
        self.rotating = [int(t) for t in np.nonzero(is_alone & (people > 1) & (most > least + 1))[0]]
        laid = [int(t) for t in np.nonzero(is_alone & (people > 1) & (most <= least + 1))[0]]
        shared = (len(types.members[t]) for t in self.rotating + laid)
        scale = lcm(1, *shared, *(turns.number for turns in self.turns.values()))
        self.weights = [weight * scale for weight in weights]
        self.total = sum(self.weights)
        self.starts: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.pieces: dict[int, int] = {}
        for t in laid:
            self._lay(t, stream.permutation(len(panels)))

    def _lay(self, t: int, order: Counts) -> None:
        """Place the panels on the line of one type, those with one seat more first; note its piece a person."""
        seats = self.panels[order, t]
        least, position = int(seats.min()), 0
        for j in order[seats > least].tolist():
            self.starts[j].append((t, position))
            position += self.weights[j]
        self.pieces[t] = (position + least * self.total) // len(self.types.members[t])
        for j in order[seats == least].tolist() if least else ():
            self.starts[j].append((t, position))
            position += self.weights[j]

    def __iter__(self) -> Iterator[WeightedPanel]:
        for j, weight in enumerate(self.weights):
            yield from self._cut(j, weight)

    def _cut(self, j: int, weight: int) -> Iterator[WeightedPanel]:
        """Cut one panel of types wherever one of its types passes from one person to the next."""
        counts = self.panels[j].tolist()
        members = self.types.members
        seated: dict[int, Seats] = {-1: tuple(members[t][0] for t in self.single if counts[t])}
        changes: defaultdict[int, list[tuple[int, Seats]]] = defaultdict(list, {0: []})
        for t, start in self.starts[j]:
            first, last = start // self.pieces[t], (start + weight - 1) // self.pieces[t]
            if first == last and counts[t] == 1:
                seated[t] = (members[t][first],)
                continue
            for place in self._find_cuts(t, start, weight, counts[t]):
                changes[place].append((t, self._seat(t, start + place, counts[t])))
        for t in self.rotating:
            number = len(members[t])
            for turn in range(number) if counts[t] else ():
                seats = tuple(members[t][(s + turn) % number] for s in range(counts[t]))
                changes[weight // number * turn].append((t, seats))
        for turns in self.turns.values():
            for turn, seats in turns.share(counts):
                changes[weight // turns.number * turn].append((turns.first, seats))
        places = sorted(changes)
        for place, end in zip(places, [*places[1:], weight], strict=True):
            seated.update(changes[place])
            yield WeightedPanel(tuple(sorted(chain.from_iterable(seated.values()))), end - place)

    def _find_cuts(self, t: int, start: int, weight: int, count: int) -> list[int]:
        """Return where in a panel a type's people sit down, the beginning included."""
        piece = self.pieces[t]
        cuts = [0]
        for offset in range(start, start + count * self.total, self.total):
            first, last = offset // piece, (offset + weight - 1) // piece
            cuts += [n * piece - offset for n in range(first + 1, last + 1)]
        return sorted({*cuts}) if len(cuts) > 2 else cuts

    def _seat(self, t: int, position: int, count: int) -> Seats:
        """Return who of a type sits at one position of its line."""
        piece, members = self.pieces[t], self.types.members[t]
        return tuple(members[(position + level * self.total) // piece] for level in range(count))


class _Turns:
    """How the households of one class take turns: the seat s of turn r goes to household (s + r) mod H."""

    def __init__(self, types: Types, number: int) -> None:
        self.households = types.household_classes[number].households
        home = self.households[0]
        self.columns: dict[int, list[int]] = {}
        for t in np.nonzero(types.classes == number)[0].tolist():
            ids = set(types.members[t])
            self.columns[t] = [place for place, id in enumerate(home) if id in ids]
        self.first = min(self.columns)
        self.number = len(self.households) * lcm(*(len(places) for places in self.columns.values()))

    def share(self, counts: list[int]) -> Iterator[tuple[int, Seats]]:
        """Tell who sits in each turn of a panel; nobody where it has no seat for this class."""
        kinds = [t for t in self.columns for _ in range(counts[t])]
        homes = len(self.households)
        for turn in range(self.number) if kinds else ():
            yield (
                turn,
                tuple(
                    self.households[(s + turn) % homes][self.columns[t][turn // homes % len(self.columns[t])]]
                    for s, t in enumerate(kinds)
                ),
            )
