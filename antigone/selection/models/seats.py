"""Who was drawn for each seat, who holds it now, what they said of it; whom to call, and who was called."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from antigone.selection.models.draws import Draw, Respondent


class SeatQuerySet(models.QuerySet["Seat"]):
    def vacant(self) -> Self:
        """Keep the seats whose holder will not come."""
        return self.filter(state__in=[Seat.State.DECLINED, Seat.State.WITHDRAWN])

    def held(self) -> Self:
        """Keep the seats whose holder has not said no."""
        return self.exclude(state__in=[Seat.State.DECLINED, Seat.State.WITHDRAWN])


class Seat(models.Model):
    """A numbered seat of the panel: the respondent drawn for it, for good, and who holds it now."""

    class State(models.TextChoices):
        DRAWN = "drawn", _("Waiting for an answer")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    # What may be said of a seat as it is; until it is given to somebody else, a no may become a yes again.
    ANSWERS = {
        State.DRAWN: (State.CONFIRMED, State.DECLINED),
        State.CONFIRMED: (State.WITHDRAWN,),
        State.DECLINED: (State.CONFIRMED,),
        State.WITHDRAWN: (State.CONFIRMED,),
    }

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="seats")
    number = models.PositiveIntegerField()
    # Never changes: the proof of the lot is about who was drawn.
    respondent = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    holder = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.DRAWN)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("seat")
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_seat_a_number"),
            models.UniqueConstraint(fields=["draw", "respondent"], name="one_seat_a_respondent"),
            models.UniqueConstraint(fields=["draw", "holder"], name="one_seat_a_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.draw}, {self.number}"

    @property
    def is_vacant(self) -> bool:
        """Whether its holder will not come."""
        return self.state in (self.State.DECLINED, self.State.WITHDRAWN)


class SeatAnswer(models.Model):
    """What somebody said of the seat that they held: its history, for the team."""

    class How(models.TextChoices):
        PHONE = "phone", _("by telephone")
        CODE = "code", _("with the code of the letter")

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="answers")
    respondent = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=Seat.State)
    how = models.CharField(max_length=10, choices=How)
    # Who took the call; nobody, where a code was typed.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("seat answer")

    def __str__(self) -> str:
        return f"{self.seat}, {self.state}"


class SeatCode(models.Model):
    """The hash of the code in somebody's letter, which answers once for the seat that they hold."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="codes")
    respondent = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    # The moment it was used, or an answer by telephone made it useless.
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("seat code")
        constraints = [models.UniqueConstraint(fields=["seat", "respondent"], name="one_code_a_holder")]

    def __str__(self) -> str:
        return str(self.seat)


class Alternate(models.Model):
    """Somebody to call when a member drops out, in the order of the calls; `share` is of the cases foreseen."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="alternates")
    number = models.PositiveIntegerField()
    respondent = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    share = models.FloatField()
    # The targets that this person saves most, [[feature, value], …].
    saves = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "number"], name="one_alternate_a_number"),
            models.UniqueConstraint(fields=["draw", "respondent"], name="one_alternate_a_respondent"),
        ]

    def __str__(self) -> str:
        return f"{self.draw}, {self.number}"


class Replacement(models.Model):
    """Somebody called to a seat in place of somebody else, and why that person: public, under pseudonyms."""

    class Reason(models.TextChoices):
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrew after confirming")
        UNREACHABLE = "unreachable", _("could not be reached")

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="replacements")
    former = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    newcomer = models.ForeignKey(Respondent, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason)
    keeps_targets = models.BooleanField()
    # What pages say of the choice (`replacing.Choice`), to be said again in any language.
    explanation = models.JSONField()
    # Why, where the order of the alternates alone did not decide.
    decided_because = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("replacement")
        constraints = [
            models.UniqueConstraint(fields=["seat", "newcomer"], name="nobody_called_twice_to_a_seat"),
            models.CheckConstraint(
                condition=models.Q(keeps_targets=True) | ~models.Q(decided_because=""),
                name="missed_targets_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}, {self.newcomer}"
