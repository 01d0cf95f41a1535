"""Batches that somebody cancels, spoils or makes very long while they run; others do not wait for them."""

import asyncio
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from antigone.gateway.actions import batches
from antigone.gateway.actions.batches import Line, Run, cancel_batch, work_on_batches
from antigone.gateway.actions.files import delete_file
from antigone.gateway.models import Batch, BatchFile, Key
from tests.gateway.test_batches import line, read, start, work, write


def test_batch_cancelled_as_it_begins_is_cancelled(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = start(write([line(1)]))
    read_lines = batches._read_lines

    def slowly(batch: Batch) -> list[Line]:
        cancel_batch(batch=batch, now=timezone.now())
        monkeypatch.setattr(batches, "_read_lines", read_lines)
        return read_lines(batch)

    monkeypatch.setattr(batches, "_read_lines", slowly)
    found = work(identity)
    assert found["status"] == "cancelled"
    assert found["cancelling_at"]


def test_answers_are_kept_where_the_input_is_deleted_meanwhile(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = start(write([line(1)]))
    finish = Run.finish

    def late(run: Run, *given: Any) -> None:
        delete_file(BatchFile.objects.get(purpose="batch"))
        finish(run, *given)

    monkeypatch.setattr(Run, "finish", late)
    found = work(identity)
    assert (found["status"], found["input_file_id"]) == ("completed", None)
    assert [row["custom_id"] for row in read(found["output_file_id"])] == ["n1"]


def test_answers_are_kept_where_the_input_is_deleted_before_it_goes_on(key: Key) -> None:
    identity = start(write([line(1), line(2)]))
    (batches.find_folder() / f"{identity}-output.part").write_text('{"custom_id": "n1"}\n')
    delete_file(BatchFile.objects.get())
    found = work(identity)
    assert (found["status"], found["errors"]["data"][0]["code"]) == ("failed", "input_missing")  # type: ignore[index]
    assert read(found["output_file_id"]) == [{"custom_id": "n1"}]


def test_request_that_breaks_something_holds_up_no_other(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    build_call = batches.build_call

    def break_one(*given: Any, **named: Any) -> Any:
        if given[4]["input"] == ["repas 1"]:
            raise RuntimeError
        return build_call(*given, **named)

    monkeypatch.setattr(batches, "build_call", break_one)
    found = work(start(write([line(number) for number in range(3)])))
    assert found["request_counts"] == {"total": 3, "completed": 2, "failed": 1}
    assert read(found["error_file_id"])[0]["response"]["body"]["error"]["code"] == "fault"  # type: ignore[index]


def test_short_batch_does_not_wait_for_the_end_of_a_long_one(
    key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "TURN_SECONDS", 0.0)
    long, short = (start(write([line(number) for number in range(many)])) for many in (9, 1))
    work_on_batches()
    ended = dict(Batch.objects.values_list("pk", "ended_at"))
    assert ended[short] < ended[long]
    assert dict(Batch.objects.values_list("pk", "completed")) == {long: 9, short: 1}


def test_batch_is_watched_though_the_database_failed_once(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(["", OperationalError("database is locked"), "cancelled"])

    def look(_run: Run) -> str:
        seen = next(looks)
        if isinstance(seen, OperationalError):
            raise seen
        return seen

    async def answer(_run: Run, _line: Line) -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {}

    monkeypatch.setattr(batches, "LOOKS_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(Run, "_look", look)
    monkeypatch.setattr(Run, "_answer", answer)
    assert work(start(write([line(number) for number in range(100)])))["status"] == "cancelled"


def test_line_may_not_be_larger_than_a_request(key: Key, settings: Settings) -> None:
    settings.API_BYTES = 300
    found = work(start(write([line(1, body={"model": "counting", "input": ["x" * 300]})])))
    assert found["errors"]["data"][0]["code"] == "invalid_line"  # type: ignore[index]


def test_lines_past_the_most_are_not_even_read(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_LINES", 2)
    read_line, numbers = batches._read_line, []

    def note(text: bytes, url: str) -> Line:
        numbers.append(text)
        return read_line(text, url)

    monkeypatch.setattr(batches, "_read_line", note)
    found = work(start(write([line(number) for number in range(9)])))
    assert found["errors"]["data"][0]["code"] == "too_many_lines"  # type: ignore[index]
    assert len(numbers) == 3
