"""Pools and targets as JSON documents, each with the name and the version of its format.

Targets: ``{"format": "antigone-targets/1", "size": 40, "targets": [{"feature", "value", "min", "max"}, …]}``.
Pool: ``{"format": "antigone-pool/1", "people": [{"id", "features": {feature: value}, "household"}, …]}``;
`household` may be left out. Keys that are not named here are refused: they would be silently lost.
"""

import json
from collections.abc import Mapping
from typing import Any

from antigone.core.sortition.checks import check_pool, check_targets
from antigone.core.sortition.errors import InvalidDocument
from antigone.core.sortition.pool import Person, Pool, Target, Targets

TARGETS_FORMAT = "antigone-targets/1"
POOL_FORMAT = "antigone-pool/1"


class _Reader:
    """Reads one document, and knows how to say where it is wrong."""

    def __init__(self, data: bytes, file: str, name: str) -> None:
        self.file, self.name = file, name
        try:
            self.root = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self.refuse(f"it is not JSON ({error})", "the top") from error
        if not isinstance(self.root, dict) or self.root.get("format") != name:
            raise self.refuse(f"“format” must be “{name}”", "the top")

    def refuse(self, detail: str, place: str) -> InvalidDocument:
        return InvalidDocument(file=self.file, format=self.name, detail=detail, place=place)

    def read(self, item: object, place: str, kinds: Mapping[str, type], optional: str = "") -> dict[str, Any]:
        """Give an object that has these keys, of these kinds, and no other."""
        if not isinstance(item, dict):
            raise self.refuse("it must be an object", place)
        for key, kind in kinds.items():
            if key in item and type(item[key]) is not kind:
                raise self.refuse(f"“{key}” must be a {kind.__name__}", place)
            if key not in item and key != optional:
                raise self.refuse(f"“{key}” is missing", place)
        strange = [key for key in item if key not in kinds]
        if strange:
            raise self.refuse(f"“{strange[0]}” is not part of the format", place)
        return item


def load_targets(data: bytes, *, file: str = "targets.json") -> Targets:
    """Read targets from JSON; raise InvalidDocument or an InvalidTargets.

    >>> load_targets(dump_targets(Targets(2, (Target("age", "18+", 1, 2),)))).size
    2
    """
    reader = _Reader(data, file, TARGETS_FORMAT)
    root = reader.read(reader.root, "the top", {"format": str, "size": int, "targets": list})
    kinds = {"feature": str, "value": str, "min": int, "max": int}
    items = [reader.read(item, f"target {n}", kinds) for n, item in enumerate(root["targets"], 1)]
    targets = Targets(root["size"], tuple(Target(**item) for item in items))
    check_targets(targets)
    return targets


def load_pool(data: bytes, targets: Targets, *, file: str = "pool.json") -> Pool:
    """Read people from JSON, checked against the targets; raise InvalidDocument or an InvalidPool.

    >>> targets = Targets(1, (Target("age", "18+", 1, 1),))
    >>> load_pool(dump_pool(Pool((Person("7", {"age": "18+"}),))), targets).people[0].id
    '7'
    """
    reader = _Reader(data, file, POOL_FORMAT)
    root = reader.read(reader.root, "the top", {"format": str, "people": list})
    kinds = {"id": str, "features": dict, "household": str}
    people = []
    for number, item in enumerate(root["people"], 1):
        person = reader.read(item, f"person {number}", kinds, optional="household")
        if not all(isinstance(value, str) for value in person["features"].values()):
            raise reader.refuse("the values of “features” must be texts", f"person {number}")
        people.append(Person(person["id"], person["features"], person.get("household", "")))
    pool = Pool(tuple(people))
    check_pool(pool, targets)
    return pool


def dump_targets(targets: Targets) -> bytes:
    """Write targets as `load_targets` reads them."""
    items = [
        {"feature": target.feature, "value": target.value, "min": target.min, "max": target.max}
        for target in targets.targets
    ]
    return _dump({"format": TARGETS_FORMAT, "size": targets.size, "targets": items})


def dump_pool(pool: Pool) -> bytes:
    """Write people as `load_pool` reads them."""
    people = [
        {"id": person.id, "features": dict(person.features), "household": person.household}
        for person in pool.people
    ]
    return _dump({"format": POOL_FORMAT, "people": people})


def _dump(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
