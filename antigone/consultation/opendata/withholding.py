"""Small counts are not told, nor what would let them be found by subtraction (k = 5)."""

from collections.abc import Collection, Mapping
from typing import Any

# Fewer votes than this are not told: somebody could be recognised.
FLOOR = 5
# The votes of those who are in no group: never told, and yet what a total less its groups would tell.
OUTSIDE = ""
NOBODY = {"votes": 0}
COUNTS = ("votes", "agrees", "disagrees", "passes")
# What is computed of the counts of every group: with all but one of them, it would give the last one away.
DERIVED = ("group_aware_consensus", "group_aware_consensus_disagree", "gap", "split")


def find_withheld(cells: Mapping[str, int], hidden: Collection[str] = ()) -> set[str]:
    """Give the cells of a total that are not told; those in `hidden` never are.

    Those of 1 to 4 are not; then the smallest others, until what a subtraction would find is the sum of two cells at
    least, and of 5 at least. Where nobody is counted there is nobody to protect.

    >>> sorted(find_withheld({"A": 40, "B": 3, "C": 12}))
    ['B', 'C']
    >>> find_withheld({"A": 40, "B": 0})
    set()
    """
    withheld = {name for name, count in cells.items() if name in hidden or 0 < count < FLOOR}
    others = sorted((count, name) for name, count in cells.items() if count and name not in withheld)
    for _count, name in others:
        counted = [cells[one] for one in withheld if cells[one]]
        is_safe = sum(counted) >= FLOOR and (len(counted) > 1 or not any(0 < one < FLOOR for one in counted))
        if not counted or is_safe:
            break
        withheld.add(name)
    return {name for name in withheld if cells[name] or name in hidden}


def publish_figures(figures: Mapping[str, Any], accepted: Collection[int]) -> dict[str, Any]:
    """Give the figures of a picture as everybody may have them, for the statements accepted today.

    What is not known here is left out. Totals are those of what is told.
    """
    if not figures:
        return {}
    statements = {
        number: publish_statement(one)
        for number, one in figures["statements"].items()
        if int(number) in accepted
    }
    told: dict[str, Any] = {
        name: figures[name]
        for name in ("format", "clear_groups", "silhouette", "group_sizes")
        if name in figures
    }
    told["participation"] = _publish_participation(figures["participation"], statements)
    for name in ("consensus", "shared"):
        told[name] = {
            side: [number for number in numbers if number in accepted]
            for side, numbers in figures[name].items()
        }
    told["divisive"] = [number for number in figures["divisive"] if number in accepted]
    told["representative"] = {
        group: [one for one in chosen if _is_told(statements.get(str(one["statement"])), group)]
        for group, chosen in figures["representative"].items()
    }
    told["statements"] = statements
    told["channels"] = publish_counts(figures.get("channels", {}))
    told["apart"] = _publish_apart(figures, accepted)
    return told


def publish_statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Give the figures of one statement, None for what is withheld."""
    groups = statement["groups"]
    told: dict[str, Any] = {name: statement[name] for name in ("out", *COUNTS)}
    told["important"] = _publish_count(statement.get("important", 0))
    told |= {name: statement.get(name) for name in (*DERIVED, "extremity")}
    if 0 < statement["votes"] < FLOOR:
        return (
            told
            | dict.fromkeys((*COUNTS, *DERIVED, "extremity", "important"))
            | {"groups": dict.fromkeys(groups)}
        )
    cells = {group: counts["votes"] for group, counts in groups.items()}
    cells[OUTSIDE] = statement["votes"] - sum(cells.values())
    withheld = find_withheld(cells, hidden=[OUTSIDE])
    told["groups"] = {
        group: None if group in withheld else {name: counts[name] for name in COUNTS}
        for group, counts in groups.items()
    }
    return told | (dict.fromkeys(DERIVED) if None in told["groups"].values() else {})


def publish_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Give counts of people that make a total, None for those withheld."""
    withheld = find_withheld(counts)
    return {name: None if name in withheld else count for name, count in counts.items()}


def _publish_count(count: int) -> int | None:
    return None if 0 < count < FLOOR else count


def _publish_participation(
    participation: Mapping[str, Any], statements: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    names = ("participants", "grouped", "median_votes", "filled")
    told = {name: participation[name] for name in names if name in participation}
    return (
        told
        | {name: sum(one[name] or 0 for one in statements.values()) for name in COUNTS}
        | {"statements": len(statements)}
    )


def _is_told(statement: Mapping[str, Any] | None, group: str) -> bool:
    return statement is not None and statement["groups"].get(group) is not None


def _publish_apart(figures: Mapping[str, Any], accepted: Collection[int]) -> dict[str, Any] | None:
    """Give the figures without those set apart, where subtraction tells of five of them at least, on every statement.

    Of groups it gives the sizes alone: the votes of one less those of the same one without them tell of very few.
    """
    apart = figures.get("apart")
    if not apart:
        return None
    if figures["participation"]["participants"] - apart["participation"]["participants"] < FLOOR:
        return None
    statements = {
        number: {**one, "groups": {}, **dict.fromkeys(DERIVED)}
        for number, one in apart["statements"].items()
        if not 0 < figures["statements"].get(number, NOBODY)["votes"] - one["votes"] < FLOOR
    }
    return publish_figures({**apart, "statements": statements}, accepted)
