"""Check the file of a draw, from draw-format.md alone: python verify_draw.py draw.json

Plain Python, nothing to install, no solver: whole numbers and exact fractions.
"""

import json
import pathlib
import sys
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
    total, weights = 0, dict.fromkeys(people, 0)
    for panel in draw["panels"]:
        members, weight = panel["members"], panel["weight"]
        need(type(weight) is int and weight > 0, "a weight")
        need(len(members) == len(set(members)) == draw["size"], "a panel of another size")
        seats, homes = dict.fromkeys(wanted, 0), []
        for name in members:
            for pair in people[name]["features"].items():
                seats[pair] = seats.get(pair, 0) + 1
            homes += [people[name]["household"]] if draw["households"] and people[name]["household"] else []
            weights[name] += weight
        need(all(low <= seats[p] <= high for p, (low, high) in wanted.items()), "a panel misses a target")
        need(len(homes) == len(set(homes)), "a household sits twice")
        total += weight
    need(total == draw["total"] > 0, "the weights do not sum to the total")
    return people, {name: Fraction(weight, total) for name, weight in weights.items()}


class Rows:
    """Groups, rows and cuts."""

    def __init__(self, draw, people, chances):
        self.scale, self.groups, self.of, self.cuts = draw["scale"], draw["groups"], [], []
        need(draw["format"] == "antigone-draw/1" and self.scale == 2**80, "another format")
        row_of = {(t["feature"], t["value"]): row for row, t in enumerate(draw["targets"], 1)}
        self.range = [(draw["size"], draw["size"]), *((t["min"], t["max"]) for t in draw["targets"])]
        occupied, homes = {p["household"] for p in people.values() if draw["households"]} - {""}, {}
        for names in draw["household_classes"]:
            for name in names:
                need(name in occupied and name not in homes, "a household unknown, or given twice")
                homes[name] = len(self.range)
            self.range.append((0, len(names)))
        grouped = [name for group in self.groups for name in group]
        need(sorted(grouped) == sorted(people), "groups are not everybody once")
        self.n, self.p = [len(group) for group in self.groups], [chances[g[0]] for g in self.groups]
        for group in self.groups:
            rows = set()
            for name in group:
                mine = {row_of[pair] for pair in people[name]["features"].items() if pair in row_of}
                rows.add(frozenset(mine | {0, homes.get(people[name]["household"], 0)}))
            need(len(rows) == len({chances[name] for name in group}) == 1, "people of a group differ")
            self.of.append(rows.pop())
        for cut in draw["cuts"]:
            coefficients = dict(cut["coefficients"])
            need({type(c) for c in (cut["bound"], *coefficients, *coefficients.values())} == {int}, "a cut")
            need(all(0 <= group < len(self.n) for group in coefficients), "a group of a cut")
            self.check_cut(cut["proof"], coefficients, cut["bound"], [0] * len(self.n), list(self.n))
            self.cuts.append((coefficients, cut["bound"]))

    def combine(self, multipliers, cuts):
        """Return a and ceiling, times scale."""
        a, ceiling, of_row = [0] * len(self.n), 0, [0] * len(self.range)
        for row, number in multipliers:
            need(type(number) is type(row) is int and row >= 0, "a multiplier is not a whole number")
            if row < len(self.range):
                of_row[row] += number
                ceiling += number * self.range[row][number > 0]
                continue
            need(number >= 0, "a cut the wrong way round")
            ceiling += number * cuts[row - len(self.range)][1]
            for group, coefficient in cuts[row - len(self.range)][0].items():
                a[group] += number * coefficient
        return [a[g] + sum(of_row[row] for row in rows) for g, rows in enumerate(self.of)], ceiling

    def check_cut(self, node, coefficients, bound, least, most):
        """Check 4, one branch."""
        if "multipliers" in node:
            a, value = self.combine(node["multipliers"], [])
            for g in range(len(a)):
                d = coefficients.get(g, 0) * self.scale - a[g]
                value += d * (most[g] if d > 0 else least[g])
            return need(value < (bound + 1) * self.scale, "a cut is not proved")
        g, seats = node["group"], node["seats"]
        need(type(g) is type(seats) is int and 0 <= g < len(self.n), "a branch")
        fewer, further = most.copy(), least.copy()
        fewer[g], further[g] = min(most[g], seats), max(least[g], seats + 1)
        self.check_cut(node["less"], coefficients, bound, least, fewer)
        return self.check_cut(node["more"], coefficients, bound, further, most)

    def slack(self, multipliers, support):
        """Return y and slack for groups that keep what they have."""
        a, ceiling = self.combine(multipliers, self.cuts)
        y = [max(0, a[g]) if g in support else 0 for g in range(len(a))]
        rise = ceiling + sum(max(0, y[g] - a[g]) * self.n[g] for g in range(len(a)))
        return y, rise - sum(y[g] * self.n[g] * self.p[g] for g in support if y[g])


def measure_gap(draw, rows):
    """Check 3."""
    n, p, everybody, bound = rows.n, rows.p, set(range(len(rows.n))), draw["bound"]
    need(draw["objective"] in ("leximin", "maximin", "random"), "an unknown objective")
    need(draw["objective"] == "leximin" or not draw["levels"], "levels of another objective")
    gap, known = Fraction(0), set()
    for level in draw["levels"]:
        here = set(level["groups"])
        need(here and here <= everybody - known and len(here) == len(level["groups"]), "a group twice")
        top = max(p[g] for g in known | here)
        y, slack = rows.slack(level["multipliers"], known | here)
        gains = [min(1 - p[g], slack / (y[g] * n[g])) if y[g] else 1 - p[g] for g in here]
        gap = max(gap, *gains, top - min(p[g] for g in here))
        known |= here
    if rest := everybody - known:
        y, slack = rows.slack(bound, everybody)
        people = sum(y[g] * n[g] for g in rest)
        limit = min(1, (slack + sum(y[g] * n[g] * p[g] for g in rest)) / people) if people else 1
        floor = Fraction(2, 10**9) if draw["objective"] == "leximin" else 0
        gap = max(gap, limit - min(p[g] for g in rest), floor)
    return Fraction(gap)


def measure_concave(draw, rows):
    """Check 3 for nash and goldilocks."""
    n, p, sit = rows.n, rows.p, set(range(len(rows.n)))
    for level in draw["levels"]:
        never = set(level["groups"])
        need(never and never < sit and [*never] * len(draw["levels"]) == [*never], "a level")
        need(len(never) == len(level["groups"]), "a group twice")
        y, slack = rows.slack(level["multipliers"], never)
        need(all(p[g] == 0 and slack < y[g] for g in never), "somebody can sit")
        sit -= never
    a, ceiling = rows.combine(draw["bound"], rows.cuts)
    people, low, high = sum(n[g] for g in sit), min(p[g] for g in sit), max(p[g] for g in sit)
    if low == 0:
        return Fraction(1)
    if draw["objective"] == "nash":
        limit = ceiling + sum(max(0, -int(-rows.scale / p[g] // 1) - a[g]) * n[g] for g in sit)
        return 1 - Fraction(people * rows.scale, limit)
    up, down = (sum(max(0, sign * a[g]) * n[g] for g in sit) for sign in (1, -1))
    mean, least, root = Fraction(draw["size"], people), Fraction(2), isqrt(up * down)
    if root:
        least = max(least, Fraction(2 * root, down) - ceiling / (down * mean))
        if mean * root >= ceiling + down:
            least = max(least, 1 / mean + mean * up / (ceiling + down))
    return 1 - least / (high / mean + mean / low)


def check(draw):
    """Make all five checks; return the gap, or raise."""
    people, chances = check_panels(draw)
    measure = measure_concave if draw["objective"] in ("nash", "goldilocks") else measure_gap
    gap = max(Fraction(0), measure(draw, Rows(draw, people, chances)))
    nearest = {name: float(chance) for name, chance in chances.items()}
    need(draw["probabilities"] == nearest, "the probabilities differ")
    need(draw["minimum"] == min(nearest.values()), "the minimum differs")
    need(draw["status"] == ("optimal" if gap <= Fraction(1, 10**9) else "gap"), "the status differs")
    need(gap <= draw["gap"] <= float(gap) * (1 + 2**-51), "the gap differs")
    return gap


if __name__ == "__main__":
    content = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(f"Checked: {content['objective']}, {content['status']}, gap {float(check(content)):.1e}")
