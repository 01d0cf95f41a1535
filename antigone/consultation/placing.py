"""Where one participant stands on a picture drawn before, from their own votes alone: at once, and for them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from antigone.consultation.models import Picture
from antigone.core.opinion import Picture as Drawn
from antigone.core.opinion.clustering import find_cells, lay_grid
from antigone.core.opinion.map import find_least_votes, place_votes


@dataclass(frozen=True, slots=True)
class Standing:
    """A place on the map; `group` is None without clear ones, or while `missing` votes are needed for one."""

    x: float
    y: float
    group: int | None
    enough: bool
    missing: int


def describe_placing(drawn: Drawn) -> dict[str, Any]:
    """Write down what `place` needs of a picture: means, axes and centres, nobody's votes."""
    drawn_map, groups = drawn.map, drawn.groups
    points = {name: drawn_map.participants[groups.labels == name].mean(axis=0) for name in groups.names}
    # The most active are grouped even where all voted little: who voted as much as they did is, too.
    grouped = drawn.votes.lengths[groups.labels >= 0]
    least = find_least_votes(drawn_map.width)
    return {
        "statements": drawn.votes.statements.tolist(),
        "means": drawn_map.means.tolist(),
        "axes": drawn_map.components.tolist(),
        "zeroed": np.flatnonzero(drawn_map.is_zeroed).tolist(),
        "width": drawn_map.width,
        "least": min(least, int(grouped.min())) if len(grouped) else least,
        "centres": {str(name): point.tolist() for name, point in points.items()},
        "grid": _describe_grid(drawn) if groups.are_clear else None,
    }


def _describe_grid(drawn: Drawn) -> dict[str, Any]:
    """Write down which group each cell of the map is in: people of one cell are in one group, as they were found."""
    is_grouped = drawn.groups.labels >= 0
    points = drawn.map.participants[is_grouped]
    corner, side = lay_grid(points)
    cells = find_cells(points, corner, side).tolist()
    labels = drawn.groups.labels[is_grouped].tolist()
    return {
        "corner": corner.tolist(),
        "side": side,
        "cells": {str(cell): label for cell, label in sorted(set(zip(cells, labels, strict=True)))},
    }


def place(picture: Picture, votes: Mapping[int, int]) -> Standing:
    """Place somebody on a picture by their votes (statement number → 1, 0 or -1), with the group of who stands there.

    Votes on statements that the picture does not know yet move nobody, and count among those needed.
    """
    known = picture.placing
    missing = max(0, known.get("least", find_least_votes(7)) - len(votes))
    if not known:
        return Standing(0.0, 0.0, None, missing == 0, missing)
    columns = {number: column for column, number in enumerate(known["statements"])}
    is_zeroed = np.zeros(len(columns), dtype=bool)
    is_zeroed[known["zeroed"]] = True
    x, y = place_votes(
        {columns[number]: value for number, value in votes.items() if number in columns},
        np.array(known["means"], dtype=np.float64),
        np.array(known["axes"], dtype=np.float64).reshape(-1, 2),
        is_zeroed,
        known["width"],
    )
    group = _find_group(known, x, y) if known["grid"] and not missing else None
    return Standing(x, y, group, missing == 0, missing)


def _find_group(known: Mapping[str, Any], x: float, y: float) -> int:
    """Give the group of a cell of the map; where nobody stands yet, the group around the nearest point."""
    grid = known["grid"]
    (cell,) = find_cells(np.array([[x, y]]), np.array(grid["corner"]), grid["side"]).tolist()
    if str(cell) in grid["cells"]:
        return int(grid["cells"][str(cell)])
    centres: Mapping[str, list[float]] = known["centres"]
    return min((int(name) for name in centres), key=lambda name: _square(centres[str(name)], x, y))


def _square(centre: list[float], x: float, y: float) -> float:
    return (centre[0] - x) ** 2 + (centre[1] - y) ** 2
