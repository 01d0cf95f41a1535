"""What the commands of the draw print: for people as tables, for programs as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from antigone.core.sortition import Alternates, Diagnosis, Distribution, Lottery, Pool, Targets
from antigone.core.sortition.conflicts import Bound, Conflict
from antigone.core.sortition.explanations import Sensitivity
from antigone.core.sortition.phrases import say_percent
from antigone.core.sortition.types import sort_targets

BARS = 10
"""Into how many parts the chances are cut for the histogram."""
WIDTH = 40
MOVES = 1e-9
"""A smaller change of a chance is none."""
NAMED = 20
"""How many people are named before the others are only counted."""


def describe_diagnosis(found: Diagnosis) -> dict[str, Any]:
    """Give a diagnosis as JSON."""
    return {
        "feasible": found.is_feasible,
        "conflicts": [_describe_conflict(conflict) for conflict in found.conflicts],
        "changes": None
        if found.changes is None
        else [
            {
                "feature": change.target.feature,
                "value": change.target.value,
                "before": {"min": change.target.min, "max": change.target.max},
                "min": change.min,
                "max": change.max,
                "sentence": change.explain(_),
            }
            for change in found.changes
        ],
        "excluded": [
            {"id": item.id, **_describe_conflict(item.conflict), "sentence": item.explain(_)}
            for item in found.excluded
        ],
        "unchecked": list(found.unchecked),
    }


def _describe_conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "bounds": [_describe_bound(bound) for bound in conflict.bounds],
        "by_households": conflict.by_households,
        "sentence": conflict.explain(_),
    }


def _describe_bound(bound: Bound) -> dict[str, Any]:
    kind = "min" if bound.is_minimum else "max"
    return {"feature": bound.feature, "value": bound.value, "bound": kind, "seats": bound.seats}


def print_diagnosis(console: Console, found: Diagnosis) -> None:
    """Say whether panels exist, and what stands in the way."""
    if found.is_feasible:
        console.print(_("The targets can be met."))
    for conflict in found.conflicts:
        console.print(conflict.explain(_), style="bold")
    if found.changes:
        console.print(_("The smallest changes after which there is a panel:"))
        for change in found.changes:
            console.print(f"  - {change.explain(_)}", highlight=False)
    elif found.changes is None:
        console.print(
            _("No change within the limits of the targets leaves a panel: widen the limits or the pool.")
        )
    if found.excluded:
        console.print(_("%(count)d people of this pool can never be drawn:") % {"count": len(found.excluded)})
        _print_some(console, [item.explain(_) for item in found.excluded])
    if found.unchecked:
        console.print(
            _("Time ran out before it was known of %(count)d people whether they can be drawn.")
            % {"count": len(found.unchecked)}
        )


def _print_some(console: Console, lines: Sequence[str]) -> None:
    for line in lines[:NAMED]:
        console.print(f"  - {line}", highlight=False)
    if len(lines) > NAMED:
        console.print(
            "  - " + _("and %(count)d more (all of them with --json)") % {"count": len(lines) - NAMED}
        )


def describe_distribution(fair: Distribution) -> dict[str, Any]:
    """Give what was found as JSON: chances as numbers, and exactly, as fractions."""
    return {
        "status": fair.status,
        "objective": fair.objective,
        "gap": fair.gap,
        "minimum": float(fair.minimum),
        "maximum": float(max(fair.probabilities.values())),
        "panels": len(fair.panels),
        "probabilities": {name: float(chance) for name, chance in fair.probabilities.items()},
        "exact": {name: str(chance) for name, chance in fair.probabilities.items()},
    }


def print_distribution(console: Console, fair: Distribution) -> None:
    """Say how fair the chances are, and show how they are spread."""
    chances = [float(chance) for chance in fair.probabilities.values()]
    words = {
        "least": say_percent(min(chances), _),
        "most": say_percent(max(chances), _),
        "count": len(chances),
        "panels": len(fair.panels),
        "gap": f"{fair.gap:.1e}",
    }
    console.print()
    if fair.status == "optimal":
        console.print(_("The best there is by this objective, proved in exact fractions."), style="bold")
    elif fair.objective == "random":
        console.print(_("Drawn without an objective, to compare."), style="bold")
    else:
        line = _(
            "Time ran out: a valid draw, and at most %(gap)s is left to gain, as this objective measures it."
        )
        console.print(line % words, style="bold")
    line = _("%(count)d people, %(panels)d panels; chances from %(least)s to %(most)s.") % words
    console.print(line, highlight=False)
    console.print(_make_histogram(chances))


def _make_histogram(chances: Sequence[float]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(_("chance"), justify="right")
    table.add_column(_("people"), justify="right")
    table.add_column("")
    low, high = min(chances), max(chances)
    step = (high - low) / BARS
    places = [min(BARS - 1, int((chance - low) / step)) if step > 1e-12 else 0 for chance in chances]
    counts = [places.count(place) for place in range(BARS if step > 1e-12 else 1)]
    for place, count in enumerate(counts):
        edges = f"{say_percent(low + place * step, _)} – {say_percent(low + (place + 1) * step, _)}"
        table.add_row(edges, str(count), "█" * round(WIDTH * count / max(counts)))
    return table


def print_panel(console: Console, pool: Pool, targets: Targets, members: Sequence[str]) -> None:
    """Show how the panel meets each target, then who sits."""
    held = count_values(pool, set(members))
    everybody = count_values(pool, None)
    table = Table(box=None, pad_edge=False)
    for name in (_("feature"), _("value"), _("pool"), _("target"), _("panel")):
        is_number = name in (_("pool"), _("panel"), _("target"))
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for target in sort_targets(targets).targets:
        key = (target.feature, target.value)
        band = f"{target.min}–{target.max}" if target.min < target.max else str(target.min)
        table.add_row(*key, str(everybody.get(key, 0)), band, str(held.get(key, 0)))
    console.print(table)
    console.print(_("The panel of %(count)d:") % {"count": len(members)}, style="bold")
    console.print(", ".join(members), highlight=False)


def count_values(pool: Pool, members: set[str] | None) -> Mapping[tuple[str, str], int]:
    """Count who has each value of each feature, among some people or everybody."""
    counts: dict[tuple[str, str], int] = {}
    for person in pool.people:
        if members is None or person.id in members:
            for key in person.features.items():
                counts[key] = counts.get(key, 0) + 1
    return counts


def describe_lottery(lottery: Lottery) -> dict[str, Any]:
    """Give a lottery as JSON."""
    return {
        "number": len(lottery.panels),
        "minimum": lottery.minimum,
        "best_minimum": lottery.best_minimum,
        "outside": list(lottery.outside),
        "balls": dict(lottery.balls),
    }


def print_lottery(console: Console, lottery: Lottery) -> None:
    """Say how even a lottery is."""
    console.print()
    console.print(_("A lottery of %(number)d equal panels.") % {"number": len(lottery.panels)}, style="bold")
    console.print(lottery.explain(_), highlight=False)
    if lottery.outside:
        line = _("%(count)d people are one ball or more away from their exact chance:")
        console.print(line % {"count": len(lottery.outside)})
        _print_some(console, lottery.outside)
    else:
        console.print(_("Everybody sits in as many panels as their exact chance says, to the ball."))


def describe_prices(sensitivity: Sensitivity) -> list[dict[str, Any]]:
    """Give what each target costs, as JSON."""
    return [
        {
            "feature": price.target.feature,
            "value": price.target.value,
            "before": {"min": price.target.min, "max": price.target.max, "minimum": price.before},
            "after": {"min": price.changed.min, "max": price.changed.max, "minimum": price.after},
            "sentence": price.explain(_),
        }
        for price in sensitivity.list_prices()
    ]


def print_prices(console: Console, sensitivity: Sensitivity) -> None:
    """Say what each target costs, the dearest first; those that cost nothing are left out."""
    console.print()
    console.print(_("What targets cost, each moved by one seat:"), style="bold")
    moving = [p for p in sensitivity.list_prices() if p.after is None or abs(p.after - p.before) > MOVES]
    for price in moving[:NAMED]:
        console.print(f"  - {price.explain(_)}", highlight=False)
    if not moving:
        console.print(_("None moves the smallest chance."))


def describe_alternates(alternates: Alternates | None) -> dict[str, Any]:
    """Give alternates as JSON, in the order in which they are called."""
    if alternates is None:
        return {}
    return {
        "alternates": [
            {"id": alternate.id, "share": alternate.share, "sentence": alternate.explain(_)}
            for alternate in alternates.alternates
        ],
        "expected_loss": {
            "with": alternates.loss,
            "without": alternates.loss_without,
            "best": alternates.loss_at_best,
        },
    }


def print_alternates(console: Console, alternates: Alternates | None) -> None:
    """Name the alternates, and say what they save."""
    if alternates is None:
        return
    console.print(_("Alternates, in the order in which they are called:"), style="bold")
    for alternate in alternates.alternates:
        console.print(f"  - {alternate.explain(_)}", highlight=False)
    words = {"loss": f"{alternates.loss:.2f}", "without": f"{alternates.loss_without:.2f}"}
    console.print(
        _(
            "If one member in ten drops out, %(loss)s seats miss a target on average, and %(without)s without them."
        )
        % words,
        highlight=False,
    )
