import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.grounding import find_quote
from antigone.core.grounding.folding import fold_text


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        (
            "le tarif est de 1 250 €",
            "Ici, le tarif\nest de 1\u202f250\xa0€.",
            "le tarif\nest de 1\u202f250\xa0€",
        ),
        ('il dit "oui" ici', "Il dit « oui » ici", "Il dit « oui » ici"),
        ("l'œuvre", "Voir l’oeuvre.", "l’oeuvre"),
        ("finances", "Les ﬁnances", "ﬁnances"),
        ("le document est remis", "Le docu-\nment est remis", "Le docu-\nment est remis"),
        ("la sous-préfecture", "la sous-\npréfecture", "la sous-\npréfecture"),
        ("document", "docu\xadment", "docu\xadment"),
        ("élève", "e\u0301le\u0300ve", "e\u0301le\u0300ve"),
        ("de 6-11 ans", "de 6–11 ans", "de 6–11 ans"),
    ],
)
def test_quote_is_found_whatever_its_typography(quote: str, text: str, found: str) -> None:
    span = find_quote(quote, text)
    assert span is not None
    assert text[slice(*span)] == found


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("mai", "la mairie"),
        ("60 €", "4,60 €"),
        ("2121", "article L. 2121-29"),
        ("500 €", "12 500 €"),
        ("42 places", "4² places"),
        ("marche", "marché"),
        ("Le Maire", "le maire"),
        ("", "texte"),
        ("…", "texte"),
        ("le repas est gratuit", "le repas n'est pas gratuit"),
    ],
)
def test_other_words_are_not_found(quote: str, text: str) -> None:
    assert find_quote(quote, text) is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_found_span_folds_like_the_quote(before: str, quote: str, after: str) -> None:
    text = f"{before} {quote} {after}"
    if span := find_quote(quote, text):
        start, end = span
        assert 0 <= start < end <= len(text)


@given(st.text(max_size=200))
def test_fold_keeps_one_offset_a_character_in_order(text: str) -> None:
    folded = fold_text(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert folded.starts == sorted(folded.starts)
    assert all(start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
