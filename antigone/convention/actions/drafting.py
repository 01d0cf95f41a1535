"""What every action of the writing asks: the text is a text, the proposal is being written, by who may write in it."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention import rules
from antigone.convention.actions.rights import lock_convention
from antigone.convention.models import (
    Contribution,
    Convention,
    Member,
    Paragraph,
    Phase,
    Proposal,
    Session,
    Theme,
)
from antigone.errors import NotAllowed, NotPossible, WrongInput

PARAGRAPH_LENGTH = 10_000
REASON_LENGTH = 300


def clean_text(text: str, most: int) -> str:
    """Return a text without the spaces around it; raise WrongInput where it is empty, too long or not a text."""
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not cleaned:
        raise WrongInput("text_empty", gettext_noop("There is nothing here. Write something, then save."))
    if len(cleaned) > most:
        raise WrongInput(
            "text_too_long",
            gettext_noop("This is %(length)s characters long; the most is %(most)s. Shorten it."),
            length=len(cleaned),
            most=most,
        )
    if "\0" in cleaned:
        raise WrongInput(
            "text_not_text", gettext_noop("This holds characters that are no text. Type it again.")
        )
    return cleaned


def clean_reason(reason: str, most: int = REASON_LENGTH) -> str:
    """Return a reason that may be left out, checked as a text where there is one."""
    return clean_text(reason, most) if reason.strip() else ""


def hold_deliberation(convention: Convention) -> Convention:
    """Hold a convention that deliberates: everything is written, amended and voted on in this phase.

    Raise NotPossible once the avis is delivered: it was made of these texts, votes and opinions.
    """
    held = lock_convention(convention, Phase.DELIBERATION)
    if held.avis.exclude(delivered_at=None).exists():
        raise NotPossible(
            "avis_delivered",
            gettext_noop(
                "The avis is delivered: its texts, votes and minority opinions stay as they are in it."
            ),
        )
    return held


def hold_draft(proposal: Proposal, by: Person) -> tuple[Proposal, Member | None]:
    """Hold a proposal that is being written, and return it with the member who writes: None for a facilitator.

    Raise NotAllowed where `by` does not write in it, NotPossible where it is voted on, adopted or set aside.
    """
    convention = hold_deliberation(proposal.convention)
    locked = Proposal.objects.select_related("convention").get(pk=proposal.pk, convention=convention)
    if not rules.can_write(by, locked):
        raise NotAllowed(
            "not_its_writer",
            gettext_noop(
                "Only the facilitators and the members who write this proposal may do this. Propose an amendment."
            ),
        )
    require_draft(locked)
    return locked, rules.get_member(by, convention)


def require_draft(proposal: Proposal) -> None:
    """Raise NotPossible unless the proposal is being written."""
    if proposal.state != Proposal.State.DRAFT:
        raise NotPossible(
            "proposal_not_draft",
            gettext_noop(
                "Proposal %(number)s is no longer being written: its text does not change while it is voted on, once "
                "it is adopted, or while it is set aside."
            ),
            number=proposal.number,
        )


def hold_paragraph(paragraph: Paragraph, version: int, proposal: Proposal) -> Paragraph:
    """Return a paragraph of `proposal`, which the caller holds, as it is now.

    Raise NotPossible where somebody saved it since `version` was read, or where it is retired.
    """
    now = Paragraph.objects.get(pk=paragraph.pk, proposal=proposal)
    if now.retired_at is not None:
        raise NotPossible(
            "paragraph_retired",
            gettext_noop(
                "This paragraph was retired, merged, split or moved meanwhile. Its page says what became of it."
            ),
        )
    if now.version != version:
        raise NotPossible(
            "paragraph_saved_since",
            gettext_noop(
                "Somebody saved this paragraph while you were writing. Your text is kept: compare, then save again."
            ),
        )
    return now


def require_own(
    convention: Convention, things: Iterable[Contribution | Member | Proposal | Session | Theme | None]
) -> None:
    """Raise WrongInput where one of the things given belongs to another convention."""
    if any(thing is not None and thing.convention_id != convention.pk for thing in things):
        raise WrongInput("not_of_this_convention", gettext_noop("This belongs to another convention."))


def next_number(numbers: Iterable[int | None]) -> int:
    """Return the number that follows those given, 1 where there is none; the convention is held by the caller."""
    return max((number for number in numbers if number), default=0) + 1
