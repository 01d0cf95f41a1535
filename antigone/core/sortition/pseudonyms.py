"""Names that say nothing, for what is published: r0001… for people, h0001… for households.

Numbers follow a keyed hash of the true names: neither the names nor their order can be told from them without the
secret. Keep that secret for ever, and let it be another than that of the commitment, which is published one day.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from antigone.core.sortition.certificate import Data
from antigone.core.sortition.commitments import check_secret
from antigone.core.sortition.pool import Person, Pool


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The new name of each person and of each household, by the true one. Never published."""

    people: Mapping[str, str]
    households: Mapping[str, str]


def name_people(pool: Pool, secret: bytes) -> tuple[Pool, Pseudonyms]:
    """Give people and households pseudonyms, and order people by them.

    Do so before the panels are made where you can: which identical people follow each other through the panels
    depends on their order, and here the order is drawn. Raises InvalidRandomness unless `secret` is 32 bytes.

    >>> named, names = name_people(Pool((Person("ada", {}, "x"), Person("bob", {}, "x"), Person("eve", {}))), bytes(32))
    >>> [(person.id, person.household) for person in named.people], names.people["ada"]
    ([('r0001', 'h0001'), ('r0002', 'h0001'), ('r0003', '')], 'r0001')
    """
    check_secret(secret)
    names = _name(pool.people, secret)
    people = (
        Person(names.people[person.id], person.features, names.households.get(person.household, ""))
        for person in pool.people
    )
    return Pool(tuple(sorted(people, key=lambda person: person.id))), names


def pseudonymise(certificate: Data, secret: bytes) -> tuple[Data, Pseudonyms]:
    """Give the people and households of a certificate (antigone-draw/1) pseudonyms; what it proves stays the same.

    People, members, groups' people and households of a class are put in the order of pseudonyms, panels in that of
    their members. Groups and classes keep their numbers: these follow from the answers alone. The certificate given
    is not changed. Commit to the panels afterwards: their order is another. Raises InvalidRandomness unless
    `secret` is 32 bytes.
    """
    people = [
        Person(item["id"], item["features"], item.get("household", "")) for item in certificate["people"]
    ]
    named, names = name_people(Pool(tuple(people)), secret)
    panels = (
        {"members": sorted(names.people[id] for id in panel["members"]), "weight": panel["weight"]}
        for panel in certificate["panels"]
    )
    chances = {names.people[id]: chance for id, chance in certificate["probabilities"].items()}
    return certificate | {
        "people": [
            {"id": person.id, "features": person.features, "household": person.household}
            for person in named.people
        ],
        "panels": sorted(panels, key=lambda panel: (panel["members"], panel["weight"])),
        "groups": [sorted(names.people[id] for id in ids) for ids in certificate["groups"]],
        "household_classes": [
            sorted(names.households[name] for name in homes) for homes in certificate["household_classes"]
        ],
        "probabilities": dict(sorted(chances.items())),
    }, names


def _name(people: Iterable[Person], secret: bytes) -> Pseudonyms:
    ids, homes = [], []
    for person in people:
        ids.append(person.id)
        homes += [person.household] if person.household else []
    return Pseudonyms(_number("r", "person", ids, secret), _number("h", "household", homes, secret))


def _number(letter: str, kind: str, names: Iterable[str], secret: bytes) -> dict[str, str]:
    """Number names in the order of their keyed hashes, with as many digits for all, four or more."""
    hashes = {name: hmac.digest(secret, f"pseudonym {kind} {name}".encode(), sha256) for name in names}
    width = max(4, len(str(len(hashes))))
    ordered = sorted(hashes, key=hashes.__getitem__)
    return {name: f"{letter}{number:0{width}}" for number, name in enumerate(ordered, 1)}
