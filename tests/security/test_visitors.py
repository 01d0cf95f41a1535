"""What Zoé asks is stored nowhere: not in a table, a log, a cache, a file, nor in her browser."""

import logging
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient, Client

from antigone.gateway.clients import close_session
from antigone.library.models import Document
from tests.scripted_engine import ScriptedEngine, serve_scripted_engine

WORD = "zygomatique"
QUESTION = f"Quand la piscine ouvre-t-elle pour un {WORD} ?"


def everything_stored(folder: Path) -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = [str(cursor.execute(f'SELECT * FROM "{table}"').fetchall()) for table in tables]
    files = [path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()]
    return "\n".join(rows + files)


def field(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads tables as SQLite gives them")
def test_questions_of_a_visitor_are_written_nowhere(
    public: Document, data_folder: Path, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    client = Client()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        html = client.post("/demander/", {"question": QUESTION}).content.decode()
        sealed = field(html, "answer")
        client.post("/demander/", {"question": QUESTION, "earlier": field(html, "earlier")})
        client.post("/demander/exporter/", {"answer": sealed, "layout": "odt"})
        client.get("/documents/recherche/", {"q": QUESTION})
        client.post("/demander/", {"question": WORD * 1_000})
        client.post("/demander/7/", {"question": QUESTION})
    assert WORD not in everything_stored(data_folder)
    assert WORD not in caplog.text
    assert set(client.cookies) <= {settings.CSRF_COOKIE_NAME}


def test_streamed_question_of_a_visitor_is_written_nowhere(
    public: Document, data_folder: Path, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    async def ask(scripted: ScriptedEngine, model: str) -> None:
        settings.ENGINES = (scripted.engine(model, timeout_seconds=1),)
        response = await AsyncClient().post("/demander/flux/", {"question": QUESTION})
        assert b"done" in b"".join([part async for part in response])  # type: ignore[attr-defined]
        await close_session()

    with serve_scripted_engine() as scripted, caplog.at_level(logging.INFO):
        for model in ("honest", "refusing", "dying", "silent"):
            async_to_sync(ask)(scripted, model)
    assert WORD not in everything_stored(data_folder)
    assert WORD not in caplog.text


def test_visitor_s_browser_keeps_neither_the_answer_nor_a_lasting_mark(public: Document) -> None:
    client = Client()
    answer = client.post("/demander/", {"question": QUESTION})
    assert "no-store" in answer["Cache-Control"]
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["max-age"]
        assert not cookie["expires"]


def test_crash_of_a_question_shows_and_logs_nothing_of_it(
    public: Document, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TRIES = {}  # any fault of ours will do
    client = Client(raise_request_exception=False)
    answer = client.post("/demander/", {"question": QUESTION})
    assert answer.status_code == 500
    assert WORD not in answer.content.decode()
    assert WORD not in caplog.text
