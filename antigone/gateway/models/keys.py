"""Keys to the models, what each may do, and how much."""

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Organisation, Person
from antigone.register.models import Use


class Endpoint(models.TextChoices):
    """What a request asks for. Listing models is open to every key."""

    CHAT = "chat", _("Chat (chat/completions, responses)")
    COMPLETIONS = "completions", _("Completions")
    EMBEDDINGS = "embeddings", _("Embeddings")
    RERANK = "rerank", _("Rerank")
    TRANSCRIPTIONS = "transcriptions", _("Transcriptions")
    BATCHES = "batches", _("Files and batches")
    LIBRARY = "library", _("Collections, documents and search")


class KeyQuerySet(models.QuerySet["Key"]):
    def usable(self, now: datetime) -> Self:
        """Keep the keys that open something now; their use and their holder are looked at apart."""
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))

    def of(self, person: Person | None) -> Self:
        """Keep the keys of the person's organisation."""
        if person is None or not person.is_active or person.organisation_id is None:
            return self.none()
        return self.filter(use__organisation=person.organisation_id)


class Key(models.Model):
    """What a programme shows to be let in, for one use. Its secret is shown once and stands nowhere."""

    use = models.ForeignKey(Use, models.PROTECT, related_name="keys", verbose_name=_("use"))
    # Documents are read by the right of this person, and the key goes with the account.
    person = models.ForeignKey(Person, models.PROTECT, related_name="keys", verbose_name=_("held by"))
    name = models.CharField(_("name"), max_length=120)
    # The first letters of the secret, to recognise it by.
    prefix = models.CharField(max_length=16)
    # SHA-256: 256 random bits need no salt and no slowness.
    secret_sha256 = models.CharField(max_length=64, unique=True)
    # Empty: all that are offered, all endpoints, from everywhere.
    model_names = models.JSONField(_("models"), default=list, blank=True)
    endpoints = models.JSONField(_("endpoints"), default=list, blank=True)
    networks = models.JSONField(_("networks"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = KeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("key")

    def __str__(self) -> str:
        return self.name


class Limit(models.Model):
    """How much one organisation, use or key may ask in a window of time. 0 forbids; no row is no limit."""

    class Measure(models.TextChoices):
        REQUESTS_MINUTE = "requests_minute", _("requests a minute")
        REQUESTS_DAY = "requests_day", _("requests a day")
        TOKENS_MINUTE = "tokens_minute", _("tokens a minute")
        TOKENS_DAY = "tokens_day", _("tokens a day")
        TOKENS_MONTH = "tokens_month", _("tokens a month")
        # In Wh: a whole number of kWh would be too coarse for a small association.
        ENERGY_MONTH = "energy_month", _("Wh a month")

    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="limits",
        verbose_name=_("organisation"),
    )
    use = models.ForeignKey(
        Use, models.CASCADE, null=True, blank=True, related_name="limits", verbose_name=_("use")
    )
    key = models.ForeignKey(
        Key, models.CASCADE, null=True, blank=True, related_name="limits", verbose_name=_("key")
    )
    measure = models.CharField(_("what is limited"), max_length=20, choices=Measure)
    amount = models.PositiveBigIntegerField(_("at most"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("limit")
        constraints = [
            models.CheckConstraint(
                name="limit_is_of_one_thing",
                condition=Q(organisation__isnull=False, use=None, key=None)
                | Q(organisation=None, use__isnull=False, key=None)
                | Q(organisation=None, use=None, key__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=[of, "measure"], condition=Q(**{f"{of}__isnull": False}), name=f"one_limit_a_{of}"
                )
                for of in ("organisation", "use", "key")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_measure_display()}"


class RevisionManager(models.Manager["Revision"]):
    def read(self) -> int:
        """Return how many changes there were."""
        return self.filter(pk=1).values_list("number", flat=True).first() or 0

    def advance(self) -> None:
        """Count one more, in the transaction of the change itself."""
        if not self.filter(pk=1).update(number=models.F("number") + 1):
            self.get_or_create(pk=1, defaults={"number": 1})


class Revision(models.Model):
    """Counts the changes of all that each process of the gateway holds in memory; one row (1)."""

    number = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[RevisionManager] = RevisionManager()

    def __str__(self) -> str:
        return str(self.number)
