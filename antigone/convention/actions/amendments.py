"""Amendments: another wording that a member proposes, accepted, refused or withdrawn; each stays in public."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.drafting import (
    PARAGRAPH_LENGTH,
    REASON_LENGTH,
    clean_reason,
    clean_text,
    hold_deliberation,
    hold_draft,
    hold_paragraph,
    next_number,
    require_draft,
)
from antigone.convention.actions.paragraphs import write_version
from antigone.convention.actions.rights import require_facilitator, require_member
from antigone.convention.models import Amendment, Paragraph
from antigone.errors import NotAllowed, NotPossible, WrongInput

ARGUMENT_LENGTH = 2_000


@transaction.atomic
def propose_amendment(*, paragraph: Paragraph, version: int, text: str, reason: str, by: Person) -> Amendment:
    """Propose another wording of a paragraph as it was read; every member may, whoever writes the proposal."""
    held = hold_deliberation(paragraph.proposal.convention)
    member = require_member(by, held)
    proposal = held.proposals.get(pk=paragraph.proposal_id)
    require_draft(proposal)
    now = hold_paragraph(paragraph, version, proposal)
    written = clean_text(text, PARAGRAPH_LENGTH)
    if written == now.text:
        raise WrongInput(
            "amendment_changes_nothing", gettext_noop("This wording is that of the paragraph. Change it.")
        )
    return Amendment.objects.create(
        paragraph=now,
        number=next_number([now.amendments.aggregate(last=Max("number"))["last"]]),
        base=version,
        text=written,
        reason=clean_text(reason, ARGUMENT_LENGTH),
        member=member,
        proposed_at=timezone.now(),
    )


@transaction.atomic
def accept_amendment(
    *, amendment: Amendment, version: int, by: Person, decision: str = "", text: str | None = None
) -> Amendment:
    """Make of an amendment the next version of its paragraph, under the name of who proposed it.

    Where the paragraph has changed since the amendment, `text` is both put together; the version is then the
    facilitators', and the words of the amendment stay as they were proposed.
    """
    require_facilitator(by, amendment.paragraph.proposal.convention)
    proposal, _ = hold_draft(amendment.paragraph.proposal, by)
    held = _hold(amendment)
    now = hold_paragraph(held.paragraph, version, proposal)
    adapted = clean_text(text, PARAGRAPH_LENGTH) if text is not None else held.text
    if held.base != now.version and text is None:
        raise NotPossible(
            "amendment_of_old_text",
            gettext_noop(
                "The paragraph has changed since this amendment. Put both wordings together, then accept."
            ),
        )
    author = held.member if adapted == held.text else None
    write_version(now, adapted, author, by, held.reason[:REASON_LENGTH])
    return _decide(held, Amendment.State.ACCEPTED, clean_reason(decision, ARGUMENT_LENGTH))


@transaction.atomic
def refuse_amendment(*, amendment: Amendment, decision: str, by: Person) -> Amendment:
    """Refuse an amendment, for a reason that everybody reads."""
    convention = amendment.paragraph.proposal.convention
    require_facilitator(by, convention)
    hold_deliberation(convention)
    return _decide(_hold(amendment), Amendment.State.REFUSED, clean_text(decision, ARGUMENT_LENGTH))


@transaction.atomic
def withdraw_amendment(*, amendment: Amendment, by: Person) -> Amendment:
    """Take back an amendment that one proposed; it stays visible, withdrawn."""
    held = hold_deliberation(amendment.paragraph.proposal.convention)
    member = require_member(by, held)
    if amendment.member_id != member.pk:
        raise NotAllowed(
            "not_its_author", gettext_noop("Only the member who wrote this may change it or withdraw it.")
        )
    return _decide(_hold(amendment), Amendment.State.WITHDRAWN, "")


def _hold(amendment: Amendment) -> Amendment:
    """Return the amendment as it is now, its convention being held; raise NotPossible once it is decided."""
    now = Amendment.objects.select_related("paragraph", "member").get(pk=amendment.pk)
    if now.state != Amendment.State.PROPOSED:
        raise NotPossible(
            "amendment_decided", gettext_noop("This amendment was accepted, refused or withdrawn meanwhile.")
        )
    return now


def _decide(amendment: Amendment, state: Amendment.State, decision: str) -> Amendment:
    amendment.state, amendment.decision, amendment.decided_at = state, decision, timezone.now()
    amendment.save(update_fields=["state", "decision", "decided_at"])
    return amendment
