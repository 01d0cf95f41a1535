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
from pathlib import Path
from django.conf import settings
for path in Path(settings.DATA_FOLDER).rglob("*"):
    if path.is_file() and any(word in path.read_bytes() for word in (b"SECRET", b"CACHEE")):
        print(path.name)
"""


def test_purge_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PREPARE.replace("20000", "3000") + PURGE],
        env=make_environment(tmp_path), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    # Looked for while the database is open: its log is still there.
    assert done.stdout.split() == ["3000"]
    assert (tmp_path / "antigone.sqlite3").exists()
