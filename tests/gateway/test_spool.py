"""No line of usage is lost, none is counted twice; a line cut short was never told finished."""

import asyncio
import fcntl
import json
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.db import DatabaseError, transaction

from antigone.errors import Unavailable
from antigone.gateway import spool
from antigone.gateway.models import Spool, Usage

ROW = (1_700_000_000.25, 1, 2, 3, "chat", "m", "E", 200, "", 10, 20, 5, 30, 0.5, 0.02, "estimated")


def write(count: int = 1) -> None:
    async def whole() -> None:
        await asyncio.gather(*(spool.write_row(ROW) for _turn in range(count)))

    async_to_sync(whole)()


def leave(name: str, content: bytes) -> Path:
    """Leave a file as a process that died does."""
    folder = spool.find_folder()
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


LINE = json.dumps(ROW).encode() + b"\n"


def test_row_comes_into_the_table_as_it_was_written(db: None) -> None:
    write()
    assert spool.move_rows() == 1
    row = Usage.objects.get()
    assert row.at.timestamp() == pytest.approx(ROW[0], abs=0.001)
    assert (row.organisation_id, row.use_id, row.key_id, row.prompt_tokens, row.output_tokens) == (
        1,
        2,
        3,
        10,
        20,
    )
    assert (row.energy_wh, row.method, row.first_ms) == (0.5, "estimated", 5)


def test_rows_written_together_are_all_there_once(db: None) -> None:
    write(300)
    assert spool.move_rows() == 300
    assert spool.move_rows() == 0
    write(5)
    assert spool.move_rows() == 5
    assert Usage.objects.count() == 305


def test_files_of_a_dead_process_are_moved_and_go(db: None) -> None:
    path = leave("1-dead.jsonl", LINE * 3 + LINE[:20])
    assert spool.move_rows() == 3
    assert not path.exists()
    assert not Spool.objects.exists()


def test_move_that_was_cut_off_goes_on_where_it_was(db: None) -> None:
    path = leave("1-dead.jsonl", LINE * 5)
    Spool.objects.create(name=path.name, position=2 * len(LINE))
    assert spool.move_rows() == 3


def test_file_that_is_written_to_stays(db: None) -> None:
    path = leave("1-alive.jsonl", LINE)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert spool.move_rows() == 1
        assert path.exists()
        assert spool.move_rows() == 0
    assert spool.move_rows() == 0
    assert not path.exists()


def test_one_process_moves_at_a_time(db: None) -> None:
    leave("1-dead.jsonl", LINE)
    with (spool.find_folder() / "moving").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert spool.move_rows() == 0
    assert spool.move_rows() == 1


def test_long_files_are_followed_by_others(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_BYTES", 300)
    for _turn in range(12):
        write()
    assert len(list(spool.find_folder().glob("*.jsonl"))) > 2
    assert spool.move_rows() == 12
    assert len(list(spool.find_folder().glob("*.jsonl"))) == 1


def test_disk_that_refuses_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool.os, "write", refuse)
    with pytest.raises(Unavailable) as caught:
        write()
    assert caught.value.code == "usage_not_written"
    monkeypatch.undo()
    write()
    assert spool.move_rows() == 1


def test_table_that_refuses_leaves_the_lines(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    leave("1-dead.jsonl", LINE * 2)
    monkeypatch.setattr(spool, "_write_insert", lambda _vendor: "SELECT nothing FROM nowhere WHERE 1 = %s")
    with pytest.raises(DatabaseError), transaction.atomic():
        spool.move_rows()
    monkeypatch.undo()
    assert spool.move_rows() == 2
