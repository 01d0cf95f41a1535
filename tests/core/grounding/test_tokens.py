import pytest

from antigone.core.grounding.tokens import tokenise


@pytest.mark.parametrize(
    "forms",
    [
        ("1 250,50 €", "1250,50 €", "1.250,50 €", "1\u202f250,50 euros", "1250,5 EUR"),
        ("9 h 30", "9h30", "9:30", "9 heures 30", "neuf heures 30"),
        ("18 h", "18h", "18 heures", "18h00", "dix-huit heures"),
        ("1er juillet 2025", "01/07/2025", "1 juillet 2025", "2025-07-01", "1er Juillet 2025"),
        ("3", "trois", "3,0"),
        ("21", "vingt et un", "vingt-et-un"),
        ("97", "quatre-vingt-dix-sept"),
        ("80", "quatre-vingts"),
        ("71", "soixante et onze"),
        ("200", "deux cents"),
        ("100", "cent"),
        ("1999", "mille neuf cent quatre-vingt-dix-neuf"),
        ("2 M€", "2 millions €", "2 000 000 €"),
        ("deuxième", "2e", "2ème", "second"),
        ("L. 2121-29", "L2121-29", "L 2121-29"),
        ("01 44 55 66 77", "01.44.55.66.77", "0144556677", "+33 1 44 55 66 77"),
        ("80 m²", "80 m2"),
    ],
)
def test_forms_of_one_fact_are_equal(forms: tuple[str, ...]) -> None:
    assert len({tuple(token.key for token in tokenise(form)) for form in forms}) == 1


def test_percent_is_read_in_words() -> None:
    assert [token.key for token in tokenise("cinquante pour cent")] == ["n:50", "pour", "%"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,5", "15"), ("4²", "42"), ("-5 °C", "5 °C"), ("2 M€", "2 Md€"), ("où", "ou"), ("dès", "des"),
        ("à", "a"),
        ("L. 2121-29", "L. 2121-30"), ("1er juillet 2025", "1er juillet 2024"), ("juillet 2025", "2025"),
        ("12 h", "12 min"), ("12 €", "12 %"), ("3 m", "3 m²"),
    ],
)  # fmt: skip
def test_different_facts_differ(one: str, other: str) -> None:
    assert [t.key for t in tokenise(one)] != [t.key for t in tokenise(other)]


def test_number_longer_than_any_fact_is_read() -> None:
    assert tokenise("9" * 10_000)[0].key == "n:" + "9" * 10_000
