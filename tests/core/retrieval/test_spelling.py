from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.retrieval.query import analyse_query
from antigone.core.retrieval.spelling import repair, spelling_candidates
from antigone.core.retrieval.terms import stem_word

INDEX = {
    stem_word(word): count
    for word, count in {"cantine": 30, "cantique": 2, "inscription": 9, "mairie": 50}.items()
}


def known(stems: Iterable[str]) -> dict[str, int]:
    return {stem: INDEX[stem] for stem in stems if stem in INDEX}


@pytest.mark.parametrize("typed", ["cantne", "canttine", "catnine", "cantize"])
def test_repair_finds_the_word_one_edit_away(typed: str) -> None:
    repaired = repair(analyse_query(f"horaires {typed}"), known)
    assert repaired.repaired == ((typed, "cantine"),)
    assert "cantin" in repaired.stems


def test_repair_prefers_the_most_frequent_neighbour() -> None:
    assert repair(analyse_query("cantioe"), known).repaired == (("cantioe", "cantine"),)


def test_repair_prefers_the_same_first_letter() -> None:
    frequency = {stem_word("rue"): 90, stem_word("boue"): 1}
    query = analyse_query("brue")
    assert repair(
        query, lambda stems: {one: frequency[one] for one in stems if one in frequency}
    ).repaired == (("brue", "boue"),)


@pytest.mark.parametrize("text", ["Comment", "mai", "mair1e", "L. 2121-29", "cantine", "xylophone", ""])
def test_repair_leaves_alone(text: str) -> None:
    query = analyse_query(text)
    assert repair(query, known) == query


def test_repair_keeps_weights_and_order() -> None:
    query = repair(analyse_query("la miarie de Nantes"), known)
    assert [(term.surface, term.weight) for term in query.terms] == [("mairie", 1.0), ("nantes", 1.5)]


def test_repair_asks_the_index_at_most_twice() -> None:
    calls: list[int] = []

    def counting(stems: Iterable[str]) -> dict[str, int]:
        calls.append(1)
        return known(stems)

    repair(analyse_query("miarie cantne inscrption"), counting)
    assert len(calls) == 2


WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=9)


@given(WORDS, st.data())
def test_spelling_candidates_are_mutual(word: str, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(sorted(spelling_candidates(word))))
    assert word in spelling_candidates(other)
    assert abs(len(word) - len(other)) <= 1
