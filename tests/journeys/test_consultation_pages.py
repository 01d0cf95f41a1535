"""Every page of the consultations, on a narrow screen and on a wide one, in one language or the other."""

from collections.abc import Callable

import pytest

from tests.journeys.consulting import OPEN, OVER, cast_enough
from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.walking import change_language, walk

pytestmark = pytest.mark.xdist_group("journeys")

NEW = "/consultations/nouvelle/"
WIDTHS = (320, 1280)


@pytest.mark.parametrize(
    ("role", "is_participant", "english", "needed"),
    [
        ("", False, True, {f"{OVER}resultats/", f"{OPEN}affirmations/N/"}),
        ("", True, False, {f"{OPEN}voter/mon-groupe/", f"{OPEN}voter/effacer/"}),
        (
            "Alice Morel",
            False,
            False,
            {f"{OPEN}bulletins/saisir/", f"{OPEN}moderation/N/", f"{OPEN}affiche/"},
        ),
        ("Esther Kouassi", False, True, {f"{OPEN}moderation/file/"}),
    ],
    ids=["a visitor", "a participant", "a leader", "a guarantor"],
)
def test_every_page_suits_every_screen_and_axe(
    arrive: Callable[..., Reader],
    town: Town,
    role: str,
    is_participant: bool,
    english: bool,
    needed: set[str],
) -> None:
    reader = arrive(town, role=role, width=320)
    if english:
        change_language(reader)
    if is_participant:
        reader.open(f"{OPEN}voter/")
        cast_enough(reader)
    starts = (OPEN, OVER, NEW) if role == "Alice Morel" else (OPEN, OVER)
    seen = walk(reader, *starts, widths=WIDTHS)
    reader.open("/consultations/")
    reader.inspect()
    if english and role:  # an account keeps its language: the next to take this role finds it as it was
        reader.page.set_viewport_size({"width": 320, "height": 800})
        change_language(reader)
    assert needed <= seen
