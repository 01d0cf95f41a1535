"""On a real file, nothing that was erased can be read in the database or beside it."""

import subprocess
import sys
from pathlib import Path

from tests.selection.recruitment.test_killing import PREPARE, ROOT, make_environment

PURGE = """
from antigone.selection.models import Contact
recruiting.run_register_import(made.pk)
made.refresh_from_db()
recruiting.draw_contacts(recruitment=made, size=50, seed="417", by=alice)
recruiting.export_letters(recruitment=made, reminds=False, by=alice)
print(Contact.objects.filter(name__startswith="SECRET").count())
recruiting.purge_recruitment(recruitment=made, by=None)
"""


def test_purge_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREPARE.replace("20000", "3000") + PURGE],
        env=make_environment(tmp_path), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert done.stdout.split() == ["3000"]
    held = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert "antigone.sqlite3" in held
    assert [name for name, data in held.items() if b"SECRET" in data or b"CACHEE" in data] == []
