"""Registers read line by line, however long: what columns hold, what each row is, what is wrong with it.

Memory does not depend on the number of rows. A fault names a line and never the words on it: nothing of a refused
file is kept.
"""

import codecs
import csv
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from antigone.core.sortition.tables import SEPARATORS, fold_text
from antigone.errors import WrongInput

NAME, ADDRESS, PHONE, HOUSEHOLD, STRATUM, IDENTIFIER = ROLES = (
    "name", "address", "phone", "household", "stratum", "identifier",
)  # fmt: skip
ROLE_NAMES = {
    NAME: _("Name"),
    ADDRESS: _("Address"),
    PHONE: _("Telephone"),
    STRATUM: _("Stratum: the draw keeps its proportions"),
    HOUSEHOLD: _("Household: same words, same household"),
    IDENTIFIER: _("Identifier: to notice a row given twice; not kept"),
}
# The words of usual headers: voters' registers, the national base of addresses (BAN), files of services.
GUESSES = (
    (NAME, ("nom", "nomdenaissance", "nomdusage", "prenom", "prénom", "prenoms", "prénoms", "name", "firstname",
            "lastname", "civilite", "civilité")),
    (ADDRESS, ("adresse", "address", "numero", "numéro", "rep", "nomvoie", "nom_voie", "voie", "rue", "codepostal",
               "code_postal", "commune", "nomcommune", "nom_commune", "ville", "city", "zip", "postcode", "complement",
               "complément", "numérodevoie", "libellédevoie")),
    (PHONE, ("telephone", "téléphone", "tel", "tél", "phone", "mobile", "portable")),
    (STRATUM, ("quartier", "bureau", "bureaudevote", "strate", "stratum", "canton", "iris", "district")),
    (IDENTIFIER, ("id", "identifiant", "numéroélecteur", "numeroelecteur", "cle_interop")),
    (HOUSEHOLD, ("foyer", "menage", "ménage", "household")),
)  # fmt: skip

MOST_ROWS = 5_000_000
MOST_COLUMNS = 100
MOST_STRATA = 500
LINE_CHARACTERS = 20_000
SAMPLES = 3
FAULTS_KEPT = 100
MOST_LENGTHS = {NAME: 300, ADDRESS: 500, STRATUM: 300}
BLOCK = 1 << 20
# What hides or turns round the words beside it; a cell of two lines too.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
BETWEEN_STRATA = " · "

FAULTS = {
    "ragged": gettext_noop(
        "it has more cells than the header. Put quotation marks around the cells that hold the separator."
    ),
    "quotes": gettext_noop("its quotation marks are not closed. Nothing was read after it."),
    "line_too_long": gettext_noop("it is too long to be a row of a register. Nothing was read after it."),
    "no_name": gettext_noop("it has no name."),
    "no_address": gettext_noop("it has no address."),
    "unreachable": gettext_noop("it has neither an address nor a telephone number."),
    "phone": gettext_noop("its telephone number is not one."),
    "too_long": gettext_noop("one of its cells is too long."),
    "control": gettext_noop("one of its cells holds a character that is not text."),
    "repeated": gettext_noop("it was given before, on another line."),
}
# Why a whole source was refused.
REFUSALS = {
    "faults": gettext_noop(
        "Some lines cannot be taken. Nothing of the file was kept: mend it, then choose it again."
    ),
    "nobody": gettext_noop("There is nobody in this file. Check that the right one was chosen."),
    "too_many_strata": gettext_noop(
        "The columns of the strata have more than five hundred values together: another column was meant, or fewer."
    ),
    "too_many_rows": gettext_noop("There are more than five million rows. Keep those who may be invited."),
    "too_many_numbers": gettext_noop(
        "There are not as many numbers under these prefixes. Ask for fewer, or add a prefix."
    ),
    "register_gone": gettext_noop("The file is not there any more. Choose it again."),
    "interrupted": gettext_noop("The server stopped several times during the import. Tell an operator."),
    "failed": gettext_noop("The import failed on our side. Tell an operator, then try again."),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and its first rows to look at."""

    encoding: str
    separator: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]

    def guess_roles(self) -> list[str]:
        """Give the role that each column seems to have; nothing: it is not kept."""
        return [_guess_role(name) for name in self.header]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that may be kept; `key` is the same for a row given twice, `home` for rows of one household."""

    line: int
    name: str
    address: str
    phone: str
    stratum: str
    home: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line."""

    line: int
    code: str


def inspect_register(path: Path) -> Layout:
    """Find the encoding, the separator and the header of a file; raise WrongInput where it is not a table of text."""
    encoding = _find_encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LINE_CHARACTERS)
        separator = max(SEPARATORS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))
        file.seek(0)
        found = islice(_read_cells(file, separator), SAMPLES + 1)
        rows = [cells for _line, cells in found if not isinstance(cells, str)]
    if not rows or not any(rows[0]):
        raise WrongInput(
            "register_empty", gettext_noop("This file is empty. Check that the right one was chosen.")
        )
    if len(rows[0]) > MOST_COLUMNS:
        raise WrongInput(
            "register_not_a_table",
            gettext_noop(
                "This file is not a table that can be read. Save it as CSV in UTF-8, then try again."
            ),
        )
    header = tuple(cell[:100] for cell in rows[0])
    width = len(header)
    samples = tuple((*(cell[:80] for cell in row[:width]), *[""] * (width - len(row))) for row in rows[1:])
    return Layout(encoding, separator, header, samples)


def check_roles(roles: Sequence[str], source: str) -> None:
    """Raise WrongInput where columns have no role that such a source needs."""
    needed = {"register": (NAME,), "addresses": (ADDRESS,)}[source]
    if any(role not in roles for role in needed) or not {ADDRESS, PHONE} & set(roles):
        raise WrongInput(
            "columns_missing",
            gettext_noop(
                "Say which columns hold what is needed: a name and an address or a telephone number for a register "
                "of people; an address for addresses."
            ),
        )


def read_register(path: Path, layout: Layout, roles: Sequence[str], source: str) -> Iterator[Entry | Fault]:
    """Read every row after the header, one at a time; rows without a word are left out."""
    places = {role: [place for place, given in enumerate(roles) if given == role] for role in ROLES}
    width = len(layout.header)
    with path.open(encoding=layout.encoding, newline="") as file:
        rows = _read_cells(file, layout.separator)
        next(rows, None)
        for line, cells in rows:
            if isinstance(cells, str):
                yield Fault(line, cells)
            elif any(cells[width:]):
                yield Fault(line, "ragged")
            elif cells:
                yield _make_entry(line, cells + [""] * (width - len(cells)), places, source)


def clean_phone(text: str) -> str | None:
    """Give the digits of a telephone number, ten for a French one; nothing for no number, None for what is none.

    >>> clean_phone("+33 (0)6 12-34.56 78"), clean_phone("612345678"), clean_phone("+44 20 7946 0000")
    ('0612345678', '0612345678', '00442079460000')
    >>> clean_phone(""), clean_phone("rue Haute"), clean_phone("12")
    ('', None, None)
    """
    text = text.strip()
    kept = text.replace("(0)", "").translate(PHONE_SIGNS)
    if kept.startswith("+"):
        kept = f"00{kept[1:]}"
    if kept.startswith("0033"):
        kept = f"0{kept[4:].removeprefix('0')}"
    if not kept:
        return None if text else ""
    if not kept.isascii() or not kept.isdecimal():
        return None
    if len(kept) == 9 and kept[0] != "0":
        return f"0{kept}"  # a spreadsheet took the zero away
    is_french = len(kept) == 10 and kept[0] == "0" and kept[1] != "0"
    return kept if is_french or (kept.startswith("00") and 10 <= len(kept) <= 17) else None


PHONE_SIGNS = {ord(sign): None for sign in " .-/()\u00a0\u202f\u2011\u2013"}


class Spool:
    """Rows that wait for the end of the reading, and what they were: on the disk, gone with the process.

    SQLite keeps it in a file without a name, whatever happens to us.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        # A little memory, the rest on the disk; nothing of it needs to outlive anything.
        self._database.executescript(
            "PRAGMA temp_store=FILE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID;"
            "CREATE TABLE rows (number INTEGER PRIMARY KEY, stratum, household, name, address, phone, hash);"
            "BEGIN"
        )

    def is_new(self, key: bytes) -> bool:
        """Remember a key; tell whether it was not known."""
        return self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", [key]).rowcount == 1

    def add(self, row: tuple[int, str, str, str, str, str, bytes]) -> None:
        """Keep one row."""
        self._database.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def read(self) -> Iterator[tuple[int, str, str, str, str, str, bytes]]:
        """Give the rows, in the order of their numbers."""
        yield from self._database.execute("SELECT * FROM rows ORDER BY number")

    def close(self) -> None:
        self._database.close()


def _find_encoding(path: Path) -> str:
    """Tell UTF-8, UTF-16 with its mark and Windows-1252 apart, by reading all of the file."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp1252")}
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            decoders = {"utf-16": codecs.getincrementaldecoder("utf-16")()}
        while block := file.read(BLOCK):
            if "utf-16" not in decoders and b"\0" in block:
                decoders.clear()
            _drop_failed(decoders, block, final=False)
        _drop_failed(decoders, b"", final=True)
    if not decoders:
        raise WrongInput(
            "register_not_text",
            gettext_noop(
                "This file is not text in UTF-8 or Windows-1252: is it a workbook? Save it as CSV, then try again."
            ),
        )
    return next(iter(decoders))


def _drop_failed(decoders: dict[str, codecs.IncrementalDecoder], block: bytes, *, final: bool) -> None:
    for name, decoder in list(decoders.items()):
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError:
            del decoders[name]


def _guess_role(name: str) -> str:
    folded = fold_text(name).replace("'", "").replace("’", "")
    return next((role for role, words in GUESSES if folded in words), "")


def _read_cells(file: IO[str], separator: str) -> Iterator[tuple[int, "list[str] | str"]]:
    """Give each row with the line it ends on, without the space around its cells; the code of a fault that ends all.

    Lines are read with a limit: a quotation mark that nobody closed must not bring the whole file into memory.
    """
    reader = csv.reader(_read_lines(file), delimiter=separator, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error:
        yield reader.line_num, "quotes"
    except _LineTooLong:
        yield reader.line_num + 1, "line_too_long"


class _LineTooLong(Exception):
    """A line has no end where it should."""


def _read_lines(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LINE_CHARACTERS):
        if len(line) == LINE_CHARACTERS and not line.endswith("\n"):
            raise _LineTooLong
        yield line


def _make_entry(line: int, cells: Sequence[str], places: dict[str, list[int]], source: str) -> Entry | Fault:
    given = {
        role: " ".join(filter(None, (cells[place] for place in where))) for role, where in places.items()
    }
    stratum = BETWEEN_STRATA.join(cells[place] for place in places[STRATUM])
    phone = clean_phone(given[PHONE])
    if fault := _find_fault(given, stratum, phone, source):
        return Fault(line, fault)
    home = fold_text(given[HOUSEHOLD] or given[ADDRESS])
    whole = given[IDENTIFIER] if given[IDENTIFIER] else "\x1f".join(cells)
    key = sha256(fold_text(whole).encode()).digest()[:16]
    return Entry(line, given[NAME], given[ADDRESS], phone or "", stratum, home, key)


def _find_fault(given: dict[str, str], stratum: str, phone: str | None, source: str) -> str:
    texts = given | {STRATUM: stratum}
    if any(len(texts[role]) > most for role, most in MOST_LENGTHS.items()):
        return "too_long"
    if CONTROLS.search("".join(texts.values())):
        return "control"
    if source == "register" and not given[NAME]:
        return "no_name"
    if source == "addresses" and not given[ADDRESS]:
        return "no_address"
    if phone is None:
        return "phone"
    return "" if given[ADDRESS] or phone else "unreachable"
