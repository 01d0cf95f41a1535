"""What is wrong with a file, where: a sentence for each line and field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# Beyond these, the others are alike.
MOST_FAULTS = 200

UNKNOWN_FILE = gettext_noop("This is neither a JSON document nor a ZIP archive of CSV files.")
BROKEN_JSON = gettext_noop("The JSON cannot be read: %(detail)s.")
BROKEN_ZIP = gettext_noop("The ZIP archive is damaged.")
TOO_LARGE = gettext_noop("The file is too large: the most is %(megabytes)s MB, unpacked.")
WRONG_FORMAT = gettext_noop("“format” is not “%(format)s”: this file follows another format.")
UNKNOWN_TABLE = gettext_noop("There is no such table in the format. Take it out.")
MISSING_TABLE = gettext_noop("This table is missing.")
ONE_LINE = gettext_noop("This table has exactly one line.")
NOT_A_LIST = gettext_noop("This must be a list of lines.")
NOT_A_LINE = gettext_noop("This must be an object with the fields of the table.")
TOO_MANY_LINES = gettext_noop("This table has more than %(most)s lines.")
UNREADABLE_CSV = gettext_noop("The CSV cannot be read: %(detail)s")
UNKNOWN_FIELD = gettext_noop("There is no such field in this table. Take it out.")
EMPTY = gettext_noop("This may not be empty.")
NOT_A_TEXT = gettext_noop("This must be a text.")
CONTROL_CHARACTER = gettext_noop("This holds a character that no text has.")
TOO_LONG = gettext_noop("This has %(count)s characters; the most is %(most)s.")
NOT_A_CHOICE = gettext_noop("“%(value)s” is none of: %(choices)s.")
NOT_A_NUMBER = gettext_noop("“%(value)s” is not a whole number from 0 up.")
NOT_AN_AMOUNT = gettext_noop("“%(value)s” is not an amount: write it like 1250.00.")
NOT_YES_OR_NO = gettext_noop("“%(value)s” is neither true nor false.")
NOT_A_DATE = gettext_noop("“%(value)s” is not a day: write it like 2024-02-01.")
NOT_AN_INSTANT = gettext_noop(
    "“%(value)s” is not an instant: write it like 2024-02-01T18:00:00Z, with its offset from UTC."
)
NOT_COUNTS = gettext_noop("This must be five whole numbers, one a level, or nothing.")
REPEATED = gettext_noop("“%(value)s” is there already, on line %(first)s.")
NOT_THERE = gettext_noop("“%(value)s” is not in the table “%(of)s”.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to correct: in which table, on which line, in which field."""

    template: str
    table: str = ""
    line: int = 0
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def say(self) -> str:
        """Give the sentence in the language of the reader."""
        sentence = _(self.template)
        return sentence % self.params if self.params else sentence

    def __str__(self) -> str:
        place = " ".join(
            part for part in (self.table, _("line %s") % self.line if self.line else "", self.column) if part
        )
        return f"{place}: {self.say()}" if place else self.say()


class Faults:
    """The faults found so far; no more are kept than somebody would read."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, template: str, table: str = "", line: int = 0, column: str = "", **params: Any) -> None:
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(template, table, line, column, params))

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)
