"""What every action asks first: may this person do it, and does the convention take any writing now."""

from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.models import Convention, Member
from antigone.errors import NotAllowed, NotPossible


def lock_convention(convention: Convention, *phases: str) -> Convention:
    """Hold the convention until the end of the transaction, for a writing that belongs to one of `phases`.

    Raise NotPossible where it is at another phase, frozen by a guarantor, or rebuilt from public facts: nobody adds
    to what has happened. Every action of the room that writes begins here.
    """
    locked = Convention.objects.select_for_update().get(pk=convention.pk)
    if locked.is_reconstruction:
        raise NotPossible(
            "convention_reconstructed",
            gettext_noop("This convention is rebuilt from public facts. It is there to be read."),
        )
    if locked.freezes.filter(lifted_at=None).exists():
        raise NotPossible(
            "convention_frozen",
            gettext_noop(
                "A guarantor has frozen this convention: nothing is written to it until a guarantor lifts the freeze."
            ),
        )
    if locked.phase not in phases:
        raise NotPossible(
            "phase_closed",
            gettext_noop(
                "This convention is now in the phase “%(phase)s”, when this can no longer or not yet be done."
            ),
            phase=locked.get_phase_display(),
        )
    return locked


def require_facilitator(by: Person, convention: Convention) -> None:
    """Raise NotAllowed unless `by` facilitates this convention."""
    if not rules.can_facilitate(by, convention):
        raise NotAllowed(
            "not_its_facilitator", gettext_noop("Only a facilitator of this convention may do this.")
        )


def require_guarantor(by: Person, convention: Convention) -> None:
    """Raise NotAllowed unless `by` is a guarantor of this convention."""
    if not rules.can_guarantee(by, convention):
        raise NotAllowed(
            "not_its_guarantor", gettext_noop("Only a guarantor of this convention may do this.")
        )


def require_official(by: Person, convention: Convention) -> None:
    """Raise NotAllowed unless `by` answers the proposals of this convention."""
    if not rules.can_answer(by, convention):
        raise NotAllowed(
            "not_its_official",
            gettext_noop("Only an elected official appointed to this convention may do this."),
        )


def require_member(by: Person, convention: Convention) -> Member:
    """Return the member that `by` is; raise NotAllowed where `by` does not sit in this convention."""
    member = rules.get_member(by, convention)
    if member is None:
        raise NotAllowed("not_its_member", gettext_noop("Only a member of this convention may do this."))
    return member
