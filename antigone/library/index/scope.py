"""What a search may find: the collections that a person may read, and what was asked for among them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.core.exceptions import EmptyResultSet
from django.db import connection

from antigone.accounts.models import Person
from antigone.library.models import Collection


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
        readable = Collection.objects.readable_by(person).order_by()
        if collections is not None:
            readable = readable.filter(pk__in=[getattr(one, "pk", one) for one in collections])
        try:
            subquery, parameters = readable.values("pk").query.sql_with_params()
        except EmptyResultSet:
            return None
        with connection.cursor() as cursor:
            cursor.execute(subquery, parameters)
            found = tuple(number for (number,) in cursor.fetchall())
            cursor.execute("SELECT count(*) FROM library_collection")
            ((total,),) = cursor.fetchall()
        if not found:
            return None
        clauses = ["d.withdrawn_at IS NULL", f"d.collection_id IN ({subquery})"]
        values: list[object] = list(parameters)
        if languages is not None:
            kept = list(languages) or [""]
            clauses.append(f"d.language IN ({', '.join(['%s'] * len(kept))})")
            values += kept
        for comparison, day in ((">=", published_from), ("<=", published_until)):
            if day is not None:
                clauses.append(f"d.published_date {comparison} %s")
                values.append(day.isoformat())
        return cls(" AND ".join(clauses), tuple(values), found, len(found) / total)
