"""Shares of limits: never more than the limit in all, given back when idle, windows of the city's own clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import async_to_sync
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from antigone.errors import NotAllowed, TooManyTries
from antigone.gateway import allowances
from antigone.gateway.allowances import find_window, give_back, reserve, settle
from antigone.gateway.models import Allowance, Key, Limit
from antigone.gateway.snapshot import KnownLimit
from tests.gateway.town import set_limit

Measure = Limit.Measure


@pytest.fixture
def known(key: Key) -> KnownLimit:
    limit = set_limit(Measure.TOKENS_DAY, 1_000, key=key)
    return KnownLimit(limit.pk, Measure.TOKENS_DAY, 1_000, "key", "K")


def take(*limits: KnownLimit, tokens: int) -> allowances.Reserved:
    return async_to_sync(reserve)(limits, tokens)


def taken() -> int:
    return sum(Allowance.objects.values_list("taken", flat=True))


def test_share_is_taken_once_and_spent_in_memory(
    known: KnownLimit, django_assert_num_queries: object
) -> None:
    take(known, tokens=10)
    assert taken() == 20  # a fiftieth of the limit
    with django_assert_num_queries(0):  # type: ignore[operator]
        take(known, tokens=10)
    take(known, tokens=10)
    assert taken() == 40


def test_what_a_process_does_not_use_is_for_the_others(known: KnownLimit) -> None:
    take(known, tokens=15)
    give_back(idle_seconds=0.0, now=2e9)
    assert taken() == 15
    allowances.forget()  # another process
    take(known, tokens=985)
    with pytest.raises(TooManyTries):
        take(known, tokens=1)


def test_answer_longer_than_counted_is_charged_to_all(known: KnownLimit) -> None:
    reserved = take(known, tokens=10)
    settle(reserved, tokens=600, energy_wh=None)
    give_back(idle_seconds=0.0, now=2e9)
    assert taken() == 600
    allowances.forget()
    with pytest.raises(TooManyTries):
        take(known, tokens=500)


def test_energy_is_counted_afterwards_in_thousandths(key: Key) -> None:
    limit = set_limit(Measure.ENERGY_MONTH, 2, key=key)
    known = KnownLimit(limit.pk, Measure.ENERGY_MONTH, 2, "key", "K")
    settle(take(known, tokens=10), tokens=0, energy_wh=1.5)
    settle(take(known, tokens=10), tokens=0, energy_wh=1.5)
    with pytest.raises(TooManyTries) as caught:
        take(known, tokens=10)
    assert caught.value.code == "limit_reached"


def test_all_limits_are_taken_or_none(key: Key, known: KnownLimit) -> None:
    requests = set_limit(Measure.REQUESTS_DAY, 1, use=key.use)
    other = KnownLimit(requests.pk, Measure.REQUESTS_DAY, 1, "use", "U")
    take(known, other, tokens=10)
    with pytest.raises(TooManyTries) as caught:
        take(known, other, tokens=10)
    assert "U" in str(caught.value)
    give_back(idle_seconds=0.0, now=2e9)
    assert Allowance.objects.get(limit=known.id).taken == 10


def test_zero_forbids_without_asking_more(key: Key) -> None:
    limit = set_limit(Measure.REQUESTS_MINUTE, 0, key=key)
    with pytest.raises(NotAllowed):
        take(KnownLimit(limit.pk, Measure.REQUESTS_MINUTE, 0, "key", "K"), tokens=1)


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 120), st.booleans()), min_size=1, max_size=30)
)
def test_processes_never_reserve_more_than_the_limit(
    known: KnownLimit, steps: list[tuple[int, int, bool]]
) -> None:
    """Three processes take what they are asked for, in any order, some giving back: the limit holds over all."""
    Allowance.objects.all().delete()
    processes: list[dict[int, allowances.Share]] = [{}, {}, {}]
    let_in = 0
    for process, tokens, gives_back in steps:
        allowances._shares.clear()
        allowances._shares.update(processes[process])
        try:
            take(known, tokens=tokens)
            let_in += tokens
        except TooManyTries:
            pass
        if gives_back:
            give_back(idle_seconds=0.0, now=2e9)
        processes[process] = dict(allowances._shares)
    held = sum(share.left for shares in processes for share in shares.values())
    assert let_in + held == taken() <= 1_000


@pytest.mark.parametrize(
    ("measure", "now", "start", "end"),
    [
        (
            "requests_minute",
            "2026-03-29T01:59:30+01:00",
            "2026-03-29T01:59:00+01:00",
            "2026-03-29T03:00:00+02:00",
        ),
        ("tokens_day", "2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("tokens_day", "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
        (
            "energy_month",
            "2026-12-31T23:59:59+01:00",
            "2026-12-01T00:00:00+01:00",
            "2027-01-01T00:00:00+01:00",
        ),
        (
            "tokens_month",
            "2028-02-29T12:00:00+01:00",
            "2028-02-01T00:00:00+01:00",
            "2028-03-01T00:00:00+01:00",
        ),
    ],
)
def test_windows_are_those_of_the_citys_clock(measure: str, now: str, start: str, end: str) -> None:
    window = find_window(measure, datetime.fromisoformat(now).timestamp())
    city = ZoneInfo("Europe/Paris")
    assert datetime.fromtimestamp(window.start, UTC).astimezone(city) == datetime.fromisoformat(start)
    assert datetime.fromtimestamp(window.end, UTC).astimezone(city) == datetime.fromisoformat(end)
