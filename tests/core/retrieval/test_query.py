from hypothesis import given
from hypothesis import strategies as st

from antigone.core.retrieval.query import (
    ASKED_WEIGHT,
    NAME_WEIGHT,
    QUESTION_WEIGHT,
    analyse_query,
    select_terms,
)


def weights(text: str) -> dict[str, float]:
    return {term.surface: term.weight for term in analyse_query(text).terms}


def test_weights_follow_the_part_each_word_plays() -> None:
    assert weights("Quel tarif coûte à une famille de Rennes ?") == {
        "quel": QUESTION_WEIGHT,
        "tarif": ASKED_WEIGHT,
        "coute": ASKED_WEIGHT,
        "famille": 1.0,
        "rennes": NAME_WEIGHT,
    }


def test_first_word_with_a_capital_is_no_name() -> None:
    assert weights("Piscine de Rennes")["piscine"] == 1.0


def test_bigrams_leave_question_words_out() -> None:
    pairs = analyse_query("Comment trier les déchets verts").bigrams
    assert [(first.surface, second.surface) for first, second in pairs] == [
        ("trier", "dechets"),
        ("dechets", "verts"),
    ]


def test_select_drops_frequent_and_unknown_stems() -> None:
    query = analyse_query("budget voirie commune inconnu")
    frequency = {"budget": 500, "voir": 40, "commun": 9_000}
    assert select_terms(query, frequency, 100_000) == ["voir", "budget"]


def test_select_keeps_two_stems_when_all_are_frequent() -> None:
    query = analyse_query("commune service public")
    frequency = {"commun": 9_000, "servic": 8_000, "public": 7_000}
    assert select_terms(query, frequency, 100_000) == ["public", "servic"]


def test_select_keeps_question_words_when_nothing_else_is_known() -> None:
    assert select_terms(analyse_query("Comment ?"), {"comment": 50}, 100) == ["comment"]


@given(
    st.text(max_size=60), st.dictionaries(st.text(max_size=6), st.integers(1, 10_000)), st.integers(1, 10_000)
)
def test_select_returns_known_stems_of_the_query(text: str, frequency: dict[str, int], passages: int) -> None:
    query = analyse_query(text)
    frequency |= dict.fromkeys(query.stems[::2], 3)
    selected = select_terms(query, frequency, passages)
    assert set(selected) <= set(query.stems) & frequency.keys()
    assert len(selected) >= min(2, len(set(query.stems) & frequency.keys()))
