"""The picture: every figure is Polis's formula, on real conversations and on tiny ones; nothing hangs on the order."""

import json
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.opinion import Opinion, Picture, Rules, choose_statement, draw_picture
from antigone.core.opinion.documents import describe_picture, dump_history, load_history
from antigone.core.opinion.errors import InvalidGroups
from antigone.core.opinion.statistics import compare_proportions, measure_majority
from tests.core.opinion import plain
from tests.core.opinion.conversations import CASES, Cast, count, load, make_votes, needs_data

ids = st.integers(0, 20)
votes = st.lists(st.tuples(ids, ids, st.sampled_from([1, 0, -1])), max_size=120)
Figures = dict[int, dict[int, dict[str, float]]]


def draw_exported(name: str) -> Picture:
    export = load(name)
    return draw_picture(
        export.count_votes(), rejected=export.rejected, meta=export.meta, groups=export.groups
    )


def hold(name: str) -> dict[tuple[int, int], int]:
    export = load(name)
    cast = zip(export.voters.tolist(), export.voted.tolist(), export.votes.tolist(), strict=True)
    return {(person, statement): vote for person, statement, vote in cast}


def compare_plainly(name: str) -> Figures:
    """Give the plain figures of each group and statement; votes are shared out first, to be quick."""
    by_statement: dict[int, dict[tuple[int, int], int]] = {}
    for cell, vote in hold(name).items():
        by_statement.setdefault(cell[1], {})[cell] = vote
    groups = load(name).groups
    return {
        group: {
            one.id: plain.compare(by_statement.get(one.id, {}), groups, group, one.id)
            for one in load(name).statements
        }
        for group in sorted(set(groups.values()))
    }


@needs_data
def test_consensus_is_the_column_that_polis_exported() -> None:
    export, picture = load("bg2050-volunteers"), draw_exported("bg2050-volunteers")
    gaps = [
        abs(picture.describe_statement(one.id).consensus_agree - one.consensus)
        for one in export.statements
        if one.consensus is not None
    ]
    assert len(gaps) == 371
    assert max(gaps) < 1e-12


@pytest.mark.parametrize("name", CASES)
def test_figures_of_groups_are_those_of_the_formulas(name: str) -> None:
    picture, figures = draw_exported(name), compare_plainly(name)
    for one in load(name).statements:
        found = picture.describe_statement(one.id)
        stats = [figures[group][one.id] for group in picture.groups.names]
        assert list(found.groups.values()) == [(s["na"], s["nd"], s["ns"] - s["na"] - s["nd"]) for s in stats]
        assert found.consensus_agree == pytest.approx(math.prod(s["pa"] for s in stats), abs=1e-12)
        assert found.consensus_disagree == pytest.approx(math.prod(s["pd"] for s in stats), abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_representative_statements_are_those_of_the_formulas(name: str) -> None:
    export, picture = load(name), draw_exported(name)
    out = {*export.rejected, *export.meta}
    for group, stats in compare_plainly(name).items():
        expected = plain.choose({id: found for id, found in stats.items() if id not in out})
        chosen = picture.representative[group]
        assert [(one.statement, one.side) for one in chosen] == [
            (one["statement"], one["side"]) for one in expected
        ]
        for one, other in zip(chosen, expected, strict=True):
            values = (one.probability, one.probability_test, one.ratio, one.ratio_test)
            assert values == pytest.approx(other["values"], abs=1e-12)
            assert one.score == pytest.approx(other["score"], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_consensus_lists_are_those_of_the_formulas(name: str) -> None:
    export, picture, held = load(name), draw_exported(name), hold(name)
    out, everybody = {*export.rejected, *export.meta}, {person for person, _ in hold(name)}
    found: dict[str, list[tuple[float, int]]] = {"agree": [], "disagree": []}
    for one in export.statements:
        votes = {cell: vote for cell, vote in held.items() if cell[1] == one.id}
        agrees, disagrees, cast = plain.count(votes, everybody, one.id)
        for side, successes in (("agree", agrees), ("disagree", disagrees)):
            probability, test = (successes + 1) / (cast + 2), plain.z_of_one(successes, cast)
            if one.id not in out and probability > 0.5 and test > plain.Z:
                found[side].append((-probability * test, one.id))
    assert picture.consensus.agree == tuple(id for _, id in sorted(found["agree"])[:5])
    assert picture.consensus.disagree == tuple(id for _, id in sorted(found["disagree"])[:5])


@pytest.mark.parametrize("name", CASES)
def test_map_extremity_and_priority_are_those_of_the_formulas(name: str) -> None:
    export, picture, figures = load(name), draw_exported(name), compare_plainly(name)
    out = {*export.rejected, *export.meta}
    held, statements = picture.votes, picture.votes.statements.tolist()
    full = np.full((len(held.participants), len(statements)), np.nan)
    full[held.rows, held.columns] = held.values
    is_voted = ~np.isnan(full).all(axis=0)
    width = int(is_voted.sum())
    means = np.array([np.nanmean(column) if is_voted[j] else 0.0 for j, column in enumerate(full.T)])
    zeroed = np.array([id in out for id in statements])
    centred = np.where(np.isnan(full) | zeroed, 0.0, full - means)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    axes *= np.sign((axes * picture.map.components.T).sum(axis=1))[:, None]
    counted = (~np.isnan(full) & ~zeroed).sum(axis=1) + (zeroed & is_voted).sum()
    points = np.sqrt(width / np.maximum(counted, 1))[:, None] * (centred @ axes.T)
    assert np.abs(picture.map.participants - points).max() < 1e-8
    for column, id in enumerate(statements):
        found = picture.describe_statement(id)
        extremity = math.sqrt(width) * (1 - means[column]) * float(np.hypot(*axes[:, column]))
        assert found.extremity == pytest.approx(extremity, abs=1e-9)
        agrees, cast = (sum(stats[id][key] for stats in figures.values()) for key in ("na", "ns"))
        passes = cast - agrees - sum(stats[id]["nd"] for stats in figures.values())
        importance = (1 - (passes + 1) / (cast + 2)) * (found.extremity + 1) * (agrees + 1) / (cast + 2)
        expected = 49.0 if id in export.meta else (importance * (1 + 8 * 2 ** (-cast / 5))) ** 2
        assert found.priority == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_priority_is_never_constant(name: str) -> None:
    export = load(name)
    picture = draw_picture(export.count_votes(), rejected=export.rejected, meta=export.meta)
    priorities = picture.priority[~picture.is_out]
    # Upstream served 49 for every statement during sixteen months.
    assert len(set(priorities.round(9).tolist())) > len(priorities) / 4
    assert priorities.max() > 2 * priorities.min()


@pytest.mark.parametrize("people", [1, 2, 14, 60])
def test_priority_is_not_constant_in_a_made_conversation(people: int) -> None:
    picture = draw_picture(count(make_votes(people=people)))
    assert len(set(picture.priority.round(9).tolist())) > 1


def test_a_new_statement_comes_first() -> None:
    opinion = count(make_votes())
    opinion.add_statements([99])
    picture = draw_picture(opinion)
    assert picture.describe_statement(99).priority == max(picture.priority)
    assert picture.describe_statement(99).extremity == 0


def test_statements_are_chosen_in_proportion_to_their_priority() -> None:
    priorities = {3: 1.0, 1: 2.0, 2: 5.0}
    drawn = [choose_statement(priorities, (n + 0.5) / 800) for n in range(800)]
    assert [drawn.count(id) for id in (1, 2, 3)] == [200, 500, 100]
    with pytest.raises(ValueError):
        choose_statement({}, 0.5)


def dump(picture: Picture) -> str:
    return json.dumps(describe_picture(picture)) + json.dumps(dump_history(picture.history))


@settings(deadline=None, max_examples=40)
@given(cast=votes, order=st.randoms(use_true_random=False))
def test_the_order_of_the_votes_changes_no_bit_of_the_picture(cast: Cast, order: random.Random) -> None:
    held = {(person, statement): vote for person, statement, vote in cast}
    once = [(*cell, vote) for cell, vote in held.items()]
    opinion = Opinion()
    for vote in order.sample(once, len(once)):
        opinion.record(*vote)
    assert dump(draw_picture(opinion)) == dump(draw_picture(count(cast)))


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_real_votes_changes_no_bit_of_the_picture(name: str) -> None:
    export = load(name)
    cast = [(*cell, vote) for cell, vote in hold(name).items()]
    random.Random(5).shuffle(cast)
    shuffled = count(cast[: len(cast) // 2])
    shuffled.record_many(*zip(*cast[len(cast) // 2 :], strict=True))
    shuffled.add_statements(one.id for one in export.statements)
    pictures = [
        draw_picture(opinion, rejected=export.rejected, meta=export.meta)
        for opinion in (shuffled, export.count_votes())
    ]
    assert dump(pictures[0]) == dump(pictures[1])


@settings(deadline=None, max_examples=60)
@given(cast=votes, rejected=st.sets(ids), meta=st.sets(ids))
def test_any_votes_make_a_picture_of_finite_numbers(cast: Cast, rejected: set[int], meta: set[int]) -> None:
    opinion = count(cast)
    picture = draw_picture(opinion, rejected=rejected, meta=meta)
    text = json.dumps(describe_picture(picture), allow_nan=False)
    listed = [*picture.consensus.agree, *picture.shared.agree, *picture.divisive]
    listed += [one.statement for chosen in picture.representative.values() for one in chosen]
    assert not (rejected | meta) & set(listed)
    assert len(text) > 0
    assert dump(draw_picture(opinion, rejected=rejected, meta=meta, before=picture.history)) == dump(picture)


TINY: dict[str, Cast] = {
    "one vote": [(1, 1, 1)],
    "one participant": [(1, statement, (-1) ** statement) for statement in range(9)],
    "one statement": [(person, 1, person % 3 - 1) for person in range(30)],
    "everybody passes": [(person, statement, 0) for person in range(30) for statement in range(9)],
    "everybody agrees": [(person, statement, 1) for person in range(30) for statement in range(9)],
    "everybody alike": [(person, s, (-1) ** s) for person in range(30) for s in range(9)],
    "ties": [(person, s, 1 if (person + s) % 2 else -1) for person in range(20) for s in range(4)],
}


@pytest.mark.parametrize("what", TINY)
def test_a_tiny_conversation_makes_a_picture(what: str) -> None:
    cast = TINY[what]
    picture = draw_picture(count(cast))
    assert picture.participation.votes == len(cast)
    json.dumps(describe_picture(picture), allow_nan=False)
    assert picture.groups.are_clear == (what == "ties")
    assert np.isfinite(picture.map.participants).all()


def test_nobody_has_voted() -> None:
    for statements in ([], [1, 2]):
        opinion = Opinion()
        opinion.add_statements(statements)
        picture = draw_picture(opinion)
        assert picture.explain() == "Nobody has voted yet."
        assert picture.explain({"Nobody has voted yet.": "Personne n’a encore voté."}.get) == (  # type: ignore[arg-type]
            "Personne n’a encore voté."
        )
        assert picture.groups.names == ()
        assert picture.participation.filled == 0
        assert json.dumps(describe_picture(picture), allow_nan=False)


def test_a_statement_that_few_of_a_group_voted_on_is_not_called_shared() -> None:
    cast = [vote for vote in make_votes() if vote[1] != 0 or vote[0] < 8]
    picture = draw_picture(count(cast))
    assert not picture.describe_statement(0).is_shared_agree  # four votes in a group at most
    assert picture.describe_statement(1).is_shared_agree
    assert 0 not in picture.shared.agree
    loose = draw_picture(count(cast), rules=Rules(least_votes=1))
    assert loose.describe_statement(0).is_shared_agree


def test_what_divides_a_single_group_is_what_splits_it_in_two() -> None:
    cast = [(p, 1, 1) for p in range(40)] + [(p, 2, 1 if p % 2 else -1) for p in range(40)]
    picture = draw_picture(count(cast), rules=Rules(least_silhouette=2))
    assert picture.divisive == (2,)
    assert picture.describe_statement(2).gap is None


def test_rejected_statements_weigh_nothing_on_the_map() -> None:
    cast = make_votes()
    whole = draw_picture(count(cast), rejected=[5])
    assert whole.map.components[5].tolist() == [0, 0]
    other = [(p, s, -v if s == 5 else v) for p, s, v in cast]
    assert np.array_equal(draw_picture(count(other), rejected=[5]).map.participants, whole.map.participants)


def test_a_history_goes_to_json_and_back() -> None:
    picture = draw_picture(count(make_votes()))
    written = json.loads(json.dumps(dump_history(picture.history)))
    assert dump_history(load_history(written)) == written
    opinion = count(make_votes(people=50))
    kept = draw_picture(opinion, before=load_history(written))
    assert dump(kept) == dump(draw_picture(opinion, before=picture.history))


def test_groups_of_another_consultation_are_refused() -> None:
    with pytest.raises(InvalidGroups) as refused:
        draw_picture(count(make_votes(people=3)), groups={77: 0})
    assert refused.value.code == "invalid_groups"


def test_an_unknown_statement_has_no_figures() -> None:
    picture = draw_picture(count(make_votes(people=3)))
    for unknown in (-1, 500):
        with pytest.raises(KeyError):
            picture.describe_statement(unknown)


def test_where_everybody_agrees_nobody_is_told_apart() -> None:
    ten, zero = np.array([10]), np.array([0])
    assert compare_proportions(ten, ten, ten, ten).tolist() == [0.0]
    assert compare_proportions(zero, zero, zero, zero).tolist() == [0.0]
    assert measure_majority(zero, zero).tolist() == [1.0]
