"""The draw on the terminal: what it writes, what it says, and what it refuses."""

import json
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import psutil
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from antigone.cli import antigone
from antigone.core.sortition import Targets, read_pool, read_targets, verify
from antigone.core.sortition.documents import dump_pool, dump_targets
from antigone.core.sortition.objectives import Objective

ROOT = Path(__file__).resolve().parents[2]
TARGETS = """feature,value,min,max
age,18-29,2,3
age,30-59,2,4
age,60+,1,3
gender,femme,3,3
gender,homme,3,3
"""
CLASH = TARGETS.replace("gender,homme,3,3", "gender,homme,4,4")


def make_people(number: int = 40) -> list[str]:
    """Give the lines of a pool that leans towards the older."""
    ages = ("18-29", "30-59", "60+", "60+")
    return [
        f"p{n:03},{ages[n % 4]},{'femme' if n % 3 else 'homme'},{n // 2} rue Haute" for n in range(number)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_pool(tmp_path, make_people())
    (tmp_path / "targets.csv").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "clash.csv").write_text(CLASH, encoding="utf-8")
    return tmp_path


def write_pool(folder: Path, lines: list[str], *, encoding: str = "utf-8") -> None:
    text = "\n".join(["id,age,gender,household", *lines])
    (folder / "pool.csv").write_text(text + "\n", encoding=encoding)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(antigone, [str(argument) for argument in arguments])


def draw(folder: Path, *options: object, targets: str = "targets.csv", size: int = 6) -> Result:
    return run("draw", folder / "pool.csv", folder / targets, "--size", size, *options)


def read(result: Result) -> dict[str, object]:
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_a_panel_meets_the_targets_and_its_certificate_is_checked(folder: Path) -> None:
    result = draw(folder, "--json", "--out", folder / "draw.json")
    assert result.exit_code == 0, result.output
    report, certificate = read(result), json.loads((folder / "draw.json").read_text())
    assert (report["status"], report["objective"]) == ("optimal", "leximin")
    assert verify(certificate).is_valid
    assert certificate["probabilities"] == report["probabilities"]
    panel = set(report["panel"])  # type: ignore[call-overload]
    assert len(panel) == 6
    assert sum(line.split(",")[0] in panel and "femme" in line for line in make_people()) == 3


def test_the_second_verifier_accepts_what_was_written(folder: Path) -> None:
    draw(folder, "--out", folder / "draw.json")
    script = ROOT / "docs" / "reference" / "verify_draw.py"
    done = subprocess.run(
        [sys.executable, script, folder / "draw.json"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout[:8]) == (0, "Checked:")


@tries(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.integers(0, 1000))
def test_the_order_of_the_files_changes_nothing(folder: Path, order: int) -> None:
    write_pool(folder, make_people())
    before = read(draw(folder, "--json", "--seed", "7"))
    shuffled = make_people()
    random.Random(order).shuffle(shuffled)
    write_pool(folder, shuffled)
    header, *rows = TARGETS.splitlines()
    random.Random(order).shuffle(rows)
    (folder / "targets.csv").write_text("\n".join([header, *rows]))
    assert read(draw(folder, "--json", "--seed", "7")) == before


def test_another_seed_draws_another_panel(folder: Path) -> None:
    panels = {tuple(read(draw(folder, "--json", "--seed", seed))["panel"]) for seed in range(6)}  # type: ignore[arg-type]
    assert len(panels) > 1


def test_without_a_seed_one_is_made_that_repeats_the_draw(folder: Path) -> None:
    first = read(draw(folder, "--json"))
    assert read(draw(folder, "--json", "--seed", first["seed"])) == first


def test_a_lottery_draws_one_of_its_equal_panels(folder: Path) -> None:
    report = read(draw(folder, "--json", "--lottery"))
    lottery = report["lottery"]
    assert isinstance(lottery, dict)
    assert (lottery["number"], lottery["outside"]) == (1000, [])
    assert report["number"] in range(1000)
    assert sum(lottery["balls"].values()) == 6000
    assert "100 equal panels" in draw(folder, "--lottery", "100", "--language", "en").stdout


def test_a_public_draw_goes_from_the_commitment_to_the_panel(folder: Path) -> None:
    at = (datetime.now(UTC) + timedelta(seconds=2)).replace(microsecond=0)
    out = folder / "draw.json"
    options = ("--out", out, "--public-randomness", f"digits:{at.isoformat()},Mairie")
    assert draw(folder, *options).exit_code == 2, "digits choose among equal panels"
    assert draw(folder, *options, "--lottery", "--language", "en").exit_code == 0
    secret = folder / "draw.secret.json"
    assert secret.stat().st_mode & 0o077 == 0
    early = run("reveal", out, "--digits", "417", "--drawn-at", "2020-01-01T00:00", "--json")
    assert (early.exit_code, read(early)["error"]["code"]) == (1, "early_randomness")  # type: ignore[index]
    assert not (folder / "draw.public.json").exists()
    time.sleep(2)
    report = read(run("reveal", out, "--digits", "4-1-7", "--json"))
    assert report["number"] == 417
    files = [folder / f"draw.{part}.json" for part in ("lottery", "commitment", "public")]
    found = read(run("verify", out, *files, "--json"))
    assert (found["valid"], found["complete"]) == (True, True)
    public = folder / "draw.public.json"
    public.write_text(public.read_text().replace('"panel": 417', '"panel": 418'))
    result = run("verify", out, *files, "--language", "fr")
    assert result.exit_code == 1
    assert "Ne croyez pas ce tirage" in result.stdout


def test_a_round_of_the_beacon_is_announced_by_instant_or_number(folder: Path) -> None:
    for wanted in ("drand:2099-01-01T00:00", "drand:900000000"):
        result = draw(folder, "--public-randomness", wanted, "--out", folder / "draw.json", "--json")
        assert result.exit_code == 0, result.output
        commitment = json.loads((folder / "draw.commitment.json").read_text())
        assert commitment["randomness"]["kind"] == "drand"
    forged = run("reveal", folder / "draw.json", "--signature", "00" * 48, "--json")
    assert (forged.exit_code, read(forged)["error"]["code"]) == (1, "invalid_randomness")  # type: ignore[index]


@pytest.mark.parametrize(
    "wanted", ["drand:657413", "digits:2020-01-01T00:00,Mairie", "digits:hier,Mairie", "dice:3", "41", "4I7"]
)
def test_randomness_that_nobody_should_believe_is_refused(folder: Path, wanted: str) -> None:
    result = draw(folder, "--lottery", "--public-randomness", wanted, "--out", folder / "draw.json", "--json")
    assert result.exit_code == 1
    assert read(result)["error"]
    assert not list(folder.glob("*draw*"))


def test_digits_that_fell_already_rehearse_a_draw(folder: Path) -> None:
    report = read(draw(folder, "--lottery", "--public-randomness", "417", "--json"))
    assert report["number"] == 417


def test_alternates_and_prices_are_explained(folder: Path) -> None:
    report = read(draw(folder, "--alternates", "3", "--explain", "--json", "--language", "fr"))
    assert len(report["alternates"]) == 3  # type: ignore[arg-type]
    assert any("chance" in price["sentence"] for price in report["prices"])  # type: ignore[attr-defined]
    said = draw(folder, "--alternates", "3", "--explain", "--language", "fr").stdout
    assert "Les suppléants" in said
    assert "Ce que coûtent les cibles" in said


def test_the_panel_is_written_as_csv(folder: Path) -> None:
    report = read(draw(folder, "--json", "--panel", folder / "panel.csv"))
    lines = (folder / "panel.csv").read_text().splitlines()
    assert lines[0] == "id,household,age,gender"
    assert {line.split(",")[0] for line in lines[1:]} == set(report["panel"])  # type: ignore[call-overload]


def test_one_person_of_an_address_sits_at_most(folder: Path) -> None:
    for seed in range(5):
        report = read(draw(folder, "--json", "--households", "--seed", seed))
        panel = set(report["panel"])  # type: ignore[call-overload]
        homes = [line.split(",")[3] for line in make_people() if line.split(",")[0] in panel]
        assert len(set(homes)) == 6


def test_households_need_a_column_of_the_address(folder: Path) -> None:
    text = (folder / "pool.csv").read_text()
    (folder / "pool.csv").write_text(text.replace("household", "rue"))
    result = draw(folder, "--households", "--json")
    assert (result.exit_code, read(result)["error"]["code"]) == (1, "missing_column")  # type: ignore[index]
    assert draw(folder, "--households", "--address", "rue").exit_code == 0


def test_conflicts_are_named_with_changes_that_mend_them(folder: Path) -> None:
    result = draw(folder, "--check", "--json", targets="clash.csv")
    assert result.exit_code == 1
    found = read(result)
    assert found["feasible"] is False
    assert found["conflicts"]
    changes = found["changes"]
    assert isinstance(changes, list)
    assert len(changes) == 1
    change = changes[0]
    lines = CLASH.splitlines()
    mended = [
        f"{change['feature']},{change['value']},{change['min']},{change['max']}"
        if line.startswith(f"{change['feature']},{change['value']},")
        else line
        for line in lines
    ]
    (folder / "mended.csv").write_text("\n".join(mended))
    assert draw(folder, "--check", targets="mended.csv").exit_code == 0


def test_a_draw_that_cannot_be_made_writes_nothing(folder: Path) -> None:
    result = draw(folder, "--out", folder / "draw.json", targets="clash.csv")
    assert result.exit_code == 1
    assert "together with" in draw(folder, "--language", "en", targets="clash.csv").stdout
    assert "en même temps que" in draw(folder, "--language", "fr", targets="clash.csv").stdout
    assert not list(folder.glob("*draw*"))


def test_people_who_can_never_be_drawn_are_named(folder: Path) -> None:
    (folder / "targets.csv").write_text(TARGETS.replace("60+,1,3", "60+,0,0"))
    found = read(draw(folder, "--check", "--json"))
    excluded = found["excluded"]
    assert isinstance(excluded, list)
    assert len(excluded) == 20
    assert excluded[0]["bounds"] == [{"feature": "age", "value": "60+", "bound": "max", "seats": 0}]
    report = read(draw(folder, "--json"))
    assert report["minimum"] == 0
    assert not {item["id"] for item in excluded} & set(report["panel"])  # type: ignore[call-overload]


@pytest.mark.parametrize("objective", get_args(Objective))
def test_every_objective_draws(folder: Path, objective: str) -> None:
    result = draw(folder, "--objective", objective, "--out", folder / "draw.json")
    assert result.exit_code == 0, result.output
    assert verify(json.loads((folder / "draw.json").read_text())).is_valid


def test_json_and_old_encodings_are_read(folder: Path) -> None:
    write_pool(folder, [line.replace("Haute", "de l’Église") for line in make_people()], encoding="cp1252")
    assert draw(folder).exit_code == 0
    targets = read_targets((folder / "targets.csv").read_bytes(), 6)
    pool = read_pool((folder / "pool.csv").read_bytes(), targets)
    (folder / "targets.csv").write_bytes(dump_targets(targets))
    (folder / "pool.csv").write_bytes(dump_pool(pool))
    assert run("draw", folder / "pool.csv", folder / "targets.csv").exit_code == 0
    assert "6" in draw(folder, "--language", "en", size=7).output


WRONG = [
    ("pool", lambda text: "", "empty_file"),
    ("pool", lambda text: text.replace("gender", "genre", 1), "missing_column"),
    ("pool", lambda text: text.replace("femme", "Femme ", 1), "unknown_value"),
    ("pool", lambda text: text.replace("p001", "p002", 1), "repeated_id"),
    ("pool", lambda text: text.splitlines()[0], "empty_pool"),
    ("pool", lambda text: "\n".join(text.splitlines()[:4]), "pool_too_small"),
    ("targets", lambda text: text.replace("2,3", "3,2"), "crossed_bounds"),
    ("targets", lambda text: text.replace("2,3", "-1,3"), "negative_bound"),
    ("targets", lambda text: text.replace("2,3", "deux,3"), "invalid_number"),
    ("targets", lambda text: text + "age,60+,1,2\n", "repeated_target"),
]


@pytest.mark.parametrize(("file", "spoil", "code"), WRONG, ids=[code for _, _, code in WRONG])
def test_wrong_files_are_refused_in_a_sentence(folder: Path, file: str, spoil: object, code: str) -> None:
    path = folder / f"{file}.csv"
    path.write_text(spoil(path.read_text()))  # type: ignore[operator]
    result = draw(folder, "--json", "--out", folder / "draw.json")
    assert result.exit_code == 1
    error = read(result)["error"]
    assert isinstance(error, dict)
    assert error["code"] == code
    assert not (folder / "draw.json").exists()
    said = draw(folder, "--language", "fr")
    assert said.exit_code == 1
    assert said.exception is not None
    assert "Traceback" not in said.output


@pytest.mark.parametrize("size", [0, -3, 41])
def test_a_wrong_size_is_refused(folder: Path, size: int) -> None:
    result = draw(folder, "--json", size=size)
    assert result.exit_code == 1
    assert "error" in read(result)


def test_missing_files_and_folders_are_said(folder: Path) -> None:
    result = run("draw", folder / "nobody.csv", folder / "targets.csv", "--size", "6", "--json")
    assert (result.exit_code, read(result)["error"]["code"]) == (1, "unreadable_path")  # type: ignore[index]
    result = draw(folder, "--json", "--out", folder / "nowhere" / "draw.json")
    assert (result.exit_code, read(result)["error"]["code"]) == (1, "unwritable_path")  # type: ignore[index]


def test_what_is_said_is_french_or_english(folder: Path) -> None:
    assert "Les cibles peuvent être atteintes" in draw(folder, "--language", "fr").stdout
    assert "The targets can be met" in draw(folder, "--language", "en").stdout


SHARES = "feature;value;share\nage;18-29;17,5\nage;30+;82,5\n"


@pytest.fixture
def shares(tmp_path: Path) -> Path:
    (tmp_path / "shares.csv").write_text(SHARES)
    return tmp_path


def test_targets_are_made_of_shares(shares: Path) -> None:
    result = run(
        "targets", shares / "shares.csv", "--size", "40", "--out", shares / "targets.csv", "--language", "fr"
    )
    assert result.exit_code == 0, result.output
    assert "à la proportionnelle" in result.stdout
    found: Targets = read_targets((shares / "targets.csv").read_bytes(), 40)
    assert [(target.min, target.max) for target in found.targets] == [(7, 7), (33, 33)]


def test_wrong_shares_are_refused(shares: Path) -> None:
    (shares / "shares.csv").write_text(SHARES.replace("17,5", "beaucoup"))
    result = run("targets", shares / "shares.csv", "--size", "40", "--json")
    assert (result.exit_code, read(result)["error"]["code"]) == (1, "invalid_shares")  # type: ignore[index]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A pool that takes seconds on any machine."""
    stream = random.Random(1)
    features = [f"f{n}" for n in range(9)]
    lines = [",".join([f"p{n}", *(f"v{stream.randrange(6)}" for _ in features)]) for n in range(8000)]
    (tmp_path / "pool.csv").write_text("\n".join([",".join(["id", *features]), *lines]))
    rows = [f"{feature},v{value},{20 + value},{38 - value}" for feature in features for value in range(6)]
    (tmp_path / "targets.csv").write_text("\n".join(["feature,value,min,max", *rows]))
    return tmp_path


def test_ctrl_c_stops_the_computation_and_writes_nothing(large: Path) -> None:
    command = [sys.executable, "-c", "from antigone.cli import main; main()", "draw"]
    files = [large / "pool.csv", large / "targets.csv", "--size", "170", "--out", large / "draw.json"]
    process = subprocess.Popen([*command, *files], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    watched = psutil.Process(process.pid)
    while watched.cpu_times().user < 2.5:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in said) == (1, False)
    assert not list(large.glob("*draw*"))
