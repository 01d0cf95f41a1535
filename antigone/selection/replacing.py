"""Whom to call to a seat that fell free, and why that person: chosen by the order of the alternates, not by anybody.

The alternates come in the order of their list; where they cannot fill the free seats, or keep the targets, everybody
who said yes and does not sit comes after them, in an order that the seal of the lot gives and that anybody can
compute again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from antigone.core.sortition import Person, Pool, Target, Targets
from antigone.core.sortition.conflicts import Bound
from antigone.core.sortition.diagnosis import Change
from antigone.core.sortition.errors import Infeasible, InvalidPool
from antigone.core.sortition.replacements import Candidates, find_candidates
from antigone.errors import NotPossible
from antigone.selection.models import Alternate, Draw, Replacement, Respondent
from antigone.selection.people import load_targets
from antigone.selection.wording import translating_errors

SECONDS = 20.0
# Who was passed over, at most, that an explanation names.
PASSED_SHOWN = 12

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is called (pseudonym), whether every target still holds, and what is to be said of it, as JSON.

    `needs_reason`: the order alone does not decide, and whoever decides says why in public.
    """

    newcomer: str
    keeps_targets: bool
    needs_reason: bool
    explanation: Data


@dataclass(frozen=True, slots=True)
class Table:
    """Who holds which seat and in which state, as it was when a choice was made: a choice is for one table only."""

    rows: tuple[tuple[int, int, str], ...]

    @classmethod
    def read(cls, draw: Draw) -> "Table":
        return cls(tuple(draw.seats.order_by("pk").values_list("pk", "holder", "state")))


def choose_newcomers(draw: Draw) -> list[Choice]:
    """Choose whom to call to one of the seats that are free: the first with whom all of them can be filled.

    One choice, mostly: the first alternate with whom every target holds. Where no alternate keeps them, two are
    given, between which a person decides and says why: the first alternate who goes with the smallest change of
    targets, and the first of everybody else with whom they hold, if anybody does. Raises NotPossible where no seat
    is free or nobody is left.
    """
    seats = list(draw.seats.select_related("holder"))
    staying = [seat.holder.pseudonym for seat in seats if not seat.is_vacant]
    gone = _list_gone(draw)
    if len(staying) == len(seats):
        raise NotPossible("no_free_seat", gettext_noop("No seat is free: nobody declined or withdrew."))
    alternates = [name for name in _list_alternates(draw) if name not in {*gone, *staying}]
    if not alternates and not draw.alternates.exists():
        raise NotPossible(
            "alternates_not_chosen", gettext_noop("The alternates are not chosen yet. Choose them first.")
        )
    targets = load_targets(draw)
    found = _search(draw, targets, staying, alternates)
    first = _choose(targets, found, alternates, alternates) if found else None
    if first is not None and first.keeps_targets:
        return [first]
    everybody = [*alternates, *_list_others(draw, {*alternates, *gone, *staying})]
    found = _search(draw, targets, staying, everybody)
    second = _choose(targets, found, everybody, alternates, is_short=first is None) if found else None
    if first is None and second is None:
        raise NotPossible(
            "nobody_left", gettext_noop("Nobody who said yes is left for this seat, whatever the targets.")
        )
    if first is None or second is None or not second.keeps_targets:
        return [choice for choice in (first, second) if choice is not None][:1]
    if first.newcomer == second.newcomer:
        return [second]
    return [first, replace(second, needs_reason=True)]


def explain_choice(explanation: Mapping[str, Any]) -> list[str]:
    """Say in the language of the page why this person was called: what is kept, what gives way, who was passed over."""
    lines = [_explain_order(explanation)]
    free = explanation["free"]
    if explanation["changes"]:
        changes = ", ".join(_open_change(change).explain(gettext) for change in explanation["changes"])
        lines.append(gettext("What gives way: %(changes)s.") % {"changes": changes})
    if explanation["needs"]:
        needs = ", ".join(_open_bound(need).explain(gettext) for need in explanation["needs"])
        lines.append(
            ngettext(
                "The free seat had to bring %(needs)s.",
                "The %(count)s free seats, together, had to bring %(needs)s.",
                free,
            )
            % {"needs": needs, "count": free}
        )
    if explanation["full"]:
        named = gettext("“{value}” ({feature})")
        full = ", ".join(named.format(value=value, feature=feature) for feature, value in explanation["full"])
        lines.append(gettext("The panel had no room for more of these: %(full)s.") % {"full": full})
    if not explanation["needs"] and not explanation["full"]:
        lines.append(gettext("Those who stay reach every minimum and no maximum: anybody keeps the targets."))
    lines += [_explain_passed(*passed) for passed in explanation["passed"]]
    if more := explanation["passed_more"]:
        sentence = ngettext(
            "One other was passed over likewise.", "%(count)s others were passed over likewise.", more
        )
        lines.append(sentence % {"count": more})
    return lines


def _explain_order(explanation: Mapping[str, Any]) -> str:
    """Say by which order this person is called."""
    if not explanation["place"] and not explanation["is_short"]:
        sentence = gettext(
            "No alternate left keeps every target. Among all the others who said yes, in an order given by the seal "
            "of the lot, %(newcomer)s is the first with whom every target holds."
        )
    elif not explanation["place"]:
        sentence = gettext(
            "%(newcomer)s is called: the alternates left cannot fill the free seats. Among all those who said yes, "
            "in an order given by the seal of the lot, it is the first who can."
        )
    elif explanation["changes"]:
        sentence = gettext(
            "No alternate left keeps every target. %(newcomer)s, alternate %(place)s, is the first with whom the "
            "targets change least."
        )
    else:
        sentence = gettext(
            "%(newcomer)s, alternate %(place)s, is called: the first in the order of the alternates with whom every "
            "target holds."
        )
    return sentence % {"newcomer": explanation["newcomer"], "place": explanation["place"]}


def _explain_passed(name: str, bounds: Sequence[Any], is_by_household: bool) -> str:
    """Say why somebody earlier in the order was not called."""
    if not bounds:
        sentence = gettext("%(name)s was passed over: somebody of the same household sits.")
        return sentence % {"name": name}
    words = gettext(" together with ").join(_open_bound(bound).explain(gettext) for bound in bounds)
    sentence = gettext("%(name)s was passed over: the panel must have %(bounds)s.")
    if is_by_household:
        sentence = gettext(
            "%(name)s was passed over: the panel must have %(bounds)s, and a household sends one person at most."
        )
    return sentence % {"name": name, "bounds": words}


def _list_gone(draw: Draw) -> set[str]:
    """Give the pseudonyms of those who will not come: they are not called again."""
    vacant = set(draw.seats.vacant().values_list("holder__pseudonym", flat=True))
    replaced = Replacement.objects.filter(seat__draw=draw).values_list("former__pseudonym", flat=True)
    return vacant | set(replaced)


def _list_alternates(draw: Draw) -> list[str]:
    rows = Alternate.objects.filter(draw=draw).order_by("number")
    return list(rows.values_list("respondent__pseudonym", flat=True))


def _list_others(draw: Draw, known: set[str]) -> list[str]:
    """Give everybody else of the pool, in the order of the hash of seal and pseudonym."""
    names = draw.respondents.values_list("pseudonym", flat=True)
    seal = draw.outcome.seal
    return sorted(
        (name for name in names if name not in known),
        key=lambda name: sha256(f"{seal} {name}".encode()).digest(),
    )


def _search(
    draw: Draw, targets: Targets, staying: Sequence[str], waiting: Sequence[str]
) -> Candidates | None:
    """Find who of those who wait may take the free seats; None where they cannot fill them."""
    if not waiting:
        return None
    rows = Respondent.objects.filter(draw=draw)
    if len(waiting) < draw.people // 2:
        rows = rows.filter(pseudonym__in=[*staying, *waiting])
    present = {*staying, *waiting}
    people = rows.values_list("pseudonym", "features", "household").iterator(chunk_size=5_000)
    pool = Pool(tuple(Person(*row) for row in people if row[0] in present))
    with translating_errors():
        try:
            return find_candidates(pool, targets, staying, (), households=draw.households, time_limit=SECONDS)
        except (Infeasible, InvalidPool):
            return None


def _choose(
    targets: Targets,
    found: Candidates,
    waiting: Sequence[str],
    alternates: Sequence[str],
    *,
    is_short: bool = False,
) -> Choice:
    able = found.list_able()
    newcomer = next(name for name in waiting if name in able)
    changed = {(change.target.feature, change.target.value): change for change in found.changes}
    reasons = {person.id: person.conflict for person in found.excluded}
    passed = []
    # Whoever could not be examined in time is passed over without a reason that could be said.
    before = [name for name in waiting[: waiting.index(newcomer)] if name not in found.unchecked]
    for name in before[:PASSED_SHOWN]:
        conflict = reasons.get(name)
        bounds = [_restore(bound, targets, changed) for bound in conflict.bounds] if conflict else []
        passed.append([name, bounds, conflict.by_households if conflict else True])
    free = found.targets
    explanation = {
        "newcomer": newcomer,
        "place": alternates.index(newcomer) + 1 if newcomer in alternates else 0,
        "is_short": is_short,
        "free": free.size,
        "needs": [[row.feature, row.value, True, row.min] for row in free.targets if row.min > 0],
        "full": [[row.feature, row.value] for row in free.targets if row.max == 0],
        "passed": passed,
        "passed_more": max(0, len(before) - PASSED_SHOWN),
        "changes": [
            [target.feature, target.value, target.min, target.max, change.min, change.max]
            for change in found.changes
            for target in [change.target]
        ],
    }
    return Choice(newcomer, not found.changes, bool(found.changes), explanation)


def _restore(bound: Bound, targets: Targets, changed: Mapping[tuple[str, str], Change]) -> list[Any]:
    """Give a bound of the free seats as that of the whole panel."""
    pair = (bound.feature, bound.value)
    of_panel: Target | Change = changed.get(pair) or next(
        target for target in targets.targets if (target.feature, target.value) == pair
    )
    return [*pair, bound.is_minimum, of_panel.min if bound.is_minimum else of_panel.max]


def _open_bound(kept: Sequence[Any]) -> Bound:
    return Bound(*kept)


def _open_change(kept: Sequence[Any]) -> Change:
    feature, value, least, most, new_least, new_most = kept
    return Change(Target(feature, value, least, most), new_least, new_most)
