"""Drawn in public, again and again, people sit as often as their chance says."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from scipy.stats import binomtest, chisquare

from antigone.core.sortition.beacons import CHAINS
from antigone.core.sortition.commitments import commit
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.public_draw import Beacon, PublicDraw, Thrown, draw_panel, draw_ticket
from tests.core.sortition.public_draws import BALLS, LATER, NOON, ROUND, SECRET, make_asked
from tests.core.sortition.signing import OURS, sign_round

UNLIKELY = 1e-6
"""What happens by chance less often than that is a fault. Nothing here is random: it never changes."""
ROUNDS = 800


@pytest.fixture(autouse=True)
def _our_beacon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHAINS, OURS.hash, OURS)


def draw_by_round(panels: list[WeightedPanel], later: int) -> PublicDraw:
    asked, source = make_asked(), replace(ROUND, number=ROUND.number + later)
    commitment = commit(
        asked.pool, asked.targets, panels, secret=SECRET, version="1", source=source, committed_at=NOON
    )
    return draw_panel(commitment, panels, Beacon(source.number, sign_round(source.number)))


@pytest.mark.parametrize("by_weight", [False, True])
def test_rounds_of_a_beacon_seat_everybody_as_often_as_announced(by_weight: bool) -> None:
    asked = make_asked()
    panels = list(asked.weighted) if by_weight else [WeightedPanel(panel, 1) for panel in asked.lottery]
    total = sum(panel.weight for panel in panels)
    draws = [draw_by_round(panels, later) for later in range(ROUNDS)]
    seated = Counter(name for draw in draws for name in draw.members)
    for person in asked.pool.people:
        chance = Fraction(sum(panel.weight for panel in panels if person.id in panel.members), total)
        assert binomtest(seated[person.id], ROUNDS, float(chance)).pvalue > UNLIKELY
    drawn = Counter(draw.number for draw in draws)
    expected = [ROUNDS * float(Fraction(panel.weight, total)) for panel in panels]
    assert chisquare([drawn[number] for number in range(len(panels))], expected).pvalue > UNLIKELY


def test_all_digits_together_seat_everybody_exactly_as_often_as_they_have_balls() -> None:
    asked = make_asked()
    panels = [WeightedPanel(panel, 1) for panel in asked.lottery]
    commitment = commit(
        asked.pool, asked.targets, panels, secret=SECRET, version="1", source=BALLS, committed_at=NOON
    )
    at = LATER + timedelta(minutes=1)
    draws = [draw_panel(commitment, panels, Thrown((divmod(value, 10),), at)) for value in range(100)]
    assert [draw.number for draw in draws] == list(range(100))
    assert Counter(name for draw in draws for name in draw.members) == Counter(
        name for panel in asked.lottery for name in panel
    )


@pytest.mark.parametrize("faces", [2, 3, 6])
def test_dice_that_do_not_divide_the_tickets_favour_nobody(faces: int) -> None:
    """Every series that is kept gives each ticket as often; the others must be thrown again."""
    asked = make_asked()
    panels = [WeightedPanel(panel, 1) for panel in asked.lottery]
    throws = next(count for count in range(1, 99) if faces**count >= len(panels))
    source = replace(BALLS, faces=faces, throws=throws)
    commitment = commit(
        asked.pool, asked.targets, panels, secret=SECRET, version="1", source=source, committed_at=NOON
    )
    kept = faces**throws - faces**throws % 100
    series = [
        tuple(value // faces**place % faces for place in reversed(range(throws))) for value in range(kept)
    ]
    tickets = Counter(draw_ticket(commitment, Thrown((numbers,), LATER)) for numbers in series)
    assert tickets == dict.fromkeys(range(100), kept // 100)
