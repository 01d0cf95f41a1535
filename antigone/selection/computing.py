"""Compute in a process of its own, which can be stopped at once and takes nothing from the pages.

The child reads a job and answers with frames (eight bytes of length, then a pickle), its progress first, its result or
its error last. It leaves when its parent does. Both sides are ours: nothing that a stranger sent is unpickled.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

from antigone.core.sortition import (
    Distribution,
    Lottery,
    Pool,
    SortitionError,
    Targets,
    distribute,
    make_lottery,
)
from antigone.core.sortition.errors import Cancelled
from antigone.core.sortition.explanations import Sensitivity, measure_sensitivity
from antigone.core.sortition.objectives import Objective
from antigone.core.sortition.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
SECONDS_BETWEEN_LOOKS = 0.25
# One thread: on a busy machine several wait for each other, and the same sums take ten times longer.
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class ChancesJob:
    """Ask for a distribution and, where `lottery_size` is not 0, its lottery."""

    pool: Pool
    targets: Targets
    objective: Objective
    households: bool
    lottery_size: int
    time_limit: float
    lottery_seconds: float

    def do(self, progress: Progress) -> tuple[Distribution, Lottery | None]:
        found = distribute(
            self.pool,
            self.targets,
            objective=self.objective,
            households=self.households,
            time_limit=self.time_limit,
            progress=progress,
        )
        if not self.lottery_size:
            return found, None
        lottery = make_lottery(
            self.pool,
            self.targets,
            found.panels,
            bound=found.bound,
            number=self.lottery_size,
            households=self.households,
            time_limit=self.lottery_seconds,
            progress=progress,
        )
        return found, lottery


@dataclass(frozen=True, slots=True)
class PricesJob:
    """Ask for the price of each target, without the people who can never be drawn."""

    pool: Pool
    targets: Targets
    households: bool
    without: tuple[str, ...]
    time_limit: float

    def do(self, progress: Progress) -> Sensitivity:
        return measure_sensitivity(
            self.pool,
            self.targets,
            households=self.households,
            without=self.without,
            time_limit=self.time_limit,
            progress=progress,
        )


def do_apart(job: ChancesJob | PricesJob, progress: Progress) -> Any:
    """Do a job in a child and return its result; raise its SortitionError, Cancelled, or RuntimeError where it dies."""
    command = [sys.executable, "-m", "antigone.selection.computing"]
    environment = {**os.environ, **THREADS}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            _write_frame(child.stdin, job)
            return _follow(child.stdout, progress)
        finally:
            child.kill()


def _follow(stream: IO[bytes], progress: Progress) -> Any:
    """Tell the progress that comes until the result does, or somebody cancels."""
    frames: Queue[tuple[Any, ...]] = Queue()
    Thread(target=_collect, args=[stream, frames], daemon=True).start()
    while not progress.is_cancelled():
        try:
            kind, *parts = frames.get(timeout=SECONDS_BETWEEN_LOOKS)
        except Empty:
            continue
        if kind == "progress":
            progress.update(*parts)
        elif kind == "result":
            return parts[0]
        elif kind == "error":
            raise parts[0]
        else:
            raise RuntimeError("the process of the computation ended without a result")
    raise Cancelled


def _collect(stream: IO[bytes], frames: "Queue[tuple[Any, ...]]") -> None:
    for frame in _read_frames(stream):
        frames.put(frame)
    frames.put(("gone",))


def _read_frames(stream: IO[bytes]) -> Iterator[Any]:
    while len(head := stream.read(8)) == 8:
        data = stream.read(int.from_bytes(head, "big"))
        if len(data) < int.from_bytes(head, "big"):
            return
        yield pickle.loads(data)  # noqa: S301 (from our own other half)


def _write_frame(stream: IO[bytes], content: object) -> None:
    data = pickle.dumps(content)
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


class _Told:
    """Progress that is written to the parent, which kills who is cancelled."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def update(self, phase: str, done: int, total: int) -> None:
        _write_frame(self._stream, ("progress", phase, done, total))

    def is_cancelled(self) -> bool:
        return False


def _leave_with_parent() -> None:
    """End as soon as nobody holds the other end."""
    sys.stdin.buffer.read()
    os._exit(1)


def main() -> None:
    """Do one job."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not an answer
    job = next(_read_frames(sys.stdin.buffer))
    Thread(target=_leave_with_parent, daemon=True).start()
    try:
        _write_frame(answers, ("result", job.do(_Told(answers))))
    except SortitionError as error:
        _write_frame(answers, ("error", error))
    os._exit(0)  # the thread that waits for the parent holds the standard input


if __name__ == "__main__":
    # Under its own name, so that both sides know the job's class by the same one.
    from antigone.selection import computing

    computing.main()
