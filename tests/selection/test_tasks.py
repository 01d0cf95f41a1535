"""A computation in a process of its own: cancelled, killed, begun again. Never stuck."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
import django; django.setup()
from django.core.management import call_command
from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation
from antigone.selection import actions
from antigone.selection.reading import Upload, read_files
from tests.selection.town import write_large_pool, write_large_targets
call_command("migrate", verbosity=0)
city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
alice = create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)
loaded = read_files(
    pool=Upload("p.csv", write_large_pool(3_000)), size=120, targets=Upload("t.csv", write_large_targets(120))
)
draw = actions.create_draw(title="La nuit", question="", loaded=loaded, by=alice)
actions.start_computation(draw=draw, objective="leximin", lottery_size=100, time_limit=60, by=alice)
"""
WORK = """
import django; django.setup()
from django.core.management import call_command
from antigone.selection.actions import resume_computations
resume_computations()
call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of a city whose computation waits."""
    subprocess.run([sys.executable, "-c", PREPARE], env=make_environment(tmp_path), cwd=ROOT, check=True)
    return tmp_path


def make_environment(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANTIGONE_")}
    return environment | {
        "ANTIGONE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "antigone.settings",
        "PYTHONPATH": str(ROOT),
    }


def ask(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "antigone.sqlite3", timeout=20)) as database, database:
        return database.execute(query).fetchall()


@contextmanager
def work(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", WORK], env=make_environment(folder), cwd=ROOT) as worker:
        yield worker


@contextmanager
def working(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a worker and yield it once it computes."""
    with work(folder) as worker:
        while ask(folder, "SELECT phase FROM selection_computation WHERE state = 'running'") in ([], [("",)]):
            assert worker.poll() is None, "the worker ended before it was seen at work"
            time.sleep(0.02)
        yield worker


def test_computation_of_a_killed_worker_is_begun_again_and_ends(folder: Path) -> None:
    with working(folder) as worker:
        worker.send_signal(signal.SIGKILL)
    assert ask(folder, "SELECT state FROM selection_computation") == [("running",)]
    assert ask(folder, "SELECT count(*) FROM selection_computedfile") == [(0,)]
    with work(folder) as worker:
        assert worker.wait() == 0
    assert ask(folder, "SELECT state, attempts FROM selection_computation") == [("done", 2)]
    assert ask(folder, "SELECT count(*) FROM selection_computedfile") == [(3,)]


def test_computation_that_always_brings_the_server_down_is_given_up(folder: Path) -> None:
    ask(folder, "UPDATE selection_computation SET state = 'running', attempts = 3")
    with work(folder) as worker:
        assert worker.wait() == 0
    assert ask(folder, "SELECT state, error_code FROM selection_computation") == [("failed", "interrupted")]


def test_cancelled_computation_leaves_off_without_a_result(folder: Path) -> None:
    with working(folder) as worker:
        ask(folder, "UPDATE selection_computation SET state = 'cancelled'")
        assert worker.wait() == 0
    assert ask(folder, "SELECT state FROM selection_computation") == [("cancelled",)]
    assert ask(folder, "SELECT count(*) FROM selection_computedfile") == [(0,)]
