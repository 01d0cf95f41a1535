"""Opinion pictures as they are kept: the live one of each consultation, and those frozen for good."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class PictureQuerySet(models.QuerySet["Picture"]):
    def live(self) -> Self:
        """Keep the one of each consultation that follows the votes."""
        return self.filter(frozen_at=None)

    def frozen(self) -> Self:
        return self.exclude(frozen_at=None)


class Picture(models.Model):
    """What the votes up to `number` say.

    `figures` are what everybody may read: counts by group, never a participant. `placing` lets one participant's
    place and group be computed from their votes at once. `history` hands the names of groups to the next picture, and
    with `placing` is for the server alone. `fingerprint` is the SHA-256 of the consultation's
    salt and of the votes that it was drawn from.
    """

    consultation = models.ForeignKey("consultation.Consultation", models.CASCADE, related_name="pictures")
    number = models.BigIntegerField()
    drawn_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    placing = models.JSONField(default=dict)
    history = models.JSONField(default=dict)
    title = models.CharField(max_length=200, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(frozen_at=None), name="picture_is_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"picture of {self.number} votes"
