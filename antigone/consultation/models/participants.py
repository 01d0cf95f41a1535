"""Who takes part, without a name: the key of a cookie, how they came in, what they chose to say of themselves."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.consultation.models.consultations import Consultation


class DoorCode(models.Model):
    """A code printed in a letter: a keyed hash of it. Whose letter it was in stands nowhere."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="codes")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"code {self.pk}"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def online(self) -> Self:
        return self.filter(channel=Participant.Channel.ONLINE)

    def off_line(self) -> Self:
        """Keep those whose votes somebody entered for them."""
        return self.filter(channel__in=(Participant.Channel.PAPER, Participant.Channel.PHONE))


class Participant(models.Model):
    """Somebody who votes. The number that the cookie signs; no name, no address.

    `network` is a keyed hash, emptied once the consultation is over; `person_key` one of an account, so that
    whoever signs in finds their votes again and nobody else can say whose they are.
    """

    class Channel(models.TextChoices):
        ONLINE = "online", _("Online")
        PAPER = "paper", _("On paper")
        PHONE = "phone", _("By telephone")
        IMPORT = "import", _("Imported")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="participants")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ONLINE)
    network = models.CharField(max_length=32, blank=True)
    person_key = models.CharField(max_length=64, null=True, blank=True)
    code = models.OneToOneField(DoorCode, models.SET_NULL, null=True, blank=True, related_name="participant")
    # Votes cast off line: the number written on the sheet, and who entered them.
    sheet = models.CharField(_("number of the sheet"), max_length=40, blank=True)
    entered_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField()

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("participant")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person_key"], name="participant_is_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["consultation", "sheet"], condition=~Q(sheet=""), name="participant_is_one_a_sheet"
            ),
        ]
        indexes = [models.Index(fields=["consultation", "network"], name="participant_network")]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class ProfileQuestion(models.Model):
    """Something that participants may say of themselves, so that one sees who is missing."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="profile_questions")
    text = models.CharField(_("question"), max_length=200)
    # Where the shares come from: “Insee, census of 2022”.
    source = models.CharField(_("source of the shares"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class ProfileOption(models.Model):
    """An answer to choose; `share` is that of the inhabitants, in %, where it is known."""

    question = models.ForeignKey(ProfileQuestion, models.CASCADE, related_name="options")
    text = models.CharField(_("answer"), max_length=100)
    share = models.DecimalField(
        _("share of the inhabitants, in %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class ProfileAnswer(models.Model):
    """What a participant said of themselves: one option a question; kept apart from votes in all that is published."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="profile")
    question = models.ForeignKey(ProfileQuestion, models.CASCADE, related_name="answers")
    option = models.ForeignKey(ProfileOption, models.CASCADE, related_name="answers")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "question"], name="profile_answer_is_one_a_question"
            )
        ]

    def __str__(self) -> str:
        return str(self.option)


class Suspicion(models.Model):
    """Participants who behave as one would not expect: shown with their votes and without, never deleted silently."""

    class Kind(models.TextChoices):
        BURST = "burst", _("Many newcomers at once")
        IDENTICAL = "identical", _("The same votes, again and again")
        PACE = "pace", _("Votes faster than one can read")

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        CLEARED = "cleared", _("Nothing unusual")
        SET_APART = "set_apart", _("Set apart")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="suspicions")
    kind = models.CharField(max_length=20, choices=Kind)
    # The first participant found: nobody is found twice for one kind of reason.
    key = models.CharField(max_length=100)
    participants = models.ManyToManyField(Participant, related_name="suspicions")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    reason = models.TextField(_("why"), max_length=2_000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "kind", "key"], name="suspicion_is_found_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.first_at:%Y-%m-%d}"
