"""Plain text, whatever the encoding."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antigone.core.reading import read
from antigone.core.reading.plain import decode


@pytest.mark.parametrize(
    "data",
    [
        "Été à l’œuvre".encode(),
        codecs.BOM_UTF8 + "Été à l’œuvre".encode(),
        codecs.BOM_UTF16_LE + "Été à l’œuvre".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Été à l’œuvre".encode("utf-16-be"),
        "Été à l’œuvre".encode("cp1252"),
    ],
)
def test_read_finds_the_encoding(data):
    assert read(data, "note.txt").pages[0].text == "Été à l’œuvre"


def test_read_tells_when_the_encoding_was_guessed():
    assert [notice.code for notice in read("Été".encode("cp1252"), "note.txt").notices] == ["decoded_as"]


def test_read_separates_paragraphs():
    assert read(b"un\r\ndeux\r\n \r\ntrois", "note.txt").pages[0].text == "un\ndeux\ntrois"


@given(st.binary(max_size=200))
def test_decode_takes_any_bytes_and_gives_no_control_character(data):
    text, _ = decode(data)
    text.encode("utf-8")
    assert "\x00" not in text
    assert "\r" not in text
