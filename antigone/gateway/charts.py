"""What was used, day by day and by kind, as numbers that templates draw; each picture comes with its table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

WIDTH, HEIGHT = 640, 160


@dataclass(slots=True)
class Sums:
    """What some requests used together; energy by how it is known, never added up."""

    name: str = ""
    requests: int = 0
    refused: int = 0
    failed: int = 0
    tokens: int = 0
    energy: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, row: Mapping[str, Any]) -> None:
        """Add sums of an hour."""
        self.requests += row["requests"]
        self.refused += row["refused"]
        self.failed += row["failed"]
        self.tokens += row["prompt"] + row["output"]
        self.energy[row["method"]] += row["energy"] or 0.0

    @property
    def measured_wh(self) -> float:
        return self.energy.get("measured", 0.0)

    @property
    def estimated_wh(self) -> float:
        return self.energy.get("estimated", 0.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """The requests of one day: where its bar stands, how tall it is."""

    day: date
    sums: Sums
    x: float
    width: float
    height: float

    @property
    def y(self) -> float:
        return HEIGHT - self.height


def draw_days(rows: Iterable[Mapping[str, Any]], first: date, last: date) -> list[Bar]:
    """Draw a bar for each day from first to last, those without requests too."""
    days = {first + timedelta(days=number): Sums() for number in range((last - first).days + 1)}
    for row in rows:
        if row["day"] in days:
            days[row["day"]].add(row)
    most = max([1, *(sums.requests for sums in days.values())])
    width = WIDTH / max(1, len(days))
    return [
        Bar(day, sums, number * width + width * 0.1, width * 0.8, HEIGHT * sums.requests / most)
        for number, (day, sums) in enumerate(days.items())
    ]


def sum_by(rows: Iterable[Mapping[str, Any]], name: str) -> list[Sums]:
    """Sum by the name of something, those that ask most first."""
    found: dict[str, Sums] = {}
    for row in rows:
        found.setdefault(row[name], Sums(row[name])).add(row)
    return sorted(found.values(), key=lambda sums: (-sums.requests, sums.name))


def sum_all(rows: Iterable[Mapping[str, Any]]) -> Sums:
    """Sum all of it."""
    whole = Sums()
    for row in rows:
        whole.add(row)
    return whole
