"""How limits hold over all processes: each takes a share of what is left, and spends it in its own memory.

The database gives out shares and never more than the limit (`Allowance`). A request is counted in memory; it waits for
the database only when the process has spent its share. Where the database does not answer and the share is spent, the
request is refused: a limit fails closed. What a share has left goes back to the others within seconds; a process that
is killed takes at most its share, a fiftieth of the limit, with it.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.errors import NotAllowed, TooManyTries, Unavailable
from antigone.gateway.databases import run_in_database
from antigone.gateway.models import Allowance, Limit
from antigone.gateway.snapshot import KnownLimit

Measure = Limit.Measure
# A process takes this part of a limit at once: the most that a killed one can lose.
SHARES = 50
MILLIWATT_HOURS = 1_000
MOST_WAIT_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when a measure is counted, in seconds since 1970."""

    start: float
    end: float


@dataclass(slots=True)
class Share:
    """What this process may still spend of a limit in a window; under zero, what it spent too much."""

    window: Window
    left: int = 0
    used_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a request was counted for, to be settled once one knows what it took."""

    limits: tuple[KnownLimit, ...]
    tokens: int
    at: float


_lock = threading.Lock()
_shares: dict[int, Share] = {}
_windows: dict[str, Window] = {}


def find_window(measure: str, now: float) -> Window:
    """Return the window of a measure at `now`: a minute, a day or a month of the city's clock."""
    window = _windows.get(measure)
    if window is None or not window.start <= now < window.end:
        window = _windows[measure] = _cut_window(measure, now)
    return window


def _cut_window(measure: str, now: float) -> Window:
    if measure.endswith("minute"):
        start = now // 60 * 60
        return Window(start, start + 60)
    midnight = timezone.localtime(datetime.fromtimestamp(now, UTC)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    if measure.endswith("day"):
        following = midnight + timedelta(days=1)
    else:
        midnight = midnight.replace(day=1)
        following = (midnight + timedelta(days=32)).replace(day=1)
    return Window(midnight.timestamp(), following.timestamp())


def count(measure: str, tokens: int) -> int:
    """Return what a request of so many tokens is counted for beforehand; energy is known only afterwards."""
    return tokens if measure.startswith("tokens") else 1


async def reserve(limits: tuple[KnownLimit, ...], tokens: int) -> Reserved:
    """Count a request of about so many tokens on every limit, or on none of them.

    Raises NotAllowed where a limit is 0, TooManyTries with the limit and when it begins anew where one is spent,
    Unavailable where the database is needed and does not answer.
    """
    # Looked at anew each time: a minute may end while the database is asked.
    while lacking := _take(limits, tokens, now := time.time()):
        for limit in lacking:
            await run_in_database(take_share, limit, count(limit.measure, tokens), now)
    return Reserved(limits, tokens, now)


def settle(reserved: Reserved, *, tokens: int, energy_wh: float | None) -> None:
    """Correct what a request was counted for by what it took."""
    with _lock:
        for limit in reserved.limits:
            share = _shares.get(limit.id)
            if share is None or not share.window.start <= reserved.at < share.window.end:
                continue  # the window ended meanwhile: nothing of it matters any more
            if limit.measure.startswith("tokens"):
                share.left += reserved.tokens - tokens
            elif limit.measure == Measure.ENERGY_MONTH:
                share.left += 1 - round((energy_wh or 0) * MILLIWATT_HOURS)


def _take(limits: Sequence[KnownLimit], tokens: int, now: float) -> list[KnownLimit]:
    """Count on every limit; where shares do not suffice count nothing, and return those that lack."""
    with _lock:
        shares = [_find_share(limit, now) for limit in limits]
        lacking = [
            limit
            for limit, share in zip(limits, shares, strict=True)
            if share.left < count(limit.measure, tokens) or limit.amount == 0
        ]
        if not lacking:
            for limit, share in zip(limits, shares, strict=True):
                share.left -= count(limit.measure, tokens)
                share.used_at = now
    return lacking


def _find_share(limit: KnownLimit, now: float) -> Share:
    window = find_window(limit.measure, now)
    share = _shares.get(limit.id)
    if share is None or share.window != window:
        share = _shares[limit.id] = Share(window)
    return share


def take_share(limit: KnownLimit, needed: int, now: float) -> None:
    """Take from the database a share of the limit that suffices for `needed`, or raise what forbids it."""
    unit = MILLIWATT_HOURS if limit.measure == Measure.ENERGY_MONTH else 1
    most = limit.amount * unit
    if most == 0:
        raise _forbidden(limit)
    if needed > most:
        raise _larger_than(limit, needed)
    with _lock:
        share = _find_share(limit, now)
        needed -= share.left
    if needed <= 0:
        return  # another request has just taken enough
    try:
        _wait_briefly()
        taken = _take_rows(limit, share.window, needed, max(needed, most // SHARES), most)
    except DatabaseFailure as error:
        connection.close()
        raise Unavailable(
            "limits_unreachable",
            gettext_noop(
                "The database does not answer, and nothing more can be counted: requests wait. Try again in a moment."
            ),
        ) from error
    if taken < needed:
        raise _spent(limit, share.window, now)
    with _lock:
        share.left += taken
        share.used_at = now


def _wait_briefly() -> None:
    """Have the database refuse soon where another transaction holds it: a request waits for the answer."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {MOST_WAIT_SECONDS * 1_000}")
        else:
            cursor.execute(f"SET lock_timeout = '{MOST_WAIT_SECONDS}s'")


@transaction.atomic
def _take_rows(limit: KnownLimit, window: Window, needed: int, wanted: int, most: int) -> int:
    """Move up to `wanted` from what the limit has left; nothing where `needed` is not left."""
    start = datetime.fromtimestamp(window.start, UTC)
    Allowance.objects.get_or_create(limit_id=limit.id, window_start=start)
    row = Allowance.objects.select_for_update().get(limit_id=limit.id, window_start=start)
    taken = min(wanted, most - row.taken)
    if taken < needed:
        return 0
    Allowance.objects.filter(pk=row.pk).update(taken=F("taken") + taken)
    return taken


def give_back(*, idle_seconds: float, now: float) -> None:
    """Return to the others what was not used for so long, and tell what was spent too much."""
    with _lock:
        idle = [
            (limit, share.window, share.left)
            for limit, share in _shares.items()
            if share.left and (share.left < 0 or now - share.used_at >= idle_seconds)
        ]
        for limit, _window, _left in idle:
            _shares[limit].left = 0
    if not idle:
        return
    try:
        _wait_briefly()
        with transaction.atomic():
            for limit, window, left in idle:
                start = datetime.fromtimestamp(window.start, UTC)
                Allowance.objects.filter(limit_id=limit, window_start=start).update(taken=F("taken") - left)
    except DatabaseFailure:
        connection.close()
        with _lock:
            for limit, window, left in idle:
                if _shares[limit].window == window:
                    _shares[limit].left += left
        raise


def forget() -> None:
    """Forget all shares, as a process that ends does."""
    with _lock:
        _shares.clear()


def erase_old_allowances(now: datetime) -> None:
    """Erase what was counted in windows that ended more than a month ago."""
    Allowance.objects.filter(window_start__lt=now - timedelta(days=62)).delete()


def _forbidden(limit: KnownLimit) -> NotAllowed:
    return NotAllowed(
        "limit_of_zero",
        gettext_noop(
            "“%(name)s” may not ask anything: its limit is 0 %(measure)s. Ask who runs this Antigone."
        ),
        name=limit.name,
        measure=Measure(limit.measure).label,
    )


def _larger_than(limit: KnownLimit, needed: int) -> TooManyTries:
    return TooManyTries(
        "request_over_limit",
        gettext_noop(
            "This request may take %(needed)s, and “%(name)s” has %(amount)s %(measure)s. "
            "Send less at a time, or lower max_tokens."
        ),
        needed=needed,
        name=limit.name,
        amount=limit.amount,
        measure=Measure(limit.measure).label,
    )


def _spent(limit: KnownLimit, window: Window, now: float) -> TooManyTries:
    ends = timezone.localtime(datetime.fromtimestamp(window.end, UTC))
    return TooManyTries(
        "limit_reached",
        gettext_noop(
            "“%(name)s” has used its %(amount)s %(measure)s. It may go on in %(seconds)s seconds (%(at)s)."
        ),
        name=limit.name,
        amount=limit.amount,
        measure=Measure(limit.measure).label,
        seconds=max(1, round(window.end - now)),
        at=ends.strftime("%Y-%m-%d %H:%M"),
    )
