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
        self.scale, groups, size = draw["scale"], draw["groups"], draw["size"]
        need(draw["format"] == "antigone-draw/1" and self.scale == 2**80, "another format")
        row_of = {(t["feature"], t["value"]): row for row, t in enumerate(draw["targets"], 1)}
        self.lines = [(size, size, {}), *((t["min"], t["max"], {}) for t in draw["targets"])]
        occupied, homes = {p["household"] for p in people.values() if draw["households"]} - {""}, {}
        for names in draw["household_classes"]:
            for name in names:
                need(name in occupied and name not in homes, "a household unknown, or given twice")
                homes[name] = len(self.lines)
            self.lines.append((0, len(names), {}))
        need(sorted(sum(groups, [])) == sorted(people), "groups are not everybody once")
        self.n, self.p = [len(group) for group in groups], [chances[group[0]] for group in groups]
        for number, group in enumerate(groups):
            rows = set()
            for name in group:
                mine = {row_of[pair] for pair in people[name]["features"].items() if pair in row_of}
                rows.add(frozenset(mine | {0, homes.get(people[name]["household"], 0)}))
            need(len(rows) == len({chances[name] for name in group}) == 1, "people of a group differ")
            for row in rows.pop():
                self.lines[row][2][number] = 1
        cuts = []
        for cut in draw["cuts"]:
            coefficients = dict(cut["coefficients"])
            need({type(c) for c in (cut["bound"], *coefficients, *coefficients.values())} == {int}, "a cut")
            need(all(0 <= group < len(self.n) for group in coefficients), "a group of a cut")
            self.check_cut(cut["proof"], coefficients, cut["bound"], [0] * len(self.n), list(self.n))
            cuts.append((None, cut["bound"], coefficients))
        self.all = self.lines + cuts

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
        g, seats = node["group"], node["seats"]
        need(type(g) is type(seats) is int and 0 <= g < len(self.n), "a branch")
        fewer, further = most.copy(), least.copy()
        fewer[g], further[g] = min(most[g], seats), max(least[g], seats + 1)
        self.check_cut(node["less"], coefficients, bound, least, fewer)
        return self.check_cut(node["more"], coefficients, bound, further, most)

    def slack(self, multipliers, support):
        """Return y and slack for groups that keep what they have."""
        a, ceiling = self.combine(multipliers, self.all)
        y = [max(0, a[g]) if g in support else 0 for g in range(len(a))]
        rise = ceiling + sum(max(0, y[g] - a[g]) * self.n[g] for g in range(len(a)))
        return y, rise - sum(y[g] * self.n[g] * self.p[g] for g in support if y[g])


def measure_gap(draw, rows):
    """Check 3."""
    n, p, rest, gap, known = rows.n, rows.p, set(range(len(rows.n))), Fraction(0), []
    is_concave = draw["objective"] in ("nash", "goldilocks")
    need(is_concave or draw["objective"] in ("leximin", "maximin", "random"), "an unknown objective")
    need(len(draw["levels"]) <= is_concave or draw["objective"] == "leximin", "levels of another objective")
    for level in draw["levels"]:
        here = level["groups"]
        need(here and set(here) <= rest and len(here) == len(set(here)), "a group twice")
        known, rest = known + here, rest - set(here)
        y, slack = rows.slack(level["multipliers"], known)
        need(not is_concave or all(p[g] == 0 and slack < y[g] for g in here), "somebody can sit")
        gains = [min(1 - p[g], slack / (y[g] * n[g])) if y[g] else 1 - p[g] for g in here]
        gap = gap if is_concave else max(gap, *gains, max(p[g] for g in known) - min(p[g] for g in here))
    if is_concave:
        return measure_concave(draw, rows, rest)
    if rest:
        y, slack = rows.slack(draw["bound"], range(len(n)))
        people = sum(y[g] * n[g] for g in rest)
        limit = min(1, (slack + sum(y[g] * n[g] * p[g] for g in rest)) / people) if people else 1
        floor = Fraction(2, 10**9) if draw["objective"] == "leximin" else 0
        gap = max(gap, limit - min(p[g] for g in rest), floor)
    return gap


def measure_concave(draw, rows, sit):
    """Check 3 for nash and goldilocks."""
    n, p, (a, ceiling) = rows.n, rows.p, rows.combine(draw["bound"], rows.all)
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
    if root and mean * root >= ceiling + down:
        least = max(least, 1 / mean + mean * up / (ceiling + down))
    return 1 - least / (high / mean + mean / low)


def check(draw):
    """Make all five checks; return the gap, or raise."""
    people, chances = check_panels(draw)
    gap = max(Fraction(0), measure_gap(draw, Rows(draw, people, chances)))
    nearest = {name: float(chance) for name, chance in chances.items()}
    need(draw["probabilities"] == nearest, "the probabilities differ")
    need(draw["minimum"] == min(nearest.values()), "the minimum differs")
    need(draw["status"] == ("optimal" if gap <= Fraction(1, 10**9) else "gap"), "the status differs")
    need(gap <= draw["gap"] <= float(gap) * (1 + 2**-51), "the gap differs")
    return gap


if __name__ == "__main__":
    content = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(f"Checked: {content['objective']}, {content['status']}, gap {float(check(content)):.1e}")
