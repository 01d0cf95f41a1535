from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.deliberation import differences
from antigone.core.deliberation.differences import compare

WORDS = [
    "l’",
    "eau",
    "la",
    "Ville",
    "publie",
    "répond",
    ",",
    ".",
    " ",
    "  ",
    "\n",
    "c’est-à-dire",
    "e\u0301",
    "«\u00a0",
    "😀",
]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=60).map("".join))


def mark(old: str, new: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in compare(old, new))


@given(texts, texts)
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))
    assert all((one.kind, other.kind) != ("added", "removed") for one, other in pairwise(pieces))


@given(texts)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert [piece.kind for piece in compare(text, text)] == ["same"][: len(text)]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("L’eau est chère.", "L’énergie est chère.", "L’[-eau-][+énergie+] est chère."),
        ("un bilan par an", "un bilan public par an", "un bilan [+public +]par an"),
        ("un bilan public par an", "un bilan par an", "un bilan [-public -]par an"),
        ("La Ville répond.", "La Ville répond", "La Ville répond[-.-]"),
        ("deux phrases. Ici.", "deux phrases, ici.", "deux phrases[-. Ici-][+, ici+]."),
        ("", "Tout est neuf.", "[+Tout est neuf.+]"),
        ("Rien ne reste.", "", "[-Rien ne reste.-]"),
    ],
)
def test_words_are_marked_as_by_hand(old: str, new: str, marked: str) -> None:
    assert mark(old, new) == marked


def test_short_islands_are_drowned_and_long_ones_stay() -> None:
    old = "La Ville publie chaque année un bilan complet des usages de l’intelligence artificielle."
    new = "La Métropole rend chaque mois un compte exact des usages de l’intelligence artificielle."
    assert mark(old, new) == (
        "La [-Ville publie chaque année un bilan complet-][+Métropole rend chaque mois un compte exact+]"
        " des usages de l’intelligence artificielle."
    )
    assert mark("On garde ces mots-là et ceux-ci.", "On tient ces mots-là et celles-ci.") == (
        "On [-garde-][+tient+] ces mots-là et [-ceux-][+celles+]-ci."
    )


def spend(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count the pairs of words that difflib was asked to look at."""
    spent = 0

    class Counting(differences.SequenceMatcher[str]):
        def find_longest_match(self, *region: int) -> object:  # type: ignore[override]
            nonlocal spent
            places = self.b2j  # type: ignore[attr-defined]
            spent += sum(1 + len(places.get(token, ())) for token in self.a[region[0] : region[1]])
            return super().find_longest_match(*region)

    monkeypatch.setattr(differences, "SequenceMatcher", Counting)
    compare(old, new)
    return spent


HOSTILE = {
    "one word": ("x " + "a " * 9_900 + "y", "z " + "a " * 9_900 + "t"),
    "two words": ("x " + "a b " * 4_900 + "y", "z " + "b a " * 4_900 + "t"),
    "no word": ("x" + "., " * 6_600 + "y", "z" + ".; " * 6_600 + "t"),
    "all different": (
        " ".join(map(str, range(4_000))) + "x",
        " ".join(map(str, range(4_000, 0, -1))),
    ),
    "one in two": (
        " ".join(f"{n} o" for n in range(2_800)),
        " ".join(f"{n} p" for n in range(2_800)),
    ),
    "in steps": (
        "x " + " ".join("a " * n + "b" for n in range(130)),
        "y " + " ".join("a " * n + "c" for n in range(130)) + " z",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_is_bounded_on_hostile_texts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = HOSTILE[name]
    assert 16_000 < len(old) < 21_000
    assert spend(old, new, monkeypatch) <= differences.BUDGET
    assert "".join(piece.text for piece in compare(old, new) if piece.kind != "removed") == new


def test_long_ordinary_texts_are_compared_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [
        f"Article {n}. La Ville publie le bilan {n} de la mesure {n} et de l’usage." for n in range(250)
    ]
    old, new = " ".join(articles), " ".join([*articles[::2], "Fin."])
    assert len([piece for piece in compare(old, new) if piece.kind == "removed"]) == 125
    assert spend(old, new, monkeypatch) <= differences.BUDGET
