"""A large file on its way here has no name on the disk."""

from pathlib import Path

from django.test import RequestFactory
from pytest_django import Settings

from antigone.web.uploads import NamelessFileUploadHandler


def start(name: str) -> NamelessFileUploadHandler:
    handler = NamelessFileUploadHandler(RequestFactory().post("/"))
    handler.new_file("file", name, "text/csv", None, None, {})
    return handler


def test_large_file_is_written_without_a_name(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    handler = start("voters.csv")
    handler.receive_data_chunk(b"SECRET" * 1_000, 0)
    handler.receive_data_chunk(b"!", 6_000)
    assert list(folder.iterdir()) == []
    file = handler.file_complete(6_001)
    assert (file.name, file.size) == ("voters.csv", 6_001)
    assert b"".join(file.chunks()) == b"SECRET" * 1_000 + b"!"
    file.close()


def test_interrupted_file_is_let_go(settings: Settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    handler = start("voters.csv")
    handler.receive_data_chunk(b"SECRET", 0)
    handler.upload_interrupted()
    assert handler.file.closed


def test_handler_is_the_one_of_the_settings(settings: Settings) -> None:
    assert (
        settings.FILE_UPLOAD_HANDLERS[1]
        == f"{NamelessFileUploadHandler.__module__}.NamelessFileUploadHandler"
    )
    assert len(settings.FILE_UPLOAD_HANDLERS) == 2
