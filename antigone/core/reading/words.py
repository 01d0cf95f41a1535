"""Words with their place on a page image, as OCR gives them, and the compact form kept beside the text."""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from antigone.core.reading.pages import Box


@dataclass(frozen=True, slots=True)
class Word:
    """A word seen on an image. ``line`` and ``paragraph`` say which words belong together, in order."""

    text: str
    box: Box
    line: int
    paragraph: int


Ocr = Callable[[bytes], tuple[Word, ...]]
"""From the bytes of a PNG image to its words, in reading order."""

_RECORD = struct.Struct(
    "<IHHHHH"
)  # start and length in the text; x, y, width, height in 65535ths of the page
_SCALE = 65_535
_LENGTH_LIMIT = 65_535


def parse_tesseract(tsv: str, *, width: int, height: int) -> tuple[Word, ...]:
    r"""Read Tesseract's TSV for an image of ``width`` × ``height`` pixels.

    >>> row = "5\t1\t1\t1\t1\t1\t10\t20\t30\t10\t96.0\tMairie"
    >>> parse_tesseract(row, width=100, height=100)[0].box
    Box(x=0.1, y=0.2, width=0.3, height=0.1)
    """
    words = []
    lines: dict[tuple[str, ...], int] = {}
    paragraphs: dict[tuple[str, ...], int] = {}
    for row in tsv.split("\n"):
        columns = row.rstrip("\r").split("\t")
        if len(columns) != 12 or columns[0] != "5" or not columns[11].strip():
            continue
        left, top, across, down = (int(column) for column in columns[6:10])
        words.append(
            Word(
                text=columns[11].strip(),
                box=Box(left / width, top / height, across / width, down / height),
                line=lines.setdefault(tuple(columns[2:5]), len(lines)),
                paragraph=paragraphs.setdefault(tuple(columns[2:4]), len(paragraphs)),
            )
        )
    return tuple(words)


def join_words(words: Iterable[Word]) -> tuple[str, bytes]:
    """Write words as text (a line per line, an empty line between paragraphs) with their packed boxes.

    >>> box = Box(0.5, 0.5, 0.25, 0.1)
    >>> text, boxes = join_words([Word("Hôtel", box, 0, 0), Word("de", box, 0, 0), Word("ville", box, 1, 0)])
    >>> text
    'Hôtel de\\nville'
    >>> len(boxes)
    42
    """
    pieces: list[str] = []
    records: list[bytes] = []
    position = 0
    before: Word | None = None
    for word in words:
        if before is not None:
            gap = " " if word.line == before.line else "\n" if word.paragraph == before.paragraph else "\n\n"
            pieces.append(gap)
            position += len(gap)
        records.append(_pack(position, word))
        pieces.append(word.text)
        position += len(word.text)
        before = word
    return "".join(pieces), b"".join(records)


def locate_words(word_boxes: bytes, start: int, end: int) -> tuple[Box, ...]:
    """Find the boxes of the words that meet ``text[start:end]``, one box per line of the image.

    >>> _, boxes = join_words([Word("Hôtel", Box(0.5, 0.5, 0.25, 0.1), 0, 0)])
    >>> locate_words(boxes, 0, 5) == locate_words(boxes, 4, 5) != ()
    True
    >>> locate_words(boxes, 5, 9)
    ()
    """
    found = []
    for at, length, x, y, width, height in _RECORD.iter_unpack(word_boxes):
        if at < end and at + length > start:
            found.append(Box(x / _SCALE, y / _SCALE, width / _SCALE, height / _SCALE))
    return merge_lines(found)


def merge_lines(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Merge boxes that follow each other on one line; the result stays within the page.

    Two boxes are on one line when they share more than half of the lower one's height.

    >>> merge_lines([Box(0.1, 0.5, 0.2, 0.02), Box(0.4, 0.5, 0.2, 0.02), Box(0.1, 0.6, 0.2, 0.02)])
    (Box(x=0.1, y=0.5, width=0.5, height=0.02), Box(x=0.1, y=0.6, width=0.2, height=0.02))
    """
    merged: list[tuple[float, float, float, float]] = []
    for box in boxes:
        left, top = _clamp(box.x), _clamp(box.y)
        right, bottom = _clamp(box.x + box.width), _clamp(box.y + box.height)
        if right <= left or bottom <= top:
            continue
        if merged and _is_same_line(merged[-1], (left, top, right, bottom)):
            last = merged.pop()
            left, top = min(left, last[0]), min(top, last[1])
            right, bottom = max(right, last[2]), max(bottom, last[3])
        merged.append((left, top, right, bottom))
    return tuple(
        Box(left, top, round(right - left, 6), round(bottom - top, 6)) for left, top, right, bottom in merged
    )


def _pack(position: int, word: Word) -> bytes:
    box = word.box
    corners = (round(_clamp(value) * _SCALE) for value in (box.x, box.y, box.width, box.height))
    return _RECORD.pack(position, min(len(word.text), _LENGTH_LIMIT), *corners)


def _is_same_line(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1])


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value))
