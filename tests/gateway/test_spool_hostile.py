"""Rows of usage: none is lost to a race, to a line that cannot be read, or to whoever leaves early."""

import asyncio
import json
from pathlib import Path

import pytest
from pytest_django import Settings

from antigone.gateway import snapshot
from antigone.gateway.calls import answer_whole
from antigone.gateway.clients import run_alone
from antigone.gateway.guards import Call
from antigone.gateway.models import Key, Usage
from antigone.gateway.spool import COLUMNS, Writer, find_folder, move_rows, stop_writers
from tests.gateway.town import ask, chat
from tests.scripted_engine import ScriptedEngine

ROW = (0.0, None, None, None, "chat", "m", "", 200, "", 1, 1, None, 1, None, None, "unknown")


@pytest.mark.django_db
def test_line_that_cannot_be_read_holds_up_no_other() -> None:
    folder = find_folder()
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps(ROW)
    (folder / "1-a.jsonl").write_text(f"{line}\n\0\0\0]\n{line}\n")
    (folder / "2-b.jsonl").write_text(f"{line}\n")
    assert move_rows() == 3
    assert Usage.objects.count() == 3
    assert len(ROW) == len(COLUMNS)


def test_file_is_never_seen_before_it_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[Path]] = []
    monkeypatch.setattr(
        "antigone.gateway.spool.fcntl.flock", lambda *_: seen.append(list(tmp_path.glob("*.jsonl")))
    )
    writer = Writer(tmp_path)
    asyncio.run(writer.write(ROW))
    writer.stop()
    assert seen == [[]]
    (path,) = tmp_path.glob("*.jsonl")
    assert json.loads(path.read_text())[4] == "chat"


def test_request_given_up_for_its_time_is_counted(key: Key) -> None:
    known = snapshot.refresh()
    call = Call(
        known.keys[key.pk], "chat", known.models["silent"], "chat/completions", chat("silent"), size=4_000
    )

    async def hurry() -> None:
        async with asyncio.timeout(0.2):
            await answer_whole(call)

    with pytest.raises(TimeoutError):
        run_alone(hurry())
    stop_writers()
    move_rows()
    row = Usage.objects.get()
    # The engine has read the question by then, whether or not anybody waits for what it says.
    assert (row.status, row.error, row.prompt_tokens) == (499, "client_left", 1_000)


def test_long_names_of_the_settings_fit_in_a_row(
    key: Key, settings: Settings, engines: ScriptedEngine
) -> None:
    name = "/srv/models/" + "x" * 200
    settings.ENGINES = (engines.engine(name),)
    ask("POST", "/v1/chat/completions", chat(name))
    assert len(Usage.objects.get().model) == 120
