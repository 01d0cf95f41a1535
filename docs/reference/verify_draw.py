"""Check a draw from draw-format.md alone, in whole numbers and fractions: python verify_draw.py draw.json"""

import json
import pathlib
import sys
from collections import Counter
from fractions import Fraction
from math import isqrt


def need(condition, message):
    if not condition:
        raise ValueError(message)


def check_panels(draw):
    """Check 1; return each person's exact chance."""
    people = {person["id"]: person for person in draw["people"]}
    wanted = {(t["feature"], t["value"]): (t["min"], t["max"]) for t in draw["targets"]}
    need(len(people) == len(draw["people"]) and len(wanted) == len(draw["targets"]), "given twice")
    weights, total = Counter(dict.fromkeys(people, 0)), sum(panel["weight"] for panel in draw["panels"])
    need(total == draw["total"] > 0, "the weights do not sum to the total")
    for members, weight in ((panel["members"], panel["weight"]) for panel in draw["panels"]):
        need(type(weight) is int and weight > 0, "a weight")
        need(len(members) == len({*members}) == draw["size"], "a panel of another size")
        seats = Counter(pair for name in members for pair in people[name]["features"].items())
        need(all(low <= seats[p] <= high for p, (low, high) in wanted.items()), "a panel misses a target")
        homes = [people[name]["household"] for name in members if people[name]["household"]]
        need(not draw["households"] or len(homes) == len(set(homes)), "a household sits twice")
        weights.update(dict.fromkeys(members, weight))
    return people, {name: Fraction(weight, total) for name, weight in weights.items()}


class Rows:
    """Groups, rows and cuts."""

    def __init__(self, draw, people, chances):
        self.scale, groups, size = draw["scale"], draw["groups"], draw["size"]
        need(draw["format"] == "antigone-draw/1" and self.scale == 2**80, "another format")
        row_of = {(t["feature"], t["value"]): row for row, t in enumerate(draw["targets"], 1)}
        self.lines = [(size, size, {}), *((t["min"], t["max"], {}) for t in draw["targets"])]
        occupied, homes = {p["household"] for p in people.values() if draw["households"]} - {""}, {}
        for names in draw["household_classes"]:
            need(occupied >= set(names) and len(set(names)) == len(names), "households of a class")
            occupied -= set(names)
            homes |= dict.fromkeys(names, len(self.lines))
            self.lines.append((0, len(names), {}))
        need(sorted(id for group in groups for id in group) == sorted(people), "groups are not everybody")
        self.n, self.p = [len(group) for group in groups], [chances[group[0]] for group in groups]
        for number, group in enumerate(groups):
            found = set()
            for person in (people[name] for name in group):
                rows = {homes.get(person["household"]), *map(row_of.get, person["features"].items())}
                found.add((frozenset(rows), chances[person["id"]]))
            need(len(found) == 1, "people of a group differ")
            for row in {0, *rows} - {None}:
                self.lines[row][2][number] = 1
        self.all = self.lines.copy()
        for cut in draw["cuts"]:
            of, bound = dict(cut["coefficients"]), cut["bound"]
            need({*map(type, (bound, *of.values()))} == {int} and {*of} <= {*range(len(self.n))}, "a cut")
            self.check_cut(cut["proof"], of, bound, [0] * len(self.n), list(self.n))
            self.all.append((None, bound, of))

    def combine(self, multipliers, lines):
        """Return a and ceiling, times scale; a cut has no least: a multiplier under 0 fails."""
        a, ceiling = [0] * len(self.n), 0
        for row, number in multipliers:
            need(type(number) is type(row) is int and row >= 0, "a multiplier is not a whole number")
            ceiling += number * lines[row][number >= 0]
            for group, coefficient in lines[row][2].items():
                a[group] += number * coefficient
        return a, ceiling

    def check_cut(self, node, coefficients, bound, least, most):
        """Check 4, one branch."""
        if "multipliers" in node:
            a, value = self.combine(node["multipliers"], self.lines)
            over = [coefficients.get(g, 0) * self.scale - a[g] for g in range(len(a))]
            value += sum(d * (most[g] if d > 0 else least[g]) for g, d in enumerate(over))
            return need(value < (bound + 1) * self.scale, "a cut is not proved")
        g, seats, fewer, further = node["group"], node["seats"], [*most], [*least]
        need(type(g) is type(seats) is int and 0 <= g < len(self.n), "a branch")
        fewer[g], further[g] = min(most[g], seats), max(least[g], seats + 1)
        self.check_cut(node["less"], coefficients, bound, least, fewer)
        return self.check_cut(node["more"], coefficients, bound, further, most)

    def slack(self, multipliers, support):
        """Return y and slack for groups that keep what they have."""
        a, ceiling = self.combine(multipliers, self.all)
        y = [max(0, a[g]) if g in support else 0 for g in range(len(a))]
        ceiling += sum(max(0, y[g] - a[g]) * self.n[g] for g in range(len(a)))
        return y, ceiling - sum(y[g] * self.n[g] * self.p[g] for g in support if y[g])


def measure_gap(draw, rows):
    """Check 3."""
    n, p, bound, rest, known, gap = rows.n, rows.p, draw["bound"], {*range(len(rows.n))}, set(), Fraction(0)
    most = {"leximin": len(n), "maximin": 0, "nash": 1, "goldilocks": 1, "random": 0}
    need(len(draw["levels"]) <= most[draw["objective"]], "levels of another objective")
    is_concave = draw["objective"] in ("nash", "goldilocks")
    for level in draw["levels"]:
        here = level["groups"]
        need(here and {*here} <= rest and len(here) == len({*here}), "a group twice")
        known, rest = known | {*here}, rest - {*here}
        y, slack = rows.slack(level["multipliers"], known)
        need(not is_concave or all(p[g] == 0 and slack < y[g] for g in here), "somebody can sit")
        gains = [min(1 - p[g], slack / (y[g] * n[g])) if y[g] else 1 - p[g] for g in here]
        gap = gap if is_concave else max(gap, *gains, max(p[g] for g in known) - min(p[g] for g in here))
    if is_concave:
        return measure_concave(draw["objective"], rows, rest, *rows.combine(bound, rows.all))
    if rest:
        y, slack = rows.slack(bound, range(len(n)))
        people = sum(y[g] * n[g] for g in rest)
        limit = min(1, (slack + sum(y[g] * n[g] * p[g] for g in rest)) / people) if people else 1
        gap = max(gap, limit - min(p[g] for g in rest), Fraction((draw["objective"] == "leximin") * 2, 10**9))
    return gap


def measure_concave(objective, rows, sit, a, ceiling):
    """Check 3 for nash and goldilocks."""
    n, p, people, chances = rows.n, rows.p, sum(rows.n[g] for g in sit), [rows.p[g] for g in sit]
    if min(chances) == 0:
        return 1
    if objective == "nash":
        limit = ceiling + sum(max(0, -int(-rows.scale / p[g] // 1) - a[g]) * n[g] for g in sit)
        return 1 - Fraction(people * rows.scale, limit)
    up, down = (sum(max(0, sign * a[g]) * n[g] for g in sit) for sign in (1, -1))
    mean, root = Fraction(rows.lines[0][0], people), isqrt(up * down)
    least = max(2, 2 * root / Fraction(down) - ceiling / (down * mean)) if root else Fraction(2)
    if root and mean * root >= ceiling + down:
        least = max(least, 1 / mean + mean * up / (ceiling + down))
    return 1 - least / (max(chances) / mean + mean / min(chances))


def check(draw):
    """Make all five checks; return the gap, or raise."""
    people, chances = check_panels(draw)
    gap = max(Fraction(0), measure_gap(draw, Rows(draw, people, chances)))
    need(draw["probabilities"] == {name: float(p) for name, p in chances.items()}, "a chance differs")
    need(draw["minimum"] == float(min(chances.values())), "the minimum differs")
    need(draw["status"] == ("optimal" if gap <= Fraction(1, 10**9) else "gap"), "the status differs")
    need(gap <= draw["gap"] <= float(gap) * (1 + 2**-51), "the gap differs")
    return gap


if __name__ == "__main__":
    content = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(f"Checked: {content['objective']}, {content['status']}, gap {float(check(content)):.1e}")
