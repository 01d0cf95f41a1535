"""Measure the import of a register: `python benchmarks/recruitment.py [rows…]` (50,000 and 500,000 by default).

For each size: processor seconds and peak memory of the whole import (reading, checks, hashes, one transaction), how
long the database is held, then the draw of 4,000 contacts, its verification and the purge. Beside it, the peer that
everybody writes first: the file read into a list of dictionaries. Each measure runs in a process of its own, on SQLite.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command
from django.utils import timezone

if __name__ == "__main__" and sys.argv[1:2] == ["import"]:
    django.setup()
    from antigone.accounts.actions import create_person
    from antigone.accounts.models import Organisation
    from antigone.selection.actions import recruitment as recruiting
    from antigone.selection.actions.recruitment import importing

ROOT = Path(__file__).resolve().parents[1]
STREETS = ["rue Haute", "avenue des Platanes", "place du Marché", "impasse des Lilas", "chemin du Moulin"]
CONTACTS = 4_000
COLUMNS = (
    "rows", "file", "import, CPU", "database held", "peak memory", "draw of 4,000", "verification", "purge",
    "peak then", "list of dictionaries: CPU", "and memory",
)  # fmt: skip


def write_register(path: Path, rows: int) -> None:
    """Write voters of an invented town, in Windows-1252 with semicolons, as many services do."""
    chance = random.Random(rows)
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write("numéro électeur;nom;prénom;adresse;code postal;commune;bureau de vote;téléphone\r\n")
        for number in range(rows):
            street = f"{chance.randrange(1, 400)} {chance.choice(STREETS)}"
            phone = f"06{chance.randrange(10**8):08}" if number % 3 else ""
            file.write(
                f"E{number};NOM{number};Zoé{number % 97};{street};34000;Valmont;B{number % 40:02};{phone}\r\n"
            )


def import_register(path: Path) -> None:
    """Import one file, then draw and verify; print what each took."""
    call_command("migrate", verbosity=0)
    city = Organisation.objects.create(name="Ville", slug="ville", kind="authority")
    alice = create_person(email="alice@ville.example", name="Alice", roles=["facilitator"], organisation=city)
    memory = Memory()
    today = timezone.localdate()
    terms = recruiting.Terms(
        title="La nuit", purpose="Une convention", origin="Listes électorales", contact_point="dpo@ville.example",
        reply_date=today, purge_date=today + timedelta(days=90), features={"genre": {"femme": "52", "homme": "48"}},
    )  # fmt: skip
    made = recruiting.create_recruitment(terms=terms, source="register", by=alice)
    began = read_cpu()
    with path.open("rb") as file:
        layout = recruiting.keep_register(
            recruitment=made, chunks=iter(lambda: file.read(1 << 16), b""), by=alice
        )
    recruiting.map_columns(recruitment=made, roles=layout.guess_roles(), drops_repeated=False, by=alice)
    save, held = importing._save, []

    def save_timed(*arguments: object) -> None:
        start = read_cpu()
        save(*arguments)
        held.append(read_cpu() - start)

    importing._save = save_timed
    recruiting.run_register_import(made.pk)
    imported, peak = read_cpu() - began, memory.peak
    made.refresh_from_db()
    assert made.state == "ready", made.report
    began = read_cpu()
    recruiting.draw_contacts(recruitment=made, size=min(CONTACTS, made.rows), seed="417", by=alice)
    drawn = read_cpu() - began
    made.refresh_from_db()
    began = read_cpu()
    assert recruiting.check_contacts(made) == (True, True)
    checked, began = read_cpu() - began, read_cpu()
    recruiting.purge_recruitment(recruitment=made, by=alice)
    print(imported, held[0], peak, drawn, checked, read_cpu() - began, memory.peak)


def load_naively(path: Path) -> None:
    """Read the file into a list of dictionaries, as the peer does; nothing is checked or saved."""
    memory, began = Memory(), read_cpu()
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert rows
    cpu = read_cpu() - began
    time.sleep(0.1)  # the rows are held until they are seen
    print(cpu, memory.peak)


def read_cpu() -> float:
    return time.process_time()


class Memory:
    """The most memory of its own that this process has held, looked at twenty times a second.

    The pages of the database's file that SQLite maps are not counted: they are the system's, and free for others.
    """

    def __init__(self) -> None:
        self.peak = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            lines = Path("/proc/self/status").read_text().splitlines()
            held = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
            self.peak = max(self.peak, held * 1_024 / 1e6)
            time.sleep(0.05)


def measure(task: str, path: Path, folder: Path) -> list[float]:
    environment = {
        **os.environ,
        "ANTIGONE_DATA": str(folder / f"{task}-{path.stem}"),
        "DJANGO_SETTINGS_MODULE": "antigone.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, __file__, task, str(path)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [float(figure) for figure in done.stdout.split()]


def main() -> None:
    if sys.argv[1:2] == ["import"]:
        return import_register(Path(sys.argv[2]))
    if sys.argv[1:2] == ["naive"]:
        return load_naively(Path(sys.argv[2]))
    sizes = [int(size) for size in sys.argv[1:]] or [50_000, 500_000]
    print(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}")
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            path = Path(name, f"{size}.csv")
            write_register(path, size)
            imported, held, memory, drawn, checked, purged, last = measure("import", path, Path(name))
            cpu, naive = measure("naive", path, Path(name))
            print(
                f"| {size:,} | {path.stat().st_size / 1e6:.0f} MB | {imported:.1f} s | {held:.1f} s | {memory:.0f} MB "
                f"| {drawn:.1f} s | {checked:.1f} s | {purged:.1f} s | {last:.0f} MB | {cpu:.1f} s | {naive:.0f} MB |",
                flush=True,
            )
    return None


if __name__ == "__main__":
    main()
