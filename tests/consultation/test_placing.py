"""My own place: that of the map, bit for bit; my own group: that of the picture."""

from dataclasses import replace

import numpy as np
import pytest

from antigone.consultation.models import Picture
from antigone.consultation.placing import Standing, describe_placing, place
from antigone.core.opinion import Opinion, draw_picture
from antigone.core.opinion import Picture as Drawn
from tests.core.opinion.conversations import CASES, count, load, make_votes


def draw(name: str) -> Drawn:
    export = load(name)
    return draw_picture(export.count_votes(), rejected=export.rejected, meta=export.meta)


def keep(drawn: Drawn) -> Picture:
    return Picture(placing=describe_placing(drawn))


def votes_of(drawn: Drawn, row: int) -> dict[int, int]:
    part = slice(int(drawn.votes.starts[row]), int(drawn.votes.starts[row + 1]))
    numbers = drawn.votes.statements[drawn.votes.columns[part]].tolist()
    return dict(zip(numbers, drawn.votes.values[part].tolist(), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_everybody_is_placed_as_on_the_map_and_in_the_group_of_the_picture(name: str) -> None:
    drawn = draw(name)
    picture = keep(drawn)
    step = max(1, len(drawn.votes.participants) // 400)
    rows = range(0, len(drawn.votes.participants), step)
    standings = {row: place(picture, votes_of(drawn, row)) for row in rows}
    for row, standing in standings.items():
        assert [standing.x, standing.y] == drawn.map.participants[row].tolist()
    grouped = [row for row in rows if drawn.groups.labels[row] >= 0]
    assert all(standings[row].enough for row in grouped)
    if not drawn.groups.are_clear:
        assert {one.group for one in standings.values()} == {None}
        return
    assert all(standings[row].group == drawn.groups.labels[row] for row in grouped)


def test_the_order_of_votes_changes_nothing() -> None:
    drawn = draw("made")
    votes = votes_of(drawn, 3)
    assert place(keep(drawn), votes) == place(keep(drawn), dict(reversed(votes.items())))


def test_votes_still_missing_are_counted_and_give_no_group() -> None:
    drawn = draw_picture(count(make_votes()))
    few = dict(list(votes_of(drawn, 0).items())[:4])
    standing = place(keep(drawn), few)
    assert (standing.enough, standing.missing, standing.group) == (False, 3, None)
    assert (standing.x, standing.y) != (0.0, 0.0)


def test_a_statement_that_the_picture_does_not_know_moves_nobody() -> None:
    drawn = draw_picture(count(make_votes()))
    votes = dict(list(votes_of(drawn, 0).items())[:6])
    before, after = place(keep(drawn), votes), place(keep(drawn), {**votes, 999: 1})
    assert after.enough
    assert replace(before, enough=True, missing=0, group=after.group) == after


def test_where_the_most_active_were_grouped_as_many_votes_are_enough() -> None:
    drawn = draw_picture(count([(person, statement, 1) for person in range(6) for statement in range(3)]))
    assert place(keep(drawn), {0: 1, 1: 1, 2: 1}).enough


def test_where_nobody_stands_the_nearest_group_is_mine() -> None:
    drawn = draw_picture(count(make_votes()))
    picture = keep(drawn)
    picture.placing["grid"]["cells"] = {}
    standings = [place(picture, votes_of(drawn, row)).group for row in range(60)]
    assert standings == drawn.groups.labels.tolist()


def test_without_a_picture_nobody_is_placed() -> None:
    assert place(Picture(), {1: 1}) == Standing(0.0, 0.0, None, False, 6)
    assert place(keep(draw_picture(Opinion())), {}).group is None


def test_votes_are_not_in_what_places_people() -> None:
    drawn = draw("made")
    kept = describe_placing(drawn)
    arrays = {name: np.shape(value) for name, value in kept.items() if isinstance(value, list)}
    assert all(shape[0] <= len(drawn.votes.statements) for shape in arrays.values())
