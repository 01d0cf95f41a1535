"""Who moderates a consultation without leading it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation import rules
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.models import Consultation, Moderator
from antigone.errors import NotPossible


@transaction.atomic
def name_moderator(*, consultation: Consultation, email: str, by: Person, now: datetime) -> Moderator:
    """Name whoever has this address. One refusal for every reason: it tells nobody who has an account."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if (
        person is None
        or not rules.can_be_moderator(person)
        or rules.can_lead(person, locked)
        or locked.moderators.filter(person=person).exists()
    ):
        raise NotPossible(
            "cannot_moderate",
            gettext_noop(
                "Nobody with this address can be named: they have no account, moderate already, or watch, answer or "
                "run the machine."
            ),
        )
    return Moderator.objects.create(consultation=locked, person=person, named_by=by, named_at=now)


@transaction.atomic
def dismiss_moderator(*, consultation: Consultation, moderator: Moderator, by: Person) -> None:
    """End somebody's part; what they decided stays in the log."""
    require_leader(by, consultation)
    lock_consultation(consultation).moderators.filter(pk=moderator.pk).delete()
