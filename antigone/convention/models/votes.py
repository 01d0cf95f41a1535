"""Votes by majority judgment, declared non-secret, and the opinions of minorities."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.convention.models.conventions import Convention
from antigone.convention.models.members import Member
from antigone.convention.models.writing import Paragraph, ParagraphVersion, Proposal


class BallotQuerySet(models.QuerySet["Ballot"]):
    def closed(self) -> Self:
        return self.filter(state=Ballot.State.CLOSED)


class Ballot(models.Model):
    """One vote on a proposal, or on one of its paragraphs. It is not secret, and pages say so."""

    class Mode(models.TextChoices):
        HANDS = "hands", _("Show of hands, counted by the facilitators")
        PHONES = "phones", _("Each member on their telephone")

    class State(models.TextChoices):
        OPEN = "open", _("Vote open")
        CLOSED = "closed", _("Vote closed")
        CANCELLED = "cancelled", _("Vote cancelled")

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="ballots")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="ballots")
    # None: the whole proposal.
    paragraph = models.ForeignKey(Paragraph, models.CASCADE, null=True, blank=True, related_name="ballots")
    # The very words that were voted on.
    versions = models.ManyToManyField(ParagraphVersion, related_name="ballots")
    number = models.PositiveIntegerField()
    mode = models.CharField(_("how"), max_length=10, choices=Mode)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # The rules of the mandate, as they were when the vote was opened.
    members = models.PositiveIntegerField()
    threshold = models.PositiveSmallIntegerField()
    quorum = models.PositiveSmallIntegerField()
    # How many gave each level, from 1 to 5: counted hands, or judgments once closed.
    counts = models.JSONField(default=list)
    is_quorate = models.BooleanField(default=False)
    is_kept = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("ballot")
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="one_ballot_a_number"),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(state="open", paragraph=None),
                name="one_open_ballot_a_proposal",
            ),
            models.UniqueConstraint(
                fields=["paragraph"], condition=Q(state="open"), name="one_open_ballot_a_paragraph"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}, {self.number}"


class Judgment(models.Model):
    """The level from 1 to 5 that a member gives, on their telephone."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="judgments")
    member = models.ForeignKey(Member, models.PROTECT, related_name="judgments")
    level = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["member"]
        verbose_name = _("judgment")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="one_judgment_a_member"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="judgment_is_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.level}"


class MinorityOpinion(models.Model):
    """What some members hold against a proposal or beside it: a text of its own, in the avis too."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="minority_opinions")
    # None: on the avis as a whole.
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, null=True, blank=True, related_name="minority_opinions"
    )
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), max_length=10_000)
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()
    # Those who sign it; on paper only, `paper_signatures` counts them.
    signatories = models.ManyToManyField(Member, blank=True, related_name="signed_opinions")
    paper_signatures = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("minority opinion")
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="one_minority_opinion_a_number")
        ]

    def __str__(self) -> str:
        return self.title
