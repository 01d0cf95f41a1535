"""Kill a process that adds documents, again and again, and tell what was lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
import django; django.setup()
from django.core.management import call_command
from antigone.accounts.models import Organisation
from antigone.library.models import Collection
call_command("migrate", verbosity=0)
city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
Collection.objects.create(name="C", slug="c", organisation=city, audience="public")
"""
REPORT = """
import django; django.setup()
from antigone.library.index import check
from antigone.library.models import Document
from antigone.library.search import search
print(*Document.objects.values_list("pk", flat=True))
print(check())
print(len(search("piscine", person=None).hits))
"""


def kill_again_and_again(folder: Path, rounds: int) -> tuple[set[int], set[int], list[str]]:
    """Return the documents acknowledged, those found at the end, and what `check` says then.

    Each round starts a process that adds documents to one SQLite database and kills it with SIGKILL a random
    moment (up to one second) after its first one.
    """
    environment = {
        **os.environ,
        "ANTIGONE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "antigone.settings",
        "PYTHONPATH": str(ROOT),
    }
    environment.pop("ANTIGONE_DATABASE", None)

    def run(code: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    run(PREPARE)
    acknowledged: set[int] = set()
    for _ in range(rounds):
        command = [sys.executable, "-m", "tests.library.crashing", "c"]
        with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            first = child.stdout.readline()
            time.sleep(random.random())
            child.send_signal(signal.SIGKILL)
            lines = (first + child.stdout.read()).splitlines(keepends=True)
        acknowledged.update(int(line) for line in lines if line.endswith("\n"))
    found, faults, hits = run(REPORT).splitlines()
    return acknowledged, set(map(int, found.split())), [faults, hits]
