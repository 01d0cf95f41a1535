"""Measure the draw: certified leximin on pools like those of the papers, beside what everybody uses.

    python benchmarks/sortition.py [--peer-seconds 600] [--runs 3] [--only sf_e_like ...]

Seconds are of the processor, one thread, so that other work on the machine counts little. Ours are of the whole: types,
leximin, panels of people with whole weights, and the exact proof that decides whether the status is `optimal` (median
of the runs); then the check of the file, and a lottery of 1,000 panels.

The peer is sortition-algorithms with its *maximin*, an easier problem, timed from the moment its data are read. Both of
its open backends run one after the other; the second one is stopped once it is slower than the first, since only the
better counts. It has an environment of its own, which this script makes (requirements/peer.txt). It is given the pools
like the papers' and the convention; those made larger, or with households, have no bar against it.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from antigone.core.sortition import Distribution, Pool, Targets, distribute, make_lottery, verify
from benchmarks.sortition_pools import Case, list_cases

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".venv-peer"
BACKENDS = ("mip", "highspy")
PAPERS = ("mass", "sf_", "hd", "obf", "nexus", "cca")


def install_peer() -> None:
    """Make the peer's environment, once."""
    stamp = PEER / "installed"
    wanted = (ROOT / "requirements" / "peer.txt").read_text()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
    command = [PEER / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    subprocess.run([*command, "-r", ROOT / "requirements" / "peer.txt"], check=True)
    stamp.write_text(wanted)


def limit_processor(seconds: int) -> None:
    """Let a process use so many seconds of the processor."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def time_peer(pool: Pool, targets: Targets, seconds: float) -> tuple[float | None, float | None]:
    """Return the best time of the peer's backends and the smallest probability it found; None past `seconds`."""
    problem = {
        "size": targets.size,
        "address": [],
        "targets": [
            {"feature": t.feature, "value": t.value, "min": t.min, "max": t.max} for t in targets.targets
        ],
        "people": [{"id": person.id, **person.features} for person in pool.people],
    }
    best: tuple[float | None, float | None] = (None, None)
    for backend in BACKENDS:
        command = [PEER / "bin" / "python", ROOT / "benchmarks" / "sortition_peer.py", backend]
        limit = 10 + 1.5 * min(seconds, best[0] or seconds)  # its start is not counted, nor is waiting
        try:
            done = subprocess.run(
                command,
                input=json.dumps(problem),
                capture_output=True,
                text=True,
                timeout=limit,
                check=True,
                preexec_fn=partial(limit_processor, int(seconds) + 5),
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        if best[0] is None or found["seconds"] < best[0]:
            best = (found["seconds"], found["minimum"])
    return best


def time_ours(pool: Pool, targets: Targets, runs: int, *, households: bool) -> tuple[Distribution, float]:
    """Return our distribution and the median of its seconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        fair = distribute(pool, targets, households=households, time_limit=120)
        times.append(time.process_time() - start)
    return fair, statistics.median(times)


def measure_lottery(fair: Distribution, pool: Pool, targets: Targets, *, households: bool) -> str:
    """Make a lottery of 1,000; say who is outside, whether the minimum is the best, and the seconds."""
    start = time.process_time()
    lottery = make_lottery(pool, targets, fair.panels, bound=fair.bound, households=households, time_limit=30)
    took = time.process_time() - start
    return f"{len(lottery.outside):3} {'best' if lottery.is_best else '-':>4} {took:6.1f}"


def measure(case: Case, options: argparse.Namespace) -> tuple[float, float | None]:
    """Print one row of the table; return our seconds, and how many times more the peer takes."""
    name, pool, targets, households = case
    fair, took = time_ours(pool, targets, options.runs, households=households)
    text = json.dumps(fair.certificate)
    start = time.process_time()
    checked = verify(json.loads(text))
    check = time.process_time() - start
    said = fair.status if checked.is_valid else "REFUSED"
    is_compared = options.peer_seconds > 0 and name.startswith(("convention", *PAPERS)) and not households
    peer, least = time_peer(pool, targets, options.peer_seconds) if is_compared else (None, None)
    ratio = (peer or options.peer_seconds) / took
    shown = "-" if not is_compared else f"{peer:.1f}" if peer else f"> {options.peer_seconds:.0f}"
    print(
        f"{name:27} {len(pool.people):6,} {targets.size:5} {took:7.2f} {check:5.2f} {said:8} {fair.gap:7.0e}"
        f" {float(fair.minimum):9.7f} {shown:>7} {least or 0:9.7f}"
        f" {'-' if not is_compared else f'{ratio:,.0f}' if peer else f'> {ratio:,.0f}':>7}"
        f" {measure_lottery(fair, pool, targets, households=households)}",
        flush=True,
    )
    return took, ratio if is_compared else None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer-seconds", type=float, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    if options.peer_seconds:
        install_peer()
    print(f"load {os.getloadavg()[0]:.1f}; ours: certified leximin; peer: its maximin, best backend")
    print(
        f"{'pool':27} {'people':>6} {'seats':>5} {'ours s':>7} {'check':>5} {'status':8} {'gap':>7} {'minimum':>9}"
        f" {'peer s':>7} {'its min':>9} {'times':>7} {'lottery: outside, minimum, s'}"
    )
    papers, ratios = 0.0, []
    for case in list_cases():
        if not options.only or any(case[0].startswith(name) for name in options.only):
            took, ratio = measure(case, options)
            if case[0].endswith("_like"):
                papers += took
                ratios += [] if ratio is None else [ratio]
    print(f"Sum of the pools like the papers': {papers:.2f} s", end="")
    print(
        f"; the peer's maximin takes {statistics.median(ratios):,.0f} times as long (median)"
        if ratios
        else ""
    )


if __name__ == "__main__":
    main()
