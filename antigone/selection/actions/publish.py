"""Publish a draw: everybody reads its chances, its panels and their proof, under pseudonyms."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.errors import NotPossible
from antigone.selection.actions.cosign import require_cosignature
from antigone.selection.actions.rights import require_facilitator, require_running
from antigone.selection.models import Draw


@transaction.atomic
def publish_draw(*, draw: Draw, by: Person) -> Draw:
    """Let everybody read the certificate and the panels; cannot be taken back, since files are copied."""
    require_facilitator(by, draw)
    locked = Draw.objects.select_for_update().get(pk=draw.pk)
    require_running(locked)
    if locked.is_prepared:
        raise NotPossible("not_committed", gettext_noop("Commit to this draw first, then publish it."))
    if locked.published_at is not None:
        raise NotPossible("draw_published", gettext_noop("This draw is published already."))
    require_cosignature(locked)
    locked.published_at, locked.published_by = timezone.now(), by
    locked.save(update_fields=["published_at", "published_by"])
    return locked
