"""Whom to call when members drop out: alternates chosen so that the targets are missed as little as can be expected.

After Assos, Baharav, Flanigan & Procaccia, "Alternates, assemble!" (EC 2025): drop-outs are drawn many times from
a model; in each case the alternates who help most take the free seats; those alternates are kept whose average loss
is smallest. The loss of a case is the number of seats by which targets are missed, plus the seats that stay empty.
The choice is greedy, then improved by exchanging one alternate at a time until no exchange helps on the cases drawn:
not proven to be the best, but compared, on fresh cases, with none and with the whole pool as alternates.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antigone.core.sortition.phrases import Say, fill, gettext_noop
from antigone.core.sortition.pool import Pool, Targets
from antigone.core.sortition.sampling import open_stream
from antigone.core.sortition.types import Counts, Floats, Types, collapse_pool, sort_targets

CASES = 200
ROUNDS = 3

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Alternate:
    """Somebody to call: in which share of the cases they take a seat, and the targets that they then save most."""

    id: str
    share: float
    saves: tuple[tuple[str, str], ...]

    def explain(self, say: Say = str) -> str:
        """Say why they were chosen.

        >>> Alternate("p7", 0.25, (("age", "18-29"),)).explain()
        'p7 takes a seat in 25 % of the cases, most of all for “18-29” (age)'
        """
        names = (
            fill(gettext_noop("“{value}” ({feature})"), {"value": value, "feature": feature}, say)
            for feature, value in self.saves
        )
        words = {"id": self.id, "percent": f"{100 * self.share:.0f}", "saves": ", ".join(names)}
        if not self.saves:
            return fill(gettext_noop("{id} takes a seat in {percent} % of the cases"), words, say)
        template = gettext_noop("{id} takes a seat in {percent} % of the cases, most of all for {saves}")
        return fill(template, words, say)


@dataclass(frozen=True, slots=True)
class Alternates:
    """The alternates in the order in which they were chosen, and the expected loss (seats) on fresh cases.

    `loss_without` is that without alternates, `loss_at_best` that with everybody of the pool as one.
    """

    alternates: tuple[Alternate, ...]
    loss: float
    loss_without: float
    loss_at_best: float


def choose_alternates(
    pool: Pool,
    targets: Targets,
    panel: Collection[str],
    number: int,
    *,
    dropout: float | Mapping[str, float] = 0.1,
    unavailable: Collection[str] = (),
    households: bool = False,
    seed: int = 0,
    cases: int = CASES,
) -> Alternates:
    """Choose `number` alternates (fewer where the pool has no more) for a panel (ids).

    `dropout` is the chance that a member drops out: one for all, or by id (0 where not given). With `households`,
    nobody lives with a member or with another alternate. Among people alike, `seed` chooses; the order of the pool
    changes nothing.

    >>> from antigone.core.sortition.pool import Person, Target
    >>> pool = Pool(tuple(Person(name, {"side": "north" if name < "c" else "south"}) for name in "abcd"))
    >>> targets = Targets(2, (Target("side", "north", 1, 1), Target("side", "south", 1, 1)))
    >>> found = choose_alternates(pool, targets, ["a", "c"], 1, dropout={"a": 0.5})
    >>> [alternate.id for alternate in found.alternates]
    ['b']
    """
    targets = sort_targets(targets)
    types = collapse_pool(pool, targets)
    stream = open_stream(seed)
    waiting = _Waiting(pool, types, panel, unavailable, stream, households=households)
    draws = [_draw_cases(pool, types, sorted(panel), dropout, cases, stream) for _ in range(2)]
    trial, fresh = (_Cases(types, *drawn) for drawn in draws)
    chosen = _choose(trial, waiting, number)
    everybody = [t for t, ids in enumerate(waiting.queues) for _ in range(min(len(ids), fresh.most_free))]
    return Alternates(
        tuple(_describe(trial, chosen, waiting.name(chosen), targets)),
        fresh.measure(chosen),
        fresh.measure([]),
        min(fresh.measure(everybody), fresh.measure(chosen)),
    )


class _Waiting:
    """Who may be an alternate: a queue for each type, one person of a household."""

    def __init__(
        self,
        pool: Pool,
        types: Types,
        panel: Collection[str],
        unavailable: Collection[str],
        stream: np.random.Generator,
        *,
        households: bool,
    ) -> None:
        home = {person.id: person.household for person in pool.people if person.household and households}
        taken = {home[name] for name in panel if name in home}
        type_of = {name: t for t, ids in enumerate(types.members) for name in ids}
        self.queues: list[list[str]] = [[] for _ in types.members]
        names = sorted(type_of)
        for place in stream.permutation(len(names)).tolist():
            name = names[place]
            if name in panel or name in unavailable or home.get(name, "") in taken:
                continue
            taken |= {home[name]} if name in home else set()
            self.queues[type_of[name]].append(name)

    def count(self) -> Counts:
        """How many people of each type (T,) wait."""
        return np.array([len(queue) for queue in self.queues], dtype=np.int64)

    def name(self, chosen: Sequence[int]) -> list[str]:
        """Give a person for each type chosen."""
        return [self.queues[t][chosen[:place].count(t)] for place, t in enumerate(chosen)]


def _draw_cases(
    pool: Pool,
    types: Types,
    panel: Sequence[str],
    dropout: float | Mapping[str, float],
    cases: int,
    stream: np.random.Generator,
) -> tuple[Floats, Counts]:
    """Draw who drops out; give what stays by rows (cases, rows) and how many seats are free (cases,)."""
    type_of = {name: t for t, ids in enumerate(types.members) for name in ids}
    chances = np.array(
        [dropout.get(name, 0.0) if isinstance(dropout, Mapping) else dropout for name in panel]
    )
    leaves = stream.random((cases, len(panel))) < chances
    rows = types.matrix[:, [type_of[name] for name in panel]].T
    return (~leaves).astype(float) @ rows, leaves.sum(axis=1)


class _Cases:
    """What stays of the panel in each case, and who takes the free seats."""

    def __init__(self, types: Types, stays: Floats, free: Counts) -> None:
        self.types, self.stays, self.free = types, stays, free
        self.most_free = int(free.max(initial=0))

    def seat(self, chosen: Sequence[int]) -> tuple[Floats, Counts, Bools]:
        """Give rows and free seats once alternates sit, and which of them do (cases, alternates).

        In each case the one who helps most sits first, while somebody helps.
        """
        rows, free = self.stays.copy(), self.free.copy()
        sits = np.zeros((len(free), len(chosen)), dtype=bool)
        for _ in range(min(self.most_free, len(chosen))):
            gains = self.measure_gains(rows, chosen)
            gains[sits | (free == 0)[:, None]] = -1.0
            best = gains.argmax(axis=1)
            cases = np.nonzero(gains.max(axis=1) > 0)[0]
            if not len(cases):
                break
            sits[cases, best[cases]] = True
            rows[cases] += self.types.matrix[:, np.array(chosen)[best[cases]]].T
            free[cases] -= 1
        return rows, free, sits

    def measure_gains(self, rows: Floats, chosen: Sequence[int] | Counts) -> Floats:
        """Give by how much the loss of each case shrinks when somebody of a type sits (cases, len(chosen))."""
        is_short = (rows < self.types.lower).astype(float)
        is_full = (rows >= self.types.upper).astype(float)
        # The size is the first row: one seat more is always one empty seat less, counted once.
        is_short[:, 0], is_full[:, 0] = 1.0, 0.0
        gains: Floats = (is_short - is_full) @ self.types.matrix[:, chosen]
        return gains

    def measure(self, chosen: Sequence[int]) -> float:
        """Give the average loss."""
        rows, free, _ = self.seat(chosen)
        missed = np.maximum(self.types.lower - rows, 0) + np.maximum(rows - self.types.upper, 0)
        return float((missed[:, 1:].sum(axis=1) + free).mean())


def _choose(cases: _Cases, waiting: _Waiting, number: int) -> list[int]:
    """Choose types: the one that helps most after those before it, then exchanges while they help."""
    chosen: list[int] = []
    for _ in range(min(number, int(waiting.count().sum()))):
        chosen.append(_find_best(cases, waiting, chosen))
    loss = cases.measure(chosen)
    for _ in range(ROUNDS):
        before = loss
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            trial = [*others[:place], _find_best(cases, waiting, others), *others[place:]]
            if (found := cases.measure(trial)) < loss - 1e-9:
                chosen, loss = trial, found
        if loss == before:
            break
    return chosen


def _find_best(cases: _Cases, waiting: _Waiting, chosen: Sequence[int]) -> int:
    """Give the type whose next person helps most once those chosen sit."""
    rows, free, _ = cases.seat(chosen)
    gains = np.maximum(cases.measure_gains(rows, np.arange(len(cases.types))), 0.0)
    total = gains[free > 0].sum(axis=0)
    total[np.bincount(np.array(chosen, dtype=np.int64), minlength=len(total)) >= waiting.count()] = -1.0
    return int(total.argmax())


def _describe(
    cases: _Cases, chosen: Sequence[int], names: Sequence[str], targets: Targets
) -> list[Alternate]:
    """Say of each alternate how often they sit, and which minima are short where they do."""
    _, _, sits = cases.seat(chosen)
    is_short = cases.stays < cases.types.lower
    described = []
    for place, (t, name) in enumerate(zip(chosen, names, strict=True)):
        saved = is_short[sits[:, place]].sum(axis=0) * cases.types.matrix[:, t]
        order = sorted(
            (row for row in range(1, len(targets.targets) + 1) if saved[row]),
            key=lambda row: (-saved[row], row),
        )
        saves = tuple((targets.targets[row - 1].feature, targets.targets[row - 1].value) for row in order[:2])
        described.append(Alternate(name, float(sits[:, place].mean()), saves))
    return described
