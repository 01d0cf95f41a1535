"""Where participants and statements stand in the plane in which opinions differ most (principal components).

The formulas are Polis's (`pca.clj`, `conversation.clj`), on all votes that hold; statements out of the picture
(rejected by moderation, or about the consultation itself) count as voted on by everybody, with no weight.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from antigone.core.opinion.gram import Gram
from antigone.core.opinion.votes import Flags, Floats, Integers, Votes


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """The plane: `components` (C, 2), `means` (C,) of the votes, `eigenvalues` (2,) of AᵀA, whose trace is `spread`.

    `participants` (N, 2) and `positions` (C, 2) are points; `extremity` (C,) is how far a statement is from the
    centre. What is out of the picture, or was never voted on, is at the centre. `alignment` says how many statements'
    worth of opinions move together along the first axis, `chance` how many would if votes had nothing to do with each
    other (see `measure_alignment`). `width` statements were voted on, of which those `is_zeroed` (C,) are out.
    """

    means: Floats
    components: Floats
    eigenvalues: Floats
    spread: float
    alignment: float
    chance: float
    participants: Floats
    positions: Floats
    extremity: Floats
    is_zeroed: Flags
    width: int

    @property
    def is_structured(self) -> bool:
        """Whether opinions move together more than chance alone would have them."""
        return self.alignment > self.chance


def draw_map(votes: Votes, gram: Gram, is_out: Flags, before: Floats | None = None) -> OpinionMap:
    """Draw the map of votes; `is_out` (C,) are the statements out of the picture.

    Each axis points where the statement that weighs most on it has agreement on the positive side (of several alike
    the first one), or, with the components of the picture before, where it pointed then.
    """
    count = len(votes.statements)
    voted = np.diagonal(gram.products)[count:]
    sums = np.diagonal(gram.products[count:, :count])
    means = np.where(voted > 0, sums / np.maximum(voted, 1), 0.0)
    active = np.flatnonzero((voted > 0) & ~is_out)
    product = gram.covariance(active)
    components, eigenvalues = np.zeros((count, 2)), np.zeros(2)
    if len(active):
        values, vectors = np.linalg.eigh(product)
        kept = min(2, len(active))
        eigenvalues[:kept] = np.maximum(values[::-1][:kept], 0.0)
        components[active, :kept] = vectors[:, ::-1][:, :kept]
        # Rounding makes up directions where votes do not differ at all.
        components[:, eigenvalues <= 1e-9 * max(eigenvalues[0], 1.0)] = 0.0
    components = components * _choose_signs(components, before) + 0.0  # no -0.0
    alignment, chance = measure_alignment(gram, active, components[active, 0], float(eigenvalues[0]), product)
    width = int((voted > 0).sum())
    is_zeroed = is_out & (voted > 0)
    positions = np.sqrt(width) * (1.0 - means)[:, None] * components
    return OpinionMap(
        means=means,
        components=components,
        eigenvalues=eigenvalues,
        spread=float(np.trace(product)),
        alignment=alignment,
        chance=chance,
        participants=_place_participants(votes, means, components, is_zeroed, width),
        positions=positions,
        extremity=np.sqrt((positions**2).sum(axis=1)),
        is_zeroed=is_zeroed,
        width=width,
    )


def measure_alignment(
    gram: Gram, active: Integers, axis: Floats, eigenvalue: float, covariance: Floats
) -> tuple[float, float]:
    """Measure how many statements move together along the first axis, and how many would by chance.

    On statements scaled to one variance, λ₁ / Σ w² · AᵀA (diagonal), at most the largest eigenvalue of their
    correlations; for k statements and n participants whose votes are independent that one is under (1 + √(k / n))² but
    for rare exceptions (Marčenko and Pastur 1967). Where votes are missing n is what the overlaps leave of it: a
    correlation varies as 1 / n, the mean of Bᵀ B / (nⱼ nₖ) weighted by what each statement adds to the axis.
    """
    count = len(gram.products) // 2
    shares = axis**2 * np.diagonal(covariance)
    total = float(shares.sum())
    if len(active) < 2 or total <= 0:
        return 0.0, 1.0
    shares = shares / total
    both = gram.products[np.ix_(active + count, active + count)].astype(np.float64)
    voted = np.diagonal(both)
    weights = shares / voted
    overlap = float(weights @ both @ weights - (weights**2 * voted).sum())
    people = (1 - float((shares**2).sum())) / max(overlap, 1e-12)
    return eigenvalue / total, float((1 + np.sqrt(len(active) / max(people, 1e-12))) ** 2)


def _choose_signs(components: Floats, before: Floats | None) -> Floats:
    """Give 1 or -1 for each component."""
    if not len(components):
        return np.ones(2)
    # Rounded, so that of two loadings that are equal in truth the first one decides.
    heaviest = np.abs(components).round(9).argmax(axis=0)
    signs = np.where(components[heaviest, np.arange(2)] < 0, -1.0, 1.0)
    if before is not None:
        turned = (components * before).sum(axis=0)
        signs = np.where(np.abs(turned) > 1e-9, np.where(turned < 0, -1.0, 1.0), signs)
    return signs


def _place_participants(
    votes: Votes, means: Floats, components: Floats, is_zeroed: Flags, width: int
) -> Floats:
    """Project each participant's votes less the means; who voted little is moved out in proportion."""
    if not len(votes.participants):
        return np.zeros((0, 2))
    weights = components[:, 0] + 1j * components[:, 1]
    table = (np.array([-1.0, 0.0, 1.0]) - means[:, None]) * weights[:, None]
    points = np.add.reduceat(table.reshape(-1)[votes.codes], votes.starts[:-1])
    open_votes = np.add.reduceat((~is_zeroed)[votes.columns].astype(np.int64), votes.starts[:-1])
    points *= np.sqrt(width / np.maximum(open_votes + int(is_zeroed.sum()), 1))
    return np.column_stack([points.real, points.imag])


def place_votes(
    votes: Mapping[int, int], means: Floats, components: Floats, is_zeroed: Flags, width: int
) -> tuple[float, float]:
    """Place one participant on a map drawn before, bit for bit as the map does; `votes` are by column of its arrays.

    >>> place_votes({0: 1}, np.array([0.5]), np.array([[1.0, 0.0]]), np.array([False]), 4)
    (1.0, 0.0)
    """
    columns = np.array(sorted(votes), dtype=np.int32)
    one = Votes(
        participants=np.zeros(min(len(columns), 1), dtype=np.int64),
        statements=np.arange(len(means)),
        starts=np.array([0, len(columns)] if len(columns) else [0], dtype=np.int64),
        columns=columns,
        values=np.array([votes[column] for column in columns.tolist()], dtype=np.int8),
    )
    points = _place_participants(one, means, components, is_zeroed, width)
    return (float(points[0, 0]), float(points[0, 1])) if len(points) else (0.0, 0.0)


def find_least_votes(count: int) -> int:
    """Say on how many of the `count` statements voted on somebody votes to be in a group."""
    return min(7, max(count, 1))


def choose_clustered(votes: Votes, count: int) -> Flags:
    """Say who voted enough to be in a group: on 7 of the `count` statements voted on, or on all where they are fewer.

    Where these are fewer than 15 people, the most active join them (of equals, those of the lowest identifiers).
    """
    enough: Flags = votes.lengths >= find_least_votes(count)
    if enough.sum() < 15:
        most: Integers = np.argsort(-votes.lengths, kind="stable")[:15]
        enough = enough.copy()
        enough[most] = True
    return enough
