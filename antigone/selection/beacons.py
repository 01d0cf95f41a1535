"""The public beacon that a lot may be drawn from: the quicknet chain of drand, a round every three seconds."""

from datetime import datetime

from antigone.core.sortition.commitments import Round

QUICKNET = Round(
    chain="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    genesis=1_692_803_367,
    period=3,
    number=1,
)


def find_round(instant: datetime) -> Round:
    """Give the first round that is published at an instant or after it.

    >>> from datetime import UTC
    >>> find_round(datetime(2027, 1, 2, tzinfo=UTC)).announced_at.isoformat()
    '2027-01-02T00:00:00+00:00'
    """
    elapsed = int(instant.timestamp()) - QUICKNET.genesis
    number = max(1, -(-elapsed // QUICKNET.period) + 1)
    return Round(QUICKNET.chain, QUICKNET.genesis, QUICKNET.period, number)
