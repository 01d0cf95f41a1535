"""What is fixed before the draw: one hash over the pool, the targets, the panels and the randomness to come.

Every person is a leaf of a Merkle tree (RFC 6962: 0x00 before a leaf, 0x01 before a pair), salted with a secret so
that nobody can guess who is in the pool; whoever is given their salt and a path can check that they are. Panels
are salted too: ids are easily guessed. Leaves are JSON with sorted keys, no space, UTF-8; weights are texts, since
they are larger than what other languages hold in a number.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from antigone.core.sortition.beacons import CHAINS, Chain
from antigone.core.sortition.errors import BrokenCommitment, EarlyRandomness, InvalidRandomness
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Person, Pool, Targets
from antigone.core.sortition.types import sort_targets

FORMAT = "antigone-commitment/1"
SECRET_BYTES = 32
MOST_FACES, MOST_THROWS, MOST_ROUNDS = 10**6, 1000, 1 << 32
"""More than anybody throws, or waits for: larger numbers are mistakes, or meant to keep a verifier busy."""

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Digits:
    """Dice or balls in public: `throws` numbers of `faces` (0 to faces - 1, the first one weighs most), at `event`."""

    event: str
    announced_at: datetime
    faces: int
    throws: int

    def describe(self) -> Document:
        """Give what is published about it."""
        return {
            "kind": "digits",
            "event": self.event,
            "announced_at": format_instant(self.announced_at),
            "faces": self.faces,
            "throws": self.throws,
        }


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a public beacon (drand): its instant follows from its number; `genesis` in seconds since 1970.

    `chain` is the hash of a chain in `beacons.CHAINS`; no other is believed.
    """

    chain: str
    genesis: int
    period: int
    number: int

    @property
    def announced_at(self) -> datetime:
        """The instant at which the round is published: the first round is that of the genesis."""
        return datetime.fromtimestamp(self.genesis, UTC) + timedelta(seconds=self.period * (self.number - 1))

    def describe(self) -> Document:
        """Give what is published about it."""
        return {
            "kind": "drand",
            "chain": self.chain,
            "genesis": self.genesis,
            "period": self.period,
            "round": self.number,
        }


Source = Digits | Round


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is published before the draw. `root` binds all the rest; each other hash tells which part was changed."""

    root: str
    pool: str
    targets: str
    panels: str
    people: int
    panel_count: int
    total_weight: int
    version: str
    source: Source
    committed_at: datetime

    def describe(self) -> Document:
        """Give the commitment as its published JSON."""
        return _describe(self) | {"root": self.root}


@dataclass(frozen=True, slots=True)
class Membership:
    """What one person is given to check that they are in the pool: their salt and the path to the pool's hash."""

    person: Person
    salt: str
    index: int
    path: tuple[str, ...]


def format_instant(instant: datetime) -> str:
    """Write an instant in UTC, to the second.

    >>> format_instant(datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2027-01-02T03:04:05Z'
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_round(chain: str, instant: datetime) -> Round:
    """Give the first round of a chain (its hash) that is published after an instant.

    Raises InvalidRandomness for a chain that is not known.

    >>> from antigone.core.sortition.beacons import QUICKNET
    >>> find_round(QUICKNET.hash, datetime(2027, 1, 1, tzinfo=UTC)).number
    35319413
    """
    known = _find_chain(chain)
    elapsed = (instant - datetime.fromtimestamp(known.genesis, UTC)) // timedelta(seconds=1)
    return Round(chain, known.genesis, known.period, max(1, elapsed // known.period + 2))


def commit(
    pool: Pool,
    targets: Targets,
    panels: Sequence[WeightedPanel],
    *,
    secret: bytes,
    version: str,
    source: Source,
    committed_at: datetime,
) -> Commitment:
    """Commit to a draw: hash what it depends on, before the randomness is known.

    `secret` (32 random bytes) makes the salts: keep it, it opens the commitment after the draw. People are in the
    order of ids, panels in the order given. Raise EarlyRandomness unless the randomness comes after
    `committed_at`, InvalidRandomness where it cannot choose among these panels.

    >>> from antigone.core.sortition.pool import Target
    >>> source = Digits("in the town hall", datetime(2027, 1, 2, tzinfo=UTC), 10, 1)
    >>> found = commit(
    ...     Pool((Person("a", {"f": "v"}), Person("b", {"f": "v"}))),
    ...     Targets(1, (Target("f", "v", 1, 1),)),
    ...     [WeightedPanel(("a",), 1), WeightedPanel(("b",), 1)],
    ...     secret=bytes(32), version="0.1.0", source=source, committed_at=datetime(2027, 1, 1, tzinfo=UTC),
    ... )
    >>> found.root[:8]
    '2c2a7095'
    """
    check_secret(secret)
    total = sum(panel.weight for panel in panels)
    check_source(source, total)
    check_instant(source.announced_at, committed_at)
    parts = Commitment(
        root="",
        pool=hash_pool(pool, secret),
        targets=hash_targets(targets),
        panels=hash_panels(panels, secret),
        people=len(pool.people),
        panel_count=len(panels),
        total_weight=total,
        version=version,
        source=source,
        committed_at=committed_at.astimezone(UTC).replace(microsecond=0),
    )
    return _seal(parts)


def check_commitment(
    commitment: Commitment, pool: Pool, targets: Targets, panels: Sequence[WeightedPanel], secret: bytes
) -> None:
    """Compare the opened data with what was committed to; raise BrokenCommitment naming the part that differs."""
    if not is_sealed(commitment):
        raise BrokenCommitment(part=Phrase(gettext_noop("commitment")))
    found = commit(
        pool,
        targets,
        panels,
        secret=secret,
        version=commitment.version,
        source=commitment.source,
        committed_at=commitment.committed_at,
    )
    for part in (gettext_noop("targets"), gettext_noop("panels"), gettext_noop("pool")):
        if getattr(found, part) != getattr(commitment, part):
            raise BrokenCommitment(part=Phrase(part))
    if found != commitment:
        raise BrokenCommitment(part=Phrase(gettext_noop("commitment")))


def is_sealed(commitment: Commitment) -> bool:
    """Tell whether the root of a commitment is that of its other parts."""
    return _seal(commitment).root == commitment.root


def check_secret(secret: bytes) -> None:
    """Raise InvalidRandomness unless a secret is of 32 bytes."""
    if len(secret) != SECRET_BYTES:
        raise InvalidRandomness(
            detail=Phrase(
                gettext_noop("the secret has {count} bytes, not {expected}"),
                count=len(secret),
                expected=SECRET_BYTES,
            )
        )


def check_instant(drawn_at: datetime, committed_at: datetime) -> None:
    """Raise EarlyRandomness unless randomness of `drawn_at` was still to come at `committed_at`."""
    if drawn_at <= committed_at:
        raise EarlyRandomness(drawn_at=format_instant(drawn_at), committed_at=format_instant(committed_at))


def prove_membership(pool: Pool, person_id: str, secret: bytes) -> Membership:
    """Give one person what proves that they are in the pool, and nothing about the others.

    Raises KeyError for an id that is not in the pool.
    """
    people = sorted(pool.people, key=lambda person: person.id)
    index = {person.id: number for number, person in enumerate(people)}[person_id]
    leaves = [_hash_person(person, _salt_person(secret, person)) for person in people]
    path = tuple(node.hex() for node in _find_path(leaves, index))
    return Membership(people[index], _salt_person(secret, people[index]), index, path)


def is_member(commitment: Commitment, membership: Membership) -> bool:
    """Tell whether a membership leads to the pool that was committed to."""
    leaf = _hash_person(membership.person, membership.salt)
    path = [bytes.fromhex(node) for node in membership.path]
    found = _climb(leaf, membership.index, commitment.people, path)
    return found is not None and found.hex() == commitment.pool


def hash_pool(pool: Pool, secret: bytes) -> str:
    """Hash the people of a pool, salted, in the order of ids."""
    people = sorted(pool.people, key=lambda person: person.id)
    return hash_tree([_hash_person(person, _salt_person(secret, person)) for person in people]).hex()


def hash_targets(targets: Targets) -> str:
    """Hash the size and the targets, in the order of features and values."""
    return _hash_leaf(_describe_targets(targets)).hex()


def hash_panels(panels: Sequence[WeightedPanel], secret: bytes) -> str:
    """Hash the panels, salted, in the order given."""
    return hash_tree([_hash_panel(number, panel, secret) for number, panel in enumerate(panels)]).hex()


def encode(document: object) -> bytes:
    """Write JSON the one way in which it is hashed."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_tree(leaves: Sequence[bytes]) -> bytes:
    """Hash leaves that are hashes themselves into one (RFC 6962 §2.1).

    >>> hash_tree([]).hex()[:8]
    'e3b0c442'
    """
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return _hash_pair(hash_tree(leaves[:half]), hash_tree(leaves[half:]))


def _split(count: int) -> int:
    """Give the largest power of two under a count."""
    return 1 << ((count - 1).bit_length() - 1)


def _hash_pair(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _hash_leaf(document: Document) -> bytes:
    return sha256(b"\x00" + encode(document)).digest()


def _find_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*_find_path(leaves[:half], index), hash_tree(leaves[half:])]
    return [*_find_path(leaves[half:], index - half), hash_tree(leaves[:half])]


def _climb(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes | None:
    if count <= 1 or not path:
        return leaf if count == 1 and not path and index == 0 else None
    half = _split(count)
    is_left = index < half
    inner = _climb(leaf, index if is_left else index - half, half if is_left else count - half, path[:-1])
    if inner is None:
        return None
    return _hash_pair(inner, path[-1]) if is_left else _hash_pair(path[-1], inner)


def _salt(secret: bytes, label: str) -> str:
    return hmac.new(secret, label.encode(), sha256).hexdigest()


def _salt_person(secret: bytes, person: Person) -> str:
    return _salt(secret, f"person {person.id}")


def _hash_person(person: Person, salt: str) -> bytes:
    return _hash_leaf(
        {
            "id": person.id,
            "features": dict(person.features),
            "household": person.household,
            "salt": salt,
        }
    )


def _hash_panel(number: int, panel: WeightedPanel, secret: bytes) -> bytes:
    return _hash_leaf(
        {
            "number": number,
            "members": sorted(panel.members),
            "weight": str(panel.weight),
            "salt": _salt(secret, f"panel {number}"),
        }
    )


def _describe_targets(targets: Targets) -> Document:
    items = [[t.feature, t.value, t.min, t.max] for t in sort_targets(targets).targets]
    return {"size": targets.size, "targets": items}


def _describe(parts: Commitment) -> Document:
    return {
        "format": FORMAT,
        "pool": parts.pool,
        "targets": parts.targets,
        "panels": parts.panels,
        "people": parts.people,
        "panel_count": parts.panel_count,
        "total_weight": str(parts.total_weight),
        "version": parts.version,
        "randomness": parts.source.describe(),
        "committed_at": format_instant(parts.committed_at),
    }


def _seal(parts: Commitment) -> Commitment:
    return replace(parts, root=_hash_leaf(_describe(parts)).hex())


def check_source(source: Source, total: int) -> None:
    """Raise InvalidRandomness where a source cannot choose one of `total` tickets, or is none that we know."""
    if total < 1:
        raise InvalidRandomness(detail=Phrase(gettext_noop("there is no panel to choose from")))
    if isinstance(source, Round):
        return _check_round(source)
    if not (2 <= source.faces <= MOST_FACES and 1 <= source.throws <= MOST_THROWS):
        words = gettext_noop("{throws} throws of {faces} faces choose nothing")
        raise InvalidRandomness(detail=Phrase(words, throws=source.throws, faces=source.faces))
    if source.faces**source.throws < total:
        words = gettext_noop("{throws} throws of {faces} faces cannot tell {total} tickets apart")
        raise InvalidRandomness(detail=Phrase(words, throws=source.throws, faces=source.faces, total=total))
    return None


def _check_round(source: Round) -> None:
    known = _find_chain(source.chain)
    if (source.genesis, source.period) != (known.genesis, known.period):
        raise InvalidRandomness(
            detail=Phrase(gettext_noop("the rounds of the beacon come at other instants"))
        )
    if not 1 <= source.number < MOST_ROUNDS:
        raise InvalidRandomness(
            detail=Phrase(gettext_noop("there is no round {number}"), number=source.number)
        )


def _find_chain(name: str) -> Chain:
    known = CHAINS.get(name)
    if known is None:
        raise InvalidRandomness(detail=Phrase(gettext_noop("the beacon “{name}” is not known"), name=name))
    return known
