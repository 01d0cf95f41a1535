"""The one way in: kinds told by content, errors of one family."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.reading import (
    Empty,
    Encrypted,
    Limits,
    Notice,
    Reading,
    ReadingError,
    TooLarge,
    Unsupported,
    detect_media_type,
    locate,
    read,
    render_page,
)
from antigone.core.reading.errors import build_error

SIGNATURES = (
    b"%PDF-1.4\n",
    b"PK\x03\x04",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"<html>",
    b"From: ",
    b"",
)
NAMES = ("a.pdf", "a.docx", "a.xlsx", "a.odt", "a.html", "a.md", "a.eml", "a.txt", "a", "")


def build_zip(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\0\0\0"])
def test_read_refuses_an_empty_file(data):
    with pytest.raises(Empty, match="Check that the right file was chosen"):
        read(data, "a.pdf")


def test_read_takes_a_misnamed_document_for_what_it_is():
    reading = read(b"<!doctype html><html><body><p>Bonjour</p></body></html>", "rapport.PDF")
    assert reading.pages[0].text == "Bonjour"
    assert reading.notices == (Notice("misnamed", {"extension": ".pdf", "media_type": "text/html"}),)


def test_read_refuses_a_file_over_the_limit():
    with pytest.raises(TooLarge) as raised:
        read(b"a" * 11, "a.txt", Limits(bytes=10))
    assert raised.value.params == {"what": "bytes", "size": 11, "limit": 10}


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "application/x-ole-storage"),
        (b"{\\rtf1 bonjour}", "application/rtf"),
        (b"GIF89a\0\0", "application/octet-stream"),
        (build_zip({"a.txt": "b"}), "application/zip"),
        (build_zip({"mimetype": "application/epub+zip"}), "application/epub+zip"),
    ],
)
def test_read_refuses_other_kinds_by_name(data, media_type):
    assert detect_media_type(data, "a.pdf") == media_type
    with pytest.raises(Unsupported, match="Save it as PDF, DOCX or ODT"):
        read(data, "a.pdf")


def test_read_tells_an_office_document_with_a_password():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Encrypted, match="The DOCX is protected by a password"):
        read(data, "a.docx")


def test_read_gives_nothing_that_cannot_be_stored():
    page = b'<html><meta charset="unicode_escape"><body>a\\ud800b\\x00c'
    assert read(page, "a.html").pages[0].text.encode("utf-8")


@pytest.mark.parametrize(
    "task", [lambda data: render_page(data, 1, width_px=9), lambda data: locate(data, 1, 0, 1)]
)
def test_images_of_pages_are_refused_for_documents_without_pages(task):
    with pytest.raises(Unsupported):
        task(b"Bonjour")


@given(st.sampled_from(SIGNATURES), st.binary(max_size=300), st.sampled_from(NAMES))
def test_random_bytes_raise_nothing_but_reading_errors(signature, data, name):
    for task in (
        lambda: isinstance(read(signature + data, name), Reading),
        lambda: render_page(signature + data, 1, width_px=50),
        lambda: locate(signature + data, 1, 0, 5),
    ):
        try:
            assert task() is not None
        except ReadingError as error:
            rebuilt = build_error(error.code, error.params)
            if str(rebuilt) != str(error):
                raise AssertionError(rebuilt) from error
