"""The sites that may show the vote of a consultation within their pages."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from antigone.accounts.models import Person
from antigone.consultation.actions.choices import record_choice
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.models import Choice, Consultation


@transaction.atomic
def choose_sites(
    *, consultation: Consultation, sites: Sequence[str], reason: str, by: Person, now: datetime
) -> Consultation:
    """Save the sites (https://…) whose pages may show the vote; once it is published, with a public reason."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    after = "\n".join(sites)
    if after == locked.embedders:
        return locked
    if locked.is_public:
        record_choice(locked, Choice.Kind.RULES, (locked.embedders, after), reason, by, now)
    locked.embedders = after
    locked.version += 1
    locked.save(update_fields=["embedders", "version"])
    return locked
