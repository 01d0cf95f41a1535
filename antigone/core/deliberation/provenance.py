"""Versions, descents, origins → where each version comes from, and what became of each origin.

An edit or a move has one parent and one child, a merge several parents, a split several children: one graph holds all
four. Versions and origins are whatever the caller names them by (numbers, strings, pairs).
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from antigone.core.deliberation.errors import CyclicDescent

V = TypeVar("V", bound=Hashable)
O = TypeVar("O", bound=Hashable)  # noqa: E741 the other letters are no better


class Ancestry(Generic[V, O]):
    """What versions descend from, and the origins attached to them.

    `descents` are (parent, child) pairs, `origins` are (version, origin) pairs; the same pair twice counts once.
    A version that is in neither has no parent, no child and no origin. Raises CyclicDescent where a version would
    descend from itself. All the distances are computed in one pass, at the first question.

    >>> ancestry = Ancestry([("a1", "a2"), ("b1", "c"), ("a2", "c")], [("a1", "post-it 7"), ("b1", "answer 3")])
    >>> ancestry.origins_of("c"), ancestry.distances_of("c")
    (('answer 3', 'post-it 7'), {'answer 3': 1, 'post-it 7': 2})
    >>> ancestry.versions_from("post-it 7"), ancestry.current_from("post-it 7")
    (('a1', 'a2', 'c'), ('c',))
    """

    def __init__(self, descents: Iterable[tuple[V, V]] = (), origins: Iterable[tuple[V, O]] = ()) -> None:
        self._parents: dict[V, list[V]] = {}
        self._children: dict[V, list[V]] = {}
        for parent, child in dict.fromkeys(descents):
            self._parents.setdefault(child, []).append(parent)
            self._children.setdefault(parent, []).append(child)
        self._oldest_first = self._order()
        self._own: dict[V, dict[O, None]] = {}
        self._bearers: dict[O, dict[V, None]] = {}
        self._places: dict[O, int] = {}
        self._reach: tuple[dict[V, int], dict[V, Mapping[O, int]]] | None = None
        for version, origin in origins:
            self.attach(version, origin)

    def attach(self, version: V, origin: O) -> None:
        """Say that something of a version comes straight from an origin.

        >>> ancestry = Ancestry[str, str]([("v1", "v2")])
        >>> ancestry.attach("v1", "statement 12")
        >>> ancestry.origins_of("v2")
        ('statement 12',)
        """
        self._own.setdefault(version, {})[origin] = None
        self._bearers.setdefault(origin, {})[version] = None
        self._places.setdefault(origin, len(self._places))
        self._reach = None

    def parents(self, version: V) -> tuple[V, ...]:
        """Give the versions that a version was made from."""
        return tuple(self._parents.get(version, ()))

    def children(self, version: V) -> tuple[V, ...]:
        """Give the versions that were made from a version; none where it is current."""
        return tuple(self._children.get(version, ()))

    def lineage(self, version: V) -> tuple[V, ...]:
        """Give the version and all it descends from, the nearest first.

        >>> Ancestry([("v1", "v2"), ("w1", "v3"), ("v2", "v3")]).lineage("v3")
        ('v3', 'w1', 'v2', 'v1')
        """
        return tuple(_walk([version], self.parents))

    def origins_of(self, version: V) -> tuple[O, ...]:
        """Give the origins of a version, its own and those it inherits: each once, the nearest first.

        Origins at the same distance keep the order in which origins were first attached.
        """
        _, entries = self._compute_reach()
        found = entries.get(version, {})
        in_order = sorted(found, key=self._places.__getitem__)
        return tuple(sorted(in_order, key=found.__getitem__, reverse=True))

    def distances_of(self, version: V) -> dict[O, int]:
        """Give the origins of a version, in the same order, each with the fewest descents that lead to it (0: its own).

        >>> Ancestry([(1, 2)], [(1, "far"), (2, "near")]).distances_of(2)
        {'near': 0, 'far': 1}
        """
        heights, entries = self._compute_reach()
        return {origin: heights[version] - entries[version][origin] for origin in self.origins_of(version)}

    def versions_from(self, origin: O) -> tuple[V, ...]:
        """Give the versions an origin is attached to and all that descend from them, the nearest first."""
        return tuple(_walk(self._bearers.get(origin, ()), self.children))

    def current_from(self, origin: O) -> tuple[V, ...]:
        """Give those of `versions_from` that nothing was made from since."""
        return tuple(version for version in self.versions_from(origin) if version not in self._children)

    def _order(self) -> list[V]:
        """Put parents before children (Kahn 1962)."""
        waiting = {version: len(parents) for version, parents in self._parents.items()}
        order = [version for version in self._children if version not in waiting]
        for version in order:
            for child in self._children.get(version, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    order.append(child)
        if stuck := {version for version, count in waiting.items() if count}:
            circle = self._find_circle(stuck)
            raise CyclicDescent(version=str(circle[0]), count=len(circle))
        return order

    def _find_circle(self, stuck: set[V]) -> list[V]:
        """Find a circle above versions that wait for their parents: some are on one, some only below."""
        version = next(iter(stuck))
        path: list[V] = []
        places: dict[V, int] = {}
        while version not in places:
            places[version] = len(path)
            path.append(version)
            version = next(parent for parent in self._parents[version] if parent in stuck)
        return path[places[version] :]

    def _compute_reach(self) -> tuple[dict[V, int], dict[V, Mapping[O, int]]]:
        """Give the height of each version, and the height at which each of its origins enters nearest to it.

        Their difference is the distance; a version with one parent and no origin of its own shares the entries of
        its parent, which is what makes one pass enough.
        """
        if self._reach is None:
            heights: dict[V, int] = {}
            entries: dict[V, Mapping[O, int]] = {}
            for version in dict.fromkeys([*self._oldest_first, *self._own]):
                parents = self._parents.get(version, [])
                heights[version] = height = 1 + max((heights[parent] for parent in parents), default=-1)
                inherited = entries[parents[0]] if len(parents) == 1 else {}
                if len(parents) > 1:
                    inherited = _merge((entries[parent], height - 1 - heights[parent]) for parent in parents)
                own = self._own.get(version)
                entries[version] = {**inherited, **dict.fromkeys(own, height)} if own else inherited
            self._reach = heights, entries
        return self._reach


def _merge(inherited: Iterable[tuple[Mapping[O, int], int]]) -> dict[O, int]:
    """Join the entries of several parents, each raised to the height of the highest; keep the nearest."""
    merged: dict[O, int] = {}
    for entries, raised in inherited:
        for origin, height in entries.items():
            if merged.get(origin, -1) < height + raised:
                merged[origin] = height + raised
    return merged


def _walk(starts: Iterable[V], step: Callable[[V], Iterable[V]]) -> Iterable[V]:
    """Go from version to version, each once, the nearest first."""
    found = dict.fromkeys(starts)
    waiting = deque(found)
    while waiting:
        version = waiting.popleft()
        yield version
        for following in step(version):
            if following not in found:
                found[following] = None
                waiting.append(following)
