"""What the team is told while it edits targets: whether a panel exists, what stands in the way, who is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from antigone.core.sortition import Diagnosis, SortitionError, Targets, diagnose
from antigone.core.sortition.errors import SolverGaveUp
from antigone.core.sortition.proportions import Share, compute_bands
from antigone.selection.models import Draw, Target
from antigone.selection.people import load_flexibility, load_pool, make_targets
from antigone.selection.wording import explain

# While somebody types, and when somebody asks to look for longer.
LIVE_SECONDS, PATIENT_SECONDS = 2.0, 20.0
# Beyond, only a press of the button looks: reading so many people at each keystroke would hold up the others.
MOST_LIVE_PEOPLE = 20_000
NAMES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Respondents whom no panel can hold, for one and the same reason."""

    reason: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnosis in words. `is_feasible` is None where it could not be known: `error` says why."""

    is_feasible: bool | None
    error: str = ""
    is_out_of_time: bool = False
    conflicts: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    changed: Targets | None = None
    left_out: tuple[LeftOut, ...] = ()
    left_out_count: int = 0
    unchecked: int = 0


def examine(draw: Draw, size: int, targets: Sequence[Target], *, seconds: float = LIVE_SECONDS) -> Finding:
    """Diagnose the pool of a draw under targets, saved or not, within some seconds.

    Names are identifiers: for the team alone.
    """
    try:
        found = diagnose(
            load_pool(draw, named_by="identifier"),
            make_targets(size, targets),
            draw.households,
            flexibility=load_flexibility(targets),
            time_limit=seconds,
        )
    except SolverGaveUp as error:
        return Finding(None, explain(error), is_out_of_time=True)
    except SortitionError as error:
        return Finding(None, explain(error))
    return _say(found)


def explain_bands(draw: Draw, targets: Sequence[Target]) -> list[str]:
    """Say how each target follows from its census share, where it has one."""
    shares: dict[str, dict[str, Share]] = {}
    for target in targets:
        if target.share:
            shares.setdefault(target.feature, {})[target.value] = target.share
    bands = compute_bands(shares, draw.size, tolerance=f"{draw.tolerance}/100")
    return [f"{band.target.feature} · {explain(band)}" for band in bands]


def _say(found: Diagnosis) -> Finding:
    left_out = _group(found)
    return Finding(
        found.is_feasible,
        conflicts=tuple(explain(conflict) for conflict in found.conflicts),
        changes=tuple(explain(change) for change in found.changes or ()),
        changed=found.changed,
        left_out=left_out,
        left_out_count=sum(group.count for group in left_out),
        unchecked=len(found.unchecked),
    )


def _group(found: Diagnosis) -> tuple[LeftOut, ...]:
    """Group people by what excludes them, the largest group first."""
    groups: dict[str, list[str]] = {}
    for excluded in found.excluded:
        groups.setdefault(excluded.conflict.list_bounds(gettext), []).append(excluded.id)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(LeftOut(reason, len(names), tuple(names[:NAMES_SHOWN])) for reason, names in ordered)
