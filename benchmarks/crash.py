"""Kill a process that adds documents twenty times, and count what was lost: nothing may be.

    python benchmarks/crash.py [rounds]

SIGKILL proves that a crash of the process loses nothing that was saved; a power cut rests on SQLite's
synchronous=FULL and on a disk that tells the truth.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.library.killing import kill_again_and_again


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="antigone-crash-") as folder:
        acknowledged, found, report = kill_again_and_again(Path(folder), rounds)
    lost = acknowledged - found
    print(
        f"{rounds} kills in {time.perf_counter() - began:.0f} s, {len(acknowledged)} documents acknowledged"
    )
    print(f"lost: {len(lost)}; saved though not yet acknowledged: {len(found - acknowledged)}")
    print(f"differences found by check: {report[0]}")
    sys.exit(bool(lost) or report[0] != "[]")


if __name__ == "__main__":
    main()
