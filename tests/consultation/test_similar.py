"""What is like a statement: the same idea in other words, never the same topic with another idea."""

import pytest

from antigone.consultation.models import Consultation, Statement
from antigone.consultation.similar import find_similar, measure_likeness, weigh_terms
from tests.consultation.town import WORDS, add_statements


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Le centre devrait être fermé aux voitures tous les dimanches.", 3),
        ("Il faudrait éteindre l'éclairage public entre minuit et cinq heures", 2),
        ("les cantines doivent servir des repas vegetariens deux fois par semaine", 1),
        ("Un jardin partagé dans chaque quartier", 6),
        ("Le stationement doit resté gratuit le soir", 5),
        ("La ville doit dire combien coûte chaque service", 8),
    ],
)
def test_the_same_idea_in_other_words_comes_first(consultation: Consultation, text: str, number: int) -> None:
    assert find_similar(consultation, text)[0].number == number


@pytest.mark.parametrize(
    "text",
    [
        "Il faut plus de médecins dans la commune.",
        "La piscine devrait ouvrir tous les jours.",
        "Les bus scolaires sont trop pleins.",
        "Il faut planter des arbres dans le centre.",
        "?",
    ],
)
def test_another_idea_is_not_held_up(consultation: Consultation, text: str) -> None:
    assert find_similar(consultation, text) == []


def test_the_very_same_is_wholly_alike() -> None:
    weights = weigh_terms([*WORDS])
    assert measure_likeness(WORDS[0], WORDS[0].upper(), weights) == pytest.approx(1.0)
    assert measure_likeness(WORDS[0], WORDS[1], weights) < 0.42
    assert measure_likeness("", WORDS[0], weights) == 0.0


def test_hidden_statements_are_not_shown(consultation: Consultation) -> None:
    for state in (Statement.State.WAITING, Statement.State.REJECTED, Statement.State.WITHDRAWN):
        consultation.statements.filter(number=3).update(state=state)
        assert 3 not in [one.number for one in find_similar(consultation, WORDS[2])]


def test_five_at_most_and_the_nearest_first(empty: Consultation) -> None:
    add_statements(empty, [f"La piscine doit ouvrir le dimanche, numéro {number}." for number in range(9)])
    found = find_similar(empty, "La piscine doit ouvrir le dimanche, numéro 7.")
    assert (len(found), found[0].number) == (5, 8)
    assert find_similar(empty, found[0].text, apart_from=found[0].pk)[0].number != 8
