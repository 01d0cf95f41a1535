"""Commit to a draw: from then on nothing of it changes, and everybody knows how the lot will be drawn."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

import antigone
from antigone.accounts.models import Person
from antigone.core.sortition import commit
from antigone.core.sortition.commitments import SECRET_BYTES, Source
from antigone.errors import NotPossible
from antigone.selection.actions.rights import lock_prepared, require_facilitator
from antigone.selection.models import Commitment, Computation, ComputedFile, Draw
from antigone.selection.people import load_pool
from antigone.selection.results import open_file, read_panels, read_targets
from antigone.selection.wording import translating_errors


def commit_draw(*, draw: Draw, computation: Computation, source: Source, by: Person) -> Commitment:
    """Publish the hash of pool, targets and panels, with the randomness that is to come.

    Refused where the result is not of the targets as they are, or the randomness could be known already.
    """
    require_facilitator(by, draw)
    return seal_draw(draw, computation, source, by, timezone.now())


def seal_draw(draw: Draw, computation: Computation, source: Source, by: Person, now: datetime) -> Commitment:
    """Commit to a draw at an instant, which is now for everybody but the demonstration's past."""
    if computation.draw.pk != draw.pk or not computation.is_done:
        raise NotPossible(
            "no_result", gettext_noop("This draw has no such result. Compute its chances first.")
        )
    certificate = open_file(computation, ComputedFile.Kind.CERTIFICATE)
    secret, now = secrets.token_bytes(SECRET_BYTES), now.replace(microsecond=0)
    with translating_errors():
        made = commit(
            load_pool(draw),
            read_targets(certificate),
            read_panels(computation),
            secret=secret,
            version=antigone.__version__,
            source=source,
            committed_at=now,
        )
    with transaction.atomic():
        locked = lock_prepared(draw)
        if locked.version != computation.targets_version:
            raise NotPossible(
                "result_outdated",
                gettext_noop(
                    "The targets were changed after this result. Compute the chances again, then commit."
                ),
            )
        Computation.objects.unfinished().filter(draw=locked).update(
            state=Computation.State.CANCELLED, finished_at=now
        )
        locked.stage = Draw.Stage.COMMITTED
        locked.save(update_fields=["stage"])
        return Commitment.objects.create(
            draw=locked,
            computation=computation,
            root=made.root,
            document=made.describe(),
            secret=secret,
            announced_at=source.announced_at,
            committed_at=now,
            committed_by=by,
        )
