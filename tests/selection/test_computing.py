"""Jobs done in a process of their own."""

import pytest

from antigone.core.sortition import Target, Targets, distribute
from antigone.core.sortition.errors import Cancelled, Infeasible
from antigone.core.sortition.progress import NoProgress
from antigone.selection.computing import ChancesJob, PricesJob, do_apart
from tests.selection.jobs import Dying
from tests.selection.town import make_pool

OPEN = Targets(6, (Target("genre", "femme", 2, 4), Target("genre", "homme", 2, 4)))
CLOSED = Targets(6, (Target("genre", "femme", 5, 6), Target("genre", "homme", 5, 6)))


class Told(NoProgress):
    """Remember the phases, and stop where asked."""

    def __init__(self, *, stops: bool = False) -> None:
        self.phases: list[str] = []
        self.stops = stops

    def update(self, phase: str, done: int, total: int) -> None:
        self.phases.append(phase)

    def is_cancelled(self) -> bool:
        return self.stops


def ask(targets: Targets, lottery_size: int = 0) -> ChancesJob:
    return ChancesJob(make_pool(40), targets, "leximin", False, lottery_size, 60, 60)


def test_result_is_that_of_the_engine_and_progress_is_told() -> None:
    told = Told()
    found, lottery = do_apart(ask(OPEN, 10), told)
    assert found.probabilities == distribute(make_pool(40), OPEN).probabilities
    assert len(lottery.panels) == 10
    assert told.phases


def test_prices_come_back_too() -> None:
    found = do_apart(PricesJob(make_pool(40), OPEN, False, (), 60), NoProgress())
    assert found.list_prices()


def test_refusal_of_the_engine_is_raised_here() -> None:
    with pytest.raises(Infeasible, match="6"):
        do_apart(ask(CLOSED), NoProgress())


def test_cancelled_job_is_left() -> None:
    with pytest.raises(Cancelled):
        do_apart(ask(OPEN), Told(stops=True))


def test_job_whose_process_dies_is_told_so() -> None:
    with pytest.raises(RuntimeError, match="without a result"):
        do_apart(Dying(), NoProgress())
