"""One value ↔ what is written in a cell of a CSV file and in JSON."""

from datetime import MAXYEAR, UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from antigone.convention.opendata.schema import LEVELS, Field, Kind

# A spreadsheet takes a cell that begins so for a formula; ' before it makes it a text, and is taken off when read.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")
MOST_NUMBER = 2_147_483_647
MOST_DIGITS = 12


def to_json(value: Any) -> Any:
    """Give what JSON holds: instants in UTC, amounts as text, so that nothing is rounded."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def to_cell(value: Any) -> str:
    """Give what a cell of a CSV file holds: a text is never a formula, nothing is an empty cell."""
    value = to_json(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(str(count) for count in value)
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return str(value)


def from_cell(cell: str, column: Field) -> Any:
    """Give what JSON would hold for this cell; what cannot be understood is left as it is, and refused later."""
    if column.kind in (Kind.TEXT, Kind.KEY):
        return cell.removeprefix("'")
    if not cell:
        return [] if column.kind == Kind.COUNTS else None
    if column.kind == Kind.NUMBER:
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS else cell
    if column.kind == Kind.YES_NO:
        return {"true": True, "false": False}.get(cell.lower(), cell)
    if column.kind == Kind.COUNTS:
        parts = cell.split()
        return [
            int(part) if part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS else part
            for part in parts
        ]
    return cell


def parse_number(value: Any) -> int | None:
    """Give a whole number from 0 up, or None."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_NUMBER
    return value if is_number else None


def parse_decimal(value: Any, digits: int) -> Decimal | None:
    """Give an amount of at most two digits after the point, or None."""
    if not isinstance(value, str) or len(value) > MOST_DIGITS + 3:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    is_amount = amount.is_finite() and 0 <= amount < 10**digits and amount == round(amount, 2)
    return amount if is_amount else None


def parse_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def parse_instant(value: Any) -> datetime | None:
    """Give an instant with its offset from UTC, or None; far from our days, clocks of elsewhere cannot write it."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        is_told = instant is not None and instant.utcoffset() is not None and 1 < instant.year < MAXYEAR
        return instant.astimezone(UTC) if instant is not None and is_told else None
    except (ValueError, OverflowError):
        return None


def parse_counts(value: Any) -> list[int] | None:
    """Give five whole numbers, or none at all."""
    if not isinstance(value, list) or len(value) not in (0, LEVELS):
        return None
    numbers = [parse_number(item) for item in value]
    return None if None in numbers else [number for number in numbers if number is not None]
