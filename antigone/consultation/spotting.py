"""What is unusual in how people come and vote: many newcomers at once, one long row of votes again and again, a pace at
which nobody reads. Plain data in, findings out; nothing here decides anything about anybody.

Repeated rows raise no alarm on six real conversations (a test); haste does there, for 1.2 % of the people.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import numpy as np

from antigone.core.opinion.votes import Floats, Votes

# Newcomers of one network, and from everywhere, within a while. A class has thirty pupils, and is looked at: who
# teaches there says so, and it is cleared.
WHILE = timedelta(minutes=10)
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
    """Participants who were found together, from when to when."""

    kind: str
    participants: frozenset[int]
    first_at: datetime
    last_at: datetime


def find_bursts(arrivals: Iterable[Arrival]) -> list[Finding]:
    """Find ten minutes in which one network, or all together, bring far more newcomers than they should.

    All together: ten times what ten minutes with newcomers usually bring, and sixty at least.
    """
    ordered = sorted(arrivals, key=lambda arrival: (arrival.at, arrival.participant))
    networks: defaultdict[str, list[Arrival]] = defaultdict(list)
    for arrival in ordered:
        if arrival.network:
            networks[arrival.network].append(arrival)
    found = [one for some in networks.values() for one in _find_crowds(some, MOST_OF_A_NETWORK)]
    counts = Counter(arrival.at.timestamp() // WHILE.total_seconds() for arrival in ordered)
    usual = median(counts.values()) if counts else 0
    flood = _find_crowds(ordered, int(max(LEAST_OF_A_FLOOD, TIMES_THE_USUAL * usual)))
    # Those of a network that was found are told of once.
    told = frozenset[int]().union(*(one.participants for one in found))
    return [*found, *(one for one in flood if len(one.participants - told) >= LEAST_OF_A_FLOOD)]


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
            found.append(Finding("identical", people, now, now))
    return found


def find_fast(cast: Mapping[int, Sequence[datetime]]) -> list[Finding]:
    """Find those who cast fifteen votes in a row in a second or less each, all together: there may be many.

    `cast` are the instants of votes by participant.
    """
    spans = {}
    for participant, instants in cast.items():
        ordered = sorted(instants)
        for first, last in zip(ordered, ordered[RUN - 1 :], strict=False):
            if last - first <= timedelta(seconds=SECONDS_A_VOTE * (RUN - 1)):
                spans[participant] = first, last
                break
    if not spans:
        return []
    first_at, last_at = (
        min(first for first, _last in spans.values()),
        max(last for _first, last in spans.values()),
    )
    return [Finding("pace", frozenset(spans), first_at, last_at)]


def _find_crowds(arrivals: Sequence[Arrival], least: int) -> list[Finding]:
    """Find stretches of arrivals, in order of time, in which any `least` come within a while of each other."""
    stretches: list[tuple[int, int]] = []
    for last in range(least - 1, len(arrivals)):
        first = last - least + 1
        if arrivals[last].at - arrivals[first].at > WHILE:
            continue
        if stretches and first <= stretches[-1][1]:
            stretches[-1] = stretches[-1][0], last
        else:
            stretches.append((first, last))
    return [
        Finding(
            "burst",
            frozenset(one.participant for one in arrivals[first : last + 1]),
            arrivals[first].at,
            arrivals[last].at,
        )
        for first, last in stretches
    ]
