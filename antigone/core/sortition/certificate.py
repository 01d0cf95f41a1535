"""The certificate of a distribution: a file from which a stranger checks it, in exact fractions, without a solver.

The format is documented in docs/reference/draw-format.md; docs/reference/verify_draw.py is a second verifier, written
from that page alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.pool import Pool, Targets
from antigone.core.sortition.proof import SCALE, Branch, Cut, Leaf, Multipliers, Problem, Solution

FORMAT = "antigone-draw/1"
TOLERANCE = Fraction(1, 10**9)
"""A distribution is called optimal when its proof leaves no more than this to gain."""
OBJECTIVES = ("leximin", "maximin", "nash", "goldilocks", "random")
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was asked, the panels, and the proof that nobody could have done better."""

    objective: str
    pool: Pool
    targets: Targets
    households: bool
    groups: tuple[tuple[str, ...], ...]
    classes: tuple[tuple[str, ...], ...]
    panels: tuple[WeightedPanel, ...]
    seats: tuple[int, ...]
    levels: tuple[tuple[tuple[int, ...], Multipliers], ...] = ()
    bound: Multipliers | None = None
    cuts: tuple[Cut, ...] = ()

    def to_data(self) -> Data:
        """Return the documented JSON: dictionaries, lists, strings, whole numbers, and floats rounded to nearest.

        `seats` are the expected seats of each group, times the total of the weights. What is proved is measured here,
        by the arithmetic of `verify`, so that nothing is called optimal because a solver said so.
        """
        data: Data = {
            "format": FORMAT,
            "objective": self.objective,
            "size": self.targets.size,
            "targets": [
                {"feature": t.feature, "value": t.value, "min": t.min, "max": t.max}
                for t in self.targets.targets
            ],
            "people": [
                {"id": p.id, "features": dict(sorted(p.features.items())), "household": p.household}
                for p in sorted(self.pool.people, key=lambda person: person.id)
            ],
            "households": self.households,
            "panels": [{"members": list(panel.members), "weight": panel.weight} for panel in self.panels],
            "total": sum(panel.weight for panel in self.panels),
            "groups": [list(group) for group in self.groups],
            "household_classes": [list(names) for names in self.classes],
            "scale": SCALE,
            "cuts": [_write_cut(cut) for cut in self.cuts],
            "levels": [
                {"groups": list(groups), "multipliers": _write_pairs(multipliers)}
                for groups, multipliers in self.levels
            ],
            "bound": None if self.bound is None else _write_pairs(self.bound),
        }
        solution = _read_solution(data, self.seats)
        gap = _measure_gap(data, solution)
        chances = _read_chances(data, solution)
        data["status"] = "optimal" if gap <= TOLERANCE else "gap"
        data["gap"] = _round_up(gap)
        data["probabilities"] = dict(sorted(chances.items()))
        data["minimum"] = min(chances.values())
        return data


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found: nothing but `failures` when the file must not be believed."""

    failures: tuple[str, ...]
    status: str = "refused"
    gap: Fraction = Fraction(1)
    minimum: Fraction = Fraction(0)
    bound: Fraction = Fraction(1)
    """What the smallest chance of no distribution can exceed, as the file proves it."""

    @property
    def is_valid(self) -> bool:
        """Whether all that the file says was proved."""
        return not self.failures


def verify(data: Mapping[str, Any]) -> Verification:
    """Check a certificate in exact fractions, without a solver; never raises on data that were tampered with.

    >>> verify({"format": "antigone-draw/1"}).is_valid
    False
    """
    try:
        solution = _read_solution(data, _read_seats(data))
        gap = _measure_gap(data, solution)
        failures = tuple(_compare_claims(data, solution, gap))
        bound = _measure_bound(data, solution)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as problem:
        return Verification((f"{type(problem).__name__}: {problem}",))
    if failures:
        return Verification(failures)
    minimum = min(solution.chance(group) for group in range(len(solution.seats)))
    return Verification((), str(data["status"]), gap, minimum, bound)


def find_bound(data: Mapping[str, Any]) -> Fraction:
    """Return what the smallest chance of no distribution can exceed, as far as a certificate proves it, exactly.

    Raises ValueError, LookupError or TypeError where the certificate does not hold (see `verify`).
    """
    return _measure_bound(data, _read_solution(data, _read_seats(data)))


def _measure_bound(data: Mapping[str, Any], solution: Solution) -> Fraction:
    """Return the least bound on the smallest chance that the first level or the bound proves: any multipliers do."""
    proofs = [level["multipliers"] for level in data["levels"][:1]] + [data["bound"] or []]
    return min(solution.measure_bound((), _read_pairs(pairs)) for pairs in proofs)


def _compare_claims(data: Mapping[str, Any], solution: Solution, gap: Fraction) -> list[str]:
    """Return where what the file says differs from what its panels and its proof give."""
    chances = _read_chances(data, solution)
    claims = {
        "probabilities": (data["probabilities"], chances),
        "minimum": (data["minimum"], min(chances.values())),
        "status": (data["status"], "optimal" if gap <= TOLERANCE else "gap"),
        "gap": (data["gap"], _round_up(gap)),
    }
    return [
        f"{name} is not what the panels and the proof give"
        for name, (said, is_) in claims.items()
        if said != is_
    ]


def _read_chances(data: Mapping[str, Any], solution: Solution) -> dict[str, float]:
    """Return each person's chance, to the nearest float: one division a group, so that identical people agree."""
    chances = [float(solution.chance(group)) for group in range(len(solution.seats))]
    return dict(sorted((id, chances[group]) for group, ids in enumerate(data["groups"]) for id in ids))


def _read_seats(data: Mapping[str, Any]) -> list[int]:
    """Check the panels; return the expected seats of each group, times the total. Raises ValueError."""
    weights = add_panels(data)
    seats = []
    for ids in data["groups"]:
        _require(
            len({weights[id] for id in ids}) == 1, f"{ids[0]} and identical people have different chances"
        )
        seats.append(weights[ids[0]] * len(ids))
    return seats


def _read_solution(data: Mapping[str, Any], seats: Sequence[int]) -> Solution:
    """Check who is in which row, and the cuts. Raises ValueError."""
    _require(data["format"] == FORMAT and data["scale"] == SCALE, "format")
    _require(data["objective"] in OBJECTIVES, "objective")
    people = {person["id"]: person for person in data["people"]}
    _require(len(people) == len(data["people"]), "an id is given twice")
    problem = _read_problem(data, people, _read_households(data, people))
    cuts = tuple(_read_cut(cut) for cut in data["cuts"])
    _require(all(problem.is_proved(cut) for cut in cuts), "a cut is not proved")
    return Solution(problem, seats, data["total"], cuts)


def _read_households(data: Mapping[str, Any], people: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return who lives in each household, where households count."""
    homes: dict[str, list[str]] = {}
    for id, person in people.items() if data["households"] else ():
        if person["household"]:
            homes.setdefault(person["household"], []).append(id)
    return homes


def _read_problem(
    data: Mapping[str, Any], people: Mapping[str, Any], homes: Mapping[str, list[str]]
) -> Problem:
    """Return the rows; check that the people of a group are in the same ones."""
    rows: dict[tuple[str, str], int] = {}
    lower, upper = [data["size"]], [data["size"]]
    for target in data["targets"]:
        rows[target["feature"], target["value"]] = len(lower)
        lower.append(target["min"])
        upper.append(target["max"])
    _require(len(rows) == len(data["targets"]), "a value has two targets")
    class_row: dict[str, int] = {}
    for names in data["household_classes"]:
        for name in names:
            _require(name in homes and name not in class_row, f"household {name}")
            class_row[name] = len(lower)
        lower.append(0)
        upper.append(len(names))
    rows_of = []
    for ids in data["groups"]:
        found = {
            (
                *(rows[pair] for pair in people[id]["features"].items() if pair in rows),
                *((class_row[people[id]["household"]],) if people[id]["household"] in class_row else ()),
            )
            for id in ids
        }
        _require(len(found) == 1, f"{ids[0]} is in a group of people who differ")
        rows_of.append((0, *found.pop()))
    _require(
        sorted(id for ids in data["groups"] for id in ids) == sorted(people),
        "groups are not everybody, once each",
    )
    numbers = [*lower, *upper]
    _require(all(type(number) is int and number >= 0 for number in numbers), "a bound")
    return Problem([len(ids) for ids in data["groups"]], rows_of, lower, upper)


def add_panels(data: Mapping[str, Any]) -> dict[str, int]:
    """Check that every panel meets the size, the targets and the households; return the weight on each person.

    Raises ValueError, and on data of another form LookupError, TypeError, AttributeError.

    Each person is a number with one digit a target: the sum of a panel's numbers has the seats of all targets.
    """
    size, targets = data["size"], data["targets"]
    width = size.bit_length()
    digit = {(target["feature"], target["value"]): 1 << (width * row) for row, target in enumerate(targets)}
    numbers = {p["id"]: sum(digit.get(pair, 0) for pair in p["features"].items()) for p in data["people"]}
    homes = {p["id"]: p["household"] for p in data["people"] if data["households"] and p["household"]}
    weights = dict.fromkeys(numbers, 0)
    for panel in data["panels"]:
        members, weight = panel["members"], panel["weight"]
        _require(type(weight) is int and weight > 0, "a weight is not a whole number over zero")
        _require(len(members) == len(set(members)) == size, "a panel has another size")
        sums = sum(numbers[id] for id in members)
        for row, target in enumerate(targets):
            seats = sums >> (width * row) & ((1 << width) - 1)
            _require(target["min"] <= seats <= target["max"], f"a panel has {seats} seats for {target}")
        shared = [homes[id] for id in members if id in homes]
        _require(len(shared) == len(set(shared)), "a panel has two people of one household")
        for id in members:
            weights[id] += weight
    total = sum(panel["weight"] for panel in data["panels"])
    _require(total == data["total"] and total > 0, "weights do not sum to the total")
    return weights


def _measure_gap(data: Mapping[str, Any], solution: Solution) -> Fraction:
    """Return the most that the proof leaves to gain, by the objective's own measure."""
    levels = [(level["groups"], _read_pairs(level["multipliers"])) for level in data["levels"]]
    bound = None if data["bound"] is None else _read_pairs(data["bound"])
    if data["objective"] in ("nash", "goldilocks"):
        return _measure_concave(data["objective"], solution, levels, bound or ())
    _require(data["objective"] == "leximin" or not levels, "levels of another objective")
    gap = Fraction(0)
    earlier: list[int] = []
    for groups, multipliers in levels:
        known = set(range(len(solution.seats))) - set(earlier)
        _require(0 < len(groups) == len(known & set(groups)), "a group is in two levels, or does not exist")
        chances = [solution.chance(group) for group in groups]
        before = max((solution.chance(group) for group in earlier), default=Fraction(0))
        spread = max(max(chances) - min(chances), before - min(chances))
        gap = max(gap, spread, solution.measure_level(earlier, groups, multipliers))
        earlier += groups
    others = sorted({*range(len(solution.seats))} - {*earlier})
    if others:
        _require(bound is not None, "people without a level, and no bound")
        least = min(solution.chance(group) for group in others)
        gap = max(gap, solution.measure_bound(earlier, bound or ()) - least)
        if data["objective"] == "leximin":
            # Those above the smallest chance have no proof of their own.
            gap = max(gap, 2 * TOLERANCE)
    return gap


def _measure_concave(
    objective: str,
    solution: Solution,
    levels: Sequence[tuple[Sequence[int], Multipliers]],
    bound: Multipliers,
) -> Fraction:
    """Return the gap of an objective that has no levels but one, of who is proved never to sit."""
    _require(len(levels) <= 1, "levels of another objective")
    never: Sequence[int] = ()
    for groups, multipliers in levels:
        _require(0 < len(groups) == len({*groups} & {*range(len(solution.seats))}), "a group of a level")
        _require(solution.is_never_seated(groups, multipliers), "somebody who can sit is said never to")
        never = groups
    _require(len(never) < len(solution.seats), "nobody is said to sit")
    measure = solution.measure_nash if objective == "nash" else solution.measure_goldilocks
    return max(Fraction(0), measure(never, bound))


def _round_up(gap: Fraction) -> float:
    """Return the smallest float that is not under a fraction, never under zero."""
    return max(0.0, float(gap) if Fraction(float(gap)) >= gap else float(gap) * (1 + 2**-52))


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _write_pairs(multipliers: Multipliers) -> list[list[int]]:
    return [list(pair) for pair in multipliers]


def _read_pairs(pairs: Any) -> Multipliers:
    read = tuple((row, number) for row, number in pairs)
    _require(
        all(type(row) is type(number) is int for row, number in read), "a multiplier is not a whole number"
    )
    return read


def _write_cut(cut: Cut) -> Data:
    coefficients = sorted(cut.coefficients.items())
    return {
        "coefficients": [list(pair) for pair in coefficients],
        "bound": cut.bound,
        "proof": _write_node(cut.proof),
    }


def _write_node(node: Branch | Leaf) -> Data:
    if isinstance(node, Leaf):
        return {"multipliers": _write_pairs(node.multipliers)}
    return {
        "group": node.group,
        "seats": node.seats,
        "less": _write_node(node.less),
        "more": _write_node(node.more),
    }


def _read_cut(cut: Any) -> Cut:
    coefficients = dict(_read_pairs(cut["coefficients"]))
    _require(all(group >= 0 for group in coefficients) and type(cut["bound"]) is int, "a cut")
    return Cut(coefficients, cut["bound"], _read_node(cut["proof"]))


def _read_node(node: Any) -> Branch | Leaf:
    if "multipliers" in node:
        return Leaf(_read_pairs(node["multipliers"]))
    _require(type(node["group"]) is type(node["seats"]) is int and node["group"] >= 0, "a branch")
    return Branch(node["group"], node["seats"], _read_node(node["less"]), _read_node(node["more"]))
