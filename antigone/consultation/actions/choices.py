"""What is changed once a consultation is published stands in a list that everybody reads."""

from datetime import datetime

from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.models import Choice, Consultation
from antigone.errors import WrongInput


def record_choice(
    consultation: Consultation,
    kind: Choice.Kind,
    change: tuple[str, str],
    reason: str,
    by: Person,
    now: datetime,
) -> Choice:
    """Write in the public list what was changed (before, after), and why; raise WrongInput without a reason."""
    if not reason.strip():
        raise WrongInput(
            "choice_without_reason",
            gettext_noop("Say why this is changed: the consultation is published, and everybody reads it."),
        )
    before, after = change
    return Choice.objects.create(
        consultation=consultation,
        kind=kind,
        before=before,
        after=after,
        reason=reason.strip(),
        made_at=now,
        made_by=by,
    )
