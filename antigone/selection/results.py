"""What a computation found: packed for the database, opened again, summed up for pages."""

import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.http import Http404

from antigone.core.sortition import Distribution, Lottery, Pool, Target, Targets
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.explanations import Sensitivity, measure_crossings
from antigone.selection.models import Computation, ComputedFile

# The fastest of gzip's levels that still makes a certificate eight times smaller.
LEVEL = 5
BINS = 20
RAREST = 12

Data = dict[str, Any]


def pack(document: Mapping[str, Any]) -> bytes:
    """Write JSON, compressed; the same document gives the same bytes."""
    return pack_bytes(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def pack_bytes(data: bytes) -> bytes:
    """Compress a document that is written already."""
    return gzip.compress(data, LEVEL, mtime=0)


def open_file(computation: Computation, kind: str) -> Data:
    """Give a file of a result; raise Http404 where there is none."""
    data: Data = json.loads(read_file(computation, kind))
    return data


def read_file(computation: Computation, kind: str) -> bytes:
    """Give the JSON of a file of a result; raise Http404 where there is none."""
    file = ComputedFile.objects.filter(computation=computation, kind=kind).first()
    if file is None:
        raise Http404
    return gzip.decompress(bytes(file.data))


def read_panels(computation: Computation) -> list[WeightedPanel]:
    """Give the panels that a lot is drawn among: those of the lottery, else of the distribution."""
    if computation.lottery_size:
        panels = open_file(computation, ComputedFile.Kind.LOTTERY)["panels"]
        return [WeightedPanel(tuple(members), 1) for members in panels]
    return [
        WeightedPanel(tuple(panel["members"]), panel["weight"])
        for panel in open_file(computation, ComputedFile.Kind.CERTIFICATE)["panels"]
    ]


def read_targets(certificate: Data) -> Targets:
    """Give the targets that a certificate is for."""
    rows = (Target(row["feature"], row["value"], row["min"], row["max"]) for row in certificate["targets"])
    return Targets(certificate["size"], tuple(rows))


def describe_sensitivity(found: Sensitivity) -> Data:
    """Give prices as JSON that `read_sensitivity` reads."""
    return {
        "targets": [_list_target(target) + _list_target(changed)[2:] for target, changed in found.targets],
        "chances": found.chances.tolist(),
        "changed": [None if chances is None else chances.tolist() for chances in found.changed],
        "type_of": dict(found.type_of),
    }


def read_sensitivity(data: Data) -> Sensitivity:
    """Give the prices that `describe_sensitivity` described."""
    return Sensitivity(
        tuple(
            (Target(feature, value, low, high), Target(feature, value, new_low, new_high))
            for feature, value, low, high, new_low, new_high in data["targets"]
        ),
        np.array(data["chances"]),
        tuple(None if chances is None else np.array(chances) for chances in data["changed"]),
        data["type_of"],
    )


def summarise(pool: Pool, found: Distribution, lottery: Lottery | None) -> Data:
    """Give what pages show of a result: chances, histogram, lottery, crossings."""
    chances = sorted(found.certificate["probabilities"].values())
    able = [chance for chance in chances if chance > 0]
    reach = min(able[-1], max(3 * found.certificate["size"] / len(chances), able[int(0.98 * len(able))]))
    width = choose_width(reach)
    last = int(reach / width)
    counted = Counter(min(int(chance / width), last) for chance in able)
    return {
        "status": found.status,
        "gap": found.gap,
        "minimum": able[0],
        "maximum": able[-1],
        "panels": len(found.panels),
        "excluded": [name for name, chance in found.certificate["probabilities"].items() if chance == 0],
        "width": width,
        # Few have far more than the others: the last bar holds all of them.
        "bins": [counted[place] for place in range(last + 1)],
        "lottery": lottery and _sum_lottery(lottery),
        "crossings": _sum_crossings(pool, found),
    }


def choose_width(most: float) -> float:
    """Give the width of the bars of a histogram from 0 to `most`: a round number, about twenty bars.

    >>> choose_width(0.4), choose_width(1.0)
    (0.02, 0.05)
    """
    widths = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
    return next((width for width in widths if most / width <= BINS), widths[-1])


def count_alone(rows: Sequence[Mapping[str, str]]) -> int:
    """Count the people whom nobody else is like: their combination of values says who they are.

    >>> count_alone([{"age": "18-29"}, {"age": "30+"}, {"age": "30+"}])
    1
    """
    alike = Counter(tuple(sorted(features.items())) for features in rows)
    return sum(1 for count in alike.values() if count == 1)


def _list_target(target: Target) -> list[Any]:
    return [target.feature, target.value, target.min, target.max]


def _sum_lottery(lottery: Lottery) -> Data:
    return {
        "number": len(lottery.panels),
        "minimum": lottery.minimum,
        "best_minimum": lottery.best_minimum,
        "outside": len(lottery.outside),
    }


def _sum_crossings(pool: Pool, found: Distribution) -> Data:
    """Count the pairs of values that somebody has; list those that the panels hold least often."""
    crossings = measure_crossings(pool, found.panels)
    rare = sorted(crossings, key=lambda crossing: (crossing.presence, crossing.first, crossing.second))
    return {
        "number": len(crossings),
        "always": sum(1 for crossing in crossings if crossing.presence == 1),
        "never": sum(1 for crossing in crossings if crossing.presence == 0),
        "rarest": [
            {
                "first": list(crossing.first),
                "second": list(crossing.second),
                "people": crossing.people,
                "seats": float(crossing.seats),
                "presence": float(crossing.presence),
            }
            for crossing in rare[:RAREST]
        ],
    }
