"""Targets and pools from CSV files in the format of sortition-algorithms, and back.

`features.csv` has the columns feature, value, min, max (and, where given, min_flex, max_flex: how far the
diagnosis may propose to change the bounds). `candidates.csv` has an identifier, a column for each feature,
and the columns of the address where households count.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from antigone.core.sortition.checks import check_pool, check_targets, group_targets
from antigone.core.sortition.errors import (
    BlankCell,
    InvalidFlexibility,
    InvalidNumber,
    MissingId,
    RepeatedTarget,
)
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Person, Pool, Target, Targets
from antigone.core.sortition.tables import Table, fold_text, read_table, write_table

ID_COLUMNS = ("id", "nationbuilder_id", "person_id", "identifiant")
"""Names under which an identifier is looked for when none is given; else it is the first column."""

ADDRESS_COLUMNS = ("household", "primary_address1", "primary_zip")
"""Columns that make a household when none is given, where they are there."""

OLD_NAMES = {"category": "feature", "name": "value"}
"""Columns of older files of the peer."""

WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.0+)?")
"""Spreadsheets write 3 as 3.0 once a column held a fraction."""

Flexibility = dict[tuple[str, str], tuple[int, int]]
"""(feature, value) → how low the minimum and how high the maximum may be set."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the targets' file, by column."""

    file: str
    line: int
    cells: Mapping[str, str]

    def read_text(self, column: str) -> str:
        text = self.cells[column]
        if not text:
            raise BlankCell(file=self.file, line=self.line, column=column)
        return text

    def read_number(self, column: str, bound: str) -> int:
        text = self.read_text(column)
        if not WHOLE_NUMBER.fullmatch(text):
            raise InvalidNumber(
                feature=self.cells["feature"], value=self.cells["value"], bound=Phrase(bound), text=text
            )
        return int(text.partition(".")[0])


def read_targets(data: bytes, size: int, *, file: str = "features.csv") -> Targets:
    r"""Read the targets of a panel of `size`; raise an InvalidFile or an InvalidTargets.

    >>> read_targets(b"feature,value,min,max\nage,18+,1,2\n", 2).targets
    (Target(feature='age', value='18+', min=1, max=2),)
    """
    rows = _read_target_rows(data, file)
    targets = Targets(
        size,
        tuple(
            Target(
                row.read_text("feature"),
                row.read_text("value"),
                row.read_number("min", gettext_noop("minimum")),
                row.read_number("max", gettext_noop("maximum")),
            )
            for row in rows
        ),
    )
    check_targets(targets)
    return targets


def read_flexibility(data: bytes, *, file: str = "features.csv") -> Flexibility:
    r"""Read how far each target may be changed: its columns min_flex and max_flex, nothing where not there.

    A blank cell, and a max_flex of -1, set no limit. Raise InvalidFlexibility where the limits do not
    contain the bounds.

    >>> read_flexibility(b"feature,value,min,max,min_flex,max_flex\nage,18+,1,2,0,4\n")
    {('age', '18+'): (0, 4)}
    """
    limits: Flexibility = {}
    for row in _read_target_rows(data, file):
        if "min_flex" not in row.cells or "max_flex" not in row.cells:
            continue
        low = row.read_number("min_flex", gettext_noop("lowest minimum")) if row.cells["min_flex"] else 0
        high = row.read_number("max_flex", gettext_noop("highest maximum")) if row.cells["max_flex"] else -1
        high = 10**9 if high == -1 else high
        feature, value = row.read_text("feature"), row.read_text("value")
        least, most = (
            row.read_number("min", gettext_noop("minimum")),
            row.read_number("max", gettext_noop("maximum")),
        )
        if not low <= least <= most <= high:
            raise InvalidFlexibility(
                feature=feature, value=value, min=least, max=most, min_flex=low, max_flex=high
            )
        limits[feature, value] = (low, high)
    return limits


def _read_target_rows(data: bytes, file: str) -> list[_Row]:
    table = read_table(data, file)
    header = tuple(OLD_NAMES.get(name.casefold(), name.casefold()) for name in table.header)
    table = Table(file, header, table.rows)
    for name in ("feature", "value", "min", "max"):
        table.find_column(name)
    return [_Row(file, line, dict(zip(header, cells, strict=True))) for line, cells in table.rows]


def read_shares(data: bytes, *, file: str = "shares.csv") -> dict[str, dict[str, str]]:
    r"""Read the shares of a population, by feature and value, as `targets_from_proportions` takes them.

    The columns are feature, value, and share or count. Raise an InvalidFile, BlankCell or RepeatedTarget.

    >>> read_shares(b"feature;value;share\nage;18-29;17,5\nage;30+;82,5\n")
    {'age': {'18-29': '17,5', '30+': '82,5'}}
    """
    table = read_table(data, file)
    header = tuple(OLD_NAMES.get(name.casefold(), name.casefold()) for name in table.header)
    table = Table(file, header, table.rows)
    number = "count" if "count" in header and "share" not in header else "share"
    for name in ("feature", "value", number):
        table.find_column(name)
    shares: dict[str, dict[str, str]] = {}
    for line, cells in table.rows:
        row = _Row(file, line, dict(zip(header, cells, strict=True)))
        feature, value = row.read_text("feature"), row.read_text("value")
        values = shares.setdefault(feature, {})
        if value in values:
            raise RepeatedTarget(feature=feature, value=value)
        values[value] = row.read_text(number)
    return shares


def read_pool(
    data: bytes,
    targets: Targets,
    *,
    id_column: str = "",
    address_columns: Sequence[str] = (),
    households: bool = False,
    file: str = "candidates.csv",
) -> Pool:
    r"""Read the people, checked against the targets; raise an InvalidFile or an InvalidPool.

    People who give the same address, case and spaces apart, are one household; who gives none lives alone.
    Without `id_column` and `address_columns`, columns of usual names are taken; with `households`, the absence of any
    column of an address is an error, since nobody would share one.

    >>> targets = Targets(1, (Target("age", "18+", 1, 1),))
    >>> read_pool(b"id,age\n7,18+\n", targets).people
    (Person(id='7', features={'age': '18+'}, household=''),)
    """
    table = read_table(data, file)
    features = {feature: table.find_column(feature) for feature in group_targets(targets.targets)}
    id_column = id_column or next((name for name in ID_COLUMNS if name in table.header), table.header[0])
    identifier = table.find_column(id_column)
    _check_identifiers(table, identifier)
    read_household = _make_household_reader(table, address_columns, is_needed=households)
    people = tuple(
        Person(
            cells[identifier],
            {feature: cells[column] for feature, column in features.items()},
            read_household(cells),
        )
        for _, cells in table.rows
    )
    pool = Pool(people)
    check_pool(pool, targets, households=households)
    return pool


def _check_identifiers(table: Table, column: int) -> None:
    without = [line for line, cells in table.rows if not cells[column]]
    if without:
        raise MissingId(line=without[0], column=table.header[column], count=len(without))


def _make_household_reader(
    table: Table, names: Sequence[str], *, is_needed: bool
) -> Callable[[Sequence[str]], str]:
    names = names or [name for name in ADDRESS_COLUMNS if name in table.header]
    if is_needed and not names:
        table.find_column(ADDRESS_COLUMNS[0])
    columns = [table.find_column(name) for name in names]

    def read_household(cells: Sequence[str]) -> str:
        parts = [fold_text(cells[column]) for column in columns]
        return " ".join(parts) if any(parts) else ""

    return read_household


def write_targets(targets: Targets) -> bytes:
    r"""Write the targets as `read_targets` reads them.

    >>> write_targets(Targets(2, (Target("age", "18+", 1, 2),)))
    b'feature,value,min,max\r\nage,18+,1,2\r\n'
    """
    rows = [(target.feature, target.value, target.min, target.max) for target in targets.targets]
    return write_table(("feature", "value", "min", "max"), rows)


def write_pool(pool: Pool) -> bytes:
    r"""Write the people as `read_pool` reads them, with their features in the order of the first person.

    >>> write_pool(Pool((Person("7", {"age": "18+"}, "12 rue"),)))
    b'id,household,age\r\n7,12 rue,18+\r\n'
    """
    features = list(pool.people[0].features) if pool.people else []
    rows = [
        (person.id, person.household, *[person.features[feature] for feature in features])
        for person in pool.people
    ]
    return write_table(("id", "household", *features), rows)
