"""Measure the opinion picture: six real conversations, one made ten times larger, and a whole city's.

    python benchmarks/opinion.py [--peer-seconds 600] [--runs 3] [--scale-only | --no-scale]

Seconds are processor time on one thread. Ours: `build` from the votes in memory, `picture` whole (map, groups,
statistics, lists), `vote` one more vote recorded and the picture drawn again; medians of the runs. The peer is
red-dwarf with its defaults, which draws the same picture from the same votes; it has an environment of its own, which
this script makes (requirements/opinion_peer.txt), and is stopped after `--peer-seconds`.

The conversations are read from ../shared/data/consultation, where they are; the other votes are made here.
"""

import argparse
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from antigone.core.opinion import Opinion, Picture, draw_picture, read_export

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "consultation"
PEER = ROOT / ".venv-opinion-peer"


class Case(NamedTuple):
    """Votes cast, and the statements out of the picture."""

    name: str
    voters: np.ndarray
    voted: np.ndarray
    votes: np.ndarray
    rejected: tuple[int, ...] = ()
    meta: tuple[int, ...] = ()


class Peer(NamedTuple):
    """What the peer took, and the limit where it was stopped."""

    seconds: float
    is_stopped: bool
    memory: float = 0.0
    groups: int = 0


def load_cases() -> list[Case]:
    """Read the real conversations, the one with the fewest votes first."""
    cases = []
    for folder in sorted(DATA.iterdir()) if DATA.is_dir() else []:
        export = read_export({path.name: path.read_bytes() for path in folder.glob("*.csv")})
        cases.append(
            Case(folder.name, export.voters, export.voted, export.votes, export.rejected, export.meta)
        )
    return sorted(cases, key=lambda case: len(case.votes))


def multiply(case: Case, times: int) -> Case:
    """Make a conversation of that many times the people, each like one of the real but for one vote in ten."""
    chance = np.random.default_rng(1)
    step = int(case.voters.max()) + 1
    voters = np.concatenate([case.voters + step * number for number in range(times)])
    votes = np.tile(case.votes, times)
    other = chance.random(len(votes)) < 0.1
    votes[other] = chance.integers(-1, 2, int(other.sum()))
    return Case(f"{case.name} x{times}", voters, np.tile(case.voted, times), votes, case.rejected, case.meta)


def make_city(people: int = 100_000, statements: int = 1_000, votes: int = 5_000_000) -> Case:
    """Make the votes of a city in three camps: some people vote far more than others, 2.5 % of votes are changed."""
    chance = np.random.default_rng(2)
    activity = np.cumsum(chance.lognormal(0, 0.7, people))
    voters = np.searchsorted(activity, chance.random(votes) * activity[-1]).astype(np.int32)
    voted = chance.integers(0, statements, votes, dtype=np.int32)
    agree = chance.beta(0.9, 0.6, (3, statements)).astype(np.float32)
    luck = chance.random(votes, dtype=np.float32)
    camp = (voters % 10 > 4).astype(np.int8) + (voters % 10 > 7)
    limit = agree[camp, voted]
    cast = np.where(luck < 0.85 * limit, 1, np.where(luck < 0.85, -1, 0)).astype(np.int8)
    return Case("a city", voters, voted, cast)


def install_peer() -> None:
    """Make the peer's environment, once."""
    stamp = PEER / "installed"
    wanted = (ROOT / "requirements" / "opinion_peer.txt").read_text()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
    command = [PEER / "bin" / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    subprocess.run([*command, "-r", ROOT / "requirements" / "opinion_peer.txt"], check=True)
    stamp.write_text(wanted)


def time_peer(case: Case, seconds: float) -> Peer:
    """Let the peer draw the picture, for so many seconds of the clock at most."""
    problem = io.BytesIO()
    np.savez(
        problem,
        voters=case.voters,
        voted=case.voted,
        votes=case.votes,
        rejected=np.array(case.rejected, dtype=np.int64),
        meta=np.array(case.meta, dtype=np.int64),
    )
    command = [PEER / "bin" / "python", ROOT / "benchmarks" / "opinion_peer.py"]
    try:
        done = subprocess.run(
            command, input=problem.getvalue(), capture_output=True, timeout=seconds, check=True
        )
    except subprocess.TimeoutExpired:
        return Peer(seconds, is_stopped=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Peer(found["seconds"], False, found["memory"], found["groups"])


def time_once(case: Case) -> tuple[Opinion, Picture, float, float]:
    """Count the votes, draw the picture, and say how long each took."""
    start = time.process_time()
    opinion = Opinion()
    opinion.record_many(case.voters, case.voted, case.votes)
    counted = time.process_time()
    picture = draw_picture(opinion, rejected=case.rejected, meta=case.meta)
    return opinion, picture, counted - start, time.process_time() - counted


def time_refresh(opinion: Opinion, picture: Picture, case: Case, number: int) -> float:
    """Record so many votes changed and draw the picture again."""
    chance = np.random.default_rng(number)
    chosen = chance.choice(len(case.votes), number, replace=False)
    votes = chance.integers(-1, 2, number)
    start = time.process_time()
    opinion.record_many(case.voters[chosen], case.voted[chosen], votes)
    draw_picture(opinion, rejected=case.rejected, meta=case.meta, before=picture.history)
    return time.process_time() - start


def measure(case: Case, options: argparse.Namespace) -> None:
    """Print one row of the table."""
    builds, pictures, refreshes = [], [], []
    for number in range(options.runs):
        opinion, picture, build, drawn = time_once(case)
        builds.append(build)
        pictures.append(drawn)
        refreshes += [time_refresh(opinion, picture, case, 1) for _ in range(3 if number else 1)]
    build, drawn, vote = (statistics.median(times) for times in (builds, pictures, refreshes))
    peer = time_peer(case, options.peer_seconds) if options.peer_seconds else Peer(0.0, True)
    part = picture.participation
    limit = ">" if peer.is_stopped else ""
    sizes = "/".join(str(size) for size in picture.groups.sizes.values())
    print(
        f"{case.name:32} {part.participants:7,} {part.statements:5,} {part.votes:9,} {build:7.4f} {drawn:7.4f}"
        f" {vote:7.4f} {picture.groups.silhouette:5.2f} {sizes if picture.groups.are_clear else 'none clear':>20}"
        f" {limit + format(peer.seconds, '.2f'):>8} {limit + format(peer.seconds / (build + drawn), '.0f'):>6}",
        flush=True,
    )


def measure_city(options: argparse.Namespace) -> None:
    """Print what a city's consultation takes: memory first, before the peer has any."""
    case = make_city()
    opinion, picture, build, drawn = time_once(case)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    part = picture.participation
    print(
        f"a city: {part.participants:,} participants, {part.statements:,} statements, {part.votes:,} votes that hold;"
        f" {build:.2f} s to build, {drawn:.2f} s for the picture, {memory:.0f} MB at most;"
        f" {picture.explain()}",
        flush=True,
    )
    for number in (1, 100, 10_000):
        took = statistics.median(time_refresh(opinion, picture, case, number) for _ in range(options.runs))
        print(f"  refreshed after {number:,} votes: {took:.3f} s", flush=True)
    if options.peer_seconds:
        peer = time_peer(case, options.peer_seconds)
        said = f"stopped after {peer.seconds:.0f} s" if peer.is_stopped else f"{peer.seconds:.0f} s"
        ratio = peer.seconds / (build + drawn)
        print(f"  peer: {said}, {peer.memory:.0f} MB: {'more than ' * peer.is_stopped}{ratio:.0f} times ours")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer-seconds", type=float, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale-only", action="store_true")
    parser.add_argument("--no-scale", action="store_true")
    options = parser.parse_args()
    if options.peer_seconds:
        install_peer()
    if options.scale_only:
        measure_city(options)
        return
    print(f"load {os.getloadavg()[0]:.1f}; seconds of processor time, one thread; peer: red-dwarf 0.4.0")
    print(
        f"{'conversation':32} {'people':>7} {'statm':>5} {'votes':>9} {'build':>7} {'picture':>7} {'vote':>7}"
        f" {'silh.':>5} {'groups':>20} {'peer s':>8} {'times':>6}"
    )
    cases = load_cases()
    for case in [*cases, *([multiply(cases[-1], 10)] if cases else [])]:
        measure(case, options)
    if not options.no_scale:
        # In a process of its own, so that the memory is what it needs alone.
        again = [f"--peer-seconds={options.peer_seconds}", f"--runs={options.runs}", "--scale-only"]
        subprocess.run([sys.executable, __file__, *again], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
