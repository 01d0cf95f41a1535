"""A real PostgreSQL for the tests: made in a temporary folder, listening on a Unix socket only, thrown away."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOW_TO_INSTALL = "PostgreSQL is not installed: sudo apt-get install postgresql"


def find_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL that Debian installed, or of the one on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def serve_postgresql(binaries: Path) -> Iterator[str]:
    """Serve an empty database and yield its address."""
    folder = Path(tempfile.mkdtemp(prefix="antigone-postgresql-"))
    # PostgreSQL refuses to run as root: it then runs as the account that Debian made for it.
    account = "postgres" if os.geteuid() == 0 else None
    if account:
        os.chown(folder, pwd.getpwnam(account).pw_uid, -1)

    def run(*command: str) -> None:
        subprocess.run(command, user=account, check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=120)

    data = folder / "data"
    run(
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-A",
        "trust",
        "-U",
        "antigone",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://antigone@/postgres?host={folder}"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)
