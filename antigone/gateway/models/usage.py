"""What was used: a row a request, never with its text; sums by the hour; what limits have left."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person


class EnergyMethod(models.TextChoices):
    """How the energy of a request is known. The two are never added without saying so."""

    MEASURED = "measured", _("measured")
    ESTIMATED = "estimated", _("estimated")
    UNKNOWN = "unknown", _("not known")


class Usage(models.Model):
    """One request: who, what for, which model, how much, how long, how it ended. Never the text.

    Written first to a file of the process that answered (`spool.py`), whose lines are moved here. Numbers of rows and
    not foreign keys: what was used is kept when a key is gone.
    """

    at = models.DateTimeField(db_index=True)
    organisation_id = models.BigIntegerField(null=True)
    use_id = models.BigIntegerField(null=True)
    key_id = models.BigIntegerField(null=True)
    endpoint = models.CharField(max_length=20)
    model = models.CharField(max_length=120)
    engine = models.CharField(max_length=120, blank=True)
    # The status told to the client; a stream that broke after its 200 has the status that says why.
    status = models.PositiveSmallIntegerField()
    # The code of the refusal or failure, as in docs/errors.md.
    error = models.CharField(max_length=50, blank=True)
    prompt_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    first_ms = models.PositiveIntegerField(null=True)
    total_ms = models.PositiveIntegerField()
    energy_wh = models.FloatField(null=True)
    carbon_g = models.FloatField(null=True)
    method = models.CharField(max_length=10, choices=EnergyMethod, default=EnergyMethod.UNKNOWN)

    class Meta:
        verbose_name = _("usage")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.model} {self.status}"


class Spool(models.Model):
    """How much of a process's file of usage is in the table already, in bytes: a line is never counted twice."""

    name = models.CharField(max_length=80, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class HourlyUsageQuerySet(models.QuerySet["HourlyUsage"]):
    def of(self, person: Person | None) -> Self:
        """Keep what the person's organisation used; nothing for a visitor."""
        if person is None or not person.is_active or person.organisation_id is None:
            return self.none()
        return self.filter(organisation_id=person.organisation_id)


class HourlyUsage(models.Model):
    """Sums of one hour, of one use by one key with one model, with the names of that time."""

    hour = models.DateTimeField()
    organisation_id = models.BigIntegerField(null=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    use_id = models.BigIntegerField(null=True)
    use_name = models.CharField(max_length=120, blank=True)
    key_id = models.BigIntegerField(null=True)
    key_name = models.CharField(max_length=120, blank=True)
    endpoint = models.CharField(max_length=20)
    model = models.CharField(max_length=120)
    method = models.CharField(max_length=10, choices=EnergyMethod)
    requests = models.PositiveIntegerField(default=0)
    # Of these, how many were refused (4xx) and how many failed (5xx).
    refused = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    prompt_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    total_ms = models.PositiveBigIntegerField(default=0)
    energy_wh = models.FloatField(default=0)
    carbon_g = models.FloatField(default=0)

    objects = HourlyUsageQuerySet.as_manager()

    class Meta:
        ordering = ["hour", "pk"]
        verbose_name = _("usage of an hour")
        indexes = [models.Index(fields=["organisation_id", "hour"], name="usage_of_an_organisation")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}h {self.model}"


class Allowance(models.Model):
    """How much of a limit was given to the processes in one window of time: never more than the limit.

    Each process takes a share and spends it in its own memory (`allowances.py`), so that a limit holds over all of
    them and a request waits for the database only when a share is spent. `taken` counts requests, tokens or mWh.
    """

    limit = models.ForeignKey("gateway.Limit", models.CASCADE, related_name="allowances")
    window_start = models.DateTimeField()
    taken = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["limit", "window_start"], name="one_allowance_a_window")
        ]

    def __str__(self) -> str:
        return f"{self.limit}: {self.taken}"
