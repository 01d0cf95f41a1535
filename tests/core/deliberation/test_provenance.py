from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.deliberation.errors import CyclicDescent
from antigone.core.deliberation.provenance import Ancestry

Descents = list[tuple[int, int]]
Origins = list[tuple[int, str]]


class Writing:
    """A text written and rewritten; what each version holds of each origin is kept beside, the plain way."""

    def __init__(self, paragraphs: int) -> None:
        self.descents: Descents = []
        self.origins: Origins = []
        self.living = list(range(paragraphs))
        self.holds: dict[int, dict[str, int]] = {version: {} for version in self.living}

    def take(self, choice: int) -> int:
        return self.living.pop(choice % len(self.living))

    def make(self, parents: list[int]) -> None:
        version = len(self.holds)
        self.living.append(version)
        self.descents += [(parent, version) for parent in parents]
        self.holds[version] = {}
        for parent in parents:
            for origin, distance in self.holds[parent].items():
                nearest = self.holds[version].get(origin, distance + 1)
                self.holds[version][origin] = min(nearest, distance + 1)

    def rewrite(self, how: str, choice: int, other: int) -> None:
        parents = [self.take(choice)]
        if how == "merge" and self.living:
            parents.append(self.take(other))
        for _ in range(2 + other % 2 if how == "split" else 1):  # an edit and a move are one descent each
            self.make(parents)

    def attach(self, choice: int, origin: str) -> None:
        version = choice % len(self.holds)  # also to versions that were replaced long ago
        self.origins.append((version, origin))
        for other in self.descend_from(version):
            self.holds[other[0]][origin] = min(self.holds[other[0]].get(origin, other[1]), other[1])

    def descend_from(self, version: int) -> list[tuple[int, int]]:
        distances = {version: 0}
        for parent, child in sorted(self.descents, key=lambda pair: pair[1]):  # children have higher numbers
            if parent in distances:
                distances[child] = min(distances.get(child, len(self.holds)), distances[parent] + 1)
        return [*distances.items()]


steps = st.tuples(
    st.sampled_from(["edit", "merge", "split", "move", "attach"]), st.integers(0, 999), st.integers(0, 999)
)


@settings(max_examples=30, deadline=None)
@given(st.lists(steps, min_size=200, max_size=260), st.integers(1, 12))
def test_origins_are_found_both_ways_after_200_edits_merges_splits_and_moves(
    made: list[tuple[str, int, int]], paragraphs: int
) -> None:
    writing = Writing(paragraphs)
    for how, choice, other in made:
        if how == "attach":
            writing.attach(choice, f"contribution {other % 40}")
        else:
            writing.rewrite(how, choice, other)
    ancestry = Ancestry(writing.descents, writing.origins)
    assert {version: ancestry.distances_of(version) for version in writing.holds} == writing.holds
    for origin in {origin for _, origin in writing.origins}:
        holders = {version for version, holds in writing.holds.items() if origin in holds}
        found = ancestry.versions_from(origin)
        assert (len(found), {*found}) == (len(holders), holders)
        assert {*ancestry.current_from(origin)} == holders & {*writing.living}


@given(st.lists(steps, min_size=20, max_size=40), st.randoms(use_true_random=False))
def test_descents_may_come_in_any_order_and_twice(made: list[tuple[str, int, int]], random: Random) -> None:
    writing = Writing(5)
    for how, choice, other in made:
        if how == "attach":
            writing.attach(choice, f"answer {other % 9}")
        else:
            writing.rewrite(how, choice, other)
    shuffled = [*writing.descents, *writing.descents]
    random.shuffle(shuffled)
    ancestry, other_way = Ancestry(writing.descents, writing.origins), Ancestry(shuffled, writing.origins)
    for version in writing.holds:
        assert other_way.origins_of(version) == ancestry.origins_of(version)


def test_origins_come_the_nearest_first_then_as_they_were_attached() -> None:
    ancestry = Ancestry(
        [(1, 2), (9, 3), (2, 3)], [(1, "first"), (9, "b"), (2, "a"), (3, "own"), (2, "first")]
    )
    assert ancestry.origins_of(3) == ("own", "first", "b", "a")
    assert ancestry.distances_of(3) == {"own": 0, "first": 1, "b": 1, "a": 1}
    assert ancestry.lineage(3) == (3, 9, 2, 1)
    assert (ancestry.parents(3), ancestry.children(1)) == ((9, 2), (2,))


def test_a_version_nobody_spoke_of_has_nothing() -> None:
    ancestry = Ancestry[int, str]([(1, 2)])
    assert (ancestry.origins_of(7), ancestry.distances_of(7), ancestry.lineage(7)) == ((), {}, (7,))
    assert (ancestry.parents(7), ancestry.versions_from("nothing")) == ((), ())


def test_what_is_attached_later_is_found() -> None:
    ancestry = Ancestry[int, str]([(1, 2)])
    assert ancestry.origins_of(2) == ()
    ancestry.attach(1, "statement 12")
    ancestry.attach(7, "statement 12")
    assert ancestry.origins_of(2) == ancestry.origins_of(7) == ("statement 12",)
    assert ancestry.current_from("statement 12") == (7, 2)


@pytest.mark.parametrize(
    ("descents", "count"),
    [([(1, 1)], 1), ([(1, 2), (2, 3), (3, 1), (3, 4), (4, 5)], 3), ([(0, 1), (1, 2), (2, 1)], 2)],
)
def test_a_circle_is_refused(descents: Descents, count: int) -> None:
    with pytest.raises(CyclicDescent) as caught:
        Ancestry(descents)
    assert caught.value.params["count"] == count
    assert int(caught.value.params["version"]) in {1, 2, 3}
