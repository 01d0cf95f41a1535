"""The declared uses of the city's models."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Organisation, Person

# The use under which the assistant's own pages ask: it is the city's, and nobody holds a key for it.
ASSISTANT = "assistant"


# The states of uses that everybody reads: at work, or that were.
PUBLIC_STATES = ("active", "suspended", "retired")


class UseQuerySet(models.QuerySet["Use"]):
    def active(self) -> Self:
        return self.filter(state=Use.State.ACTIVE)

    def public(self) -> Self:
        """Keep what everybody reads."""
        return self.filter(state__in=PUBLIC_STATES)

    def of(self, person: Person | None) -> Self:
        """Keep the uses of the person's organisation, whatever their state; nobody's for a visitor."""
        if person is None or not person.is_active or person.organisation_id is None:
            return self.none()
        return self.filter(organisation=person.organisation_id)


class Use(models.Model):
    """What an organisation asks the machine for: a purpose, for somebody, that somebody accepted."""

    class State(models.TextChoices):
        DECLARED = "declared", _("Declared, waits for an answer")
        ACTIVE = "active", _("Active")
        REFUSED = "refused", _("Refused")
        SUSPENDED = "suspended", _("Suspended")
        RETIRED = "retired", _("Retired")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        ORGANISATION = "organisation", _("The people of the organisation")
        RESEARCH = "research", _("A research project")

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    purpose = models.TextField(_("purpose"), max_length=2_000)
    audience = models.CharField(_("for whom"), max_length=20, choices=Audience)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="uses", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DECLARED)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)
    # The last decision on it: accepted, refused, suspended, resumed or retired; by whom, when and why.
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = UseQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("use")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_use_of_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="use_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
