"""The avis as it was delivered, the answers of the elected officials, what became of their commitments."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.convention.models.conventions import Convention
from antigone.convention.models.members import Member
from antigone.convention.models.writing import Proposal
from antigone.convention.wording import GRADES, GRADES_SHOWN_FROM
from antigone.core.deliberation.judgment import find_majority_level


class Avis(models.Model):
    """The one document that a convention delivers. Its proposals are rows; here is what stands around them."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="avis")
    language = models.CharField(max_length=8)
    preamble = models.TextField(_("preamble"), max_length=20_000, blank=True)
    method = models.TextField(_("method"), max_length=20_000, blank=True)
    # In another language than the convention's, its themes and minority opinions: {"theme-3": {"source": …,
    # "text": …}}. Where the source has changed since, it has to be translated again.
    passages = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Once delivered, nothing of it changes.
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["language"]
        verbose_name = _("avis")
        verbose_name_plural = _("avis")
        constraints = [models.UniqueConstraint(fields=["convention", "language"], name="one_avis_a_language")]

    def __str__(self) -> str:
        return f"{self.convention}, {self.language}"


class AvisFile(models.Model):
    """The avis as a file, in the bytes that were delivered."""

    class Kind(models.TextChoices):
        ODT = "odt", "ODT"
        PDF = "pdf", "PDF"

    avis = models.ForeignKey(Avis, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()

    class Meta:
        ordering = ["kind"]
        verbose_name = _("avis file")
        constraints = [models.UniqueConstraint(fields=["avis", "kind"], name="one_avis_file_a_kind")]

    def __str__(self) -> str:
        return f"{self.avis}, {self.kind}"


class OfficialAnswerQuerySet(models.QuerySet["OfficialAnswer"]):
    def published(self) -> Self:
        return self.exclude(published_at=None)

    def drafts(self) -> Self:
        return self.filter(published_at=None)


class OfficialAnswer(models.Model):
    """What the elected officials answer to one adopted proposal: obligatory, reasoned, by a date."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Accepted with changes")
        REFUSED = "refused", _("Declined")

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="answer")
    # The latest version; drafts are read by officials and facilitators only.
    status = models.CharField(_("answer"), max_length=10, choices=Status)
    reasons = models.TextField(_("reasons"), max_length=20_000)
    commitment = models.TextField(_("what is committed to"), max_length=5_000, blank=True)
    commitment_due_date = models.DateField(_("by"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Who answers, as the public reads it.
    answerer = models.CharField(_("who answers"), max_length=300)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    # When the text above replaced a former one.
    corrected_at = models.DateTimeField(null=True, blank=True)

    objects = OfficialAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["proposal"]
        verbose_name = _("official answer")
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="official_answer_has_reasons"),
            models.CheckConstraint(
                condition=Q(commitment="") | Q(commitment_due_date__isnull=False),
                name="official_commitment_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_status_display()}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class FormerAnswer(models.Model):
    """What a published answer said before it was corrected, and why it was."""

    answer = models.ForeignKey(OfficialAnswer, models.CASCADE, related_name="formers")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=OfficialAnswer.Status)
    reasons = models.TextField(max_length=20_000)
    commitment = models.TextField(max_length=5_000, blank=True)
    commitment_due_date = models.DateField(null=True, blank=True)
    answerer = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    corrected_at = models.DateTimeField()
    why = models.TextField(_("why it is corrected"), max_length=2_000)

    class Meta:
        ordering = ["number"]
        verbose_name = _("former answer")
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="one_former_a_number")]

    def __str__(self) -> str:
        return f"{self.answer_id}, {self.number}"


@dataclass(frozen=True, slots=True)
class Promise:
    """How far the officials are with what the mandate promises: an answer to each proposal, by a day."""

    adopted: int
    answered: int
    due_date: date | None
    today: date

    @property
    def waiting(self) -> int:
        return self.adopted - self.answered

    @property
    def is_past(self) -> bool:
        return self.due_date is not None and self.due_date < self.today

    @property
    def overdue(self) -> int:
        return self.waiting if self.is_past else 0

    @property
    def days_left(self) -> int:
        return max(0, (self.due_date - self.today).days) if self.due_date else 0

    @property
    def days_late(self) -> int:
        return max(0, (self.today - self.due_date).days) if self.due_date else 0


def measure_answers(convention: Convention, today: date) -> Promise:
    """Count what is answered and what is still to be: two queries, for any page that shows the promise."""
    adopted = Proposal.objects.filter(convention=convention).adopted()
    waiting = adopted.unanswered().count()
    total = adopted.count()
    return Promise(total, total - waiting, convention.answers_due_date, today)


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def overdue(self, today: date) -> Self:
        return self.filter(due_date__lt=today, state__in=[Milestone.State.PLANNED, Milestone.State.UNDER_WAY])


class Milestone(models.Model):
    """A step towards what was committed to, with its date and what shows that it is reached."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        UNDER_WAY = "under_way", _("Under way")
        DONE = "done", _("Done")
        ABANDONED = "abandoned", _("Given up")

    answer = models.ForeignKey(OfficialAnswer, models.CASCADE, related_name="milestones")
    title = models.CharField(_("step"), max_length=300)
    due_date = models.DateField(_("by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    # What shows it, or why it is given up.
    report = models.TextField(_("report"), max_length=5_000, blank=True)
    address = models.URLField(_("address of the proof"), max_length=500, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["due_date", "pk"]
        verbose_name = _("milestone")

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.ABANDONED)

    def is_overdue(self, today: date) -> bool:
        return not self.is_over and self.due_date < today


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members gave each grade to the text of an answer, or to a text that it has had before."""

    counts: tuple[int, ...] = (0,) * len(GRADES)

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def is_shown(self) -> bool:
        """Whether there are enough grades for nobody to be guessed behind one."""
        return self.total >= GRADES_SHOWN_FROM

    @property
    def median(self) -> int:
        """The highest grade that more than half of them reach; 0 where nobody graded."""
        return find_majority_level(self.counts)

    @property
    def word(self) -> str:
        return str(GRADES[self.median]) if self.median else ""


class GradeQuerySet(models.QuerySet["Grade"]):
    def tally(self) -> dict[tuple[int, bool], Tally]:
        """Count the grades by answer, those of its present text (True) apart from those of former ones (False)."""
        counted: dict[tuple[int, bool], list[int]] = {}
        rows = (
            self.order_by()
            .annotate(is_current=Q(answer_version=models.F("answer__version")))
            .values_list("answer", "is_current", "level")
            .annotate(count=models.Count("pk"))
        )
        for answer, is_current, level, count in rows:
            counted.setdefault((answer, bool(is_current)), [0] * len(GRADES))[level - 1] = count
        return {key: Tally(tuple(counts)) for key, counts in counted.items()}


class Grade(models.Model):
    """What a member thinks of an answer, from 1 to 5: shown beside the officials' status, never mixed with it."""

    answer = models.ForeignKey(OfficialAnswer, models.CASCADE, related_name="grades")
    member = models.ForeignKey(Member, models.PROTECT, related_name="grades")
    level = models.PositiveSmallIntegerField()
    # Which text of the answer the member had read: a correction does not make it a grade of the new one.
    answer_version = models.PositiveIntegerField(default=1)
    comment = models.TextField(_("comment"), max_length=1_000, blank=True)
    given_at = models.DateTimeField()

    objects = GradeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("grade")
        constraints = [
            models.UniqueConstraint(fields=["answer", "member"], name="one_grade_a_member"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="grade_is_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.level}"
