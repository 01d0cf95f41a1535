"""Seats of types → people, so that those of one type sit in as many panels, give or take one."""

import numpy as np

from antigone.core.sortition.types import Counts, Types

SWEEPS = 50
"""How often the panels are gone through to even out who sits; three do, nearly always."""


def seat_people(types: Types, panels: Counts) -> list[tuple[str, ...]]:
    """Give the people of each panel (m, T), by id: members of a type take turns, no household twice in one panel.

    >>> from antigone.core.sortition.pool import Person, Pool, Target, Targets
    >>> from antigone.core.sortition.types import collapse_pool
    >>> pool = Pool(tuple(Person(name, {"f": "v"}) for name in "abc"))
    >>> types = collapse_pool(pool, Targets(2, (Target("f", "v", 2, 2),)))
    >>> seat_people(types, np.array([[2], [2], [2]]))
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    """
    seated: list[list[str]] = [[] for _ in panels]
    for t, members in enumerate(types.members):
        if types.classes[t] >= 0:
            continue
        turn = 0
        for row, count in zip(seated, panels[:, t].tolist(), strict=True):
            row += [members[(turn + place) % len(members)] for place in range(count)]
            turn += count
    for number in range(len(types.household_classes)):
        _Class(types, number, panels).seat(seated)
    return [tuple(sorted(row)) for row in seated]


class _Class:
    """Households alike: in each panel, each sends one person at most; everybody's turns are evened out."""

    def __init__(self, types: Types, number: int, panels: Counts) -> None:
        self.homes = types.household_classes[number].households
        self.panels = panels
        self.places: dict[int, list[int]] = {}
        for t in np.nonzero(types.classes == number)[0].tolist():
            members = set(types.members[t])
            self.places[t] = [place for place, name in enumerate(self.homes[0]) if name in members]
        self.turns = np.zeros((len(self.homes), len(self.homes[0])), dtype=np.int64)
        self.seats: list[dict[int, int]] = []
        """For each panel, which place of which home sits."""

    def seat(self, seated: list[list[str]]) -> None:
        """Add the people of this class to each panel."""
        for counts in self.panels.tolist():
            self.seats.append(self._choose([t for t in self.places for _ in range(counts[t])]))
        for _ in range(SWEEPS):
            if not sum(map(self._improve, self.seats)):
                break
        for row, seats in zip(seated, self.seats, strict=True):
            row += [self.homes[home][place] for home, place in seats.items()]

    def _choose(self, kinds: list[int]) -> dict[int, int]:
        """Seat for each kind the person who sat least, of a home that is still free."""
        seats: dict[int, int] = {}
        for t in kinds:
            free = [
                (self.turns[home, place], home, place)
                for home in range(len(self.homes))
                if home not in seats
                for place in self.places[t]
            ]
            _, home, place = min(free)
            seats[home] = place
            self.turns[home, place] += 1
        return seats

    def _improve(self, seats: dict[int, int]) -> bool:
        """Exchange the parts of two homes, or two twins of one home, where it evens out the turns."""
        moved = False
        for home in sorted(seats):
            for other in range(len(self.homes)):
                moved |= self._try(seats, home, other)
        return moved

    def _try(self, seats: dict[int, int], home: int, other: int) -> bool:
        if home not in seats:
            return False
        place = seats[home]
        kin = next(places for places in self.places.values() if place in places)
        best = min(kin, key=lambda twin: (self.turns[other, twin], twin))
        theirs = seats.get(other) if other != home else None
        gain = self.turns[home, place] - self.turns[other, best] - 1
        if theirs is not None:
            gain += self.turns[other, theirs] - self.turns[home, theirs] - 1
            if theirs == best:
                return False
        if gain <= 0:
            return False
        del seats[home]
        self.turns[home, place] -= 1
        if theirs is not None:
            self.turns[other, theirs] -= 1
            self.turns[home, theirs] += 1
            seats[home] = theirs
        self.turns[other, best] += 1
        seats[other] = best
        return True
