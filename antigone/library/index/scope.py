"""What a search may find: the collections that a person may read, and what was asked for among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection

from antigone.accounts.models import Person
from antigone.library.models import Collection

# Passage, title terms, stems, surfaces, sentences: what ranking reads.
Row = tuple[int, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition on `library_document d`, that the query itself applies, and what helps to answer it fast.

    `condition` alone has authority: it reads the permissions again at the moment of the query. `collections`
    are those that it let through a moment before, and `share` is their part of all collections.
    """

    condition: str
    parameters: tuple[object, ...]
    collections: tuple[int, ...]
    share: float

    @classmethod
    def of(
        cls,
        person: Person | None,
        *,
        collections: Iterable[Collection | int] | None = None,
        languages: Iterable[str] | None = None,
        published_from: date | None = None,
        published_until: date | None = None,
    ) -> Self | None:
        """Return the scope of a person's search; None where there is nothing that this person may read."""
        identity = (person.pk, person.organisation_id, person.is_active) if person else None
        readable, parameters = _write_permission(connection.vendor, identity)
        condition = f"d.withdrawn_at IS NULL AND d.collection_id IN ({readable})"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, id IN ({readable}) FROM library_collection", parameters)
            rows = cursor.fetchall()
        found = [number for number, is_readable in rows if is_readable]
        if collections is not None:
            asked = {getattr(one, "pk", one) for one in collections}
            found = [number for number in found if number in asked]
        if not found:
            return None
        clauses = [condition]
        values: list[object] = list(parameters)
        for column, kept in (
            ("collection_id", found if collections is not None else None),
            ("language", None if languages is None else list(languages) or [""]),
        ):
            if kept is not None:
                clauses.append(f"d.{column} IN ({', '.join(['%s'] * len(kept))})")
                values += kept
        for comparison, day in ((">=", published_from), ("<=", published_until)):
            if day is not None:
                clauses.append(f"d.published_date {comparison} %s")
                values.append(day.isoformat())
        return cls(" AND ".join(clauses), tuple(values), tuple(found), len(found) / len(rows))


@lru_cache(4_096)
def _write_permission(
    vendor: str, identity: tuple[int, int | None, bool] | None
) -> tuple[str, tuple[Any, ...]]:
    """Return the query of the collections that a person may read, and its parameters.

    The ORM takes longer to write it than the database to answer. It depends on nothing but these arguments:
    the person here holds nothing else. What it finds is asked of the database each time.
    """
    if identity is None:
        person = None
    else:
        number, organisation, is_active = identity
        person = Person(pk=number, organisation_id=organisation, is_active=is_active)
    try:
        return Collection.objects.readable_by(person).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL", ()
