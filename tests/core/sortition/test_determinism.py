"""One pool, one answer: in any process, whatever the seed of Python's hashes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

SCRIPT = """
import random
from fractions import Fraction
from antigone.core.sortition.alternates import choose_alternates
from antigone.core.sortition.diagnosis import diagnose
from antigone.core.sortition.lottery import make_lottery
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets

rng = random.Random(5)
values = {"age": ["18-29", "30-59", "60+"], "gender": ["women", "men"]}
pool = Pool(tuple(
    Person(f"p{n}", {f: rng.choice(v) for f, v in values.items()}, f"h{n // 2}") for n in range(40)
))
bounds = [Target("age", v, 2, 5) for v in values["age"]] + [Target("gender", v, 4, 6) for v in values["gender"]]
targets = Targets(10, tuple(bounds))
tight = Targets(10, (*bounds[:3], Target("gender", "women", 8, 9), Target("gender", "men", 4, 6)))
fair = distribute(pool, targets, households=True)
lottery = make_lottery(pool, targets, fair.panels, bound=fair.bound, number=100, households=True)
print(diagnose(pool, targets, True), diagnose(pool, tight, True))
print(lottery)
print(choose_alternates(pool, targets, lottery.panels[0], 4, households=True))
"""


def test_all_answers_are_the_same_in_any_process() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert "Conflict" in outputs[0]
