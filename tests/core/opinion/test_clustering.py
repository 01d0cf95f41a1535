"""Groups on the map: k-means on the grid, silhouettes of people, how many are shown, and their names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from antigone.core.opinion import Opinion, Rules, draw_picture
from antigone.core.opinion.clustering import Cells, cluster, make_cells, measure_silhouettes
from antigone.core.opinion.groups import History
from tests.core.opinion.conversations import CASES, count, load, make_votes, needs_data

coordinates = st.floats(-3, 3, allow_nan=False).map(lambda value: round(value, 3))
points = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=40)


def measure_plainly(places: np.ndarray, labels: np.ndarray) -> float:
    """Average the silhouettes of people, by the definition."""
    apart, values = cdist(places, places), []
    for person, label in enumerate(labels):
        own = (labels == label).sum() - 1
        if not own:
            values.append(0.0)
            continue
        inside = apart[person, labels == label].sum() / own
        outside = min(apart[person, labels == other].mean() for other in set(labels) - {label})
        widest = max(inside, outside)
        values.append((outside - inside) / widest if widest else 0.0)
    return float(np.mean(values))


@settings(deadline=None)
@given(places=points, number=st.integers(2, 4))
def test_silhouettes_count_people_by_the_definition(places: list[tuple[float, float]], number: int) -> None:
    many = np.repeat(np.array(places), 2, axis=0)
    unique, of_person, weights = np.unique(many, axis=0, return_inverse=True, return_counts=True)
    labels = np.arange(len(unique)) % number
    if len(set(labels.tolist())) < 2:
        return
    cells = Cells(unique, weights, of_person.reshape(-1))
    [value] = measure_silhouettes(cells, [labels])
    assert value == pytest.approx(measure_plainly(unique[cells.of_person], labels[cells.of_person]), abs=1e-9)


@settings(deadline=None)
@given(places=points)
def test_everybody_is_in_one_group_of_each_number(places: list[tuple[float, float]]) -> None:
    for found in cluster(np.array(places), range(2, 6), seed=3):
        assert len(found.labels) == len(places)
        assert set(found.labels.tolist()) <= set(range(found.count))
        assert -1 <= found.silhouette <= 1


def test_people_in_one_place_are_in_no_two_groups() -> None:
    assert cluster(np.zeros((20, 2)), range(2, 6), seed=0) == []
    assert make_cells(np.zeros((20, 2))).weights.tolist() == [20]


def test_far_crowds_are_told_apart_whatever_the_seed() -> None:
    corners = [(0, 0), (9, 0), (0, 9)]
    places = np.array([(x + n % 5 / 10, y + n % 7 / 10) for x, y in corners for n in range(30)])
    for seed in range(-3, 6):
        best = max(cluster(places, range(2, 6), seed), key=lambda way: way.silhouette)
        crowds = [set(best.labels[start : start + 30].tolist()) for start in (0, 30, 60)]
        assert sorted(crowds, key=min) == [{0}, {1}, {2}]


def test_two_camps_make_two_groups_and_their_shared_statements() -> None:
    picture = draw_picture(count(make_votes()))
    assert picture.groups.names == (0, 1)
    assert [set(picture.groups.labels[side::2].tolist()) for side in (0, 1)] == [{0}, {1}]
    assert set(picture.shared.agree) == {0, 1}
    assert picture.shared.disagree == (2,)
    assert set(picture.divisive) <= set(range(3, 12))
    assert picture.explain() == "2 groups, of 30, 30 participants."


@pytest.mark.parametrize("seed", range(5))
def test_no_clear_groups_are_said_where_everybody_is_of_a_mind(seed: int) -> None:
    picture = draw_picture(count(make_votes(camps=1, people=80, statements=30, seed=seed)))
    assert max(picture.groups.tried.values()) > 0.25  # k-means alone would show groups
    assert not picture.groups.are_clear
    assert picture.groups.names == (0,)
    assert picture.explain() == "No clear groups among the 80 participants who voted enough."


@pytest.mark.parametrize("name", CASES)
def test_no_clear_groups_are_left_when_votes_are_dealt_out_anew(name: str) -> None:
    export = load(name)
    opinion = export.count_votes()
    held = opinion.votes
    values, chance = held.values.copy(), np.random.default_rng(4)
    for column in range(len(held.statements)):
        places = np.flatnonzero(held.columns == column)
        values[places] = values[chance.permutation(places)]
    dealt = Opinion()
    dealt.record_many(held.participants[held.rows], held.statements[held.columns], values)
    picture = draw_picture(dealt, rejected=export.rejected, meta=export.meta)
    assert max(picture.groups.tried.values()) > 0.25
    assert not picture.groups.are_clear


def test_no_group_is_under_the_floor() -> None:
    cast = make_votes(people=60) + [(100 + p, s, (-1) ** s) for p in range(4) for s in range(12)]
    for people in (5, 20, 31, 40):
        picture = draw_picture(count(cast), rules=Rules(least_people=people, least_silhouette=0))
        assert not picture.groups.are_clear or min(picture.groups.sizes.values()) >= people
    assert not draw_picture(count(cast), rules=Rules(least_people=40)).groups.are_clear


@pytest.mark.parametrize("name", CASES)
def test_no_group_of_a_real_conversation_is_under_the_floor(name: str) -> None:
    export = load(name)
    picture = draw_picture(export.count_votes(), rejected=export.rejected, meta=export.meta)
    floor = Rules().find_floor(picture.participation.grouped)
    assert min(picture.groups.sizes.values()) >= floor
    # The people of London's conversation are too few to tell from chance.
    assert picture.groups.are_clear == (name != "london.youth.policing")


@needs_data
@pytest.mark.parametrize(
    "name",
    [
        "15-per-hour-seattle",
        "bg2050-volunteers",
        "canadian-electoral-reform",
        "scoop-hivemind.biodiversity",
    ],
)
def test_groups_are_nearly_those_of_polis_where_it_found_two(name: str) -> None:
    export = load(name)
    picture = draw_picture(export.count_votes(), rejected=export.rejected, meta=export.meta)
    labels = dict(zip(picture.votes.participants.tolist(), picture.groups.labels.tolist(), strict=True))
    both = [(labels[id], group) for id, group in export.groups.items() if labels.get(id, -1) >= 0]
    same = sum(ours == theirs for ours, theirs in both) / len(both)
    assert max(same, 1 - same) > 0.95


def draw_after(opinion: Opinion, history: History | None, rules: Rules | None = None) -> History:
    return draw_picture(opinion, before=history, rules=rules).history


def test_groups_keep_their_names_when_their_sizes_change_places() -> None:
    cast = make_votes(people=60)
    opinion = count(cast)
    first = draw_picture(opinion)
    # Thirty more people of the second camp: it is the largest now, and still the second.
    mind = {statement: vote for person, statement, vote in cast if person == 1}
    joined = [(1000 + person, statement, vote) for person in range(30) for statement, vote in mind.items()]
    opinion.record_many(*zip(*joined, strict=True))
    later = draw_picture(opinion, before=first.history)
    assert later.groups.sizes == {0: 30, 1: 60}
    assert draw_picture(opinion).groups.sizes == {0: 60, 1: 30}


def test_another_number_of_groups_waits_for_four_pictures() -> None:
    opinion = count(make_votes(people=60))
    history = draw_after(opinion, None)
    third = [(2000 + person, statement, (-1) ** statement) for person in range(30) for statement in range(12)]
    opinion.record_many(*zip(*third, strict=True))
    shown = []
    for _ in range(5):
        history = draw_after(opinion, history)
        shown.append(history.shown)
    assert shown == [2, 2, 2, 3, 3]


def test_a_group_that_cannot_be_shown_any_more_does_not_wait() -> None:
    opinion = count(make_votes(people=60))
    history = draw_after(opinion, None)
    strict = Rules(least_people=100)
    assert draw_after(opinion, history, strict).shown == 1


def test_axes_keep_their_sense_from_one_picture_to_the_next() -> None:
    opinion = count(make_votes())
    first = draw_picture(opinion)
    turned = first.history
    turned = History(
        turned.participants, turned.labels, turned.shown, turned.wanted, turned.times, turned.statements,
        -turned.components,
    )  # fmt: skip
    later = draw_picture(opinion, before=turned)
    assert np.array_equal(later.map.components, -first.map.components)
    assert np.array_equal(later.map.participants, -first.map.participants)


def test_many_groups_made_elsewhere_hand_their_names_on() -> None:
    opinion = count(make_votes(people=60))
    first = draw_picture(opinion, groups={person: 40 - person // 2 for person in range(60)})
    later = draw_picture(opinion, before=first.history, rules=Rules(patience=1))
    assert len(first.groups.names) == 30
    assert later.groups.are_clear
    assert set(later.groups.names) <= set(first.groups.names)


@pytest.mark.parametrize("most", [1, 9])
def test_rules_refuse_too_few_and_too_many_groups(most: int) -> None:
    with pytest.raises(ValueError):
        Rules(most_groups=most)
