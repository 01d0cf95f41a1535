"""The files of a pool and of its targets, and what people paste of a census → what a draw is made of."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_noop

from antigone.core.sortition import Pool, Target, Targets, read_pool, read_targets, targets_from_proportions
from antigone.core.sortition.checks import check_pool
from antigone.core.sortition.documents import load_pool, load_targets
from antigone.core.sortition.errors import NoTargets
from antigone.core.sortition.proportions import Share
from antigone.core.sortition.reading import ADDRESS_COLUMNS, ID_COLUMNS, Flexibility, read_flexibility
from antigone.core.sortition.tables import Table, read_table
from antigone.errors import WrongInput
from antigone.selection.wording import translating_errors

MOST_PEOPLE = 200_000
# A column with more values than this is not taken for a feature unless it is named.
MOST_VALUES = 30

Shares = dict[str, dict[str, Share]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody chose, and what the browser calls it."""

    filename: str
    data: bytes

    @property
    def is_json(self) -> bool:
        return self.filename.lower().endswith(".json") or self.data.lstrip()[:1] == b"{"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the pool hold what; what is not said is guessed."""

    identifier: str = ""
    addresses: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Files that were read and hold together."""

    pool: Pool
    targets: Targets
    households: bool
    columns: Columns
    flexibility: Flexibility = field(default_factory=dict)
    shares: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tolerance: int = 0

    def count_people(self) -> Counter[tuple[str, str]]:
        """Count the respondents who have each value of each feature."""
        return Counter(pair for person in self.pool.people for pair in person.features.items())


def read_files(
    *,
    pool: Upload,
    size: int,
    targets: Upload | None = None,
    shares: str = "",
    tolerance: int = 0,
    columns: Columns | None = None,
    households: bool = False,
) -> Loaded:
    """Read a pool, with its targets from a file, else from census shares, else from its own columns, still open.

    Raise WrongInput with the sentence of what is wrong; then nothing is kept.
    """
    columns = columns or Columns()
    with translating_errors():
        typed = parse_shares(shares)
        if targets is not None:
            wanted, flexibility = _read_targets(targets, size)
        elif typed:
            wanted = targets_from_proportions(typed, size, tolerance=f"{tolerance}/100")
            flexibility = {}
        else:
            wanted, flexibility = _open_targets(pool, size, columns), {}
        people, columns = _read_pool(pool, wanted, columns)
        _check_size(people, columns, households=households)
        check_pool(people, wanted, households=households)
    said = {(feature, value): str(share) for feature, of in typed.items() for value, share in of.items()}
    has_shares = targets is None
    return Loaded(people, wanted, households, columns, flexibility, said if has_shares else {}, tolerance)


def parse_shares(text: str) -> Shares:
    """Read lines of feature, value, count: with or without a header, by any usual separator."""
    if not text.strip():
        return {}
    table = read_table(text.encode(), "census")
    rows = [cells for _line, cells in table.rows]
    if len(table.header) < 3 or any(letter.isdigit() for letter in table.header[2]):
        rows.insert(0, table.header)  # no header: its third cell would be a word
    shares: Shares = {}
    for cells in rows:
        if len(cells) < 3 or not (cells[0] and cells[1] and cells[2]):
            raise WrongInput(
                "shares_unreadable",
                gettext_noop(
                    "“%(line)s” is not a line of census shares. Write feature, value, count: age,18-29,1200."
                ),
                line=",".join(cells)[:80],
            )
        shares.setdefault(cells[0], {})[cells[1]] = cells[2]
    return shares


def _read_targets(upload: Upload, size: int) -> tuple[Targets, Flexibility]:
    if not upload.is_json:
        targets = read_targets(upload.data, size, file=upload.filename)
        return targets, read_flexibility(upload.data, file=upload.filename)
    targets = load_targets(upload.data, file=upload.filename)
    if targets.size != size:
        raise WrongInput(
            "sizes_differ",
            gettext_noop(
                "The file of targets is for a panel of %(said)s; you wrote %(size)s. Correct one of them."
            ),
            said=targets.size,
            size=size,
        )
    return targets, {}


def _read_pool(upload: Upload, targets: Targets, columns: Columns) -> tuple[Pool, Columns]:
    if upload.is_json:
        wanted = list(dict.fromkeys(target.feature for target in targets.targets))
        pool = load_pool(upload.data, targets, file=upload.filename)
        kept = tuple(
            replace(person, features={name: person.features[name] for name in wanted})
            for person in pool.people
        )
        return Pool(kept), Columns("id", ("household",))
    table = read_table(upload.data, upload.filename)
    found = guess_columns(table, columns)
    pool = read_pool(
        upload.data,
        targets,
        id_column=found.identifier,
        address_columns=found.addresses,
        file=upload.filename,
    )
    return pool, found


def guess_columns(table: Table, columns: Columns) -> Columns:
    """Complete what was not said of the columns, as the engine would."""
    identifier = columns.identifier or next(
        (name for name in ID_COLUMNS if name in table.header), table.header[0]
    )
    addresses = columns.addresses or tuple(name for name in ADDRESS_COLUMNS if name in table.header)
    return Columns(identifier, addresses, columns.features)


def _open_targets(upload: Upload, size: int, columns: Columns) -> Targets:
    """Give every value of every feature from 0 to all seats: the team narrows them."""
    values = _list_json_values(upload) if upload.is_json else _list_values(upload, columns)
    if columns.features:
        values = {name: found for name, found in values.items() if name in columns.features}
    else:
        values = {name: found for name, found in values.items() if 2 <= len(found) <= MOST_VALUES}
    if not values:
        raise NoTargets
    return Targets(
        size, tuple(Target(name, value, 0, size) for name, found in values.items() for value in found)
    )


def _list_values(upload: Upload, columns: Columns) -> dict[str, list[str]]:
    table = read_table(upload.data, upload.filename)
    found = guess_columns(table, columns)
    for name in columns.features:
        table.find_column(name)
    others = {found.identifier, *found.addresses}
    return {
        name: sorted({cells[place] for _line, cells in table.rows if cells[place]})
        for place, name in enumerate(table.header)
        if name and name not in others
    }


def _list_json_values(upload: Upload) -> dict[str, list[str]]:
    """List the values of a JSON pool, as far as it is one: the strict reader says what is wrong with it."""
    try:
        people = json.loads(upload.data)["people"]
        pairs = [(name, value) for person in people for name, value in person["features"].items()]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        load_pool(upload.data, Targets(1, ()), file=upload.filename)
        return {}
    values: dict[str, list[str]] = {}
    for name, value in sorted({pair for pair in pairs if all(isinstance(text, str) for text in pair)}):
        values.setdefault(name, []).append(value)
    return values


def _check_size(pool: Pool, columns: Columns, *, households: bool) -> None:
    if len(pool.people) > MOST_PEOPLE:
        raise WrongInput(
            "too_many_people",
            gettext_noop("The pool has %(count)s people; the most is %(limit)s. Draw among fewer."),
            count=len(pool.people),
            limit=MOST_PEOPLE,
        )
    if households and not any(person.household for person in pool.people):
        raise WrongInput(
            "no_addresses",
            gettext_noop(
                "No address was found, so that nobody can be told to live with somebody else. "
                "Name the columns of the address, or draw without regard to it."
            ),
        )


def split_names(text: str) -> Sequence[str]:
    """Cut what people type between commas."""
    return [name.strip() for name in text.split(",") if name.strip()]
