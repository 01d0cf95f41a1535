import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.retrieval.sentences import split_sentences

WORDS = ["M.", "art. L. 2121-29", "Le", "maire", "vote", "3,50 €", "1er", "12.", "2°", "J.-C.", "É"]
MARKS = [".", "…", "?", "«", "»", "- ", "|", ":", ";", ")", '"']
BLANKS = [" ", "\n", "\n\n", "\t", "\r\n", "\u2028", "\u00a0", "\x0c"]
PIECES = st.sampled_from(WORDS + MARKS + BLANKS)


def read(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "M. Martin et Mme Durand siègent avec le Dr. Petit.",
        "L'article L. 2121-29 renvoie aux art. R. 123-4 et D. 12.",
        "Voir p. 12, fig. 3, n° 4 et n. 5 du rapport.",
        "Le 1er mars 2024, le prix passe à 3.50 € au lieu de 1 250.75 €.",
        "J. R. R. Tolkien et J.-P. Vernant sont lus ici.",
        "Rome fut fondée en 753 av. J.-C. par des bergers.",
        "Des fruits, des légumes, etc. sont servis.",
        "Elle a crié « Au feu ! » puis elle est partie.",
        "Il hésite... puis il signe… enfin.",
        "Tél. 01 02 03 04 05 ou écrire au 12 av. Foch.",
        "Le conseil municipal, réuni\nle 3 mars, a voté le\nbudget.",
        "Le quai de la\nSeine est fermé.",
        "3. Les dossiers sont à déposer.",
        "Repas .......... 3,50 €",
    ],
)
def test_split_sentences_keeps_one_sentence_whole(sentence: str) -> None:
    assert read(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Le vote a lieu. Il est public.", ["Le vote a lieu.", "Il est public."]),
        ("Est-ce ouvert ? Oui ! Entrez.", ["Est-ce ouvert ?", "Oui !", "Entrez."]),
        ("Il dit « Non. » Elle part.", ["Il dit « Non. »", "Elle part."]),
        ("Il vend de l'art. Elle peint.", ["Il vend de l'art.", "Elle peint."]),
        ("On va à la mer. On revient.", ["On va à la mer.", "On revient."]),
        ("La vitamine C. Elle aide.", ["La vitamine C.", "Elle aide."]),
        ("En 44 av. J.-C. C'est la guerre.", ["En 44 av. J.-C.", "C'est la guerre."]),
        ("Fondée en 1998. 20 élus y siègent.", ["Fondée en 1998.", "20 élus y siègent."]),
        ("1° le nom ; 2° le prénom ; 3° l'âge.", ["1° le nom ;", "2° le prénom ;", "3° l'âge."]),
        ("Pièces :\n- un passeport\n• une photo", ["Pièces :", "- un passeport", "• une photo"]),
        ("HORAIRES\nLa mairie ouvre à 9 h.", ["HORAIRES", "La mairie ouvre à 9 h."]),
        ("Un titre\n\nun texte", ["Un titre", "un texte"]),
        ("Lundi : 9 h - 12 h\nMardi : fermé", ["Lundi : 9 h - 12 h", "Mardi : fermé"]),
        ("Enfant | 3 €\nAdulte | 6 €", ["Enfant | 3 €", "Adulte | 6 €"]),
        ("Le texte finit ici\nArticle 4\nLe suivant.", ["Le texte finit ici", "Article 4", "Le suivant."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_split_sentences_finds_the_ends(text: str, sentences: list[str]) -> None:
    assert read(text) == sentences


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_split_sentences_covers_every_letter_in_order(text: str) -> None:
    spans = split_sentences(text)
    place = 0
    for start, end in spans:
        assert not text[place:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        place = end
    assert not text[place:].strip()
