"""Who sits, under which name in public; what they are owed; what they write for themselves."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person, Role
from antigone.convention.models.conventions import Convention
from antigone.selection.models import Seat


class MemberQuerySet(models.QuerySet["Member"]):
    def sitting(self) -> Self:
        """Keep those who sit now."""
        return self.filter(left_at=None)

    def of_person(self, person: Person | None) -> Self:
        """Keep what `person` is: at most one member of each convention; none for who runs the machine."""
        if person is None or not person.is_active or person.has_role(Role.OPERATOR):
            return self.none()
        return self.filter(person=person)


class Member(models.Model):
    """A member as everybody may know them: never join to it, in anything public, a row of `Identity`."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="members")
    number = models.PositiveIntegerField(_("seat"))
    # A given name chosen by the member; until then "Membre 417", a figure drawn by chance: never that of the seat.
    pseudonym = models.CharField(_("name in public"), max_length=60)
    # The real name, only while the member consents to its publication; shown instead of the pseudonym.
    published_name = models.CharField(max_length=150, blank=True)
    # What the draw counted: age class, gender… Shown in totals only.
    features = models.JSONField(default=dict)
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    # The hash of the personal code with which a member opens an account; empty once used.
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = _("member")
        constraints = [
            models.UniqueConstraint(fields=["convention", "number"], name="one_member_a_number"),
            models.UniqueConstraint(fields=["convention", "pseudonym"], name="one_member_a_pseudonym"),
            models.UniqueConstraint(
                fields=["convention", "person"],
                condition=Q(person__isnull=False),
                name="one_membership_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.published_name or self.pseudonym

    @property
    def is_sitting(self) -> bool:
        return self.left_at is None


class Identity(models.Model):
    """Who a member really is: read by that member and the facilitators alone, kept apart from what is public."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="identity")
    name = models.CharField(_("name"), max_length=200)
    # How the draw names this person; empty where there was none here.
    identifier = models.CharField(max_length=200, blank=True)
    contact = models.CharField(_("telephone or e-mail"), max_length=200, blank=True)
    # Childcare, mobility, interpreter…
    needs = models.TextField(_("needs"), max_length=1_000, blank=True)

    class Meta:
        verbose_name = _("identity")

    def __str__(self) -> str:
        return f"identity {self.pk}"


class Consent(models.Model):
    """A member agreed to be named in public, or took it back: each time is kept."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="consents")
    is_given = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["-said_at", "-pk"]
        verbose_name = _("consent")

    def __str__(self) -> str:
        return f"{self.member_id}, {self.said_at:%Y-%m-%d}"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def sum_up(self) -> tuple[Decimal, Decimal]:
        """Return how much is owed in all, and how much of it is paid."""
        total = Sum("amount", default=Decimal(0))
        paid = Sum("amount", filter=Q(paid_at__isnull=False), default=Decimal(0))
        sums = self.aggregate(total=total, paid=paid)
        return sums["total"], sums["paid"]


class Payment(models.Model):
    """Money owed to a member, then paid."""

    class Kind(models.TextChoices):
        INDEMNITY = "indemnity", _("Indemnity for a day")
        TRAVEL = "travel", _("Travel")
        CHILDCARE = "childcare", _("Childcare")
        OTHER = "other", _("Other costs")

    member = models.ForeignKey(Member, models.CASCADE, related_name="payments")
    session = models.ForeignKey(
        "convention.Session", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    label = models.CharField(_("for what"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount in euros"), max_digits=8, decimal_places=2)
    owed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["owed_at", "pk"]
        verbose_name = _("payment")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_of_something"),
            models.UniqueConstraint(
                fields=["member", "session"], condition=Q(kind="indemnity"), name="one_indemnity_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.amount}"


class Note(models.Model):
    """What a member writes for themselves: nobody else reads it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=20_000)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name = _("note")

    def __str__(self) -> str:
        return f"note {self.pk}"
