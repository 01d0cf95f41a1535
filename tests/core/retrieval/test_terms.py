import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.retrieval.terms import analyse_passage, fold, split_terms, stem_word

SAME = [
    ("œuvre", "oeuvre"),
    ("chevaux", "cheval"),
    ("vélos", "vélo"),
    ("travaux", "travail"),
    ("bijoux", "bijou"),
    ("L.2121-29", "L. 2121-29"),
    ("L.2121-29", "L2121-29"),
    ("L. 2121-29", "l 2121-29"),
    ("L.\u00a02121-29", "L2121-29"),
    ("R*431-2", "R. 431-2"),
    ("L.O. 141-1", "LO141-1"),
    ("\ufb01nance", "finance"),
    ("e\u0301cole", "école"),
    ("commu\u00adnication", "communication"),
    ("1 250,50", "1250,50"),
    ("1\u00a0250,50", "1250,50"),
    ("1\u202f250,50", "1250,50"),
    ("1 250 000", "1250000"),
    ("porte monnaie", "porte-monnaie"),
    ("l’eau", "l'eau"),
    ("l’eau", "eau"),
    ("aujourd’hui", "aujourd'hui"),
    ("arc-en-ciel", "arc en ciel"),
    ("n°2023-12", "2023-12"),
    ("ÉCOLE", "école"),
    ("ecole", "école"),
    ("Saint-Étienne", "saint etienne"),
    ("nom_de_rue", "nom de rue"),
]


def stems(text: str) -> list[str]:
    return [term.stem for term in split_terms(text)]


@pytest.mark.parametrize(("stored", "asked"), SAME + [(asked, stored) for stored, asked in SAME])
def test_terms_of_two_writings_are_the_same(stored: str, asked: str) -> None:
    passage = analyse_passage("", f"Voici {stored} : voilà.").stems.split()
    assert stems(asked)
    assert f" {' '.join(stems(asked))} " in f" {' '.join(passage)} "


def test_terms_of_two_articles_differ() -> None:
    assert stems("L. 2121-29") != stems("L. 212-129")
    assert stems("L. 2121-29") != stems("R. 2121-29")


def test_years_are_not_joined_to_the_number_after() -> None:
    assert [term.surface for term in split_terms("en 2003 200 personnes")] == ["2003", "200", "personnes"]


def test_born_is_told_from_not() -> None:
    assert [term.surface for term in split_terms("il ne dort pas ; né à Lyon")] == ["dort", "ne", "lyon"]


def test_question_words_stay_and_stopwords_go() -> None:
    assert [term.surface for term in split_terms("Comment est le temps, et pourquoi ?")] == [
        "comment",
        "temps",
        "pourquoi",
    ]


def test_passage_has_aligned_strings() -> None:
    passage = analyse_passage(
        "Règlement du marché",
        "Les étals ouvrent à huit heures. La place L. 2121-29 reste libre.\n\nAccès gratuit.",
    )
    assert passage.title == "regl march"
    assert len(passage.stems.split()) == len(passage.surfaces.split())
    assert [int(count) for count in passage.sentences.split()] == [4, 4, 2]


def test_passage_without_words_is_empty() -> None:
    assert analyse_passage("", " … !") == analyse_passage("___", "\u00ad")
    assert analyse_passage("", "").stems == ""


FRENCH = st.text(
    st.sampled_from("aeéèlLdD'’ -.–\u00ad\u0301\u00a0\u202f0129çœ\ufb01ßİ_\n°²№/Ωж中"), max_size=60
)


@given(st.one_of(st.text(max_size=60), FRENCH))
def test_offsets_point_at_the_origin_of_each_term(text: str) -> None:
    end = 0
    for term in split_terms(text):
        assert end <= term.start < term.end <= len(text)
        end = term.end
        origin = "".join(
            filter(str.isalnum, fold(unicodedata.normalize("NFKC", text[term.start : term.end])))
        )
        assert re.sub(r"(?<=\d)x(?=\d)", "", term.surface) == re.sub(r"(?<=\d)x(?=\d)", "", origin)


@given(st.one_of(st.text(max_size=80), FRENCH))
def test_stored_strings_hold_only_letters_and_digits(text: str) -> None:
    passage = analyse_passage(text, text)
    words = passage.stems.split(" ") + passage.surfaces.split(" ") if passage.stems else []
    assert all(word.isalnum() for word in words)
    assert len(passage.stems.split()) == len(passage.surfaces.split())
    assert sum(map(int, passage.sentences.split())) == len(passage.stems.split())


@given(st.text(st.characters(categories=["L", "Zs"], max_codepoint=0x17F), max_size=40))
def test_terms_do_not_depend_on_the_normal_form(text: str) -> None:
    assert stems(unicodedata.normalize("NFD", text)) == stems(unicodedata.normalize("NFC", text))


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20))
def test_stem_is_never_empty(surface: str) -> None:
    assert stem_word(surface)
