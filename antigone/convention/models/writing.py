"""Contributions, and the proposals written from them: paragraphs, versions, where each comes from, amendments."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.consultation.models import Statement
from antigone.convention.models.conventions import Convention
from antigone.convention.models.members import Member
from antigone.convention.models.sessions import ExpertAnswer, Session


class Theme(models.Model):
    """A chapter of the avis."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="themes")
    position = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("theme")
        constraints = [models.UniqueConstraint(fields=["convention", "title"], name="one_theme_a_title")]

    def __str__(self) -> str:
        return self.title


class Contribution(models.Model):
    """A member's own words, as on a note stuck to the wall. Never edited: there is no action that does."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="contributions")
    number = models.PositiveIntegerField()
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="contributions")
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="contributions")
    # None: written together, or by somebody who wants no name under it.
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="contributions")
    text = models.TextField(_("contribution"), max_length=2_000)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        verbose_name = _("contribution")
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="one_contribution_a_number")
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def adopted(self) -> Self:
        return self.filter(state=Proposal.State.ADOPTED)

    def unanswered(self) -> Self:
        """Keep those adopted to which no answer is published: with one of them a convention does not close."""
        return self.adopted().filter(answer__published_at=None)


class Proposal(models.Model):
    """What the convention asks for, made of paragraphs. Its number never changes and is never used again."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        VOTING = "voting", _("Being voted on")
        ADOPTED = "adopted", _("Adopted")
        SET_ASIDE = "set_aside", _("Set aside")

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="proposals")
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=300)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # Members who may write in it, besides the facilitators; none: every member.
    writers = models.ManyToManyField(Member, blank=True, related_name="written_proposals")
    adopted_at = models.DateTimeField(null=True, blank=True)
    set_aside_reason = models.TextField(max_length=2_000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["theme__position", "theme", "number"]
        verbose_name = _("proposal")
        constraints = [models.UniqueConstraint(fields=["convention", "number"], name="one_proposal_a_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class ParagraphQuerySet(models.QuerySet["Paragraph"]):
    def current(self) -> Self:
        return self.filter(retired_at=None)


class Paragraph(models.Model):
    """A paragraph of a proposal. Merging or splitting retires it and begins others: its versions stay."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="paragraphs")
    position = models.PositiveIntegerField()
    # The latest version, so that a page reads a proposal in one query.
    text = models.TextField(_("text"), max_length=10_000)
    version = models.PositiveIntegerField(default=1)
    # Kept by a vote at this version; another version has to be voted on again.
    kept_version = models.PositiveIntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    # Empty where it was merged, split or moved: its descents say so.
    retired_reason = models.CharField(_("why"), max_length=300, blank=True)

    objects = ParagraphQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("paragraph")

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_kept(self) -> bool:
        return self.kept_version == self.version


class ParagraphVersion(models.Model):
    """A paragraph as somebody left it."""

    paragraph = models.ForeignKey(Paragraph, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=10_000)
    # Who wrote it: a member, or the facilitators where None.
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField()
    reason = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("paragraph version")
        constraints = [
            models.UniqueConstraint(fields=["paragraph", "number"], name="one_paragraph_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.paragraph_id}, {self.number}"


class Descent(models.Model):
    """One version was made from another: by an edit, a merge, a split or a move."""

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        MERGE = "merge", _("Merge")
        SPLIT = "split", _("Split")
        MOVE = "move", _("Move")

    parent = models.ForeignKey(ParagraphVersion, models.CASCADE, related_name="descents")
    child = models.ForeignKey(ParagraphVersion, models.CASCADE, related_name="ascents")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("descent")
        constraints = [models.UniqueConstraint(fields=["parent", "child"], name="one_descent_a_pair")]

    def __str__(self) -> str:
        return f"{self.parent_id} → {self.child_id}"


class Origin(models.Model):
    """What a version takes from: a contribution, an expert's answer, a statement of the consultation."""

    version = models.ForeignKey(ParagraphVersion, models.CASCADE, related_name="origins")
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="origins"
    )
    expert_answer = models.ForeignKey(
        ExpertAnswer, models.PROTECT, null=True, blank=True, related_name="origins"
    )
    # A statement of a consultation held here, whose words stay there: its author may take them away.
    cited = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="+")
    # What its votes said when it was cited (`consultation.opendata.citing`).
    figures = models.JSONField(default=dict, blank=True)
    # The very words of a statement of another consultation, and where it stands.
    statement = models.TextField(_("statement"), max_length=2_000, blank=True)
    statement_source = models.CharField(_("where it stands"), max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("origin")
        constraints = [
            models.CheckConstraint(
                condition=Q(contribution__isnull=False, expert_answer=None, cited=None, statement="")
                | Q(contribution=None, expert_answer__isnull=False, cited=None, statement="")
                | Q(contribution=None, expert_answer=None, cited__isnull=False, statement="")
                | Q(contribution=None, expert_answer=None, cited=None) & ~Q(statement=""),
                name="origin_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.contribution or self.expert_answer or self.cited or self.statement[:80])

    @property
    def words(self) -> str:
        """The words of a statement; none where its author or the moderators took them out since."""
        if self.cited is not None:
            return self.cited.text if self.cited.is_quotable else ""
        return self.statement


class Amendment(models.Model):
    """Another wording that a member proposes for a version of a paragraph, and what became of it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Taken into the text")
        REFUSED = "refused", _("Not taken up")
        WITHDRAWN = "withdrawn", _("Taken back by its author")

    paragraph = models.ForeignKey(Paragraph, models.CASCADE, related_name="amendments")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    text = models.TextField(_("wording proposed"), max_length=10_000)
    reason = models.TextField(_("why"), max_length=2_000)
    member = models.ForeignKey(Member, models.PROTECT, related_name="amendments")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("why it was accepted or refused"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("amendment")
        constraints = [models.UniqueConstraint(fields=["paragraph", "number"], name="one_amendment_a_number")]

    def __str__(self) -> str:
        return f"{self.paragraph_id}, {self.number}"


class ProposalTranslation(models.Model):
    """An adopted proposal in another language: its title and, in their order, its paragraphs."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="translations")
    language = models.CharField(max_length=8)
    title = models.CharField(_("title"), max_length=300)
    # {paragraph pk: {"version": 3, "text": "…"}}: another version has to be translated again.
    paragraphs = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["language"]
        verbose_name = _("proposal translation")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "language"], name="one_translation_a_language")
        ]

    def __str__(self) -> str:
        return self.title
