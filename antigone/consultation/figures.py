"""A drawn picture → the figures that everybody may read: counts, never a participant, never an exact place of one."""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from antigone.core.opinion import Picture, StatementFigures

FORMAT = "antigone-picture/1"
# Cells of the map along its longer side, fewest and most: they follow √people, so that few are alone in theirs.
GRID = (8, 24)
STEPS = (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.4, 8, 10)
Cell = tuple[int, int]
# Fewer people than this are not counted in public.
LEAST_PEOPLE = 5


def describe_figures(
    drawn: Picture, shown: Collection[int], important: Mapping[int, int], channels: Mapping[str, int]
) -> dict[str, Any]:
    """Describe a picture; only statements that are `shown` (by number) are in it, whatever was voted on.

    `important` counts by statement the participants to whom it is important.
    """
    described = [drawn.describe_column(column) for column in range(len(drawn.votes.statements))]
    statements = [one for one in described if one.statement in shown]
    names = drawn.groups.names
    return {
        "format": FORMAT,
        "participation": _describe_participation(drawn, statements),
        "clear_groups": drawn.groups.are_clear,
        "silhouette": drawn.groups.silhouette,
        "group_sizes": {str(name): size for name, size in drawn.groups.sizes.items()},
        "consensus": {"agree": [*drawn.consensus.agree], "disagree": [*drawn.consensus.disagree]},
        "shared": {"agree": [*drawn.shared.agree], "disagree": [*drawn.shared.disagree]},
        "divisive": [*drawn.divisive],
        "representative": {
            str(name): [{**asdict(one), "score": one.score} for one in drawn.representative[name]]
            for name in names
        },
        "statements": {
            str(one.statement): _describe_statement(one, important.get(one.statement, 0))
            for one in statements
        },
        "map": describe_map(drawn),
        "channels": dict(channels),
    }


def _describe_participation(drawn: Picture, statements: Collection[StatementFigures]) -> dict[str, Any]:
    """Count what is shown: votes on statements that were taken out since are nobody's business."""
    votes = sum(one.votes for one in statements)
    possible = drawn.participation.participants * len(statements)
    return {
        "participants": drawn.participation.participants,
        "grouped": drawn.participation.grouped,
        "statements": len(statements),
        "votes": votes,
        "agrees": sum(one.agrees for one in statements),
        "disagrees": sum(one.disagrees for one in statements),
        "passes": sum(one.passes for one in statements),
        "median_votes": drawn.participation.median_votes,
        "filled": votes / possible if possible else 0.0,
    }


def _describe_statement(one: StatementFigures, important: int) -> dict[str, Any]:
    groups = {
        str(name): {
            "agrees": agrees,
            "disagrees": disagrees,
            "passes": passes,
            "votes": agrees + disagrees + passes,
        }
        for name, (agrees, disagrees, passes) in one.groups.items()
    }
    return {
        "out": one.is_out,
        "votes": one.votes,
        "agrees": one.agrees,
        "disagrees": one.disagrees,
        "passes": one.passes,
        "important": important,
        "groups": groups,
        "group_aware_consensus": one.consensus_agree,
        "group_aware_consensus_disagree": one.consensus_disagree,
        "gap": one.gap,
        "split": one.split,
        "extremity": one.extremity,
        "priority": one.priority,
        "position": list(one.position),
    }


def describe_map(drawn: Picture) -> dict[str, Any]:
    """Count the people of each group in each cell of a grid: `cells` are [x, y (centre), group, people].

    The grid is laid on round numbers, so that nobody at the edge fixes it; nobody is alone in a cell: who would be is
    counted in the nearest cell of the same group.
    """
    is_grouped = drawn.groups.labels >= 0
    points, labels = drawn.map.participants[is_grouped], drawn.groups.labels[is_grouped]
    extent = float((points.max(axis=0) - points.min(axis=0)).max()) if len(points) else 0.0
    count = min(max(round(1.5 * len(points) ** 0.5), GRID[0]), GRID[1])
    side = _round_up(extent / count) if extent > 0 else 1.0
    cells: list[list[float]] = []
    for name in drawn.groups.names:
        steps = (points[labels == name] // side).astype(int).tolist()
        counts = _gather_lonely(Counter((x, y) for x, y in steps))
        cells += [
            [(x + 0.5) * side, (y + 0.5) * side, name, people] for (x, y), people in sorted(counts.items())
        ]
    return {"side": side, "cells": cells}


def _round_up(value: float) -> float:
    """Round up to one of the ten steps between two powers of ten.

    >>> round(_round_up(0.13), 9), _round_up(3.0)
    (0.16, 3.2)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return float(next(step * power for step in STEPS if step * power >= value * (1 - 1e-9)))


def _gather_lonely(counts: Counter[Cell]) -> Counter[Cell]:
    """Move who is alone in a cell to the nearest one with others; where there is none, all to one cell amid them."""
    crowds = Counter({cell: people for cell, people in counts.items() if people > 1})
    if not crowds:
        middle = sorted(counts)[len(counts) // 2]
        return Counter({middle: counts.total()})
    for x, y in sorted(cell for cell, people in counts.items() if people == 1):
        crowds[min(crowds, key=lambda cell: ((cell[0] - x) ** 2 + (cell[1] - y) ** 2, cell))] += 1
    return crowds
