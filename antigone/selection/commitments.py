"""The rows of a commitment and of a lot as the engine takes them."""

import json
from datetime import UTC, datetime

from antigone.core.sortition import Commitment
from antigone.core.sortition.commitments import Round
from antigone.core.sortition.public_draw import Beacon, PublicDraw, Thrown
from antigone.core.sortition.published import load_commitment
from antigone.selection import models
from antigone.selection.models import Draw


def read_commitment(row: models.Commitment) -> Commitment:
    """Give the commitment that was kept as its published document."""
    return load_commitment(json.dumps(row.document, ensure_ascii=False).encode())


def make_public_draw(draw: Draw) -> PublicDraw:
    """Give a draw whose lot is drawn as it is published."""
    commitment, fallen = read_commitment(draw.commitment), draw.outcome.document
    if isinstance(commitment.source, Round):
        outcome: Thrown | Beacon = Beacon(commitment.source.number, fallen["signature"])
    else:
        series = tuple(tuple(numbers) for numbers in fallen["series"])
        outcome = Thrown(series, datetime.fromisoformat(fallen["drawn_at"]).astimezone(UTC))
    members = draw.seats.order_by("respondent__pseudonym").values_list("respondent__pseudonym", flat=True)
    return PublicDraw(commitment, outcome, draw.outcome.panel, tuple(members), draw.outcome.seal)
