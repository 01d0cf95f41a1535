"""What is unusual in how people come and vote: many newcomers at once, one long row of votes again and again, a pace at
which nobody reads. Plain data in, findings out; nothing here decides anything about anybody.

The limits raise no alarm on six real conversations (tests/consultation/test_spotting.py).
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import numpy as np

from antigone.core.opinion.votes import Floats, Votes

# Newcomers of one network, and from everywhere, within a slot of time. A class has thirty pupils, and is looked at:
# who teaches there says so, and it is cleared.
SLOT = timedelta(minutes=10)
MOST_OF_A_NETWORK = 20
LEAST_OF_A_FLOOD = 60
TIMES_THE_USUAL = 10
# Rows of so many votes that so many people have in common, and so many times more than chance would have it.
LONG_ROW = 10
LEAST_ALIKE = 5
TIMES_BY_CHANCE = 10
# So many votes in a row, a second or less for each.
RUN = 15
SECONDS_A_VOTE = 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who voted for the first time on line; `network` is the seal of where from, empty where unknown."""

    participant: int
    network: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen: `key` names it, so that the same is found once."""

    kind: str
    key: str
    participants: frozenset[int]
    first_at: datetime
    last_at: datetime


def find_bursts(arrivals: Iterable[Arrival]) -> list[Finding]:
    """Find slots of ten minutes in which one network, or all together, bring far more newcomers than they should.

    All together: ten times what a slot with newcomers usually brings, and sixty at least.
    """
    by_network: defaultdict[tuple[str, datetime], list[Arrival]] = defaultdict(list)
    by_slot: defaultdict[datetime, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        slot = _find_slot(arrival.at)
        by_slot[slot].append(arrival)
        if arrival.network:
            by_network[arrival.network, slot].append(arrival)
    found = [
        _tell_burst(f"{network[:16]}:{slot:%Y-%m-%dT%H:%M}", some)
        for (network, slot), some in by_network.items()
        if len(some) >= MOST_OF_A_NETWORK
    ]
    usual = median(len(some) for some in by_slot.values()) if by_slot else 0
    limit = max(LEAST_OF_A_FLOOD, TIMES_THE_USUAL * usual)
    found += [
        _tell_burst(f"all:{slot:%Y-%m-%dT%H:%M}", some)
        for slot, some in by_slot.items()
        if len(some) >= limit
    ]
    return found


def find_identical(votes: Votes, chances: Floats, now: datetime) -> list[Finding]:
    """Find long rows of votes that several participants have in common, more of them than chance would have.

    `chances` (K, C, 3) are the shares of disagree, pass and agree on each statement, in each of K groups: people of a
    camp do vote alike. Expected by chance are as many as there are long rows, times the chance of this very row in
    the group that it fits best.
    """
    rows: defaultdict[bytes, list[int]] = defaultdict(list)
    long = np.flatnonzero(votes.lengths >= LONG_ROW)
    for row in long.tolist():
        rows[votes.codes[votes.starts[row] : votes.starts[row + 1]].tobytes()].append(row)
    found = []
    for codes, alike in rows.items():
        if len(alike) < LEAST_ALIKE:
            continue
        cells = np.frombuffer(codes, dtype=votes.codes.dtype)
        chance = float(np.exp(np.log(chances.reshape(len(chances), -1)[:, cells]).sum(axis=1)).max())
        if len(alike) >= max(LEAST_ALIKE, TIMES_BY_CHANCE * chance * len(long)):
            people = frozenset(votes.participants[alike].tolist())
            found.append(Finding("identical", hashlib.sha256(codes).hexdigest()[:32], people, now, now))
    return found


def find_fast(cast: Mapping[int, Sequence[datetime]]) -> list[Finding]:
    """Find who cast fifteen votes in a row in a second or less each; `cast` are instants by participant."""
    found = []
    for participant, instants in cast.items():
        ordered = sorted(instants)
        for first, last in zip(ordered, ordered[RUN - 1 :], strict=False):
            if last - first <= timedelta(seconds=SECONDS_A_VOTE * (RUN - 1)):
                found.append(Finding("pace", str(participant), frozenset([participant]), first, last))
                break
    return found


def _find_slot(at: datetime) -> datetime:
    minutes = SLOT // timedelta(minutes=1)
    return at.replace(minute=at.minute - at.minute % minutes, second=0, microsecond=0)


def _tell_burst(key: str, arrivals: Sequence[Arrival]) -> Finding:
    instants = [one.at for one in arrivals]
    people = frozenset(one.participant for one in arrivals)
    return Finding("burst", key, people, min(instants), max(instants))
