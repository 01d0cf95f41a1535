"""Recruitments: the register of whom may be contacted, who was drawn and invited, what they replied; who reads what."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Organisation, Person, Role
from antigone.selection.models.draws import Draw

# Whoever watches the recruitment, or runs the machine, does not telephone for it.
NEVER_CALLERS = (Role.GUARANTOR, Role.OPERATOR, Role.ELECTED_OFFICIAL)


class RecruitmentQuerySet(models.QuerySet["Recruitment"]):
    def led_by(self, person: Person | None) -> Self:
        """Keep what `person` may change and export: a facilitator of the organisation."""
        if person is None or not person.is_active or not person.has_role(Role.FACILITATOR):
            return self.none()
        return self.filter(organisation=person.organisation_id) if person.organisation_id else self.none()

    def counted_by(self, person: Person | None) -> Self:
        """Keep those of which `person` may read the counts and verify the draw: guarantors, all of them."""
        if person is not None and person.is_active and person.has_role(Role.GUARANTOR):
            return self.all()
        return self.led_by(person)

    def called_by(self, person: Person | None) -> Self:
        """Keep those for which `person` may enter replies: its facilitators, and the callers whom they named."""
        if person is None or not person.is_active or person.has_role(*NEVER_CALLERS):
            return self.none()
        return self.filter(Q(pk__in=self.led_by(person).values("pk")) | Q(callers=person)).distinct()

    def announced(self) -> Self:
        """Keep those whose notice everybody reads: from the fingerprint of the register on."""
        return self.exclude(root="")

    def open_to_replies(self) -> Self:
        """Keep those to which one may still reply."""
        today = timezone.localdate()
        return self.filter(state=Recruitment.State.DRAWN, reply_date__gte=today, purge_date__gt=today)

    def to_purge(self) -> Self:
        """Keep those whose personal data should be gone by now."""
        return self.exclude(state=Recruitment.State.PURGED).filter(purge_date__lte=timezone.localdate())

    def importing(self) -> Self:
        return self.filter(state=Recruitment.State.IMPORTING)


class Recruitment(models.Model):
    """People to be invited, so that some of them say yes: where they come from, how they are drawn, until when kept."""

    class Source(models.TextChoices):
        REGISTER = "register", _("A register of people (voters…)")
        ADDRESSES = "addresses", _("Addresses, whose household is invited")
        PHONES = "phones", _("Telephone numbers drawn by a seed")

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        MAPPING = "mapping", _("File to be described")
        IMPORTING = "importing", _("Import in progress")
        REFUSED = "refused", _("File refused")
        READY = "ready", _("Ready for the draw of contacts")
        DRAWN = "drawn", _("Invitations under way")
        PURGED = "purged", _("Personal data erased")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="recruitments", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), max_length=1_000)
    source = models.CharField(max_length=20, choices=Source)
    # What the notice says (article 14 of the GDPR): where the data come from, who is missing, whom to write to.
    origin = models.TextField(max_length=1_000)
    missing = models.TextField(max_length=1_000, blank=True)
    contact_point = models.CharField(max_length=300)
    reply_date = models.DateField()
    purge_date = models.DateField()
    # [[feature, [[value, census count or share], …]], …] in the order of the form.
    features = models.JSONField(default=list)
    # The dates at which one must be free, a line each.
    dates = models.JSONField(default=list, blank=True)
    callers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    # The file while it waits, under a name of ours, and what its columns hold; or the plan of the numbers to draw.
    file = models.CharField(max_length=64, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    columns = models.JSONField(default=list, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    drops_repeated = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    # What the reading found: faults by line without a word of the file, how many, what was left out.
    report = models.JSONField(default=dict, blank=True)

    # What stays for ever: the fingerprint of the rows, how many there are in each stratum, and how they were drawn.
    rows = models.PositiveIntegerField(default=0)
    strata = models.JSONField(default=dict, blank=True)
    strata_names = models.CharField(max_length=500, blank=True)
    root = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    # Gives each row its salt; destroyed with the personal data.
    secret = models.BinaryField(default=b"", blank=True)
    size = models.PositiveIntegerField(default=0)
    one_per_household = models.BooleanField(default=False)
    # Where the seed will come from, said before anybody can know it; empty where that was not said.
    seed_event = models.CharField(max_length=300, blank=True)
    seed_due_at = models.DateTimeField(null=True, blank=True)
    seed_announced_at = models.DateTimeField(null=True, blank=True)
    seed = models.CharField(max_length=200, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    draw = models.ForeignKey(Draw, models.SET_NULL, null=True, blank=True, related_name="+")
    purged_at = models.DateTimeField(null=True, blank=True)
    # Counts of the replies, written when the replies themselves go.
    summary = models.JSONField(default=dict, blank=True)

    objects = RecruitmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("recruitment")
        constraints = [
            models.CheckConstraint(
                condition=Q(seed="") | (~Q(root="") & Q(drawn_at__gt=models.F("sealed_at"))),
                name="contacts_are_drawn_after_the_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(seed="") | Q(seed_due_at=None) | Q(drawn_at__gte=models.F("seed_due_at")),
                name="seed_is_not_noted_before_its_hour",
            ),
            models.CheckConstraint(
                condition=~Q(state="purged") | (Q(secret=b"") & Q(file="")),
                name="purged_recruitment_has_no_secret",
            ),
            models.CheckConstraint(
                condition=Q(purge_date__gt=models.F("reply_date")), name="purge_comes_after_replies"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_drawn(self) -> bool:
        return self.state == self.State.DRAWN

    @property
    def is_purged(self) -> bool:
        return self.state == self.State.PURGED

    @property
    def can_take_a_source(self) -> bool:
        """Whether a file may still be given, or given anew."""
        return self.state in (self.State.DRAFT, self.State.MAPPING, self.State.REFUSED)

    @property
    def is_open(self) -> bool:
        """Whether one may still reply today."""
        return self.is_drawn and timezone.localdate() <= self.reply_date


class Contact(models.Model):
    """A row of the register: the mapped columns until the purge, then number, stratum and salted hash alone."""

    recruitment = models.ForeignKey(Recruitment, models.CASCADE, related_name="contacts")
    number = models.PositiveIntegerField()
    stratum = models.CharField(max_length=300)
    # A keyed mark, shared by the rows of one household; empty for who lives alone.
    household = models.CharField(max_length=16, blank=True)
    name = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    hash = models.BinaryField()
    is_drawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recruitment", "number"], name="one_contact_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.recruitment_id}, {self.number}"

    @property
    def spoken_phone(self) -> str:
        """The telephone number as people read it out: a French one two digits at a time."""
        pairs = [self.phone[place : place + 2] for place in range(0, len(self.phone), 2)]
        return "\u00a0".join(pairs) if len(self.phone) == 10 else self.phone


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def workable_by(self, person: Person | None) -> Self:
        """Keep the invitations whose name and number `person` may see, to enter replies."""
        return self.filter(recruitment__in=Recruitment.objects.called_by(person))

    def awaited(self) -> Self:
        """Keep those to which nobody has answered in any way."""
        return self.filter(
            state__in=[Invitation.State.TO_SEND, Invitation.State.SENT, Invitation.State.UNREACHABLE]
        )

    def count_states(self) -> dict[str, int]:
        """Count the invitations in each state; a state that nobody is in counts 0."""
        counted = dict(self.order_by().values_list("state").annotate(count=Count("pk")))
        return {state: counted.get(state, 0) for state in Invitation.State.values}

    def find(self, text: str) -> Self:
        """Keep those of this number, of this telephone number, or whose name or address holds these words."""
        words = text.split()
        digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
        if not words:
            return self.none()
        if len(digits) == len("".join(words).replace(".", "").replace("-", "").replace("+", "")):
            if len(digits) >= 9:
                return self.filter(contact__phone__endswith=digits[-9:])
            return self.filter(number=int(digits))
        found = self
        for word in words:
            found = found.filter(Q(contact__name__icontains=word) | Q(contact__address__icontains=word))
        return found


class Invitation(models.Model):
    """A contact who was drawn: what they are known by in letters and on the telephone, and how far it went."""

    class State(models.TextChoices):
        TO_SEND = "to_send", _("To be sent or called")
        SENT = "sent", _("Letter sent")
        UNREACHABLE = "unreachable", _("Not reached")
        ANSWERED = "answered", _("Said yes")
        DECLINED = "declined", _("Said no")
        OPTED_OUT = "opted_out", _("Wants no more contact")

    recruitment = models.ForeignKey(Recruitment, models.CASCADE, related_name="invitations")
    # None once the personal data are erased: who was invited cannot be told from who replied.
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="invitation")
    # Drawn by lot too: it says nothing of the row.
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.TO_SEND)
    # Only the hash of the personal code is kept; None where no code may be used.
    code_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    calls = models.PositiveSmallIntegerField(default=0)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["recruitment", "number"], name="one_invitation_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.recruitment_id}, {self.number}"

    @property
    def is_awaited(self) -> bool:
        return self.state in (self.State.TO_SEND, self.State.SENT, self.State.UNREACHABLE)


class Reply(models.Model):
    """What somebody invited said: what they are like, and what they need in order to come."""

    class Channel(models.TextChoices):
        CODE = "code", _("with the code of the letter")
        PHONE = "phone", _("on the telephone")
        CSV = "csv", _("from a file")

    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="reply")
    features = models.JSONField(default=dict)
    name = models.CharField(max_length=200, blank=True)
    reach = models.CharField(max_length=200, blank=True)
    # The dates at which the person is not free.
    unavailable = models.JSONField(default=list, blank=True)
    childcare = models.BooleanField(default=False)
    mobility = models.BooleanField(default=False)
    plain_language = models.BooleanField(default=False)
    interpreter = models.CharField(max_length=100, blank=True)
    note = models.TextField(max_length=1_000, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["entered_at", "pk"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    def __str__(self) -> str:
        return f"{self.invitation}, {self.channel}"


def list_shares(recruitment: Recruitment) -> dict[str, dict[str, Any]]:
    """Give the census shares of a recruitment by feature and value, as the engine takes them."""
    return {feature: dict(values) for feature, values in recruitment.features}
