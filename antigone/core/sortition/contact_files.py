"""The file of a draw of contacts (antigone-contacts/1): what was announced on the first line, then a row a line.

JSON, a line each, so that five million rows are written, read and checked in little memory. It names nobody.
"""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from antigone.core.sortition.commitments import encode
from antigone.core.sortition.contacts import ContactDraw, Row
from antigone.core.sortition.errors import InvalidDocument

FORMAT = "antigone-contacts/1"
LINE_BYTES = 10_000
HEADER = {"format": str, "root": str, "seed": str, "size": int, "one_per_household": bool}
FIELDS = {"number": int, "stratum": str, "household": str, "hash": str, "drawn": bool}


def write_lines(draw: ContactDraw, rows: Iterable[Row]) -> Iterator[bytes]:
    """Write a draw and its rows, line by line.

    >>> lines = write_lines(ContactDraw("00", "417", 1, False, frozenset([1])), [Row(1, "north", "", bytes(32))])
    >>> next(lines)
    b'{"format":"antigone-contacts/1","one_per_household":false,"root":"00","seed":"417","size":1}\\n'
    """
    header = {"format": FORMAT, "root": draw.root, "seed": draw.seed, "size": draw.size}
    yield encode(header | {"one_per_household": draw.one_per_household}) + b"\n"
    for row in rows:
        fields = {"number": row.number, "stratum": row.stratum, "household": row.household}
        yield encode(fields | {"hash": row.hash.hex(), "drawn": row.number in draw.contacted}) + b"\n"


def read_draw(file: IO[bytes], name: str) -> ContactDraw:
    """Read all of a file for what was announced and who was contacted; raise InvalidDocument.

    >>> import io
    >>> draw = ContactDraw("00", "417", 1, False, frozenset([1]))
    >>> lines = write_lines(draw, [Row(1, "north", "", bytes(32))])
    >>> read_draw(io.BytesIO(b"".join(lines)), "contacts.jsonl") == draw
    True
    """
    header = _read_line(file.readline(LINE_BYTES), HEADER, name, 1)
    if header["format"] != FORMAT:
        raise InvalidDocument(file=name, format=FORMAT, detail=header["format"][:40], place=1)
    drawn = frozenset(fields["number"] for fields in _read_fields(file, name) if fields["drawn"])
    return ContactDraw(header["root"], header["seed"], header["size"], header["one_per_household"], drawn)


def read_rows(file: IO[bytes], name: str) -> Iterator[Row]:
    """Read the rows of a file one at a time; raise InvalidDocument."""
    file.readline(LINE_BYTES)
    for fields in _read_fields(file, name):
        hash_ = bytes.fromhex(fields["hash"])
        yield Row(fields["number"], fields["stratum"], fields["household"], hash_)


def _read_fields(file: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    place = 1
    while line := file.readline(LINE_BYTES):
        place += 1
        yield _read_line(line, FIELDS, name, place)


def _read_line(line: bytes, kinds: dict[str, type], name: str, place: int) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument(file=name, format=FORMAT, detail="JSON", place=place) from error
    is_right = (
        isinstance(fields, dict)
        and fields.keys() == kinds.keys()
        and all(type(fields[key]) is kind for key, kind in kinds.items())
        and _is_hexadecimal(fields.get("hash", ""))
    )
    if not is_right:
        raise InvalidDocument(file=name, format=FORMAT, detail=", ".join(kinds), place=place)
    return fields  # type: ignore[no-any-return]  # checked above


def _is_hexadecimal(text: str) -> bool:
    return len(text) % 2 == 0 and set(text) <= set("0123456789abcdef")
