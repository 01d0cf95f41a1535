"""Draws with their pool and targets, what was computed, what was committed to; who may read what."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Organisation, Person, Role


class DrawQuerySet(models.QuerySet["Draw"]):
    def prepared_by(self, person: Person | None) -> Self:
        """Keep what `person` may prepare, compute, commit to and publish: a facilitator of the organisation."""
        if person is None or not person.is_active or not person.has_role(Role.FACILITATOR):
            return self.none()
        return self.filter(organisation=person.organisation_id) if person.organisation_id else self.none()

    def followed_by(self, person: Person | None) -> Self:
        """Keep the draws of which `person` may read everything, respondents too: guarantors read all of them."""
        if person is not None and person.is_active and person.has_role(Role.GUARANTOR):
            return self.all()
        return self.prepared_by(person)

    def announced(self) -> Self:
        """Keep those that everybody knows of: from the first commitment on, were it refused."""
        refused = RefusedCommitment.objects.filter(draw=models.OuterRef("pk"))
        return self.filter(~Q(stage=Draw.Stage.PREPARED) | models.Exists(refused))

    def readable_by(self, person: Person | None) -> Self:
        """Keep the draws of which `person` may read the public page at least."""
        return self.filter(Q(pk__in=self.announced()) | Q(pk__in=self.followed_by(person)))


class Draw(models.Model):
    """Some seats to be drawn among the respondents of a pool. From the commitment on, nothing of it changes."""

    class Stage(models.TextChoices):
        PREPARED = "prepared", _("In preparation")
        COMMITTED = "committed", _("Committed to, lot to be drawn")
        DRAWN = "drawn", _("Drawn")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="draws", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=200)
    question = models.TextField(_("question"), max_length=1_000, blank=True)
    size = models.PositiveIntegerField(_("seats"))
    households = models.BooleanField(_("one person at most of each address"), default=False)
    # How much wider than the census share a band is, in per cent of it.
    tolerance = models.PositiveSmallIntegerField(default=0)
    # What was read of the file: how many people, under which columns.
    people = models.PositiveIntegerField()
    identifier_column = models.CharField(max_length=200, blank=True)
    address_columns = models.CharField(max_length=500, blank=True)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.PREPARED)
    # The guarantors one of whom must sign the commitment before the lot is drawn; none: no signature is asked.
    cosigners = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="draws_to_cosign", blank=True)
    # Counts the saved edits, so that two people do not overwrite each other.
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DrawQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("draw")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="draw_has_seats"),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(stage="prepared"), name="published_draw_is_committed_to"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_prepared(self) -> bool:
        """Whether its targets may still change."""
        return self.stage == self.Stage.PREPARED

    @property
    def is_drawn(self) -> bool:
        return self.stage == self.Stage.DRAWN

    def awaits_cosignature(self) -> bool:
        """Tell whether it is committed to and a guarantor has yet to sign what it is committed to."""
        return (
            self.stage == self.Stage.COMMITTED
            and self.cosigners.exists()
            and not Cosignature.objects.filter(draw=self, root=self.commitment.root).exists()
        )


class Target(models.Model):
    """How many members of the panel may have one value of one feature, and how many respondents have it."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="targets")
    position = models.PositiveIntegerField()
    feature = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    min = models.PositiveIntegerField()
    max = models.PositiveIntegerField()
    # How far the diagnosis may propose to go; None: as far as it takes.
    lowest = models.PositiveIntegerField(null=True, blank=True)
    highest = models.PositiveIntegerField(null=True, blank=True)
    # The census count or share that the band comes from, as it was typed.
    share = models.CharField(max_length=50, blank=True)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "feature", "value"], name="one_target_a_value"),
            models.CheckConstraint(condition=Q(min__lte=models.F("max")), name="target_is_not_crossed"),
        ]

    def __str__(self) -> str:
        return f"{self.feature}: {self.value} ({self.min}–{self.max})"


class RespondentQuerySet(models.QuerySet["Respondent"]):
    def readable_by(self, person: Person | None) -> Self:
        """Keep the respondents whose identifiers `person` may see."""
        return self.filter(draw__in=Draw.objects.followed_by(person))


class Respondent(models.Model):
    """Somebody who said yes. The engine and the public know the pseudonym only; addresses are not kept."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="respondents")
    identifier = models.CharField(max_length=200)
    pseudonym = models.CharField(max_length=20)
    # A pseudonym too, shared by those of one address; empty for who lives alone.
    household = models.CharField(max_length=20, blank=True)
    features = models.JSONField(default=dict)

    objects = RespondentQuerySet.as_manager()

    class Meta:
        ordering = ["pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "identifier"], name="one_respondent_an_identifier"),
            models.UniqueConstraint(fields=["draw", "pseudonym"], name="one_respondent_a_pseudonym"),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class ComputationQuerySet(models.QuerySet["Computation"]):
    def readable_by(self, person: Person | None) -> Self:
        return self.filter(draw__in=Draw.objects.followed_by(person))

    def unfinished(self) -> Self:
        return self.filter(state__in=[Computation.State.WAITING, Computation.State.RUNNING])

    def unpriced(self) -> Self:
        """Keep those whose chances are known and whose prices are still to be measured."""
        return self.filter(state=Computation.State.DONE, is_priced=False)


class Computation(models.Model):
    """Chances asked for, as the targets were then: how far it is, and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("In progress")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Without a result")

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="computations")
    targets_version = models.PositiveIntegerField()
    objective = models.CharField(max_length=20)
    # How many equal panels; 0: as many as the distribution has, each with its weight.
    lottery_size = models.PositiveIntegerField(default=0)
    time_limit = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    # How often it began: what brings the server down is not begun for ever.
    attempts = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=50, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    # What pages show of the result without opening its files (`results.Summary`).
    summary = models.JSONField(default=dict, blank=True)
    is_priced = models.BooleanField(default=False)

    objects = ComputationQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("computation")
        constraints = [
            models.UniqueConstraint(
                fields=["draw"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_computation_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draw}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE


class ComputedFile(models.Model):
    """What a computation found, compressed (gzip) JSON, in a row of its own: it may be several megabytes."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificate")
        LOTTERY = "lottery", _("Lottery")
        SENSITIVITY = "sensitivity", _("Price of the targets")

    computation = models.ForeignKey(Computation, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["computation", "kind"], name="one_computed_file_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.computation}, {self.kind}"


class Commitment(models.Model):
    """What was fixed before the lot: `document` is published at once, `secret` opens it once the lot is drawn."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="commitment")
    computation = models.ForeignKey(Computation, models.PROTECT, related_name="+")
    root = models.CharField(max_length=64)
    document = models.JSONField()
    secret = models.BinaryField()
    announced_at = models.DateTimeField()
    committed_at = models.DateTimeField()
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("commitment")

    def __str__(self) -> str:
        return f"{self.draw}, {self.root[:8]}"


class Cosignature(models.Model):
    """A guarantor's signature of a commitment, by its hash; the name stays if the account goes."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="cosignature")
    root = models.CharField(max_length=64)
    sentence = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=150)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("cosignature")

    def __str__(self) -> str:
        return f"{self.draw}, {self.name}"


class RefusedCommitment(models.Model):
    """A commitment that became void: a guarantor refused it, or its instant passed without a signature."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="refused_commitments")
    root = models.CharField(max_length=64)
    document = models.JSONField()
    committed_at = models.DateTimeField()
    reason = models.CharField(max_length=1_000)
    # Nobody signed in time: whoever says so need not be a guarantor.
    has_lapsed = models.BooleanField()
    name = models.CharField(max_length=150)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("refused commitment")

    def __str__(self) -> str:
        return f"{self.draw}, {self.root[:8]}"


class Outcome(models.Model):
    """What fell in public, and the number of the panel that it names."""

    draw = models.OneToOneField(Draw, models.PROTECT, related_name="outcome")
    document = models.JSONField()
    panel = models.PositiveIntegerField()
    seal = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("outcome")

    def __str__(self) -> str:
        return f"{self.draw}, {self.panel}"
