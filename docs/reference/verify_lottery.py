"""Check a lottery by the file of its chances, from public-draw-format.md alone (checks 6 and 7), beside verify_draw.py:

python verify_lottery.py draw.json lottery.json
"""

import json
import pathlib
import sys
from fractions import Fraction
from math import floor

import verify_draw


def check(chances, lottery):
    """Check the chances, then the lottery."""
    verify_draw.check(chances)
    m = len(lottery["panels"])
    panels = [{"members": members, "weight": 1} for members in lottery["panels"]]
    shares = verify_draw.check_panels({**chances, "panels": panels, "total": m})[1]
    people, p = verify_draw.check_panels(chances)
    rows, bound = verify_draw.Rows(chances, people, p), 1
    for multipliers in [level["multipliers"] for level in chances["levels"][:1]] + [chances["bound"] or []]:
        a, ceiling = rows.combine(multipliers, rows.all)
        seats = sum(max(0, a[g]) * n for g, n in enumerate(rows.n))
        rise = ceiling + sum(max(0, -a[g]) * n for g, n in enumerate(rows.n))
        bound = min(bound, Fraction(rise, seats)) if seats else bound
    balls = {name: int(share * m) for name, share in shares.items()}
    found = {"format": "antigone-lottery/1", "number": m, "panels": lottery["panels"], "balls": balls}
    found |= {"minimum": min(balls.values()), "best_minimum": floor(m * bound)}
    found["outside"] = sorted(name for name in balls if abs(balls[name] - m * p[name]) >= 1)
    verify_draw.need(found == lottery, "the lottery is not what its panels and the chances give")


if __name__ == "__main__":
    check(*(json.loads(pathlib.Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3]))
    print("Checked")
