"""Who may be drawn, and what the panel must look like."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """One respondent. `features` gives a value for every feature; `household` is shared by those of one address."""

    id: str
    features: Mapping[str, str]
    household: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """How many members of the panel may have one value of one feature."""

    feature: str
    value: str
    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Pool:
    """Everybody who said yes, by id."""

    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """The size of the panel and the bounds of every value of every feature."""

    size: int
    targets: tuple[Target, ...]
