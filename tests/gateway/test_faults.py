"""Engines that die, hang or lie; databases that are gone; processes that are killed: real ones, over real HTTP."""

import http.client
import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.fake_engine import FakeEngine, serve_fake_engine
from tests.gateway.live import KEY, Live, ask, chat, declare, read, serve

OTHER = "antigone_" + "o" * 43


@pytest.fixture(scope="module")
def engine() -> Iterator[FakeEngine]:
    with serve_fake_engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def live(engine: FakeEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with two engines for “twice”, one place for “narrow”, and engines that fail as they are called."""
    engines = [
        *declare(
            engine,
            "fake",
            "fake-dead",
            "fake-garbage",
            "fake-itl50-badchunk2",
            "fake-disconnect3",
            "fake-nousage",
        ),
        *declare(engine, "fake-hang", "fake-error500", timeout_seconds=1),
        *declare(engine, "fake-itl50-n400", "fake-breaking"),
        {"name": "First", "url": engine.url, "model": "fake-first", "serves": "twice"},
        {"name": "Second", "url": engine.url, "model": "fake-second", "serves": "twice"},
        {"name": "Narrow", "url": engine.url, "model": "fake-ttft40", "serves": "narrow", "concurrency": 1},
    ]
    folder = tmp_path_factory.mktemp("faults")
    with serve(folder, engines, keys=(KEY, OTHER), ANTIGONE_QUEUE_SECONDS="6") as live:
        live.start()
        yield live


@pytest.fixture(autouse=True)
def as_named(engine: FakeEngine) -> Iterator[None]:
    """Engines behave as they are called again after each test."""
    yield
    engine.control({})


def stream(live: Live, model: str, key: str = KEY) -> list[object]:
    """Return the events of a stream."""
    status, body, _headers = ask(
        live.ports[-1], "POST", "/v1/chat/completions", chat(model, stream=True), key=key
    )
    assert status == 200, body
    events = [event.removeprefix("data: ") for event in str(body).split("\n\n") if event.startswith("data: ")]
    return [read(event.encode()) for event in events]


@pytest.mark.parametrize("fault", ["fake-dead", "fake-error500", "fake-garbage"])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_another_engine_answers_and_nobody_sees_it(
    live: Live, engine: FakeEngine, fault: str, is_streamed: bool
) -> None:
    engine.control({"fake-first": fault})
    for _turn in range(6):
        if is_streamed:
            events = stream(live, "twice")
            assert events[-1] == "[DONE]"
            assert not any("error" in event for event in events if isinstance(event, dict))
        else:
            assert ask(live.ports[-1], "POST", "/v1/chat/completions", chat("twice"))[0] == 200


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("fake-dead", "engine_unreachable"),
        ("fake-hang", "engine_silent"),
        ("fake-garbage", "engine_interrupted"),
        ("fake-error500", "engine_refused"),
    ],
)
def test_failure_before_the_first_byte_has_a_status_of_its_own(live: Live, model: str, code: str) -> None:
    for fields in ({}, {"stream": True}):
        status, body, headers = ask(live.ports[-1], "POST", "/v1/chat/completions", chat(model, **fields))
        assert status == 503
        assert body["error"]["code"] in (code, "engine_interrupted", "engines_down")
        assert headers["x-should-retry"] == "true"
        assert headers["x-request-id"]


@pytest.mark.parametrize("model", ["fake-disconnect3", "fake-itl50-badchunk2"])
def test_failure_on_the_way_is_an_event_and_then_the_end(live: Live, model: str) -> None:
    *pieces, error, done = stream(live, model)
    assert pieces
    assert error["error"]["code"] == "engine_interrupted"  # type: ignore[index]
    assert done == "[DONE]"


def test_engine_that_counts_nothing_is_counted_by_its_pieces(live: Live) -> None:
    stream(live, "fake-nousage")
    row = live.do(
        "move_rows(); print(Usage.objects.filter(model='fake-nousage').values_list('output_tokens').last()[0])"
    )
    assert int(row) >= 3


def test_engine_that_fails_is_left_alone_and_asked_again_later(live: Live, engine: FakeEngine) -> None:
    engine.control({"fake-breaking": "fake-error500"})
    codes = [
        ask(live.ports[-1], "POST", "/v1/chat/completions", chat("fake-breaking"))[1]["error"]["code"]
        for _ in range(8)
    ]
    assert codes[0] == "engine_refused"
    assert codes[-1] == "engines_down"
    seen = engine.control()["seen"]
    ask(live.ports[-1], "POST", "/v1/chat/completions", chat("fake-breaking"))
    assert engine.control()["seen"] == seen  # it is not even asked
    engine.control({})
    for _turn in range(100):
        if ask(live.ports[-1], "POST", "/v1/chat/completions", chat("fake-breaking"))[0] == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the engine is never asked again")


@pytest.mark.parametrize("is_streamed", [False, True])
def test_engine_stops_when_whoever_asked_leaves(live: Live, engine: FakeEngine, is_streamed: bool) -> None:
    left = engine.control()["left"]
    connection = http.client.HTTPConnection("127.0.0.1", live.ports[-1], timeout=10)
    body = chat("fake-itl50-n400", stream=True) if is_streamed else chat("fake-hang")
    connection.request(
        "POST",
        "/v1/chat/completions",
        json.dumps(body),
        {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    if is_streamed:
        connection.getresponse().read(100)
    else:
        time.sleep(0.2)
    assert connection.sock is not None
    connection.sock.close()
    connection.close()
    for _turn in range(20):
        if engine.control()["left"] > left:
            return
        time.sleep(0.05)
    raise AssertionError("the engine goes on for nobody")


def test_houses_take_turns_where_there_is_one_place(live: Live) -> None:
    """One sends forty at once; the other, that comes after, waits for its turn and not for all of them."""
    ended: list[str] = []

    def work(key: str) -> None:
        status, _body, _headers = ask(live.ports[-1], "POST", "/v1/chat/completions", chat("narrow"), key=key)
        assert status == 200
        ended.append(key)

    with ThreadPoolExecutor(44) as pool:
        crowd = [pool.submit(work, KEY) for _turn in range(40)]
        time.sleep(0.2)
        late = [pool.submit(work, OTHER) for _turn in range(3)]
        for one in (*crowd, *late):
            one.result()
    assert max(place for place, key in enumerate(ended) if key == OTHER) < 20


def test_those_who_wait_too_long_are_told_to_come_back(live: Live, engine: FakeEngine) -> None:
    engine.control({"fake-ttft40": "fake-ttft7000"})
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(ask, live.ports[-1], "POST", "/v1/chat/completions", chat("narrow"))
            for _turn in range(2)
        ]
        replies = [one.result() for one in both]
    assert sorted(reply[0] for reply in replies) == [200, 503]
    busy = next(reply for reply in replies if reply[0] == 503)
    assert busy[1]["error"]["code"] == "engines_busy"
    assert int(busy[2]["retry-after"]) > 0


def test_two_thousand_slow_clients_hold_up_nobody(live: Live) -> None:
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n".encode()
    slow = [http.client.HTTPConnection("127.0.0.1", live.ports[-1], timeout=10) for _turn in range(2_000)]
    try:
        for connection in slow:
            connection.connect()
            connection.sock.send(head[:9])
        assert all(
            ask(live.ports[-1], "POST", "/v1/chat/completions", chat())[0] == 200 for _turn in range(20)
        )
    finally:
        for connection in slow:
            connection.close()


class TestAlone:
    """Faults of the database and of the process, each with a server of its own."""

    @pytest.fixture
    def own(self, engine: FakeEngine, tmp_path: Path) -> Iterator[Live]:
        with serve(tmp_path, declare(engine, "fake")) as live:
            yield live

    def test_killed_process_loses_no_finished_request(self, own: Live) -> None:
        port = own.start()
        finished = Counter[int]()
        stopping = threading.Event()

        def work() -> None:
            while not stopping.is_set():
                finished[ask(port, "POST", "/v1/chat/completions", chat(), timeout=5)[0]] += 1

        with ThreadPoolExecutor(8) as pool:
            for _turn in range(8):
                pool.submit(work)
            time.sleep(1.5)
            own.kill()
            stopping.set()
        assert finished[200] > 50
        own.start()
        time.sleep(1.5)
        rows = int(own.do("print(Usage.objects.filter(status=200).count())"))
        # Those whose answer was on its way are there too, at most one a client.
        assert finished[200] <= rows <= finished[200] + 8
        assert own.do("move_rows(); print(Usage.objects.filter(status=200).count())") == str(rows)

    def test_locked_database_loses_nothing_and_limits_fail_closed(self, own: Live) -> None:
        own.do(
            "for m, n in (('requests_day', 100), ('tokens_day', 10**9)):\n"
            "    Limit.objects.create(use=Key.objects.get().use, measure=m, amount=n)"
        )
        port = own.start()
        assert ask(port, "POST", "/v1/chat/completions", chat())[0] == 200
        database = sqlite3.connect(own.folder / "server" / "antigone.sqlite3", isolation_level=None)
        with closing(database):
            database.execute("BEGIN EXCLUSIVE")
            replies = [ask(port, "POST", "/v1/chat/completions", chat(), timeout=60) for _turn in range(4)]
            database.execute("ROLLBACK")
        codes = [reply[1]["error"]["code"] if reply[0] != 200 else 200 for reply in replies]
        # Some are within the share that the process has taken; then nothing more can be counted.
        assert set(codes) <= {200, "limits_unreachable", "database_unreachable"}
        assert codes[-1] != 200
        for _turn in range(100):
            if ask(port, "POST", "/v1/chat/completions", chat())[0] == 200:
                break
            time.sleep(0.1)
        time.sleep(1.5)
        rows = int(own.do("move_rows(); print(Usage.objects.filter(status=200).count())"))
        assert rows == codes.count(200) + 2

    def test_limits_hold_over_several_processes(self, own: Live) -> None:
        own.do("Limit.objects.create(use=Key.objects.get().use, measure='requests_day', amount=60)")
        ports = [own.start(), own.start()]
        with ThreadPoolExecutor(8) as pool:
            statuses = list(
                pool.map(
                    lambda number: ask(ports[number % 2], "POST", "/v1/chat/completions", chat())[0],
                    range(120),
                )
            )
        assert Counter(statuses) == {200: 60, 429: 60}

    def test_revoked_key_is_refused_within_a_second_by_every_process(self, own: Live) -> None:
        ports = [own.start(), own.start()]
        assert [ask(port, "GET", "/v1/models")[0] for port in ports] == [200, 200]
        own.do(
            "from django.utils import timezone\nk = Key.objects.get(); k.revoked_at = timezone.now(); k.save()"
        )
        time.sleep(1.0)
        assert [ask(port, "GET", "/v1/models")[0] for port in ports] == [401, 401]

    def test_several_workers_answer_behind_one_port(self, own: Live, engine: FakeEngine) -> None:
        own.environment["ANTIGONE_WORKERS"] = "2"
        port = own.start()
        assert all(ask(port, "POST", "/v1/chat/completions", chat())[0] == 200 for _turn in range(20))
        assert int(own.do("import time; time.sleep(1); print(Usage.objects.count())")) == 20
