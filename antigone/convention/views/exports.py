"""What people take away: tables that no spreadsheet runs, calendars."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.http import HttpResponse

from antigone.convention.models import Session

# A cell that begins so is a formula to a spreadsheet.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
OCTETS_A_LINE = 75


def give_file(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer a file to be saved, that no cache keeps."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def defuse(cell: str) -> str:
    """Write a cell so that a spreadsheet shows it as text.

    >>> defuse("=1+1"), defuse("Basile")
    ("'=1+1", 'Basile')
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) else cell


def defuse_rows(rows: Iterable[Sequence[str | int]]) -> list[list[str | int]]:
    return [[defuse(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def write_calendar(sessions: Iterable[Session], *, title: str, host: str, stamp: datetime) -> bytes:
    """Write sessions as a calendar file (RFC 5545), in UTC; its lines are folded at 75 octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Antigone//convention//FR", "METHOD:PUBLISH"]
    for session in sessions:
        lines += [
            "BEGIN:VEVENT",
            f"UID:session-{session.pk}@{host}",
            f"DTSTAMP:{_write_instant(stamp)}",
            f"SEQUENCE:{session.version}",
            f"DTSTART:{_write_instant(session.starts_at)}",
            f"DTEND:{_write_instant(session.ends_at)}",
            f"SUMMARY:{_escape(f'{title} – {session.title}')}",
        ]
        lines += [f"LOCATION:{_escape(session.place)}"] if session.place else []
        lines += [f"DESCRIPTION:{_escape(session.practical)}"] if session.practical else []
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _write_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    r"""Escape what a calendar reads as its own signs.

    >>> _escape("a;b,c\r\nd")
    'a\\;b\\,c\\nd'
    """
    plain = "\n".join(text.splitlines()).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(sign for sign in plain.replace("\n", "\\n") if sign.isprintable())


def _fold(line: str) -> str:
    """Cut a line so that none holds over 75 octets, never within a character."""
    pieces, octets = [""], 0
    for sign in line:
        length = len(sign.encode())
        if octets + length > OCTETS_A_LINE:
            pieces.append(" ")
            octets = 1
        pieces[-1] += sign
        octets += length
    return "\r\n".join(pieces)
