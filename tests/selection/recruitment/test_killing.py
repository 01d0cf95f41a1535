"""A worker that is killed in the middle of an import leaves nothing, and the next one begins again."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROWS = 20_000
PREPARE = f"""
import django; django.setup()
from django.core.management import call_command
from antigone.accounts.actions import create_person
from antigone.accounts.models import Organisation
from antigone.selection.actions import recruitment as recruiting
from tests.selection.recruitment.town import make_terms, write_register
call_command("migrate", verbosity=0)
city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
alice = create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)
made = recruiting.create_recruitment(terms=make_terms(), source="register", by=alice)
layout = recruiting.keep_register(recruitment=made, chunks=[write_register({ROWS})], by=alice)
recruiting.map_columns(recruitment=made, roles=layout.guess_roles(), drops_repeated=False, by=alice)
"""
# The last rows of the transaction wait, so that the kill falls within it.
WORK = """
import sys, time
import django; django.setup()
from django.core.management import call_command
from antigone.selection.actions.recruitment import importing, resume_register_imports
if sys.argv[1] == "slow":
    read = importing.Spool.read
    def read_slowly(spool):
        for place, row in enumerate(read(spool)):
            if place == 15_000:
                print("writing", flush=True)
                time.sleep(60)
            yield row
    importing.Spool.read = read_slowly
resume_register_imports()
call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
"""


def make_environment(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANTIGONE_")}
    return environment | {
        "ANTIGONE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "antigone.settings",
        "PYTHONPATH": str(ROOT),
    }


def start(folder: Path, pace: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", WORK, pace]
    return subprocess.Popen(command, env=make_environment(folder), cwd=ROOT, stdout=subprocess.PIPE)


def ask(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "antigone.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """The data of a city whose register waits for the background."""
    subprocess.run([sys.executable, "-c", PREPARE], env=make_environment(tmp_path), cwd=ROOT, check=True)
    return tmp_path


def test_killed_import_leaves_nothing_and_is_begun_again(prepared: Path) -> None:
    with start(prepared, "slow") as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"writing\n"
        worker.send_signal(signal.SIGKILL)
    assert ask(prepared, "SELECT state, root, rows FROM selection_recruitment") == [("importing", "", 0)]
    assert ask(prepared, "SELECT count(*) FROM selection_contact") == [(0,)]
    with start(prepared, "fast") as worker:
        assert worker.wait(120) == 0
    ((state, rows, file),) = ask(prepared, "SELECT state, rows, file FROM selection_recruitment")
    assert (state, rows, file) == ("ready", ROWS, "")
    assert ask(prepared, "SELECT count(*) FROM selection_contact") == [(ROWS,)]
    assert list((prepared / "registers").iterdir()) == []


def test_worker_killed_while_reading_leaves_nothing_either(prepared: Path) -> None:
    with start(prepared, "fast") as worker:
        while not ask(prepared, "SELECT done FROM selection_recruitment WHERE attempts > 0"):
            assert worker.poll() is None, "the worker ended before it was seen at work"
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
    assert ask(prepared, "SELECT count(*) FROM selection_contact") == [(0,)]
    ((name,),) = ask(prepared, "SELECT file FROM selection_recruitment")
    assert [path.name for path in (prepared / "registers").iterdir()] == [name]
