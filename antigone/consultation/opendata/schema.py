"""What the tables of the open data are made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from antigone.consultation.models import Consultation, Picture, Statement
from antigone.consultation.opendata.withholding import publish_figures

FORMAT = "antigone-consultation/1"
LICENCE = "Licence Ouverte / Open Licence 2.0"
LICENCE_ADDRESS = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    YES_NO = "yes or no"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Field:
    """One column; `is_required`: never empty."""

    name: str
    kind: Kind
    meaning: str
    is_required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(eq=False)
class Scope:
    """What is read: a consultation, the picture whose figures are told, and the statements accepted today."""

    consultation: Consultation
    picture: Picture | None

    @cached_property
    def statements(self) -> dict[int, Statement]:
        return {one.number: one for one in self.consultation.statements.accepted().order_by("number")}

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The figures as everybody may have them; empty before the first picture."""
        return publish_figures(self.picture.figures if self.picture else {}, self.statements)

    @property
    def profile(self) -> list[dict[str, Any]]:
        """What participants said of themselves when the picture was drawn: two totals would tell who came between."""
        return self.picture.figures.get("profile", []) if self.picture else []

    @property
    def fingerprint(self) -> str:
        return self.picture.fingerprint if self.picture else ""

    @property
    def drawn_at(self) -> datetime | None:
        return self.picture.drawn_at if self.picture else None


@dataclass(frozen=True)
class Table:
    """One file: its fields, and the lines read for it, values in the order of the fields."""

    name: str
    meaning: str
    fields: tuple[Field, ...]
    read: Callable[[Scope], Iterable[tuple[Any, ...]]]
    is_single: bool = False

    def list_rows(self, scope: Scope) -> Iterable[dict[str, Any]]:
        names = [field.name for field in self.fields]
        for values in self.read(scope):
            yield dict(zip(names, values, strict=True))
