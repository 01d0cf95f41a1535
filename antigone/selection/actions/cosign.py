"""A guarantor signs what a draw is committed to before its lot is drawn, or refuses it in public."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.core.sortition.commitments import format_instant
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection import rules
from antigone.selection.actions.rights import lock_prepared, lock_stage, require_facilitator
from antigone.selection.models import Commitment, Cosignature, Draw, RefusedCommitment


@transaction.atomic
def name_cosigners(*, draw: Draw, people: Iterable[Person], by: Person) -> None:
    """Ask that one of these guarantors, and of those named before, sign the commitment to come.

    Whoever is named stays so: a guarantor alone can step down (see `step_down`).
    """
    require_facilitator(by, draw)
    locked = lock_prepared(draw)
    for person in people:
        if not rules.can_be_cosigner(person):
            raise WrongInput(
                "not_a_guarantor",
                gettext_noop(
                    "%(name)s cannot sign a draw: only a guarantor can, who neither facilitates, runs the "
                    "machine nor is elected."
                ),
                name=person.name,
            )
        locked.cosigners.add(person)


@transaction.atomic
def step_down(*, draw: Draw, by: Person) -> None:
    """Take oneself off the guarantors who are asked to sign; once it is committed to, nobody steps down."""
    _require_cosigner(by, draw)
    lock_prepared(draw).cosigners.remove(by)


def cosign_draw(*, draw: Draw, root: str, sentence: str = "", by: Person) -> Cosignature:
    """Sign the commitment whose hash is `root`; refused from the announced instant on, when the lot is known."""
    _require_cosigner(by, draw)
    return sign_commitment(draw, root, sentence, by, timezone.now())


@transaction.atomic
def sign_commitment(draw: Draw, root: str, sentence: str, by: Person, now: datetime) -> Cosignature:
    """Sign at an instant, which is now for everybody but the demonstration's past."""
    locked = lock_stage(draw, Draw.Stage.COMMITTED)
    commitment = _require_unsigned(locked, root)
    if now >= commitment.announced_at:
        raise NotPossible(
            "cosigned_late",
            gettext_noop(
                "The lot was announced for %(instant)s (UTC) and may be known by now: it is too late to sign. "
                "Declare this commitment void, then commit to a new one."
            ),
            instant=format_instant(commitment.announced_at),
        )
    return Cosignature.objects.create(
        draw=locked, root=root, sentence=sentence.strip(), name=by.name, by=by, at=now.replace(microsecond=0)
    )


@transaction.atomic
def refuse_commitment(*, draw: Draw, root: str, reason: str, by: Person) -> RefusedCommitment:
    """Make void a commitment that nobody signed, with a public reason; the draw is in preparation again.

    A guarantor who is asked to sign may do so at any time. Once the announced instant has passed without a
    signature, the facilitator may too: whatever fell, nobody can draw from this commitment any more.
    """
    has_lapsed = not rules.can_cosign(by, draw)
    if has_lapsed:
        require_facilitator(by, draw)
    locked = lock_stage(draw, Draw.Stage.COMMITTED, even_stopped=True)
    commitment = _require_unsigned(locked, root)
    now = timezone.now()
    if has_lapsed and now < commitment.announced_at:
        raise NotAllowed(
            "refusal_of_others",
            gettext_noop("Until the lot is due, only the guarantors who are asked to sign may refuse this."),
        )
    if not reason.strip():
        raise WrongInput(
            "refusal_without_reason", gettext_noop("Write the reason, which everybody will read.")
        )
    refused = RefusedCommitment.objects.create(
        draw=locked,
        root=commitment.root,
        document=commitment.document,
        committed_at=commitment.committed_at,
        reason=reason.strip(),
        has_lapsed=has_lapsed,
        name=by.name,
        by=by,
        at=now.replace(microsecond=0),
    )
    commitment.delete()
    locked.stage = Draw.Stage.PREPARED
    locked.save(update_fields=["stage"])
    return refused


def require_cosignature(draw: Draw) -> None:
    """Raise NotPossible where a guarantor is asked to sign this draw and has not."""
    if draw.awaits_cosignature():
        raise NotPossible(
            "not_cosigned",
            gettext_noop("A guarantor must sign this commitment first: %(names)s."),
            names=", ".join(draw.cosigners.values_list("name", flat=True)),
        )


def _require_cosigner(by: Person, draw: Draw) -> None:
    if not rules.can_cosign(by, draw):
        raise NotAllowed(
            "not_cosigner", gettext_noop("Only the guarantors who were asked to sign this draw may do this.")
        )


def _require_unsigned(draw: Draw, root: str) -> Commitment:
    """Give the commitment that was read, if it is still the draw's, no signature being asked twice."""
    if not draw.awaits_cosignature():
        raise NotPossible(
            "no_cosignature_awaited",
            gettext_noop("No signature is awaited on this draw: it is signed already."),
        )
    if draw.commitment.root != root:
        raise NotPossible(
            "commitment_changed",
            gettext_noop("This is not the commitment that you read. Read the page again, then decide."),
        )
    return draw.commitment
