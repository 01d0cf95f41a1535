"""Compute the chances in the background: started, told as they come, cancelled, resumed after a stop."""

import logging
from time import monotonic

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition import Pool, SortitionError, Targets
from antigone.core.sortition.errors import Cancelled
from antigone.core.sortition.objectives import Objective
from antigone.core.sortition.published import dump_lottery, fit_lottery
from antigone.errors import NotPossible, WrongInput
from antigone.selection.actions.rights import lock_prepared, require_facilitator
from antigone.selection.computing import ChancesJob, PricesJob, do_apart
from antigone.selection.models import Computation, ComputedFile, Draw
from antigone.selection.people import load_pool, load_targets
from antigone.selection.phrases import keep_params
from antigone.selection.results import (
    describe_sensitivity,
    open_file,
    pack,
    pack_bytes,
    read_targets,
    summarise,
)
from antigone.selection.wording import list_objectives

logger = logging.getLogger(__name__)
State = Computation.State
LOTTERY_SIZES = (1_000, 100, 0)
TIME_LIMITS = (10, 60, 300, 1_800)
LOTTERY_SECONDS = PRICES_SECONDS = 60.0
# What brings the server down is not begun for ever.
MOST_ATTEMPTS = 3
# How often a running computation writes where it is and reads whether it is to stop.
SECONDS_BETWEEN_LOOKS = 0.5
UNKNOWN = gettext_noop("This is not a computation that can be asked for. Choose from the form.")


def start_computation(
    *, draw: Draw, objective: str, lottery_size: int, time_limit: int, by: Person
) -> Computation:
    """Ask the background for the chances, with the targets as they are saved; returns at once."""
    require_facilitator(by, draw)
    known = {name for name, _label in list_objectives()}
    if objective not in known or lottery_size not in LOTTERY_SIZES or time_limit not in TIME_LIMITS:
        raise WrongInput("computation_unknown", UNKNOWN)
    with transaction.atomic():
        locked = lock_prepared(draw)
        if Computation.objects.unfinished().filter(draw=locked).exists():
            raise NotPossible(
                "computation_under_way",
                gettext_noop("A computation of this draw is under way. Wait for its end, or cancel it."),
            )
        started = Computation.objects.create(
            draw=locked,
            targets_version=locked.version,
            objective=objective,
            lottery_size=lottery_size,
            time_limit=time_limit,
            asked_by=by,
        )
        _enqueue(started)
    return started


def cancel_computation(*, computation: Computation, by: Person) -> None:
    """Stop a computation; the worker leaves off at its next look."""
    require_facilitator(by, computation.draw)
    stopped = Computation.objects.unfinished().filter(pk=computation.pk)
    if not stopped.update(state=State.CANCELLED, finished_at=timezone.now()):
        raise NotPossible(
            "computation_over", gettext_noop("This computation is over already. There is nothing to cancel.")
        )


def resume_computations() -> int:
    """Hand what a stop of the server left undone to the background again; returns how many."""
    left = list(Computation.objects.unfinished()) + list(Computation.objects.unpriced())
    for computation in left:
        _enqueue(computation)
    return len(left)


def run_computation(computation_id: int, *, with_prices: bool = True) -> None:
    """Compute the chances, save them in one transaction, then measure the prices.

    Run again after a stop, it begins again; run twice at once, the first result is kept. Ends as a state in any
    case, with the reason.
    """
    computation = Computation.objects.select_related("draw").filter(pk=computation_id).first()
    if computation is None:
        return
    targets = _begin(computation)
    if targets is not None:
        _compute(computation, targets)
    computation.refresh_from_db()
    if with_prices and computation.is_done and not computation.is_priced:
        _measure_prices(computation)


class _Watched:
    """The progress of one computation, written to its row; reads there whether somebody cancelled it."""

    def __init__(self, computation: Computation) -> None:
        self._row = Computation.objects.filter(pk=computation.pk)
        self._looked_at = self._told_at = monotonic()
        self._phase = ""
        self._is_cancelled = False

    def update(self, phase: str, done: int, total: int) -> None:
        """Write the progress, at the beginning of a phase and then twice a second."""
        if phase != self._phase or monotonic() - self._told_at >= SECONDS_BETWEEN_LOOKS:
            self._phase, self._told_at = phase, monotonic()
            self._row.update(phase=phase, done=done, total=total)

    def is_cancelled(self) -> bool:
        """Tell whether the row is cancelled, or gone with its draw."""
        if not self._is_cancelled and monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS:
            self._looked_at = monotonic()
            self._is_cancelled = not self._row.exclude(state=State.CANCELLED).exists()
        return self._is_cancelled


def _begin(computation: Computation) -> Targets | None:
    """Mark the computation as running, with the targets as they are; None where it is not to be done."""
    if computation.attempts >= MOST_ATTEMPTS:
        _end(computation, "interrupted")
        return None
    with transaction.atomic():
        draw = Draw.objects.select_for_update().get(pk=computation.draw.pk)
        row = Computation.objects.unfinished().filter(pk=computation.pk)
        begun = row.update(
            state=State.RUNNING, attempts=F("attempts") + 1, targets_version=draw.version, phase="", done=0
        )
        return load_targets(draw) if begun else None


def _compute(computation: Computation, targets: Targets) -> None:
    try:
        pool = load_pool(computation.draw)
        _save_result(computation, *_find_chances(computation, pool, targets))
    except Cancelled:
        return
    except SortitionError as error:
        _end(computation, error.code, keep_params(error.params))
    except OperationalError:
        raise  # the database does not answer: the computation stays as it is, and is resumed
    except Exception:  # the edge of the worker: a fault of ours must end as a state that people see
        logger.exception("Computation %s failed.", computation.pk)
        _end(computation, "failed")


def _find_chances(
    computation: Computation, pool: Pool, targets: Targets
) -> tuple[dict[str, bytes], dict[str, object]]:
    """Give the files of the result, compressed, and its summary."""
    objective: Objective = computation.objective  # type: ignore[assignment]  # checked when it was asked for
    job = ChancesJob(
        pool,
        targets,
        objective,
        computation.draw.households,
        computation.lottery_size,
        time_limit=computation.time_limit,
        lottery_seconds=min(LOTTERY_SECONDS, computation.time_limit),
    )
    found, lottery = do_apart(job, _Watched(computation))
    files = {ComputedFile.Kind.CERTIFICATE.value: pack(found.certificate)}
    if lottery is not None:
        lottery = fit_lottery(lottery.panels, found.certificate)
        files[ComputedFile.Kind.LOTTERY.value] = pack_bytes(dump_lottery(lottery))
    return files, summarise(pool, found, lottery)


def _save_result(computation: Computation, files: dict[str, bytes], summary: dict[str, object]) -> None:
    with transaction.atomic():
        row = Computation.objects.unfinished().filter(pk=computation.pk)
        if not row.update(
            state=State.DONE, summary=summary, finished_at=timezone.now(), phase="", done=0, total=0
        ):
            return
        ComputedFile.objects.bulk_create(
            [ComputedFile(computation=computation, kind=kind, data=data) for kind, data in files.items()]
        )


def _measure_prices(computation: Computation) -> None:
    """Save what each target costs; what fails leaves the result without prices, and says nothing more."""
    try:
        certificate = open_file(computation, ComputedFile.Kind.CERTIFICATE)
        job = PricesJob(
            load_pool(computation.draw),
            read_targets(certificate),
            computation.draw.households,
            without=tuple(computation.summary["excluded"]),
            time_limit=PRICES_SECONDS,
        )
        found = do_apart(job, _Watched(computation))
        data = pack(describe_sensitivity(found))
    except OperationalError:
        raise
    except Exception as error:  # the edge of the worker
        if not isinstance(error, SortitionError):
            logger.exception("The prices of computation %s could not be measured.", computation.pk)
        data = b""
    with transaction.atomic():
        if Computation.objects.unpriced().filter(pk=computation.pk).update(is_priced=True, phase="") and data:
            ComputedFile.objects.create(
                computation=computation, kind=ComputedFile.Kind.SENSITIVITY, data=data
            )


def _end(computation: Computation, code: str, params: dict[str, object] | None = None) -> None:
    Computation.objects.unfinished().filter(pk=computation.pk).update(
        state=State.FAILED, error_code=code, error_params=params or {}, finished_at=timezone.now()
    )


def _enqueue(computation: Computation) -> None:
    from antigone.selection.tasks import do_computation  # noqa: PLC0415 (tasks call actions: the one way back)

    do_computation.enqueue(computation.pk)
