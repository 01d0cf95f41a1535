import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.retrieval.quotes import LONGEST_QUOTE, begins_in_midair, split_quotable


def read(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_quotable(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Pièces à fournir :\n- un passeport\n- une photo",
        "Horaires\nLundi : 9 h - 12 h\nMardi : fermé",
        "Tarifs\n\nEnfant | 3 €\nAdulte | 6 €",
        "Que faire ? Adressez-vous au guichet de la mairie.",
        "Oui. Le dossier se dépose en mairie.",
        "Chapitre 2\nSection 1\nLe dossier se dépose en mairie.",
    ],
)
def test_split_quotable_joins_what_cannot_be_read_alone(text: str) -> None:
    assert read(text) == [text]


def test_split_quotable_cuts_a_long_list_and_keeps_its_heading() -> None:
    text = "Tarifs :\n" + "\n".join(f"- repas numéro {number} : {number},50 €" for number in range(40))
    spans = split_quotable(text)
    assert len(spans) > 2
    assert all(span.end - span.start <= LONGEST_QUOTE for span in spans)
    assert [span.heading for span in spans] == [None, *[(0, 8)] * (len(spans) - 1)]


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(["Oui.", "Titre", "\n", " ", "- un", ":", "Le a.", "?"])).map("".join),
    )
)
def test_split_quotable_covers_every_letter_in_order(text: str) -> None:
    place = 0
    for span in split_quotable(text):
        assert not text[place : span.start].strip()
        assert span.end > span.start
        place = span.end
    assert not text[place:].strip()


def test_begins_in_midair_knows_words_not_beginnings_of_words() -> None:
    assert begins_in_midair("Il est ouvert.")
    assert begins_in_midair("C’est ouvert.")
    assert not begins_in_midair("Ilona est là.")
    assert not begins_in_midair("Certains agents votent.")
