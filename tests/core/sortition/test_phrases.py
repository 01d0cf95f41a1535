"""What the engine says can be said in another language, on this side of a process and on the other."""

import pickle

import pytest

from antigone.core.sortition.conflicts import Bound, Conflict
from antigone.core.sortition.diagnosis import Excluded
from antigone.core.sortition.errors import PoolTooSmall, SortitionError, UnreadableFile
from antigone.core.sortition.phrases import Phrase
from antigone.core.sortition.tables import read_table

FRENCH = {
    "The pool has {count} {unit}; the panel needs {size}. Widen the pool, or draw a smaller panel.": (
        "Le vivier compte {count} {unit}, le panel {size} sièges."
    ),
    "households": "foyers",
    " together with ": " et ",
    "at least {seats} “{value}” ({feature})": "au moins {seats} « {value} » ({feature})",
    "{bounds} when a household sends at most one person": "{bounds}, un par foyer",
    "{id} can never be drawn: {bounds}.": "{id} ne peut pas être tiré : {bounds}.",
}


def say(template: str) -> str:
    return FRENCH.get(template, template)


def test_an_error_is_said_with_what_fills_it() -> None:
    error = PoolTooSmall(count=3, size=4, unit=Phrase("households"))
    assert "3 households; the panel needs 4" in str(error)
    assert error.explain(say) == "Le vivier compte 3 foyers, le panel 4 sièges."


def test_an_error_is_said_after_a_journey_between_processes() -> None:
    error = pickle.loads(pickle.dumps(PoolTooSmall(count=3, size=4, unit=Phrase("households"))))
    assert error.explain(say) == "Le vivier compte 3 foyers, le panel 4 sièges."


def test_a_sentence_made_of_sentences_is_said_whole() -> None:
    bounds = (Bound("age", "18-29", True, 3), Bound("age", "30+", True, 2))
    excluded = Excluded("p7", Conflict(bounds, by_households=True))
    assert excluded.explain(say) == (
        "p7 ne peut pas être tiré : au moins 3 « 18-29 » (age) et au moins 2 « 30+ » (age), un par foyer."
    )


def test_the_detail_of_an_error_is_a_phrase() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_table(b"a\0b", "pool.csv")
    assert isinstance(caught.value.params["detail"], Phrase)


@pytest.mark.parametrize("kind", SortitionError.__subclasses__())
def test_every_error_says_what_it_says_in_english_without_a_translation(kind: type[SortitionError]) -> None:
    names = {name for name in ("file", "size", "task", "status", "detail") if f"{{{name}}}" in kind.message}
    error = kind(**dict.fromkeys(names, "x"))
    assert error.explain() == str(error)
