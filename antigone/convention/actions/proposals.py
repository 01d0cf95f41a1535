"""Proposals: begun from the members' words, given to writers, moved to another theme, set aside and brought back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.drafting import (
    clean_text,
    hold_deliberation,
    hold_draft,
    next_number,
    require_draft,
    require_own,
)
from antigone.convention.actions.rights import require_facilitator, require_member
from antigone.convention.models import (
    Contribution,
    Convention,
    Member,
    Origin,
    Paragraph,
    ParagraphVersion,
    Proposal,
    Theme,
)
from antigone.errors import NotPossible

TITLE_LENGTH = 300
REASON_LENGTH = 2_000


@transaction.atomic
def create_proposal(
    *,
    convention: Convention,
    theme: Theme,
    title: str,
    by: Person,
    contributions: Sequence[Contribution] = (),
) -> Proposal:
    """Begin a proposal; the words of each contribution become a paragraph as they are, which says where it is from."""
    held = hold_deliberation(convention)
    if not rules.can_facilitate(by, held):
        require_member(by, held)
    require_own(held, [theme, *contributions])
    number = next_number([held.proposals.aggregate(last=Max("number"))["last"]])
    proposal = Proposal.objects.create(
        convention=held, theme=theme, number=number, title=clean_text(title, TITLE_LENGTH)
    )
    now = timezone.now()
    for position, contribution in enumerate(contributions, 1):
        paragraph = Paragraph.objects.create(proposal=proposal, position=position, text=contribution.text)
        version = ParagraphVersion.objects.create(
            paragraph=paragraph,
            number=1,
            text=contribution.text,
            member_id=contribution.member_id,
            saved_by=by,
            saved_at=now,
        )
        Origin.objects.create(version=version, contribution=contribution)
    return proposal


@transaction.atomic
def save_title(*, proposal: Proposal, title: str, version: int, by: Person) -> Proposal:
    """Give a proposal another title; refused where somebody saved it since `version` was read."""
    locked, _ = hold_draft(proposal, by)
    _require_version(locked, version)
    locked.title, locked.version = clean_text(title, TITLE_LENGTH), version + 1
    locked.save(update_fields=["title", "version"])
    return locked


@transaction.atomic
def arrange_proposal(
    *, proposal: Proposal, theme: Theme, writers: Sequence[Member], version: int, by: Person
) -> Proposal:
    """Put a proposal under a theme and say which members write in it; with none, all do."""
    require_facilitator(by, proposal.convention)
    locked, _ = hold_draft(proposal, by)
    _require_version(locked, version)
    require_own(locked.convention, [theme, *writers])
    locked.theme, locked.version = theme, version + 1
    locked.save(update_fields=["theme", "version"])
    locked.writers.set(writers)
    return locked


@transaction.atomic
def set_proposal_aside(*, proposal: Proposal, reason: str, by: Person) -> Proposal:
    """Leave a proposal out of the avis, for a reason that everybody reads."""
    require_facilitator(by, proposal.convention)
    locked, _ = hold_draft(proposal, by)
    locked.set_aside_reason = clean_text(reason, REASON_LENGTH)
    locked.state = Proposal.State.SET_ASIDE
    locked.save(update_fields=["state", "set_aside_reason"])
    return locked


@transaction.atomic
def bring_proposal_back(*, proposal: Proposal, by: Person) -> Proposal:
    """Take up again a proposal that was set aside."""
    require_facilitator(by, proposal.convention)
    held = hold_deliberation(proposal.convention)
    locked = held.proposals.get(pk=proposal.pk)
    if locked.state != Proposal.State.SET_ASIDE:
        require_draft(locked)
        return locked
    locked.state, locked.set_aside_reason = Proposal.State.DRAFT, ""
    locked.save(update_fields=["state", "set_aside_reason"])
    return locked


def _require_version(proposal: Proposal, version: int) -> None:
    if proposal.version != version:
        raise NotPossible(
            "proposal_saved_since",
            gettext_noop(
                "Somebody saved this proposal while you were writing. What you typed is kept: compare, then save again."
            ),
        )
