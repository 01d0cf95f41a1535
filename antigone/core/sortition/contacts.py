"""Whom to contact: a stratified draw among the rows of a register, that can be made again from hashes alone.

Each row is hashed with a salt of its own, and all rows into one root (RFC 6962), which is published before the seed is
known. A row's rank is the SHA-256 of the seed and its number in the file: the same file and the same seed give the
same contacts, on any machine. Once the salts are destroyed the hashes say nothing of anybody, and the draw can still
be made again: number, stratum and household mark of each row are bound to the root beside its hash.
"""

import heapq
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from antigone.core.sortition.commitments import encode
from antigone.core.sortition.phrases import Say, fill, gettext_noop

MARK_BYTES = 8
# How many more rows of a stratum are looked at than it needs, since some share a household.
SPARE_ROWS = 16


@dataclass(frozen=True, slots=True)
class Row:
    """What stays of one row for ever: `hash` is salted; `household` is a keyed mark, empty for who lives alone."""

    number: int
    stratum: str
    household: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Quota:
    """How many are contacted in a stratum, of how many: `whole` by proportion, one more by largest remainder or not."""

    stratum: str
    rows: int
    whole: int
    remainder: int
    contacts: int

    def explain(self, say: Say = str) -> str:
        """Say why the quota is what it is.

        >>> print(share_contacts({"north": 2, "south": 1}, 2)[0].explain())
        north: 2 rows; 1 by proportion, 1 in all (its remainder is too small for one more).
        """
        if not self.remainder:
            template = gettext_noop("{stratum}: {rows} rows; {contacts} by proportion, a whole number.")
        elif self.contacts > self.whole:
            template = gettext_noop(
                "{stratum}: {rows} rows; {whole} by proportion, {contacts} in all "
                "(its remainder is among the largest: one more)."
            )
        else:
            template = gettext_noop(
                "{stratum}: {rows} rows; {whole} by proportion, {contacts} in all "
                "(its remainder is too small for one more)."
            )
        params = {
            "stratum": self.stratum or "—",
            "rows": self.rows,
            "whole": self.whole,
            "contacts": self.contacts,
        }
        return fill(template, params, say)


def share_contacts(rows: Mapping[str, int], size: int) -> tuple[Quota, ...]:
    """Share `size` contacts among strata in proportion to their rows, by largest remainder, in whole numbers.

    Of equal remainders the larger stratum wins, then the first by name. No stratum is asked for more than it has.
    Raise ValueError for a size under 0 or over the number of rows.

    >>> [quota.contacts for quota in share_contacts({"a": 50, "b": 30, "c": 20}, 5)]
    [3, 1, 1]
    """
    total = sum(rows.values())
    if not 0 <= size <= total:
        raise ValueError(f"{size} contacts cannot be drawn among {total} rows")
    parts = {stratum: divmod(size * count, total) if total else (0, 0) for stratum, count in rows.items()}
    order = sorted(rows, key=lambda stratum: (-parts[stratum][1], -rows[stratum], stratum))
    more = set(order[: size - sum(whole for whole, _ in parts.values())])
    return tuple(
        Quota(stratum, rows[stratum], whole, remainder, whole + (stratum in more))
        for stratum, (whole, remainder) in sorted(parts.items())
    )


def rank_row(seed: str, number: int) -> bytes:
    """Give the rank of a row: 32 bytes, compared as they are; the smallest ranks are contacted.

    >>> rank_row("417", 1).hex()[:8] == rank_row("417", 1).hex()[:8] != rank_row("418", 1).hex()[:8]
    True
    """
    return sha256(f"antigone contacts {len(seed)} {seed} {number}".encode()).digest()


def choose_rows(
    read_rows: Callable[[], Iterable[tuple[int, str, str]]],
    quotas: Mapping[str, int],
    seed: str,
    *,
    one_per_household: bool = False,
) -> list[int]:
    """Give the numbers of the rows contacted, in order: of each stratum, as many of the smallest ranks as its quota.

    `read_rows` gives number, stratum and household mark of every row, as often as it is called; memory depends on the
    quotas, not on the rows. With `one_per_household`, rows are taken in the order of ranks, all strata together, and
    who shares a household with somebody taken is passed over; a stratum may then stay short.

    >>> choose_rows(lambda: [(1, "a", ""), (2, "a", ""), (3, "b", "")], {"a": 1, "b": 1}, "417")
    [1, 3]
    """
    spare = SPARE_ROWS if one_per_household else 0
    while True:
        candidates, is_cut = _find_smallest(read_rows(), quotas, seed, spare)
        taken, short = _take(candidates, quotas, one_per_household=one_per_household)
        if not (short & is_cut):
            return sorted(taken)
        spare = 2 * spare + max(quotas.values())


def _find_smallest(
    rows: Iterable[tuple[int, str, str]], quotas: Mapping[str, int], seed: str, spare: int
) -> tuple[list[tuple[bytes, int, str, str]], set[str]]:
    """Give the rows of smallest rank of each stratum, in the order of ranks, and the strata of which more is left."""
    # A heap of the smallest keeps its largest on top: ranks are turned round.
    heaps: dict[str, list[tuple[int, int, str]]] = {stratum: [] for stratum, quota in quotas.items() if quota}
    cut: set[str] = set()
    for number, stratum, household in rows:
        heap = heaps.get(stratum)
        if heap is None:
            continue
        entry = (-int.from_bytes(rank_row(seed, number), "big"), number, household)
        if len(heap) < quotas[stratum] + spare:
            heapq.heappush(heap, entry)
        else:
            cut.add(stratum)
            heapq.heappushpop(heap, entry)
    found = [
        ((-turned).to_bytes(32, "big"), number, stratum, household)
        for stratum, heap in heaps.items()
        for turned, number, household in heap
    ]
    return sorted(found), cut


def _take(
    candidates: Sequence[tuple[bytes, int, str, str]], quotas: Mapping[str, int], *, one_per_household: bool
) -> tuple[list[int], set[str]]:
    left, homes, taken = dict(quotas), set[str](), []
    for _rank, number, stratum, household in candidates:
        if not left[stratum] or (one_per_household and household in homes):
            continue
        left[stratum] -= 1
        taken.append(number)
        if household:
            homes.add(household)
    return taken, {stratum for stratum, missing in left.items() if missing}


def hash_cells(secret: bytes, number: int, cells: Mapping[str, str]) -> bytes:
    """Hash what is kept of a row with the salt that the secret gives it; without the secret nobody can guess it."""
    salt = hmac.digest(secret, f"contact {number}".encode(), sha256)
    return sha256(b"\x00" + salt + encode(dict(cells))).digest()


def mark_household(secret: bytes, address: str) -> str:
    """Give the mark shared by the rows of one address, told by nobody without the secret; nothing for no address.

    >>> mark_household(bytes(32), "12 rue haute") == mark_household(bytes(32), "12 rue haute")
    True
    """
    if not address:
        return ""
    return hmac.digest(secret, f"household {address}".encode(), sha256)[:MARK_BYTES].hex()


class RunningRoot:
    """The root of a tree whose leaves come one by one; memory grows with its height alone.

    >>> root = RunningRoot()
    >>> root.add(Row(1, "north", "", bytes(32)))
    >>> root.count, len(root.finish())
    (1, 64)
    """

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, row: Row) -> None:
        """Add one row."""
        fields = {"number": row.number, "stratum": row.stratum, "household": row.household}
        leaf = sha256(b"\x00" + encode(fields | {"hash": row.hash.hex()})).digest()
        self.add_leaf(leaf)

    def add_leaf(self, leaf: bytes) -> None:
        """Add the hash of a leaf; peaks of one height are joined at once."""
        self.count += 1
        height = 0
        while self._peaks and self._peaks[-1][0] == height:
            leaf = sha256(b"\x01" + self._peaks.pop()[1] + leaf).digest()
            height += 1
        self._peaks.append((height, leaf))

    def finish(self) -> str:
        """Give the root in hexadecimal, as `commitments.hash_tree` would of all the leaves at once."""
        if not self._peaks:
            return sha256(b"").hexdigest()
        *left, (_, root) = self._peaks
        for _, peak in reversed(left):
            root = sha256(b"\x01" + peak + root).digest()
        return root.hex()


@dataclass(frozen=True, slots=True)
class ContactDraw:
    """A draw of contacts as it was announced: what its rows are checked against."""

    root: str
    seed: str
    size: int
    one_per_household: bool
    contacted: frozenset[int]


def verify_contacts(read_rows: Callable[[], Iterable[Row]], draw: ContactDraw) -> tuple[bool, bool]:
    """Tell whether the rows are those of the root, and whether the seed gives the contacts; needs no personal data."""
    root, counts = RunningRoot(), Counter[str]()
    for row in read_rows():
        root.add(row)
        counts[row.stratum] += 1
    if not 0 <= draw.size <= root.count:
        return root.finish() == draw.root, False
    quotas = {quota.stratum: quota.contacts for quota in share_contacts(counts, draw.size)}
    chosen = choose_rows(
        lambda: ((row.number, row.stratum, row.household) for row in read_rows()),
        quotas,
        draw.seed,
        one_per_household=draw.one_per_household,
    )
    return root.finish() == draw.root, frozenset(chosen) == draw.contacted
