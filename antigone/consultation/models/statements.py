"""Statements, what moderation decided of them, votes on them and the log of every change of a vote."""

from collections.abc import Iterator, Sequence
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.consultation.models.consultations import Consultation
from antigone.consultation.models.participants import Participant
from antigone.core.opinion import AGREE, DISAGREE, PASS, WITHDRAWN


class StatementQuerySet(models.QuerySet["Statement"]):
    def accepted(self) -> Self:
        """Keep those that everybody reads and votes on."""
        return self.filter(state=Statement.State.ACCEPTED)

    def waiting(self) -> Self:
        """Keep those that wait for a moderator, the oldest first."""
        return self.filter(state=Statement.State.WAITING).order_by("created_at", "pk")

    def unread(self) -> Self:
        """Keep those that no moderator has read: waiting, or shown at once and to be read afterwards."""
        shown = Q(state=Statement.State.ACCEPTED, is_seed=False, read_at=None)
        return self.filter(Q(state=Statement.State.WAITING) | shown).order_by("created_at", "pk")


class Statement(models.Model):
    """One idea in one sentence, to agree or disagree with.

    `number` is its public, lasting name within the consultation. What is rejected, merged or withdrawn is in no
    report; a withdrawn one has lost its text.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a moderator")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")
        MERGED = "merged", _("Merged")
        WITHDRAWN = "withdrawn", _("Withdrawn by its author")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="statements")
    number = models.PositiveIntegerField()
    text = models.CharField(_("statement"), max_length=500)
    # The text as it is compared, so that the same is not there twice; empty where withdrawn.
    key = models.CharField(max_length=500)
    author = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="statements")
    is_seed = models.BooleanField(_("written by the organisers"), default=False)
    is_meta = models.BooleanField(_("about the consultation itself"), default=False)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("statement")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="statement_has_its_number"),
            models.UniqueConstraint(
                fields=["consultation", "key"], condition=~Q(key=""), name="statement_is_there_once"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into=None),
                name="statement_merged_into_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        """Whether one may vote on it, while its consultation is open."""
        return self.state == self.State.ACCEPTED

    @property
    def is_quotable(self) -> bool:
        """Whether everybody may read its words: once accepted, and neither rejected nor withdrawn since."""
        return self.state in (self.State.ACCEPTED, self.State.MERGED)


class ModerationDecision(models.Model):
    """What a moderator decided of a statement, and why; the log is public, what was rejected is not quoted in it."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", _("Accepted")
        REJECT = "reject", _("Rejected")
        MERGE = "merge", _("Merged with another one")
        EDIT = "edit", _("Corrected before anybody voted on it")
        META = "meta", _("Marked as about the consultation itself")
        NOT_META = "not_meta", _("No longer marked as about the consultation itself")

    class Reason(models.TextChoices):
        """The public list of reasons for which a statement is rejected, and no other."""

        OFF_TOPIC = "off_topic", _("It has nothing to do with the question.")
        HATEFUL = "hateful", _("It insults, threatens or discriminates.")
        PERSONAL = "personal", _("It names a person or gives personal data.")
        SEVERAL = "several", _("It says several things at once: one could not vote on it.")
        UNCLEAR = "unclear", _("One cannot tell what agreeing would mean.")
        DUPLICATE = "duplicate", _("Another statement says the same.")
        ADVERTISING = "advertising", _("It advertises, or asks people to click somewhere.")
        UNLAWFUL = "unlawful", _("The law forbids to publish it.")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="decisions")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    note = models.TextField(_("in more words"), max_length=1_000, blank=True)
    # An edit: what it said. A merge: how many votes went over.
    before = models.TextField(blank=True)
    moved = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reject", reason__gt="") | ~Q(kind="reject") & Q(reason=""),
                name="moderation_rejects_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.statement_id}"


PAIRS_AT_ONCE = 1_000
PAIRS = """
WITH wanted (participant, statement) AS (VALUES {})
SELECT vote.* FROM wanted JOIN consultation_vote vote
ON vote.participant_id = wanted.participant AND vote.statement_id = wanted.statement
"""


class VoteQuerySet(models.QuerySet["Vote"]):
    def that_count(self) -> Self:
        """Keep votes on statements that are in the picture or were before moderation took them out."""
        return self.exclude(statement__state=Statement.State.WITHDRAWN)

    def of_pairs(self, pairs: Sequence[tuple[int, int]]) -> Iterator["Vote"]:
        """Give the votes of (participant, statement) pairs, by their keys.

        In the database's own words: two `__in` read every vote of many people on many statements, and as many `OR` as
        pairs take longer to say than to find.
        """
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            part = pairs[start : start + PAIRS_AT_ONCE]
            values = ", ".join(["(%s, %s)"] * len(part))
            yield from self.raw(PAIRS.format(values), [number for pair in part for number in pair])


class Vote(models.Model):
    """What a participant says of a statement now: one row at most, whatever was voted before."""

    class Value(models.IntegerChoices):
        AGREE = AGREE, _("Agree")
        PASS = PASS, _("Pass")
        DISAGREE = DISAGREE, _("Disagree")

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes")
    value = models.SmallIntegerField(choices=Value)
    is_important = models.BooleanField(_("important to me"), default=False)
    cast_at = models.DateTimeField()

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("vote")
        constraints = [
            models.UniqueConstraint(fields=["participant", "statement"], name="vote_is_one_a_statement"),
            models.CheckConstraint(
                condition=Q(value__in=(AGREE, PASS, DISAGREE)), name="vote_is_one_of_three"
            ),
        ]
        # Few votes are important ones: counting them reads these alone.
        indexes = [
            models.Index(fields=["statement"], condition=Q(is_important=True), name="vote_is_important")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.statement_id} {self.value}"


class VoteChange(models.Model):
    """A line of the log of a consultation: `number` 1, 2, 3… without a gap, in the order of the transactions.

    `participant` is a number and no key: when somebody takes their votes away their lines go too, and for each vote
    one that withdraws it stays, which names nobody any more.
    """

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="vote_changes")
    number = models.BigIntegerField()
    participant = models.BigIntegerField()
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="vote_change_has_its_number"),
            models.CheckConstraint(
                condition=Q(value__in=(AGREE, PASS, DISAGREE, WITHDRAWN)), name="vote_change_is_one_of_four"
            ),
        ]
        indexes = [models.Index(fields=["participant"], name="vote_change_participant")]

    def __str__(self) -> str:
        return f"{self.number}: {self.participant} {self.statement_id} {self.value}"
