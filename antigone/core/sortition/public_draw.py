"""Public randomness → one panel, by whole numbers alone; and the check of it by anybody.

Each panel holds as many tickets as it weighs, numbered from 0 in the order committed to. Randomness gives a number
evenly spread over 0 … N - 1. Numbers from the last whole multiple of the tickets on are thrown away (they would
favour the first panels); another one is taken; the remainder by the tickets is the ticket. With 1,000 equal panels
and three balls of ten digits nothing is thrown away: the digits are the panel's number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from antigone.core.sortition.beacons import CHAINS, is_signed
from antigone.core.sortition.commitments import (
    Commitment,
    Digits,
    Document,
    Round,
    check_commitment,
    check_instant,
    check_source,
    encode,
    format_instant,
)
from antigone.core.sortition.errors import BrokenCommitment, InvalidRandomness
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Pool, Targets

FORMAT = "antigone-public-draw/1"


@dataclass(frozen=True, slots=True)
class Thrown:
    """What fell: one series of numbers a throw; all series but the last are those that were thrown away."""

    series: tuple[tuple[int, ...], ...]
    drawn_at: datetime

    def describe(self) -> Document:
        """Give what is published about it."""
        return {
            "series": [list(numbers) for numbers in self.series],
            "drawn_at": format_instant(self.drawn_at),
        }


@dataclass(frozen=True, slots=True)
class Beacon:
    """What the beacon published for a round: its signature, in hexadecimal, whose SHA-256 is the randomness.

    It must be the signature of that round under the key of the chain announced. `previous_signature` is that of the
    round before, where the chain signs it too (drand's `default`, not `quicknet`).
    """

    number: int
    signature: str
    previous_signature: str = ""

    def describe(self) -> Document:
        """Give what is published about it."""
        published: Document = {"round": self.number, "signature": self.signature}
        if self.previous_signature:
            published["previous_signature"] = self.previous_signature
        return published


Outcome = Thrown | Beacon


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """The panel that public randomness chose; `seal` binds commitment, randomness and panel together."""

    commitment: Commitment
    outcome: Outcome
    number: int
    members: tuple[str, ...]
    seal: str = ""

    def describe(self) -> Document:
        """Give the draw as its published JSON."""
        return {
            "format": FORMAT,
            "commitment": self.commitment.describe(),
            "outcome": self.outcome.describe(),
            "panel": self.number,
            "members": list(self.members),
        }


def draw_panel(commitment: Commitment, panels: Sequence[WeightedPanel], outcome: Outcome) -> PublicDraw:
    """Choose a panel by the randomness that was announced.

    Raises EarlyRandomness where it is not after the commitment, InvalidRandomness where it is not what was
    announced, BrokenCommitment where there are not as many panels or tickets as then.
    """
    total = sum(panel.weight for panel in panels)
    if (len(panels), total) != (commitment.panel_count, commitment.total_weight):
        raise BrokenCommitment(part=Phrase(gettext_noop("panels")))
    ticket = draw_ticket(commitment, outcome)
    number = find_panel(panels, ticket)
    draw = PublicDraw(commitment, outcome, number, tuple(sorted(panels[number].members)))
    return replace(draw, seal=seal_draw(draw))


def verify_draw(
    draw: PublicDraw, pool: Pool, targets: Targets, panels: Sequence[WeightedPanel], secret: bytes
) -> None:
    """Check a draw from the opened data, from the commitment to the panel; raise the InvalidDraw that applies."""
    check_commitment(draw.commitment, pool, targets, panels, secret)
    found = draw_panel(draw.commitment, panels, draw.outcome)
    if (found.number, found.members) != (draw.number, draw.members):
        raise BrokenCommitment(part=Phrase(gettext_noop("panel drawn")))
    if found.seal != draw.seal:
        raise BrokenCommitment(part=Phrase(gettext_noop("randomness")))


def draw_ticket(commitment: Commitment, outcome: Outcome) -> int:
    """Turn randomness into a number under `commitment.total_weight`, each as likely.

    Raises EarlyRandomness, InvalidRandomness: also where a signature is not that of the round, or a beacon not known.
    """
    source, total = commitment.source, commitment.total_weight
    check_source(source, total)
    if isinstance(source, Digits) and isinstance(outcome, Thrown):
        check_instant(outcome.drawn_at, commitment.committed_at)
        check_instant(source.announced_at, commitment.committed_at)
        return _read_series(source, outcome, total)
    if isinstance(source, Round) and isinstance(outcome, Beacon):
        check_instant(source.announced_at, commitment.committed_at)
        if outcome.number != source.number:
            words = gettext_noop("round {number} was announced, not {other}")
            raise _refuse(words, number=source.number, other=outcome.number)
        if not is_signed(CHAINS[source.chain], outcome.number, outcome.signature, outcome.previous_signature):
            raise _refuse(gettext_noop("the beacon did not sign round {number} so"), number=source.number)
        return _reject(_read_beacon(commitment.root, outcome, total), _count_values(total), total)
    raise _refuse(gettext_noop("it is of another kind"))


def find_panel(panels: Sequence[WeightedPanel], ticket: int) -> int:
    """Give the number of the panel that holds a ticket.

    >>> find_panel([WeightedPanel(("a",), 3), WeightedPanel(("b",), 2)], 3)
    1
    """
    for number, panel in enumerate(panels):
        if ticket < panel.weight:
            return number
        ticket -= panel.weight
    raise _refuse(gettext_noop("there are fewer tickets than that"))


def _read_series(source: Digits, thrown: Thrown, total: int) -> int:
    """Read the last series as a number; the ones before it must be such as are thrown away."""
    span = source.faces**source.throws
    limit = span - span % total
    values = [_read_number(source, numbers) for numbers in thrown.series]
    if not values:
        raise _refuse(gettext_noop("nothing was thrown"))
    if values[-1] >= limit:
        words = gettext_noop("the last series must be thrown again: it is {limit} or more")
        raise _refuse(words, limit=limit)
    if any(value < limit for value in values[:-1]):
        raise _refuse(gettext_noop("a series before the last one decides already"))
    return values[-1] % total


def _read_number(source: Digits, numbers: Sequence[int]) -> int:
    if len(numbers) != source.throws:
        words = gettext_noop("{count} numbers where {throws} were announced")
        raise _refuse(words, count=len(numbers), throws=source.throws)
    value = 0
    for number in numbers:
        if not 0 <= number < source.faces:
            words = gettext_noop("{number} is not from 0 to {most}")
            raise _refuse(words, number=number, most=source.faces - 1)
        value = value * source.faces + number
    return value


def _count_values(total: int) -> int:
    """Give how many numbers a beacon's bytes tell apart: whole bytes, 64 bits more than needed."""
    return 1 << 8 * ((total.bit_length() + 7) // 8 + 8)


def _read_beacon(root: str, beacon: Beacon, total: int) -> Iterator[int]:
    """Stretch the randomness of a beacon, bound to this commitment, into numbers without end."""
    randomness = sha256(bytes.fromhex(beacon.signature)).digest()
    width = (_count_values(total).bit_length() - 1) // 8
    counter = 0
    while True:
        stretched = b""
        while len(stretched) < width:
            block = bytes.fromhex(root) + randomness + counter.to_bytes(8, "big")
            stretched += sha256(b"antigone draw" + block).digest()
            counter += 1
        yield int.from_bytes(stretched[:width], "big")


def _reject(numbers: Iterator[int], span: int, total: int) -> int:
    """Give the remainder of the first number under the last whole multiple of `total`."""
    limit = span - span % total
    return next(number for number in numbers if number < limit) % total


def seal_draw(draw: PublicDraw) -> str:
    """Give the hash that binds commitment, outcome and panel together, in hexadecimal."""
    return sha256(encode(draw.describe())).hexdigest()


def _refuse(words: str, **params: int) -> InvalidRandomness:
    return InvalidRandomness(detail=Phrase(words, **params))
