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


def expand_panels(types: Types, panels: Counts, weights: list[int], stream: np.random.Generator) -> list[WeightedPanel]:
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
        seated = panels.max(axis=0) > 0
        spread = panels.max(axis=0) - panels.min(axis=0)
        is_shared = types.classes >= 0
        self.rotating = [int(t) for t in np.nonzero(seated & ~is_shared & (spread > 1))[0]]
        self.laid = [int(t) for t in np.nonzero(seated & ~is_shared & (spread <= 1))[0]]
        people = [len(types.members[t]) for t in self.laid + self.rotating]
        scale = lcm(1, *people, *(turns.number for turns in self.turns.values()))
        self.weights = [weight * scale for weight in weights]
        self.total = sum(self.weights)
        self.starts: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self.pieces: dict[int, int] = {}
        for t in self.laid:
            self._lay(t, stream.permutation(len(panels)))

    def _lay(self, t: int, order: Counts) -> None:
        """Place the panels on the line of one type, those with one seat more first; note its piece a person."""
        seats = self.panels[:, t].tolist()
        least, position = min(seats), 0
        for j in sorted(order.tolist(), key=lambda j: seats[j] == least):
            if seats[j]:
                self.starts[j][t] = position
            position += self.weights[j]
        self.pieces[t] = sum(c * w for c, w in zip(seats, self.weights, strict=True)) // len(self.types.members[t])

    def __iter__(self) -> Iterator[WeightedPanel]:
        for j, weight in enumerate(self.weights):
            yield from self._cut(j, weight)

    def _cut(self, j: int, weight: int) -> Iterator[WeightedPanel]:
        """Cut one panel of types wherever one of its types passes from one person to the next."""
        counts = self.panels[j].tolist()
        changes: defaultdict[int, list[tuple[str, Seats]]] = defaultdict(list)
        for t, start in self.starts[j].items():
            for place, seats in self._pass_along(t, start, weight, counts[t]):
                changes[place].append((f"type {t}", seats))
        for t in self.rotating:
            for turn in range(number) if counts[t] and (number := len(self.types.members[t])) else ():
                seats = tuple(self.types.members[t][(s + turn) % number] for s in range(counts[t]))
                changes[weight // number * turn].append((f"type {t}", seats))
        for number, turns in self.turns.items():
            for turn, seats in turns.share(counts):
                changes[weight // turns.number * turn].append((f"class {number}", seats))
        seated: dict[str, Seats] = {}
        places = sorted(changes)
        for place, end in zip(places, [*places[1:], weight], strict=True):
            seated.update(changes[place])
            yield WeightedPanel(tuple(sorted(id for seats in seated.values() for id in seats)), end - place)

    def _pass_along(self, t: int, start: int, weight: int, count: int) -> Iterator[tuple[int, Seats]]:
        """Tell who of a type sits, at the beginning of a panel and after each cut inside it."""
        piece, total, members = self.pieces[t], self.total, self.types.members[t]
        cuts = [0]
        for level in range(count):
            offset = start + level * total
            first = offset // piece + 1
            cuts += [n * piece - offset for n in range(first, (offset + weight - 1) // piece + 1)]
        for cut in dict.fromkeys(sorted(cuts)):
            yield cut, tuple(members[(start + cut + level * total) // piece] for level in range(count))


class _Turns:
    """How the households of one class take turns: the seat s of turn r goes to household (s + r) mod H."""

    def __init__(self, types: Types, number: int) -> None:
        self.households = types.household_classes[number].households
        home = self.households[0]
        self.columns: dict[int, list[int]] = {}
        for t in np.nonzero(types.classes == number)[0].tolist():
            ids = set(types.members[t])
            self.columns[t] = [place for place, id in enumerate(home) if id in ids]
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
