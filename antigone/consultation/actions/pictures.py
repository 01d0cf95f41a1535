"""A picture is kept for good: what was seen on a day stays to be read, whatever comes after."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.consultation.actions.rights import lock_consultation, require_leader
from antigone.consultation.drawing import copy_picture
from antigone.consultation.models import Consultation, Picture
from antigone.errors import NotPossible


@transaction.atomic
def freeze_picture(*, consultation: Consultation, by: Person, title: str, now: datetime) -> Picture:
    """Keep the picture of now under a title, with the fingerprint of the votes that it was drawn from."""
    require_leader(by, consultation)
    locked = lock_consultation(consultation)
    live = locked.pictures.live().defer("history").first()
    if live is None:
        raise NotPossible(
            "nothing_drawn_yet",
            gettext_noop(
                "“%(title)s” has no results to keep yet. They come a few seconds after the first vote."
            ),
            title=locked.title,
        )
    return copy_picture(live, title=title, now=now, by_id=by.pk)
