"""Panels with weights, and what is proved of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from antigone.core.sortition.decompose import weigh_panels
from antigone.core.sortition.leximin import Level
from antigone.core.sortition.progress import Budget
from antigone.core.sortition.proof import Cut
from antigone.core.sortition.sampling import EFFORTS, herd_panels, open_stream
from antigone.core.sortition.types import Floats, Panels, Types

SMALL = 300
Bound = tuple[Floats, tuple[tuple[int, float], ...]]
"""Multipliers of rows, and of cuts."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Panels of types (J, T) with weights that sum to 1; the levels that are proved, and a bound for the others."""

    panels: Floats | Panels
    weights: Floats
    levels: Sequence[Level] = ()
    bound: Bound | None = None
    cuts: tuple[Cut, ...] = ()

    def prove(self, levels: Sequence[Level], bound: Bound | None = None) -> "Mixture":
        """Return the same mixture with what is proved of it."""
        return replace(self, levels=levels, bound=bound)


def realise_seats(types: Types, seats: Floats, seed: int, budget: Budget) -> tuple[Mixture | None, Floats]:
    """Return a mixture with exactly these expected seats, or None; and all panels that were found on the way."""
    stream = open_stream(seed)
    found = np.zeros((0, len(types)))
    for effort in EFFORTS:
        panels = herd_panels(types, seats, stream, effort, budget)
        weighed = weigh_panels(panels, seats, budget)
        if weighed is not None:
            return Mixture(*weighed), found
        found = np.vstack([found, panels])
        # A small pool is settled faster from inside and outside than by more panels.
        if len(types) <= SMALL or len(panels) < 0.02 * effort.multiple * len(types) or budget.is_spent:
            break
    return None, found
