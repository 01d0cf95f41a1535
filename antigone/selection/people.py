"""The rows of a draw as the engine takes them; the guarantors who may sign one."""

from collections.abc import Iterable
from typing import Literal

from django.db.models import QuerySet

from antigone.accounts import models as accounts
from antigone.core.sortition import Person, Pool, Target, Targets
from antigone.core.sortition.reading import Flexibility
from antigone.selection import models, rules
from antigone.selection.models import Draw

MOST_SEATS = 10**9


def load_pool(draw: Draw, *, named_by: Literal["identifier", "pseudonym"] = "pseudonym") -> Pool:
    """Give the respondents, named by what their team calls them or by what the public does."""
    rows = draw.respondents.values_list(named_by, "features", "household").iterator(chunk_size=5_000)
    return Pool(tuple(Person(name, features, household) for name, features, household in rows))


def load_targets(draw: Draw) -> Targets:
    """Give the targets as they were saved last."""
    return make_targets(draw.size, draw.targets.all())


def make_targets(size: int, rows: Iterable[models.Target]) -> Targets:
    """Give the targets of rows, saved or not."""
    return Targets(size, tuple(Target(row.feature, row.value, row.min, row.max) for row in rows))


def load_flexibility(rows: Iterable[models.Target]) -> Flexibility:
    """Give how far the diagnosis may propose to change each target that has a limit.

    A limit that a later edit has passed is widened to the edit.
    """
    return {
        (row.feature, row.value): (
            min(row.min, row.lowest or 0),
            max(row.max, MOST_SEATS if row.highest is None else row.highest),
        )
        for row in rows
        if row.lowest is not None or row.highest is not None
    }


def name_identifiers(draw: Draw, pseudonyms: Iterable[str]) -> dict[str, str]:
    """Give the identifier behind each pseudonym: for the eyes of the team alone."""
    rows = draw.respondents.filter(pseudonym__in=list(pseudonyms)).values_list("pseudonym", "identifier")
    return dict(rows)


def list_guarantors() -> QuerySet[accounts.Person]:
    """Give those who may be asked to sign a draw (see `rules.can_be_cosigner`)."""
    guarantors = accounts.Person.objects.filter(is_active=True, roles__role=accounts.Role.GUARANTOR)
    return guarantors.exclude(roles__role__in=rules.EXCLUDED_FROM_SIGNING).order_by("name")
