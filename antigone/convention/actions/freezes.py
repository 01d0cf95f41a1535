"""A guarantor stops a convention in public, and lets it go on."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.rights import require_guarantor
from antigone.convention.models import Convention, Freeze, Phase
from antigone.errors import NotPossible, WrongInput


@transaction.atomic
def freeze_convention(*, convention: Convention, reason: str, by: Person) -> Freeze:
    """Stop everything that is written to this convention, until a guarantor lifts it."""
    require_guarantor(by, convention)
    reason = _require_reason(reason)
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if locked.is_reconstruction or locked.phase == Phase.CLOSED:
        raise NotPossible(
            "nothing_to_freeze",
            gettext_noop("Nothing is written to this convention any more: there is nothing to freeze."),
        )
    if locked.freezes.filter(lifted_at=None).exists():
        raise NotPossible("already_frozen", gettext_noop("This convention is frozen already."))
    return Freeze.objects.create(
        convention=locked, phase=locked.phase, reason=reason, frozen_at=timezone.now(), frozen_by=by
    )


@transaction.atomic
def lift_freeze(*, convention: Convention, reason: str, by: Person) -> Freeze:
    """Let the convention go on, and say why."""
    require_guarantor(by, convention)
    reason = _require_reason(reason)
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    freeze = locked.freezes.filter(lifted_at=None).first()
    if freeze is None:
        raise NotPossible("not_frozen", gettext_noop("This convention is not frozen."))
    freeze.lifted_at, freeze.lifted_by, freeze.lifting_reason = timezone.now(), by, reason
    freeze.save(update_fields=["lifted_at", "lifted_by", "lifting_reason"])
    return freeze


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise WrongInput(
            "freeze_without_reason", gettext_noop("Say why: everybody reads the reason of a freeze.")
        )
    return reason.strip()
