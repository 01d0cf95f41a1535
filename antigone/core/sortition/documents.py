"""Pools and targets as JSON documents, each with the name and the version of its format.

Targets: ``{"format": "antigone-targets/1", "size": 40, "targets": [{"feature", "value", "min", "max"}, …]}``.
Pool: ``{"format": "antigone-pool/1", "people": [{"id", "features": {feature: value}, "household"}, …]}``;
`household` may be left out. Keys that are not named here are refused: they would be silently lost.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from antigone.core.sortition.checks import check_pool, check_targets
from antigone.core.sortition.errors import InvalidDocument
from antigone.core.sortition.phrases import Phrase, gettext_noop
from antigone.core.sortition.pool import Person, Pool, Target, Targets

TARGETS_FORMAT = "antigone-targets/1"
POOL_FORMAT = "antigone-pool/1"


def parse_json(data: bytes) -> Any:
    """Read JSON that means one thing only: no key twice, no number that is none, no text that is none.

    Raises ValueError or RecursionError.

    >>> parse_json(b'{"size": 40, "size": 41}')
    Traceback (most recent call last):
    ValueError: “size” is given twice
    """
    root = json.loads(data, object_pairs_hook=_read_pairs, parse_constant=_refuse_constant)
    if b"\\u" in data:
        json.dumps(root, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    return root


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"“{next(key for key in names if names.count(key) > 1)}” is given twice")
    return read


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


class Reader:
    """Reads one document, and knows how to say where it is wrong."""

    def __init__(self, data: bytes, file: str, name: str) -> None:
        self.file, self.name = file, name
        try:
            self.root = parse_json(data)
        except (ValueError, RecursionError) as error:
            raise self.refuse(Phrase(gettext_noop("it is not JSON ({error})"), error=str(error))) from error
        if not isinstance(self.root, dict) or self.root.get("format") != name:
            raise self.refuse(Phrase(gettext_noop("“format” must be “{name}”"), name=name))

    def refuse(self, detail: Phrase, place: Phrase | None = None) -> InvalidDocument:
        """Make the error that says what is wrong, and where (by default, in the document as a whole)."""
        place = place or Phrase(gettext_noop("the top"))
        return InvalidDocument(file=self.file, format=self.name, detail=detail, place=place)

    def read(
        self,
        item: object,
        kinds: Mapping[str, type],
        place: Phrase | None = None,
        *,
        optional: Collection[str] = (),
    ) -> dict[str, Any]:
        """Give an object that has these keys, of these kinds, and no other."""
        if not isinstance(item, dict):
            raise self.refuse(Phrase(gettext_noop("it must be an object")), place)
        for key, kind in kinds.items():
            if key in item and type(item[key]) is not kind:
                words = Phrase(gettext_noop("“{key}” must be of type {kind}"), key=key, kind=kind.__name__)
                raise self.refuse(words, place)
            if key not in item and key not in optional:
                raise self.refuse(Phrase(gettext_noop("“{key}” is missing"), key=key), place)
        strange = [key for key in item if key not in kinds]
        if strange:
            raise self.refuse(
                Phrase(gettext_noop("“{key}” is not part of the format"), key=strange[0]), place
            )
        return item

    def read_people(self, items: list[Any]) -> tuple[Person, ...]:
        """Give the people of a list of objects."""
        kinds = {"id": str, "features": dict, "household": str}
        people = []
        for number, item in enumerate(items, 1):
            place = Phrase(gettext_noop("person {number}"), number=number)
            person = self.read(item, kinds, place, optional=("household",))
            if not all(isinstance(value, str) for value in person["features"].values()):
                raise self.refuse(Phrase(gettext_noop("the values of “features” must be texts")), place)
            people.append(Person(person["id"], person["features"], person.get("household", "")))
        return tuple(people)

    def read_targets(self, items: list[Any]) -> tuple[Target, ...]:
        """Give the targets of a list of objects."""
        kinds = {"feature": str, "value": str, "min": int, "max": int}
        return tuple(
            Target(**self.read(item, kinds, Phrase(gettext_noop("target {number}"), number=number)))
            for number, item in enumerate(items, 1)
        )


def load_targets(data: bytes, *, file: str = "targets.json") -> Targets:
    """Read targets from JSON; raise InvalidDocument or an InvalidTargets.

    >>> load_targets(dump_targets(Targets(2, (Target("age", "18+", 1, 2),)))).size
    2
    """
    reader = Reader(data, file, TARGETS_FORMAT)
    root = reader.read(reader.root, {"format": str, "size": int, "targets": list})
    targets = Targets(root["size"], reader.read_targets(root["targets"]))
    check_targets(targets)
    return targets


def load_pool(data: bytes, targets: Targets, *, file: str = "pool.json") -> Pool:
    """Read people from JSON, checked against the targets; raise InvalidDocument or an InvalidPool.

    >>> targets = Targets(1, (Target("age", "18+", 1, 1),))
    >>> load_pool(dump_pool(Pool((Person("7", {"age": "18+"}),))), targets).people[0].id
    '7'
    """
    reader = Reader(data, file, POOL_FORMAT)
    root = reader.read(reader.root, {"format": str, "people": list})
    pool = Pool(reader.read_people(root["people"]))
    check_pool(pool, targets)
    return pool


def dump_targets(targets: Targets) -> bytes:
    """Write targets as `load_targets` reads them."""
    items = [
        {"feature": target.feature, "value": target.value, "min": target.min, "max": target.max}
        for target in targets.targets
    ]
    return dump_json({"format": TARGETS_FORMAT, "size": targets.size, "targets": items})


def dump_pool(pool: Pool) -> bytes:
    """Write people as `load_pool` reads them."""
    people = [
        {"id": person.id, "features": dict(person.features), "household": person.household}
        for person in pool.people
    ]
    return dump_json({"format": POOL_FORMAT, "people": people})


def dump_json(document: Mapping[str, object]) -> bytes:
    """Write a document as the readers of this library read it."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
