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


PUBLIC = """
import json, random, sys
from datetime import UTC, datetime, timedelta
from antigone.core.sortition.beacons import QUICKNET
from antigone.core.sortition.commitments import Round, commit
from antigone.core.sortition.documents import dump_pool, dump_targets, load_pool, load_targets
from antigone.core.sortition.expand import WeightedPanel
from antigone.core.sortition.lottery import make_lottery
from antigone.core.sortition.objectives import distribute
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.pseudonyms import name_people, pseudonymise
from antigone.core.sortition.public_draw import Beacon, draw_panel
from antigone.core.sortition.published import dump_lottery, dump_public_draw, fit_lottery
from antigone.core.sortition.verification import verify_files

rng = random.Random(5)
values = {"age": ["18-29", "30-59", "60+"], "gender": ["women", "men"]}
people = [Person(f"p{n}", {f: rng.choice(v) for f, v in values.items()}, f"h{n // 2}") for n in range(40)]
bounds = [Target("age", v, 2, 5) for v in values["age"]] + [Target("gender", v, 4, 6) for v in values["gender"]]
stream = random.Random(int(sys.argv[1]))
stream.shuffle(people)
stream.shuffle(bounds)
targets = load_targets(dump_targets(Targets(10, tuple(bounds))))
pool, names = name_people(load_pool(dump_pool(Pool(tuple(people))), targets), bytes(32))
fair = distribute(pool, targets, households=True)
lottery = make_lottery(pool, targets, fair.panels, bound=fair.bound, number=100, households=True)
panels = [WeightedPanel(panel, 1) for panel in lottery.panels]
source = Round(QUICKNET.hash, QUICKNET.genesis, QUICKNET.period, 1000)
commitment = commit(pool, targets, panels, secret=bytes(32), version="1", source=source,
                    committed_at=source.announced_at - timedelta(hours=1))
draw = draw_panel(commitment, panels, Beacon(1000,
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"))
files = {
    "draw.json": json.dumps(fair.certificate).encode(),
    "lottery.json": dump_lottery(fit_lottery(lottery.panels, fair.certificate)),
    "public-draw.json": dump_public_draw(draw, bytes(32)),
}
print(files, sorted(names.people.items()), pseudonymise(fair.certificate, bytes(31) + b"1"))
print([(check.name, check.result) for check in verify_files(files).checks], verify_files(files).is_valid)
"""


def test_a_public_draw_is_the_same_in_any_process_and_for_any_order_of_the_files() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PUBLIC, order],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, order in (("1", "1"), ("2", "2"), ("3", "3"))
    ]
    assert len({*outputs}) == 1
    assert outputs[0].endswith("True\n")
