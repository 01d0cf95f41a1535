import pytest

from antigone.core.grounding.sentences import split_sentences


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("M. Durand et Mme. Petit votent. Ils sortent.", ["M. Durand et Mme. Petit votent.", "Ils sortent."]),
        ("Voir l'art. 6 et L. 2121-29. Fin.", ["Voir l'art. 6 et L. 2121-29.", "Fin."]),
        ("Coût : 4.60 euros. Fin.", ["Coût : 4.60 euros.", "Fin."]),
        ("« A vient. B part. » Il dort.", ["« A vient. B part. »", "Il dort."]),
        ("Oui [1]. Non. [2][3] Si.", ["Oui [1].", "Non. [2][3]", "Si."]),
        ("Le parc\nest ouvert. Fin", ["Le parc\nest ouvert.", "Fin"]),
        ("Pièces :\n- une photo\n- un acte", ["Pièces :", "- une photo", "- un acte"]),
        ("1. Un point.\n2. Deux points.", ["1. Un point.", "2. Deux points."]),
        ("Titre\n\nTexte.", ["Titre", "Texte."]),
        ("Vraiment ?! Oui… Non.", ["Vraiment ?!", "Oui…", "Non."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_text_is_split_into_sentences(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_wrapped_line_does_not_end_a_sentence() -> None:
    text = "Le stationnement est interdit dans toutes les rues du centre de la\nVille, sauf le dimanche."
    assert split(text) == [text]


def test_line_without_full_stop_is_not_complete_when_another_follows() -> None:
    first, second = split_sentences("Le stationnement est interdit\nPlace du Marché")
    assert (first.is_complete, second.is_complete) == (False, True)
