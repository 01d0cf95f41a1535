"""How many groups are shown, who is in each, and names that stay with their people from one picture to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from antigone.core.opinion.clustering import Clustering, cluster, make_cells, measure_silhouettes
from antigone.core.opinion.errors import InvalidGroups
from antigone.core.opinion.map import OpinionMap
from antigone.core.opinion.rules import MOST_GROUPS, Rules
from antigone.core.opinion.votes import Flags, Floats, Integers, Votes


@dataclass(frozen=True, eq=False)
class History:
    """What a picture hands to the next one, so that groups keep their names and do not come and go.

    `participants` were in the groups `labels`; `shown` is the number of groups shown (1: none are clear); the last
    `times` pictures agreed on `wanted` instead. `components` (C, 2) are the axes for `statements`.
    """

    participants: Integers
    labels: Integers
    shown: int
    wanted: int
    times: int
    statements: Integers
    components: Floats


@dataclass(frozen=True, eq=False)
class Groups:
    """Who is in which group: `labels` (N,) are among `names`, or -1 for who voted too little to be in one.

    Where `are_clear` is false there are no clear groups, and everybody who could be in one is in a single one.
    `silhouette` is that of the groups shown; `tried` gives it for each number of groups looked for.
    """

    labels: Integers
    names: tuple[int, ...]
    are_clear: bool
    silhouette: float
    tried: Mapping[int, float]
    wanted: int
    times: int

    @property
    def sizes(self) -> dict[int, int]:
        """How many people each group has."""
        return {name: int((self.labels == name).sum()) for name in self.names}

    @property
    def numbers(self) -> Integers:
        """Each participant's place of its group among `names`, -1 for none, (N,)."""
        numbers = np.searchsorted(np.array(self.names, dtype=np.int64), self.labels)
        return np.where(self.labels < 0, -1, numbers)


def find_groups(
    votes: Votes, drawn: OpinionMap, is_clustered: Flags, rules: Rules, before: History | None = None
) -> Groups:
    """Group those who voted enough; another number of groups is shown once `rules.patience` pictures want it.

    The number of groups wanted is that of the best mean silhouette, among those where no group is under the floor of
    `rules`. None is where that silhouette is too small, or where the map has no more structure than chance gives:
    k-means cuts any cloud into pieces that look apart.
    """
    people = np.flatnonzero(is_clustered)
    found = cluster(drawn.participants[people], range(2, rules.most_groups + 1), rules.seed)
    floor = rules.find_floor(len(people))
    allowed = {way.count: way for way in found if int(way.sizes.min()) >= floor}
    shown, wanted, times = _choose_number(allowed, drawn.is_structured, rules, before)
    labels: Integers = np.full(len(votes.participants), -1, dtype=np.int64)
    chosen = allowed[shown].labels if shown > 1 else np.zeros(len(people), dtype=np.int64)
    labels[people] = _name_groups(chosen, votes.participants[people], before)
    return Groups(
        labels=labels,
        names=tuple(np.unique(labels[people]).tolist()),
        are_clear=shown > 1,
        silhouette=allowed[shown].silhouette if shown > 1 else 0.0,
        tried={way.count: way.silhouette for way in found},
        wanted=wanted,
        times=times,
    )


def take_groups(votes: Votes, points: Floats, given: Mapping[int, int]) -> Groups:
    """Take groups made elsewhere: participant → group, 0 or more. Raises InvalidGroups where nobody of them voted."""
    labels = np.array([given.get(id, -1) for id in votes.participants.tolist()], dtype=np.int64)
    people = np.flatnonzero(labels >= 0)
    if not len(people):
        raise InvalidGroups
    names, numbers = np.unique(labels[people], return_inverse=True)
    silhouette = _measure(points[people], numbers) if len(names) > 1 else 0.0
    count = len(names)
    return Groups(labels, tuple(names.tolist()), count > 1, silhouette, {count: silhouette}, count, 0)


def _measure(points: Floats, numbers: Integers) -> float:
    """Measure the silhouette of groups that the grid did not make: people of one cell may be in several."""
    cells = make_cells(points)
    keys, first, weights = np.unique(
        cells.of_person * (int(numbers.max()) + 1) + numbers, return_index=True, return_counts=True
    )
    split = type(cells)(cells.points[cells.of_person[first]], weights, keys)
    return measure_silhouettes(split, [numbers[first]])[0]


def _choose_number(
    allowed: Mapping[int, Clustering], is_structured: bool, rules: Rules, before: History | None
) -> tuple[int, int, int]:
    """Give the number of groups to show, the number wanted, and for how many pictures it has been."""
    clear = [way for way in allowed.values() if is_structured and way.silhouette >= rules.least_silhouette]
    wanted = max(clear, key=lambda way: way.silhouette).count if clear else 1
    if before is None or wanted == before.shown:
        return wanted, wanted, 0
    times = before.times + 1 if wanted == before.wanted else 1
    if times >= rules.patience or (before.shown > 1 and before.shown not in allowed):
        return wanted, wanted, 0
    return before.shown, wanted, times


def _name_groups(labels: Integers, people: Integers, before: History | None) -> Integers:
    """Name groups after those of before that share most people with them; new ones take the lowest free number.

    Without a picture before, the largest group is 0 (of equals, that of the lowest identifier).
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    sizes = np.bincount(labels, minlength=count)
    first = [int(np.flatnonzero(labels == number)[0]) for number in range(count)]
    names: dict[int, int] = {}
    if before is not None and len(before.participants):
        names = _match(labels, people, before, count)
    taken = set(before.labels.tolist()) if before is not None else set()
    for number in sorted(range(count), key=lambda number: (-sizes[number], first[number])):
        if number not in names:
            names[number] = next(free for free in range(2 * count + len(taken)) if free not in taken)
            taken.add(names[number])
    return np.array([names[number] for number in range(count)], dtype=np.int64)[labels]


def _match(labels: Integers, people: Integers, before: History, count: int) -> dict[int, int]:
    """Pair groups with old names so that as many people as there can be keep theirs."""
    _, now, then = np.intersect1d(people, before.participants, return_indices=True)
    known, people_shared = np.unique(before.labels[then], return_counts=True)
    old = sorted(known[np.argsort(-people_shared, kind="stable")][:MOST_GROUPS].tolist())
    shared = {
        (number, name): int(((labels[now] == number) & (before.labels[then] == name)).sum())
        for number in range(count)
        for name in old
    }
    padded = [*old, *[None] * (count - len(old))]
    best = max(
        permutations(padded, count),
        key=lambda names: sum(shared.get((number, name), 0) for number, name in enumerate(names)),
    )
    return {number: name for number, name in enumerate(best) if name is not None and shared[number, name] > 0}
