"""Paragraphs: added, edited, moved, merged, split, retired. Each leaves versions, and descents that lead back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.convention.actions.drafting import (
    PARAGRAPH_LENGTH,
    REASON_LENGTH,
    clean_reason,
    clean_text,
    hold_draft,
    hold_paragraph,
)
from antigone.convention.actions.origins import NO_SOURCES, Sources, attach
from antigone.convention.models import Descent, Member, Paragraph, ParagraphVersion, Proposal
from antigone.errors import WrongInput

MOST_PARTS = 20


@transaction.atomic
def add_paragraph(
    *, proposal: Proposal, text: str, by: Person, position: int | None = None, sources: Sources = NO_SOURCES
) -> Paragraph:
    """Add a paragraph to a proposal, at the end or at a place counted from 1, with where its words come from."""
    held, member = hold_draft(proposal, by)
    paragraph, version = _begin(held, clean_text(text, PARAGRAPH_LENGTH), member, by)
    attach(version, held.convention, sources)
    _put(paragraph, position)
    return paragraph


@transaction.atomic
def edit_paragraph(
    *,
    paragraph: Paragraph,
    text: str,
    version: int,
    by: Person,
    reason: str = "",
    sources: Sources = NO_SOURCES,
) -> Paragraph:
    """Write another version of a paragraph; refused where somebody saved it since `version` was read."""
    proposal, member = hold_draft(paragraph.proposal, by)
    now = hold_paragraph(paragraph, version, proposal)
    written = write_version(now, clean_text(text, PARAGRAPH_LENGTH), member, by, clean_reason(reason))
    attach(written, proposal.convention, sources)
    return now


@transaction.atomic
def move_paragraph(
    *, paragraph: Paragraph, proposal: Proposal, version: int, by: Person, position: int | None = None
) -> Paragraph:
    """Put a paragraph at another place, of its proposal or of another of the convention.

    In another proposal it begins anew, from the version that it leaves: what was kept by a vote was kept there.
    """
    left, _ = hold_draft(paragraph.proposal, by)
    now = hold_paragraph(paragraph, version, left)
    if proposal.pk == left.pk:
        _put(now, position)
        return now
    held, _ = hold_draft(proposal, by)
    _require_one_convention([left, held])
    moved, began = _begin(held, now.text, now.versions.get(number=version).member, by)
    _leave(now, Descent.Kind.MOVE, [began], began.saved_at)
    _put(moved, position)
    return moved


@transaction.atomic
def merge_paragraphs(
    *, paragraphs: Sequence[tuple[Paragraph, int]], text: str, by: Person, reason: str = ""
) -> Paragraph:
    """Make one paragraph of several, given with the versions read, at the place of the first of them.

    They may stand in several proposals of the convention. They are retired; the new one comes from all.
    """
    if len({paragraph.pk for paragraph, _ in paragraphs}) < 2:
        raise WrongInput("merge_of_one", gettext_noop("Choose at least two paragraphs to merge."))
    held = [(hold_draft(paragraph.proposal, by), paragraph, version) for paragraph, version in paragraphs]
    merged = [hold_paragraph(paragraph, version, proposal) for (proposal, _), paragraph, version in held]
    proposals = [proposal for (proposal, _), _, _ in held]
    _require_one_convention(proposals)
    member = held[0][0][1]
    written = clean_text(text, PARAGRAPH_LENGTH)
    position = merged[0].position
    paragraph, began = _begin(proposals[0], written, member, by, clean_reason(reason))
    for old in merged:
        _leave(old, Descent.Kind.MERGE, [began], began.saved_at)
    before = Paragraph.objects.current().filter(proposal=proposals[0], position__lt=position)
    _put(paragraph, before.exclude(pk=paragraph.pk).count() + 1)
    return paragraph


@transaction.atomic
def split_paragraph(
    *, paragraph: Paragraph, parts: Sequence[str], version: int, by: Person, reason: str = ""
) -> list[Paragraph]:
    """Make several paragraphs of one, in its place; it is retired, and each of them comes from it."""
    proposal, member = hold_draft(paragraph.proposal, by)
    now = hold_paragraph(paragraph, version, proposal)
    if not 2 <= len(parts) <= MOST_PARTS:
        raise WrongInput(
            "split_of_one",
            gettext_noop("Cut the text into at least two parts, and at most %(most)s."),
            most=MOST_PARTS,
        )
    why = clean_reason(reason)
    begun = [_begin(proposal, clean_text(part, PARAGRAPH_LENGTH), member, by, why) for part in parts]
    position = Paragraph.objects.current().filter(proposal=proposal, position__lt=now.position).count() + 1
    _leave(now, Descent.Kind.SPLIT, [began for _, began in begun], begun[0][1].saved_at)
    for offset, (part, _) in enumerate(begun):
        _put(part, position + offset)
    return [part for part, _ in begun]


@transaction.atomic
def retire_paragraph(*, paragraph: Paragraph, version: int, reason: str, by: Person) -> Paragraph:
    """Take a paragraph out of its proposal, for a reason; its page stays, with its versions and its votes."""
    proposal, _ = hold_draft(paragraph.proposal, by)
    now = hold_paragraph(paragraph, version, proposal)
    now.retired_at = timezone.now()
    now.retired_reason = clean_text(reason, REASON_LENGTH)
    now.save(update_fields=["retired_at", "retired_reason"])
    return now


def write_version(
    paragraph: Paragraph, text: str, member: Member | None, by: Person, reason: str
) -> ParagraphVersion:
    """Write the next version of a paragraph that the caller holds; a text that has not changed is refused."""
    if text == paragraph.text:
        raise WrongInput(
            "text_unchanged", gettext_noop("The text is the one already saved. There is nothing to save.")
        )
    parent = paragraph.versions.get(number=paragraph.version)
    version = ParagraphVersion.objects.create(
        paragraph=paragraph,
        number=paragraph.version + 1,
        text=text,
        member=member,
        saved_by=by,
        saved_at=timezone.now(),
        reason=reason,
    )
    Descent.objects.create(parent=parent, child=version, kind=Descent.Kind.EDIT)
    paragraph.text, paragraph.version = text, version.number
    paragraph.save(update_fields=["text", "version"])
    return version


def _begin(
    proposal: Proposal, text: str, member: Member | None, by: Person, reason: str = ""
) -> tuple[Paragraph, ParagraphVersion]:
    position = Paragraph.objects.current().filter(proposal=proposal).count() + 1
    paragraph = Paragraph.objects.create(proposal=proposal, position=position, text=text)
    version = ParagraphVersion.objects.create(
        paragraph=paragraph,
        number=1,
        text=text,
        member=member,
        saved_by=by,
        saved_at=timezone.now(),
        reason=reason,
    )
    return paragraph, version


def _leave(
    paragraph: Paragraph, kind: Descent.Kind, children: Sequence[ParagraphVersion], at: datetime
) -> None:
    """Retire a paragraph whose latest version goes on in others."""
    parent = paragraph.versions.get(number=paragraph.version)
    Descent.objects.bulk_create(Descent(parent=parent, child=child, kind=kind) for child in children)
    paragraph.retired_at = at
    paragraph.save(update_fields=["retired_at"])


def _put(paragraph: Paragraph, position: int | None) -> None:
    """Number the paragraphs of a proposal again from 1, this one at `position`, or last."""
    others = list(Paragraph.objects.current().filter(proposal=paragraph.proposal_id).exclude(pk=paragraph.pk))
    place = len(others) if position is None else min(max(position, 1) - 1, len(others))
    ordered = [*others[:place], paragraph, *others[place:]]
    for number, each in enumerate(ordered, 1):
        each.position = number
    Paragraph.objects.bulk_update(ordered, ["position"])


def _require_one_convention(proposals: Sequence[Proposal]) -> None:
    if len({proposal.convention_id for proposal in proposals}) > 1:
        raise WrongInput("not_of_this_convention", gettext_noop("This belongs to another convention."))
