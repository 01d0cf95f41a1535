"""Limits of organisations, uses and keys."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Organisation, Person
from antigone.errors import NotFound
from antigone.gateway import rules
from antigone.gateway.models import Key, Limit
from antigone.register.models import Use

Limited = Organisation | Use | Key


@transaction.atomic
def set_limits(*, of: Limited, amounts: Mapping[str, int | None], by: Person | None) -> None:
    """Set the limits of one thing: None takes one away, 0 forbids. `by` is None from the command line only.

    Operators set those of organisations and uses, developers those of their own organisation's keys. What was used
    in the window that runs counts against the new limit.
    """
    if by is not None and not may_limit(by, of):
        raise NotFound("limited_not_found", gettext_noop("There is nothing here that you may limit."))
    field = field_of(of)
    held = {limit.measure: limit for limit in Limit.objects.select_for_update().filter(**{field: of})}
    for measure, amount in amounts.items():
        limit = held.get(measure)
        if amount is None:
            if limit is not None:
                limit.delete()
        elif limit is None:
            Limit.objects.create(measure=measure, amount=amount, **{field: of})
        elif limit.amount != amount:
            limit.amount = amount
            limit.save()


def may_limit(person: Person | None, of: Limited) -> bool:
    """Tell whether a person sets the limits of an organisation, a use or a key."""
    if isinstance(of, Key):
        return rules.can_revoke(person, of)
    return rules.is_operator(person)


def field_of(of: Limited) -> str:
    """Return the column of `Limit` that names such a thing."""
    return {Organisation: "organisation", Use: "use", Key: "key"}[type(of)]
