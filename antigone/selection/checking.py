"""The checks of a draw's files, one by one. Runs alone, without a database:

    python -m antigone.selection.checking < request.json

reads {"certificate", "lottery", "draw"}, the last two null where there are none, and writes what was found.
"""

import json
import resource
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from antigone.core.sortition import SortitionError, verify, verify_draw
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.selection.commitments import read_draw

FORMAT = "antigone-draw/1"
MEMORY_BYTES = 4_000_000_000
# Exact weights come from numbers that are exact to 1e-9 only (`core.sortition.lottery`).
SLACK = Fraction(1, 10**6)
# What tells in a failure of the engine's check which of ours it is.
PANEL_WORDS = ("a panel has", "a weight is", "weights do not sum")
CHANCE_WORDS = ("probabilities is", "minimum is", "identical people")
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

Data = Mapping[str, Any]
Found = list[tuple[str, bool | None, str]]
"""The code of each check; whether it passed, None where a failure before it left it unchecked; and why."""


def check_files(certificate: Any, lottery: Any, draw: Any) -> Found:
    """Check a certificate, then the lottery and the draw where they are given; never raises."""
    found = _check_certificate(certificate)
    for code, document, check in (("lottery", lottery, _check_lottery), ("draw", draw, _check_draw)):
        if document is None:
            continue
        if any(passed is not True for _code, passed, _detail in found):
            found.append((code, None, ""))
            continue
        try:
            check(certificate, lottery, document)
            found.append((code, True, ""))
        except (SortitionError, *BROKEN) as problem:
            found.append((code, False, str(problem)))
    return found


def _check_certificate(certificate: Any) -> Found:
    codes = ("format", "panels", "chances", "proof")
    if not isinstance(certificate, dict) or certificate.get("format") != FORMAT:
        return [("format", False, ""), *((code, None, "") for code in codes[1:])]
    verification = verify(certificate)
    failed = _name_failure(verification.failures[0]) if verification.failures else ""
    found: Found = []
    for code in codes:
        passed = None if any(state is False for _c, state, _d in found) else code != failed
        found.append((code, passed, verification.failures[0] if code == failed else ""))
    return found


def _name_failure(failure: str) -> str:
    if any(words in failure for words in PANEL_WORDS):
        return "panels"
    return "chances" if any(words in failure for words in CHANCE_WORDS) else "proof"


def _check_lottery(certificate: Data, lottery: Data, _document: Data) -> None:
    """Raise ValueError unless each panel could have been drawn, and everybody sits as often as is said."""
    balls: Counter[str] = Counter()
    for number, members in enumerate(lottery["panels"]):
        _check_panel(certificate, number, members)
        balls.update(members)
    count = len(lottery["panels"])
    chances = _measure_chances(certificate)
    outside = set(lottery["outside"])
    for name, chance in chances.items():
        if balls[name] != lottery["balls"][name]:
            raise ValueError(f"{name} sits in {balls[name]} panels")
        low, high = floor(count * chance + SLACK), ceil(count * chance - SLACK)
        if not low <= balls[name] <= high and name not in outside:
            raise ValueError(f"{name} sits in {balls[name]} panels, not in {low} or {high}")


def _check_panel(certificate: Data, number: int, members: list[str]) -> None:
    people = {person["id"]: person for person in certificate["people"]}
    sitting = [people[name] for name in members]
    counts = Counter(pair for person in sitting for pair in person["features"].items())
    if len(set(members)) != len(members) or len(members) != certificate["size"]:
        raise ValueError(f"panel {number} has another size")
    for target in certificate["targets"]:
        if not target["min"] <= counts[target["feature"], target["value"]] <= target["max"]:
            raise ValueError(f"panel {number} misses {target['feature']}, {target['value']}")
    homes = [person["household"] for person in sitting if certificate["households"] and person["household"]]
    if len(set(homes)) != len(homes):
        raise ValueError(f"panel {number} has two people of one household")


def _measure_chances(certificate: Data) -> dict[str, Fraction]:
    weights: Counter[str] = Counter()
    for panel in certificate["panels"]:
        for name in panel["members"]:
            weights[name] += panel["weight"]
    return {
        person["id"]: Fraction(weights[person["id"]], certificate["total"])
        for person in certificate["people"]
    }


def _check_draw(certificate: Data, lottery: Data | None, document: Data) -> None:
    """Raise the engine's error unless the lot named this panel, among those that were committed to."""
    pool = Pool(tuple(Person(p["id"], p["features"], p["household"]) for p in certificate["people"]))
    targets = Targets(certificate["size"], tuple(Target(**target) for target in certificate["targets"]))
    panels = (
        [WeightedPanel(tuple(panel["members"]), panel["weight"]) for panel in certificate["panels"]]
        if lottery is None
        else [WeightedPanel(tuple(members), 1) for members in lottery["panels"]]
    )
    verify_draw(read_draw(document), pool, targets, panels, bytes.fromhex(document["secret"]))


def _read_facts(certificate: Data) -> Iterator[tuple[str, Any]]:
    """Give what a page says of a certificate that holds."""
    yield "people", len(certificate["people"])
    yield "panels", len(certificate["panels"])
    for name in ("size", "minimum", "gap", "objective", "status"):
        yield name, certificate[name]


def main() -> None:
    """Answer one request, within limited memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    request = json.load(sys.stdin)
    found = check_files(request["certificate"], request["lottery"], request["draw"])
    is_valid = all(passed for _code, passed, _detail in found)
    json.dump(
        {"checks": found, "facts": dict(_read_facts(request["certificate"])) if is_valid else {}}, sys.stdout
    )


if __name__ == "__main__":
    main()
