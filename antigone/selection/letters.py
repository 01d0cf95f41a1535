"""The file that letters to those drawn are printed from; a spreadsheet that opens it runs nothing of it."""

from collections.abc import Iterable

from django.utils.translation import gettext

from antigone.core.sortition.tables import defuse, write_table
from antigone.selection.models import Seat


def write_letters(made: Iterable[tuple[Seat, str]], address: str) -> bytes:
    """Write a row for each letter: who it is for, the code, and the address where it is typed."""
    header = [gettext("seat"), gettext("identifier"), gettext("pseudonym"), gettext("code"), gettext("page")]
    rows = [
        (
            str(seat.number),
            defuse(seat.holder.identifier),
            seat.holder.pseudonym,
            code,
            address,
        )
        for seat, code in made
    ]
    return write_table(header, rows)
