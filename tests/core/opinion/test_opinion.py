"""Votes as they come in: no order, no detour and no way of counting changes a bit of the state."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antigone.core.opinion import AGREE, DISAGREE, PASS, WITHDRAWN, Opinion
from antigone.core.opinion.errors import InvalidVote, UnevenVotes
from antigone.core.opinion.gram import Gram
from tests.core.opinion.conversations import CASES, Cast, count, load, make_votes

ids = st.integers(0, 9)
votes = st.lists(st.tuples(ids, ids, st.sampled_from([AGREE, PASS, DISAGREE])), max_size=60)
changes = st.lists(st.tuples(ids, ids, st.sampled_from([AGREE, PASS, DISAGREE, WITHDRAWN])), max_size=60)


def read_state(opinion: Opinion) -> tuple[bytes, ...]:
    held = opinion.votes
    arrays = (held.participants, held.statements, held.starts, held.columns, held.values)
    return (*(array.tobytes() for array in arrays), opinion.gram.products.tobytes())


def hold(cast: Cast) -> dict[tuple[int, int], int]:
    """Give the votes that hold, the plain way."""
    held: dict[tuple[int, int], int] = {}
    for person, statement, vote in cast:
        held[person, statement] = vote
    return {cell: vote for cell, vote in held.items() if vote != WITHDRAWN}


def make_matrix(opinion: Opinion) -> np.ndarray:
    """Give [V B] as a full matrix."""
    held = opinion.votes
    width = len(held.statements)
    matrix = np.zeros((len(held.participants), 2 * width), dtype=np.int64)
    matrix[held.rows, held.columns] = held.values
    matrix[held.rows, held.columns + width] = 1
    return matrix


@settings(deadline=None)
@given(cast=changes)
def test_the_votes_that_hold_are_the_last_ones(cast: Cast) -> None:
    opinion = count(cast)
    held = opinion.votes
    found = zip(held.participants[held.rows], held.statements[held.columns], held.values, strict=True)
    assert {(int(p), int(s)): int(v) for p, s, v in found} == hold(cast)
    assert held.participants.tolist() == sorted({person for person, _ in hold(cast)})


@settings(deadline=None)
@given(cast=changes)
def test_the_gram_matrix_is_that_of_the_votes_that_hold(cast: Cast) -> None:
    opinion = Opinion()
    for vote in cast:
        opinion.record(*vote)
    matrix = make_matrix(opinion)
    assert (opinion.gram.products == matrix.T @ matrix).all()


@settings(deadline=None)
@given(cast=votes, order=st.randoms(use_true_random=False))
def test_the_order_of_the_votes_changes_no_bit(cast: Cast, order: random.Random) -> None:
    once = [(*cell, vote) for cell, vote in hold(cast).items()]
    shuffled = order.sample(once, len(once))
    one_by_one = Opinion()
    for vote in shuffled:
        one_by_one.record(*vote)
    assert read_state(one_by_one) == read_state(count(once))


@settings(deadline=None)
@given(cast=changes, cut=st.integers(0, 60))
def test_votes_in_two_batches_are_those_in_one(cast: Cast, cut: int) -> None:
    twice = count(cast[:cut])
    for part in (cast[cut:],):
        if part:
            twice.record_many(*zip(*part, strict=True))
    assert read_state(twice) == read_state(count(cast))


@settings(deadline=None)
@given(cast=votes, person=ids, statement=ids)
def test_a_vote_taken_back_leaves_no_trace(cast: Cast, person: int, statement: int) -> None:
    without = [vote for vote in cast if vote[:2] != (person, statement)]
    before, after = count(without), count(without)
    before.add_statements([statement])
    after.record(person, statement, AGREE)
    after.record(person, statement, DISAGREE)
    after.withdraw(person, statement)
    assert read_state(after) == read_state(before)


def test_a_participant_who_is_forgotten_leaves_no_trace() -> None:
    cast = make_votes()
    opinion = count(cast)
    opinion.forget(7)
    opinion.forget(12345)
    assert read_state(opinion) == read_state(count([vote for vote in cast if vote[0] != 7]))


def test_statements_known_beforehand_change_nothing_else() -> None:
    opinion = Opinion()
    opinion.add_statements(range(12))
    for vote in make_votes(people=9):
        opinion.record(*vote)
    assert read_state(opinion) == read_state(count(make_votes(people=9)))


def test_whole_rows_and_single_pairs_count_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_votes(people=30, statements=40)
    found = []
    for cost, pairs in ((0, 10**6), (0, 50), (10**9, 50), (2, 300)):
        monkeypatch.setattr("antigone.core.opinion.gram.DENSE", cost)
        monkeypatch.setattr("antigone.core.opinion.gram.PAIRS", pairs)
        opinion = count(cast[:600])
        opinion.record_many(*zip(*[(p, s, -v) for p, s, v in cast[300:]], strict=True))
        found.append(read_state(opinion))
    assert len(set(found)) == 1


def test_nothing_is_recorded_of_votes_of_which_one_is_wrong() -> None:
    opinion = count(make_votes(people=3))
    before = read_state(opinion)
    with pytest.raises(InvalidVote) as refused:
        opinion.record_many([1, 2], [1, 1], [AGREE, 5])
    assert refused.value.params == {"vote": 5}
    with pytest.raises(UnevenVotes):
        opinion.record_many([1, 2], [1], [AGREE, PASS])
    assert read_state(opinion) == before


@pytest.mark.parametrize("name", CASES)
def test_real_votes_one_after_the_other_are_those_at_once(name: str) -> None:
    export = load(name)
    cast = list(zip(export.voters.tolist(), export.voted.tolist(), export.votes.tolist(), strict=True))[:1500]
    opinion = Opinion()
    for vote in cast:
        opinion.record(*vote)
    assert read_state(opinion) == read_state(count(cast))


@pytest.mark.parametrize("name", CASES)
def test_the_covariance_is_that_of_votes_less_their_means(name: str) -> None:
    opinion = load(name).count_votes()
    matrix = make_matrix(opinion)
    width = len(opinion.votes.statements)
    seen = matrix[:, width:]
    voted = seen.sum(axis=0)
    columns = np.flatnonzero(voted)
    centred = (matrix[:, :width] - matrix[:, :width].sum(axis=0) / np.maximum(voted, 1)) * seen
    expected = (centred.T @ centred)[np.ix_(columns, columns)]
    assert np.abs(opinion.gram.covariance(columns) - expected).max() < 1e-9


def test_identifiers_may_be_anything_from_0_to_18_digits() -> None:
    spread = {0: 0, 1: 7, 2: 10**9, 3: 10**17, 4: 10**17 + 1}
    cast = [(p, s, v) for p, s, v in make_votes(people=5) if s in spread]
    far = count([(spread[p], spread[s], v) for p, s, v in cast])
    near = count(cast)
    assert read_state(far)[2:] == read_state(near)[2:]
    assert far.votes.participants.tolist() == sorted(spread.values())


def test_an_empty_gram_has_an_empty_covariance() -> None:
    assert Gram().covariance(np.zeros(0, dtype=np.int64)).shape == (0, 0)


def test_without_some_is_as_if_they_had_never_voted() -> None:
    cast = make_votes()
    whole = count(cast)
    rest = whole.without([0, 3, 4, 999])
    never = count([vote for vote in cast if vote[0] not in (0, 3, 4)])
    assert read_state(rest) == read_state(never)
    assert read_state(whole) == read_state(count(cast))
