"""The city's models, each with its passport, and the engines that run them."""

from typing import cast

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.gateway.engines import Engine
from antigone.gateway.engines import Kind as EngineKind
from antigone.gateway.sealing import unseal

# The name that programmes send as `model`: what stands in addresses and logs has no odd character.
MODEL_NAME = r"^[A-Za-z0-9][A-Za-z0-9._:/-]*\Z"


class Kind(models.TextChoices):
    """What a model does."""

    CHAT = "chat", _("Writes")
    EMBEDDING = "embedding", _("Turns texts into vectors")
    RERANK = "rerank", _("Puts passages in order")
    TRANSCRIPTION = "transcription", _("Writes down what is said")


class Passport(models.Model):
    """What is known of a model: who made it, under which licence, from what, and how large it is.

    `None` in a yes-or-no field: not known, and counted as no. How open the model is, is computed from these
    fields (`openness.py`), never typed.
    """

    name = models.CharField(
        _("name in requests"),
        max_length=120,
        unique=True,
        validators=[RegexValidator(MODEL_NAME, _("Letters, digits and . _ : / - only."))],
    )
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("what it does"), max_length=20, choices=Kind, default=Kind.CHAT)
    # Other names under which programmes may ask for it.
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    maker = models.CharField(_("made by"), max_length=120, blank=True)
    country = models.CharField(_("country of the maker"), max_length=2, blank=True, help_text=_("FR, CH…"))
    licence = models.CharField(
        _("licence of the weights"), max_length=60, blank=True, help_text=_("SPDX: Apache-2.0, MIT…")
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    # Billions of parameters: all of them, and those that work for each token.
    total_parameters = models.FloatField(
        _("billions of parameters"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    active_parameters = models.FloatField(
        _("billions of active parameters"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    context_tokens = models.PositiveIntegerField(
        _("context, in tokens"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    weights_sha256 = models.CharField(
        _("SHA-256 of the weights"),
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}\Z")],
    )
    has_open_weights = models.BooleanField(_("weights published"), null=True, blank=True)
    has_open_code = models.BooleanField(_("training code published"), null=True, blank=True)
    has_open_data = models.BooleanField(_("training data published"), null=True, blank=True)
    has_data_summary = models.BooleanField(
        _("training data described (AI Act, article 53)"), null=True, blank=True
    )
    has_tools = models.BooleanField(_("calls tools"), default=False)
    has_vision = models.BooleanField(_("reads images"), default=False)
    runs_where = models.CharField(_("where it runs"), max_length=200, blank=True)
    # Greenhouse gas of the electricity there, as a country of the EcoLogits table.
    zone = models.CharField(_("electricity of"), max_length=3, default="FRA")
    notes = models.TextField(_("notes"), max_length=2_000, blank=True)
    checked_date = models.DateField(_("checked on"), null=True, blank=True)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("passport")

    def __str__(self) -> str:
        return self.title or self.name


class DeclaredEngine(models.Model):
    """One server that runs a model, declared in the administration; those of ANTIGONE_ENGINES have no row."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    passport = models.ForeignKey(Passport, models.PROTECT, related_name="engines", verbose_name=_("model"))
    url = models.CharField(_("address"), max_length=500, help_text="http://10.0.0.5:8000/v1")
    # The name that the server itself gives to the model.
    model = models.CharField(_("name of the model on the server"), max_length=200)
    # Sealed (`sealing.py`): the database alone does not give it.
    sealed_key = models.TextField(blank=True, editable=False)
    timeout_seconds = models.PositiveIntegerField(
        _("longest silence, in seconds"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(3_600)],
    )
    concurrency = models.PositiveIntegerField(
        _("requests at a time"), default=32, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    is_enabled = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("engine")
        constraints = [models.CheckConstraint(condition=~Q(url=""), name="engine_has_an_address")]

    def __str__(self) -> str:
        return self.name

    def as_engine(self) -> Engine:
        """Return the engine as requests use it, its key unsealed; raises NotPossible where that cannot be."""
        return Engine(
            name=self.name,
            url=self.url.rstrip("/"),
            model=self.model,
            licence=self.passport.licence,
            key=unseal(self.sealed_key) if self.sealed_key else "",
            timeout_seconds=self.timeout_seconds,
            context_tokens=self.passport.context_tokens or 8_192,
            kind=cast("EngineKind", self.passport.kind),
            serves=self.passport.name,
            concurrency=self.concurrency,
        )
