"""What the guarantors saw: theirs to write at any time, nobody's to remove, theirs included."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import require_guarantor
from antigone.convention.models import Convention, Observation, Phase, Session
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def write_observation(
    *,
    convention: Convention,
    text: str,
    by: Person,
    public_from: datetime | None = None,
    session: Session | None = None,
) -> Observation:
    """Keep an observation, public from an instant that the guarantor chooses: now, where it is none or past.

    Frozen or not: a freeze is the guarantors' own. Only a convention that is over, or was rebuilt, takes none.
    """
    require_guarantor(by, convention)
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if locked.phase == Phase.CLOSED or locked.is_reconstruction:
        raise NotPossible(
            "convention_over", gettext_noop("This convention is over: no observation is added to it.")
        )
    if not text.strip():
        raise WrongInput("observation_empty", gettext_noop("Write what you observed."))
    if session is not None and session.convention_id != locked.pk:
        raise WrongInput("session_elsewhere", gettext_noop("This session is not one of this convention."))
    now = timezone.now()
    return Observation.objects.create(
        convention=locked,
        session=session,
        text=text.strip(),
        written_at=now,
        written_by=by,
        public_from=max(now, public_from or now),
    )
