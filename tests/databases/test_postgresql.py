"""The rooms do on PostgreSQL what they do on SQLite: the same tests, run again on the other database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgresql_server import HOW_TO_INSTALL, find_binaries, serve_postgresql

# What crawls pages says nothing of the database; the storm takes both databases by itself.
CRAWLERS = [
    "--ignore=tests/convention/test_leaks.py",
    "--ignore=tests/convention/test_hostile.py",
    "--ignore=tests/consultation/test_leaks.py",
    "--ignore=tests/consultation/test_hostile.py",
    "--ignore=tests/consultation/test_storm.py",
    # Servers of their own, on a database of their own.
    "--ignore=tests/gateway/test_faults.py",
    "--ignore=tests/gateway/test_clients.py",
    "--ignore=tests/gateway/test_openapi.py",
]
ROOT = Path(__file__).resolve().parents[2]
BINARIES = find_binaries()


@pytest.mark.skipif(BINARIES is None, reason=HOW_TO_INSTALL)
@pytest.mark.parametrize(
    "room",
    [
        "accounts", "library", "selection", "consultation", "convention", "register", "gateway", "assistant", "portal",
    ],
)  # fmt: skip
def test_room_passes_on_postgresql(room: str, tmp_path: Path) -> None:
    assert BINARIES is not None
    environment = {**os.environ, "ANTIGONE_DATA": str(tmp_path)}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    with serve_postgresql(BINARIES) as address:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", f"tests/{room}", *CRAWLERS],
            cwd=ROOT, env={**environment, "ANTIGONE_DATABASE": address}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-2_000:]
