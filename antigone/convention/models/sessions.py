"""The sessions: agenda, attendance, small groups, hearings, questions and their answers, minutes, observations."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.convention.models.conventions import Convention
from antigone.convention.models.members import Member
from antigone.library.models import Document


class Session(models.Model):
    """Some days that the members spend together."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="sessions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    # Read by the members and the team alone: how to come, meals, whom to call.
    practical = models.TextField(_("practical information for the members"), max_length=5_000, blank=True)
    is_agenda_published = models.BooleanField(default=False)
    minutes = models.TextField(_("minutes"), max_length=100_000, blank=True)
    minutes_published_at = models.DateTimeField(null=True, blank=True)
    recording = models.URLField(_("address of the recording"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        verbose_name = _("session")
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="one_session_a_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="session_lasts"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> int:
        """How many days of the calendar it spans, in the city's time."""
        first, last = timezone.localtime(self.starts_at).date(), timezone.localtime(self.ends_at).date()
        return (last - first).days + 1


class AgendaItem(models.Model):
    """One point of the agenda of a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="agenda")
    starts_at = models.DateTimeField(_("begins"))
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("agenda item")

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Whether a member was at a session."""

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.CASCADE, related_name="attendances")
    state = models.CharField(_("attendance"), max_length=10, choices=State)

    class Meta:
        ordering = ["member"]
        verbose_name = _("attendance")
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="one_attendance_each")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_state_display()}"


class GroupRound(models.Model):
    """The members present, dealt into small groups by a seed that everybody may use again."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    seed = models.CharField(max_length=100)
    composed_at = models.DateTimeField()
    # How even each feature is over the groups, how many pairs met before (`core.deliberation.grouping`).
    balance = models.JSONField(default=dict)
    # What went in: under keys of this round alone, everybody's features, and who had met whom how often.
    record = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        verbose_name = _("round of groups")
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="one_round_a_number")]

    def __str__(self) -> str:
        return f"{self.session}, {self.number}"


class SmallGroup(models.Model):
    """A table of some members, for one round."""

    round = models.ForeignKey(GroupRound, models.CASCADE, related_name="groups")
    number = models.PositiveIntegerField()
    members = models.ManyToManyField(Member, related_name="small_groups")

    class Meta:
        ordering = ["number"]
        verbose_name = _("small group")
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="one_small_group_a_number")]

    def __str__(self) -> str:
        return f"{self.round}, {self.number}"


class HearingQuerySet(models.QuerySet["Hearing"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def of_expert(self, person: Person) -> Self:
        """Keep those in which `person` answers, published or not."""
        return self.filter(expert=person)


class Hearing(models.Model):
    """An expert heard: on what, with which declared interests."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="hearings")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="hearings")
    expert_name = models.CharField(_("expert"), max_length=150)
    expert_title = models.CharField(_("function"), max_length=200, blank=True)
    # Their account, where they answer by themselves.
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="hearings"
    )
    subject = models.CharField(_("subject"), max_length=300)
    # "None" is written too: nothing is not a declaration.
    interests = models.TextField(_("declared interests"), max_length=2_000)
    summary = models.TextField(_("summary"), max_length=20_000, blank=True)
    is_published = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = HearingQuerySet.as_manager()

    class Meta:
        ordering = ["session", "pk"]
        verbose_name = _("hearing")

    def __str__(self) -> str:
        return f"{self.expert_name}: {self.subject}"


class Question(models.Model):
    """What a member asks an expert: a thing of its own, that everybody sees until it is answered."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        SENT = "sent", _("Sent to the expert")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="questions")
    hearing = models.ForeignKey(Hearing, models.SET_NULL, null=True, blank=True, related_name="questions")
    number = models.PositiveIntegerField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="questions")
    text = models.TextField(_("question"), max_length=2_000)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        verbose_name = _("question")
        constraints = [models.UniqueConstraint(fields=["convention", "number"], name="one_question_a_number")]

    def __str__(self) -> str:
        return self.text[:80]


class ExpertAnswer(models.Model):
    """What an expert answered, with the sources it rests on; a correction is another row."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    text = models.TextField(_("answer"), max_length=20_000)
    # One a line: a title, an address.
    sources = models.TextField(_("sources"), max_length=5_000)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Given by word of mouth and written down by the facilitators.
    is_spoken = models.BooleanField(default=False)

    class Meta:
        ordering = ["-answered_at", "-pk"]
        verbose_name = _("expert answer")

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def source_lines(self) -> list[str]:
        return [line.strip() for line in self.sources.splitlines() if line.strip()]


class ConventionDocument(models.Model):
    """A document of the library given to the members, for a session or for all of them."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="documents")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="documents")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("convention document")
        constraints = [
            models.UniqueConstraint(fields=["convention", "document"], name="one_document_a_convention")
        ]

    def __str__(self) -> str:
        return str(self.document)


class ObservationQuerySet(models.QuerySet["Observation"]):
    def public(self, now: datetime) -> Self:
        return self.filter(public_from__lte=now)


class Observation(models.Model):
    """What a guarantor saw, public from an instant that they choose."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="observations")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="observations")
    text = models.TextField(_("observation"), max_length=20_000)
    written_at = models.DateTimeField()
    # None: a guarantor without an account, in a convention of the past.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    public_from = models.DateTimeField(_("public from"))

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name = _("observation")

    def __str__(self) -> str:
        return self.text[:80]
