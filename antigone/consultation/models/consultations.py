"""A consultation: the question, by whom, until when, under which rules; who leads and moderates it; who reads what."""

import secrets
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Organisation, Person, Role
from antigone.consultation.models.pictures import Picture

# Whoever watches, runs the machine or answers does not decide what may be said.
NEVER_MODERATORS = (Role.GUARANTOR, Role.OPERATOR, Role.ELECTED_OFFICIAL)


class State(models.TextChoices):
    """Where a consultation is on a day."""

    DRAFT = "draft", _("In preparation")
    ANNOUNCED = "announced", _("Opens soon")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


def draw_salt() -> str:
    """Draw what makes fingerprints of votes say nothing to who guesses the votes."""
    return secrets.token_hex(32)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def public(self) -> Self:
        """Keep those that are published."""
        return self.exclude(published_at=None)

    def open_on(self, today: date) -> Self:
        """Keep those that take votes on a day."""
        return self.public().filter(closed_at=None, opens_date__lte=today, closes_date__gte=today)

    def led_by(self, person: Person | None) -> Self:
        """Keep those that `person` prepares, opens and closes: a facilitator of the organisation, never an operator."""
        if person is None or not person.is_active or not person.has_role(Role.FACILITATOR):
            return self.none()
        if person.organisation_id is None or person.has_role(Role.OPERATOR):
            return self.none()
        return self.filter(organisation=person.organisation_id)

    def moderated_by(self, person: Person | None) -> Self:
        """Keep those whose statements `person` decides on: who leads them, and the moderators whom they named."""
        if person is None or not person.is_active or person.has_role(*NEVER_MODERATORS):
            return self.none()
        is_named = Q(pk__in=Moderator.objects.filter(person=person).values("consultation"))
        return self.filter(Q(pk__in=self.model.objects.led_by(person).values("pk")) | is_named)

    def followed_by(self, person: Person | None) -> Self:
        """Keep those whose moderation and suspicions `person` reads: its moderators, and guarantors, all published."""
        moderated = self.model.objects.moderated_by(person).values("pk")
        if person is not None and person.is_active and person.has_role(Role.GUARANTOR):
            return self.filter(Q(pk__in=moderated) | ~Q(published_at=None))
        return self.filter(pk__in=moderated)

    def readable_by(self, person: Person | None) -> Self:
        """Keep those of which `person` may open the public pages."""
        return self.filter(
            ~Q(published_at=None) | Q(pk__in=self.model.objects.moderated_by(person).values("pk"))
        )

    def with_new_votes(self) -> Self:
        """Keep those whose live picture is behind the votes."""
        is_drawn = Picture.objects.live().filter(number=F("consultation__last_number"))
        return self.exclude(last_number=0).exclude(pk__in=is_drawn.values("consultation"))


class Consultation(models.Model):
    """A question put to everybody, and the rules under which it is discussed."""

    class Moderation(models.TextChoices):
        BEFORE = "before", _("Read before they are shown")
        AFTER = "after", _("Shown at once, read afterwards")

    class Door(models.TextChoices):
        OPEN = "open", _("Everybody")
        CODE = "code", _("Whoever received a code by letter")
        SIGN_IN = "sign_in", _("Whoever has an account here")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="consultations", verbose_name=_("organisation")
    )
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("question"), max_length=500)
    context = models.TextField(_("what one should know"), max_length=5_000, blank=True)
    asked_by = models.CharField(_("who is asking"), max_length=200)
    use = models.TextField(_("what will be done with it"), max_length=2_000, blank=True)
    opens_date = models.DateField(_("first day"), null=True, blank=True)
    closes_date = models.DateField(_("last day"), null=True, blank=True)
    # The rules.
    moderation = models.CharField(
        _("moderation"), max_length=10, choices=Moderation, default=Moderation.BEFORE
    )
    door = models.CharField(_("who may vote"), max_length=10, choices=Door, default=Door.OPEN)
    takes_statements = models.BooleanField(_("participants may add statements"), default=True)
    statement_length = models.PositiveSmallIntegerField(_("characters of a statement"), default=140)
    statements_each = models.PositiveSmallIntegerField(_("statements of one participant"), default=10)
    visit_cap = models.PositiveSmallIntegerField(_("statements asked in one visit"), default=30)
    # Names of sites (https://…, one a line) whose pages may show the vote in a frame.
    embedders = models.TextField(_("sites that may embed it"), max_length=1_000, blank=True)
    # Set with a recorded `Choice` alone: the votes of each participant are then published, under random names.
    publishes_matrix = models.BooleanField(default=False)
    # Where it is.
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Numbers given to statements, and to the changes of votes: only ever grow.
    last_statement = models.PositiveIntegerField(default=0)
    last_number = models.BigIntegerField(default=0)
    # Goes before the votes in the fingerprints that are published: whoever audits them is shown it, nobody else.
    salt = models.CharField(max_length=64, default=draw_salt, editable=False)
    # Counts the saved edits, so that two people do not overwrite each other.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("consultation")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(opens_date__isnull=False, closes_date__isnull=False),
                name="consultation_has_its_days_when_published",
            ),
            models.CheckConstraint(
                condition=Q(opens_date=None) | Q(closes_date=None) | Q(closes_date__gte=F("opens_date")),
                name="consultation_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    def find_state(self, today: date) -> State:
        """Say where it is on a day: votes are taken while it is open, the last day included."""
        if self.published_at is None or self.opens_date is None or self.closes_date is None:
            return State.DRAFT
        if self.closed_at is not None or today > self.closes_date:
            return State.CLOSED
        return State.ANNOUNCED if today < self.opens_date else State.OPEN

    def is_open(self, today: date) -> bool:
        return self.find_state(today) == State.OPEN


class Moderator(models.Model):
    """Somebody who decides on statements without leading the consultation."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="moderators")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    named_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person"], name="moderator_is_named_once")
        ]

    def __str__(self) -> str:
        return str(self.person)


class Choice(models.Model):
    """What those who lead a published consultation chose or changed, why and when: everybody reads it."""

    class Kind(models.TextChoices):
        TEXT = "text", _("What is said of it")
        DAYS = "days", _("Its days")
        MODERATION = "moderation", _("Moderation")
        DOOR = "door", _("Who may vote")
        RULES = "rules", _("Limits")
        MATRIX = "matrix", _("Publication of the votes of each participant")
        CLOSE = "close", _("Closed before its day")
        REOPEN = "reopen", _("Opened again")
        SUSPICION = "suspicion", _("Unusual votes")
        SHEET = "sheet", _("Votes off line")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="choices")
    kind = models.CharField(max_length=20, choices=Kind)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField(_("why"), max_length=2_000)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason[:80]}"
