"""Polis's formulas written out one statement at a time, to hold ours against: slow, short enough to check by eye."""

import math
from collections.abc import Mapping
from typing import Any

Held = Mapping[tuple[int, int], int]
Z = 1.2816


def count(held: Held, people: set[int], statement: int) -> tuple[int, int, int]:
    """Give agrees, disagrees and all votes of some people on a statement."""
    votes = [vote for (person, what), vote in held.items() if what == statement and person in people]
    return votes.count(1), votes.count(-1), len(votes)


def z_of_one(successes: int, trials: int) -> float:
    return 2 * math.sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5)


def z_of_two(s_in: int, n_in: int, s_out: int, n_out: int) -> float:
    s, n, t, m = s_in + 1, n_in + 1, s_out + 1, n_out + 1
    pooled = (s + t) / (n + m)
    if pooled == 1:
        return 0.0
    return (s / n - t / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))


def compare(held: Held, groups: Mapping[int, int], group: int, statement: int) -> dict[str, float]:
    inside = {person for person, its in groups.items() if its == group}
    na, nd, ns = count(held, inside, statement)
    oa, od, os = count(held, set(groups) - inside, statement)
    pa, pd = (na + 1) / (ns + 2), (nd + 1) / (ns + 2)
    return {
        "na": na, "nd": nd, "ns": ns, "pa": pa, "pd": pd, "pat": z_of_one(na, ns), "pdt": z_of_one(nd, ns),
        "ra": pa / ((oa + 1) / (os + 2)), "rd": pd / ((od + 1) / (os + 2)),
        "rat": z_of_two(na, ns, oa, os), "rdt": z_of_two(nd, ns, od, os),
    }  # fmt: skip


def speak_for(statement: int, found: Mapping[str, float]) -> dict[str, Any]:
    """Take the side that tells the group apart most."""
    side = "agree" if found["rat"] > found["rdt"] else "disagree"
    s = "a" if side == "agree" else "d"
    values = found["p" + s], found["p" + s + "t"], found["r" + s], found["r" + s + "t"]
    return {"statement": statement, "side": side, "values": values, "score": math.prod(values)}


def choose(stats: Mapping[int, Mapping[str, float]]) -> list[dict[str, Any]]:
    """Choose the statements that speak for a group, from the figures of those that are not moderated out."""
    enough, best_agree, best = [], None, None
    for statement, s in stats.items():
        if (s["rat"] > Z and s["pat"] > Z) or (s["rdt"] > Z and s["pdt"] > Z):
            enough.append(speak_for(statement, s))
        if best is None or max(s["rat"], s["rdt"]) > best[0]:
            best = max(s["rat"], s["rdt"]), statement
        if s["na"] == s["nd"] == 0:
            continue
        if best_agree is None:
            beats = s["pat"] > Z or (s["ra"] > 1 and s["pa"] > 0.5)
        elif stats[best_agree]["ra"] > 1:
            b = stats[best_agree]
            beats = s["ra"] * s["rat"] * s["pa"] * s["pat"] > b["ra"] * b["rat"] * b["pa"] * b["pat"]
        else:
            beats = s["pa"] * s["pat"] > stats[best_agree]["pa"] * stats[best_agree]["pat"]
        if beats:
            best_agree = statement
    head = best_agree if best_agree is not None else best[1] if best and not enough else None
    listed = [] if head is None else [speak_for(head, stats[head])]
    others = [one for one in enough if one["statement"] != best_agree]
    listed = (listed + sorted(others, key=lambda one: -one["score"]))[:5]
    return [one for one in listed if one["side"] == "agree"] + [
        one for one in listed if one["side"] == "disagree"
    ]
