"""A convention and its mandate, who is appointed to it, its phases, freezes and publications; who may read what."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Organisation, Person, Role
from antigone.selection.models import Draw


class Phase(models.TextChoices):
    """Where a convention is. The order is the order of time, and only ever goes forward."""

    PREPARATION = "preparation", _("Preparation of the mandate")
    SELECTION = "selection", _("Invitations and draw")
    DELIBERATION = "deliberation", _("Sessions, writing and votes")
    ANSWERS = "answers", _("Answers of the elected officials")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")


class ConventionQuerySet(models.QuerySet["Convention"]):
    def public(self) -> Self:
        """Keep those whose mandate is published."""
        return self.exclude(published_at=None)

    def with_appointment(self, person: Person | None, *roles: str) -> Self:
        """Keep those to which `person` is appointed in one of these roles."""
        appointments = Appointment.objects.of_person(person).filter(role__in=roles)
        return self.filter(pk__in=appointments.values("convention"))

    def facilitated_by(self, person: Person | None) -> Self:
        return self.with_appointment(person, Appointment.Role.FACILITATOR)

    def followed_by(self, person: Person | None) -> Self:
        """Keep those of which `person` reads everything: its facilitators and guarantors."""
        return self.with_appointment(person, Appointment.Role.FACILITATOR, Appointment.Role.GUARANTOR)

    def readable_by(self, person: Person | None) -> Self:
        """Keep those of which `person` may read the public pages at least."""
        appointed = Appointment.objects.of_person(person).values("convention")
        return self.filter(Q(pk__in=Convention.objects.public()) | Q(pk__in=appointed))

    def with_answers(self) -> Self:
        """Add `adopted` and `answered`: how many proposals are adopted, and have a published answer."""
        is_adopted = Q(proposals__state="adopted")
        is_answered = is_adopted & Q(proposals__answer__published_at__isnull=False)
        return self.annotate(
            adopted=Count("proposals", filter=is_adopted, distinct=True),
            answered=Count("proposals", filter=is_answered, distinct=True),
        )


class Convention(models.Model):
    """A convention with its mandate: the question put, by whom, and what is promised to its members."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="conventions", verbose_name=_("organisation")
    )
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("question put to the convention"), max_length=1_000)
    # The mandate.
    commissioner = models.CharField(_("commissioning body"), max_length=200)
    context = models.TextField(_("why this convention"), max_length=5_000, blank=True)
    commitment = models.TextField(_("what the elected officials commit to"), max_length=2_000, blank=True)
    criteria = models.TextField(_("criteria of the panel"), max_length=2_000, blank=True)
    seats = models.PositiveIntegerField(_("members"), default=40)
    budget = models.DecimalField(_("budget in euros"), max_digits=12, decimal_places=2, null=True, blank=True)
    funding = models.TextField(_("who pays"), max_length=1_000, blank=True)
    starts_date = models.DateField(_("first day"), null=True, blank=True)
    ends_date = models.DateField(_("last day"), null=True, blank=True)
    answers_due_date = models.DateField(_("each proposal is answered by"), null=True, blank=True)
    indemnity = models.DecimalField(
        _("indemnity of a member for a day, in euros"), max_digits=8, decimal_places=2, default=0
    )
    # A text is kept where `vote_threshold` % of the judgments are at level 4 or 5 (50: more than half).
    vote_threshold = models.PositiveSmallIntegerField(_("votes: share at levels 4 and 5, in %"), default=50)
    vote_quorum = models.PositiveSmallIntegerField(_("votes: quorum, in % of the members"), default=50)
    language = models.CharField(_("language"), max_length=8, default="fr")
    # Where it is.
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.PREPARATION)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    draw = models.OneToOneField(Draw, models.PROTECT, null=True, blank=True, related_name="convention")
    # Made from public facts after the event, and from which ones.
    is_reconstruction = models.BooleanField(default=False)
    sources = models.TextField(blank=True)
    # Counts the saved edits of the mandate, so that two people do not overwrite each other.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ConventionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("convention")
        constraints = [
            models.CheckConstraint(condition=Q(seats__gt=0), name="convention_has_seats"),
            models.CheckConstraint(
                condition=Q(vote_threshold__lte=100, vote_quorum__lte=100),
                name="convention_shares_are_shares",
            ),
            models.CheckConstraint(
                condition=Q(phase="preparation") | Q(published_at__isnull=False),
                name="convention_is_published_before_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    def has_reached(self, phase: str) -> bool:
        """Tell whether the convention is in `phase` or after it."""
        order = list(Phase.values)
        return order.index(self.phase) >= order.index(phase)


class MandateChange(models.Model):
    """What the published mandate said before it was corrected, what it says since, and why."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="mandate_changes")
    field = models.CharField(max_length=40)
    # As `str` writes the value: a day is 2027-03-01.
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField(_("why it is changed"), max_length=2_000)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("change of the mandate")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="mandate_change_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.convention}: {self.field}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def of_person(self, person: Person | None) -> Self:
        """Keep what `person` is appointed to; who runs the machine, even since later, has no part in any."""
        if person is None or not person.is_active or person.has_role(Role.OPERATOR):
            return self.none()
        return self.filter(person=person)


class Appointment(models.Model):
    """What one person does in one convention: one role each, so that guarantor, facilitator, official exclude
    each other; an operator of the machine is appointed to none."""

    class Role(models.TextChoices):
        FACILITATOR = Role.FACILITATOR.value, Role.FACILITATOR.label
        GUARANTOR = Role.GUARANTOR.value, Role.GUARANTOR.label
        EXPERT = Role.EXPERT.value, Role.EXPERT.label
        ELECTED_OFFICIAL = Role.ELECTED_OFFICIAL.value, Role.ELECTED_OFFICIAL.label

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="appointments")
    # None: somebody without an account, in a convention of the past.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    # As the public reads it: a public function is not held under a pseudonym.
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=30, choices=Role)
    # What the public reads: the person's function ("deputy mayor for digital affairs").
    title = models.CharField(_("function"), max_length=200, blank=True)
    appointed_at = models.DateTimeField(auto_now_add=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        verbose_name = _("appointment")
        constraints = [
            models.UniqueConstraint(fields=["convention", "person"], name="one_role_a_person_a_convention")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_role_display()}"


class Departure(models.Model):
    """Somebody left the team of a published convention, and what the public is told of why."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="departures")
    # Who left comes back in the same role only.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=30, choices=Appointment.Role)
    title = models.CharField(max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2_000)
    # By themself, or sent away by the facilitators.
    is_own = models.BooleanField()
    left_at = models.DateTimeField()

    class Meta:
        ordering = ["left_at", "pk"]
        verbose_name = _("departure")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="departure_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_role_display()}"


class PhaseOpening(models.Model):
    """When a phase began, and who opened it."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="openings")
    phase = models.CharField(max_length=20, choices=Phase)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = _("opening of a phase")
        constraints = [models.UniqueConstraint(fields=["convention", "phase"], name="one_opening_a_phase")]

    def __str__(self) -> str:
        return f"{self.convention}: {self.get_phase_display()}"


class Freeze(models.Model):
    """A guarantor stopped a phase, with a reason that everybody reads; only a guarantor lifts it."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="freezes")
    phase = models.CharField(max_length=20, choices=Phase)
    reason = models.TextField(_("reason"), max_length=2_000)
    frozen_at = models.DateTimeField()
    # None: a guarantor without an account, in a convention of the past.
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifting_reason = models.TextField(_("why it is lifted"), max_length=2_000, blank=True)

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        verbose_name = _("freeze")
        constraints = [
            models.UniqueConstraint(
                fields=["convention"], condition=Q(lifted_at=None), name="one_freeze_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="freeze_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.convention}, {self.frozen_at:%Y-%m-%d}"


class Publication(models.Model):
    """Something that the OECD's principles have a convention publish, and where it is."""

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("Announcement before the convention")
        MANDATE = "mandate", _("Mandate")
        FUNDING = "funding", _("Budget and funding")
        SELECTION_METHOD = "selection_method", _("How the members are chosen")
        AGENDA = "agenda", _("Agenda of the sessions")
        BRIEFING = "briefing", _("Briefing given to the members")
        EVIDENCE = "evidence", _("Hearings and evidence")
        RECORDINGS = "recordings", _("Recordings or minutes")
        REPORT = "report", _("Avis of the convention")
        ANSWERS = "answers", _("Answers of the elected officials")
        EVALUATION = "evaluation", _("Evaluation")

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="publications")
    kind = models.CharField(max_length=20, choices=Kind)
    # A path of this Antigone or an address elsewhere.
    address = models.CharField(_("address"), max_length=500)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("publication")
        constraints = [
            models.UniqueConstraint(fields=["convention", "kind"], name="one_publication_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.convention}: {self.get_kind_display()}"
