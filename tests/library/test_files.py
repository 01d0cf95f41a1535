import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from antigone.errors import Unavailable, WrongInput
from antigone.library.actions import Outcome
from antigone.library.actions.files import get_path, keep_bytes, read_bytes
from antigone.library.models import Collection, Document
from tests.library.conftest import PUBLIC_TEXT


@contextmanager
def small_disk() -> Iterator[None]:
    """Let no file grow over 10 bytes, as the kernel enforces it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def list_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_keep_bytes_gives_them_back() -> None:
    kept = keep_bytes([b"un ", b"deux"])
    assert kept.bytes == 7
    assert read_bytes(kept.sha256) == b"un deux"


def test_keep_bytes_keeps_the_same_bytes_once(data_folder: Path) -> None:
    assert keep_bytes([b"un ", b"deux"]) == keep_bytes([b"un deux"])
    assert len(list_files(data_folder)) == 1


def test_keep_bytes_leaves_nothing_of_a_file_that_is_too_large(settings: Settings, data_folder: Path) -> None:
    settings.DOCUMENT_BYTES = 5
    with pytest.raises(WrongInput):
        keep_bytes([b"un ", b"deux"])
    assert not list_files(data_folder)


def test_keep_bytes_leaves_nothing_of_a_stream_that_breaks(data_folder: Path) -> None:
    def break_off() -> Iterator[bytes]:
        yield b"un "
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        keep_bytes(break_off())
    assert not list_files(data_folder)


def test_read_bytes_says_that_a_file_is_missing() -> None:
    kept = keep_bytes([b"un"])
    get_path(kept.sha256).unlink()
    with pytest.raises(WrongInput) as refusal:
        read_bytes(kept.sha256)
    assert refusal.value.code == "missing"


def test_add_document_on_a_full_disk_adds_nothing_then_goes_on(
    collection: Collection, add: Callable[..., Outcome], data_folder: Path
) -> None:
    with small_disk(), pytest.raises(Unavailable) as error:
        add(collection)
    assert error.value.code == "disk_full"
    assert str(data_folder) in str(error.value)
    assert not Document.objects.exists()
    assert not list_files(data_folder)
    assert add(collection, text=PUBLIC_TEXT).document.passages.count() == 1
